"""Which conversations are meant: search queries from typed arguments, label names to ids, the listing itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from tools.base import ToolContext
from tools.clients import gmail, run
from tools.errors import BadArgument, Unreadable
from tools.mail import said
from tools.mail.phrases import fold

SERVICE = "Gmail"
QUERY_LIMIT = 400
_UNSAFE = re.compile(r'[(){}"\\\x00-\x1f]+')


@dataclass(frozen=True)
class Listing:
    """Thread ids, newest first. `estimate` is the service's own guess of how many there are in all; `history` a moment
    of the mailbox's history before it was made, 0 when none is known."""

    ids: tuple[str, ...]
    estimate: int
    more: bool
    history: int = 0


def query_of(*, query: str = "", sender: str = "", since: datetime | None = None, until: datetime | None = None) -> str:
    """Gmail's search language. `query` is passed as typed, operators and all; times are exact (epoch seconds)."""
    parts = [query.strip()[:QUERY_LIMIT]]
    if cleaned := " ".join(_UNSAFE.sub(" ", sender).split())[:120]:
        parts.append(f"from:({cleaned})")
    if since is not None:
        parts.append(f"after:{int(since.timestamp())}")
    if until is not None:
        parts.append(f"before:{int(until.timestamp())}")
    return " ".join(part for part in parts if part)


def scope_words(
    context: ToolContext, *, since: datetime | None, until: datetime | None, sender: str, query: str
) -> list[str]:
    """What was asked for, in words."""
    now = context.now.astimezone(context.zone)
    parts = [f"from {sender}"] if sender else []
    parts += [f"about {query}"] if query else []
    parts += [f"since {said.moment(since, now)}"] if since else []
    return parts + ([f"before {said.moment(until, now)}"] if until else [])


def list_path(query: str, labels: Sequence[str], limit: int) -> str:
    """The path of one page of `users.threads.list`."""
    arguments = [("maxResults", str(limit)), *(("labelIds", label) for label in labels)]
    return f"/gmail/v1/users/me/threads?{urlencode([*arguments, ('q', query)] if query else arguments)}"


def read_listing(answer: Mapping[str, Any], limit: int) -> Listing:
    """What the service listed. Raises Unreadable."""
    threads = answer.get("threads") or []
    try:
        ids = tuple(str(thread["id"]) for thread in threads)
        history = max((int(thread.get("historyId") or 0) for thread in threads), default=0)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Unreadable("Gmail listed conversations without ids.", "Try again in a minute.") from error
    estimate = answer.get("resultSizeEstimate")
    more = bool(answer.get("nextPageToken"))
    return Listing(ids[:limit], max(estimate if isinstance(estimate, int) else 0, len(ids)), more, history)


def label_id(context: ToolContext, name: str) -> str:
    """The id of a label the person named. Raises BadArgument that lists the labels there are."""
    answer = run(gmail().users().labels().list(userId="me"), context.transport, service=SERVICE)
    labels = {str(label.get("name", "")): str(label.get("id", "")) for label in answer.get("labels") or ()}
    wanted = _plain(name)
    for known, identity in labels.items():
        if wanted in (_plain(known), _plain(known).removeprefix("category "), _plain(known.rpartition("/")[2])):
            return identity
    own = sorted(known for known, identity in labels.items() if identity.startswith("Label_")) or sorted(labels)
    raise BadArgument(f"There is no label {name!r} in this mailbox.", f"Use one of: {', '.join(own[:20])}.")


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("_", " ").replace("-", " ").split())


def thread_path(identity: str) -> str:
    """The path of `users.threads.get` with whole messages."""
    return f"/gmail/v1/users/me/threads/{quote(identity, safe='')}?format=full"


def message_path(identity: str) -> str:
    """The path of `users.messages.get` with the whole message."""
    return f"/gmail/v1/users/me/messages/{quote(identity, safe='')}?format=full"


def sent_path(address: str) -> str:
    """The path of a listing that is empty when the person never wrote to this address."""
    return f"/gmail/v1/users/me/messages?maxResults=1&q={quote(f'in:sent to:{address}', safe='')}"
