"""Opaque cursors that belong to one method and what it was asked: another's cursor is refused."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from app.demo.slack.call import SlackCall
from app.demo.slack.refusals import SlackRefused
from app.demo.wire import fingerprint

_FREE = frozenset({"cursor", "limit", "token", "include_num_members", "include_all_metadata", "include_locale"})


def next_cursor(call: SlackCall, place: str | int) -> str:
    """A cursor for the page that begins after `place`."""
    data = json.dumps([_asked(call), place], separators=(",", ":"))
    return urlsafe_b64encode(data.encode()).decode()


def this_moment(call: SlackCall) -> int | None:
    """The moment the page begins after. Raises SlackRefused invalid_cursor."""
    place = this_place(call)
    if place is not None and not isinstance(place, int):
        raise SlackRefused("invalid_cursor")
    return place


def this_place(call: SlackCall) -> Any:
    """The place the page begins after; None for the first page. Raises SlackRefused invalid_cursor."""
    cursor = call.text("cursor")
    if not cursor:
        return None
    try:
        asked, place = json.loads(urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError) as error:
        raise SlackRefused("invalid_cursor") from error
    if asked != _asked(call):
        raise SlackRefused("invalid_cursor")
    return place


def page_of(call: SlackCall, ids: list[str], limit: int) -> tuple[list[str], str]:
    """One page of ids in their order, and the cursor of the next ("" = this was the last)."""
    place = this_place(call)
    if place is not None and place not in ids:
        raise SlackRefused("invalid_cursor")
    start = 0 if place is None else ids.index(place) + 1
    page = ids[start : start + limit]
    return page, next_cursor(call, page[-1]) if start + limit < len(ids) else ""


def _asked(call: SlackCall) -> str:
    asked = {name: value for name, value in sorted(call.arguments.items()) if name not in _FREE}
    return fingerprint(json.dumps([call.method, call.me, asked]))[:12]
