"""Opaque page tokens that belong to one query: another query's token is refused."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from app.demo.google_call import Call
from app.demo.google_errors import invalid_value
from app.demo.wire import fingerprint

_FREE = frozenset({"pageToken", "maxResults", "pageSize", "fields", "prettyPrint", "alt", "key", "quotaUser"})


def next_page(call: Call, place: Any) -> str:
    """A token for the page that begins after `place` (a JSON value)."""
    data = json.dumps([_query_of(call), place], separators=(",", ":"))
    return urlsafe_b64encode(data.encode()).decode().rstrip("=")


def this_page(call: Call) -> Any:
    """The place the call's page begins after, None for the first. Raises GoogleError for a foreign token."""
    token = call.text("pageToken")
    if not token:
        return None
    try:
        query, place = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (ValueError, TypeError) as error:
        raise invalid_value("pageToken", "Invalid pageToken", "invalidArgument") from error
    if query != _query_of(call):
        raise invalid_value("pageToken", "Invalid pageToken", "invalidArgument")
    return place


def _query_of(call: Call) -> str:
    """What a token is bound to: the person, the address and the query, without what may change between pages."""
    asked = {name: values for name, values in sorted(call.query.items()) if name not in _FREE}
    return fingerprint(json.dumps([call.account, call.method.id, call.path, asked], default=list))[:16]
