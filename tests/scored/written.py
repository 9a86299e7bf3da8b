"""Short mails in seven languages, written before the judges were tuned on any, and what the judges make of each.

Law: one half may be tuned on, the other is only scored; the head of `letters/english.toml` tells the fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.mail.made import NOW, Post, judged, mine
from tests.scored.corpus import DATA, table
from tests.scored.marks import Mark, due_is, faithful, is_past, said_due
from tools.mail.digest import Digest, Due


def rows() -> list[dict[str, Any]]:
    """All mails with what is true of them."""
    return [row for path in sorted((DATA / "letters").glob("*.toml")) for row in table("letters", path.name)["mail"]]


def marks() -> Iterator[Mark]:
    """All marks; a half is told by a mail's id."""
    for row in rows():
        digest = read(row)
        yield from _weighed(row, digest)
        yield from _dated(row, digest)
        sources = (row["text"], row["subject"], row.get("before", ""))
        claims = (digest.summary, *digest.wants, digest.decided, *_quoted(digest))
        yield from faithful("claims that stand in a mail", row["id"], claims, sources)


def read(row: dict[str, Any]) -> Digest:
    """What the judges say of one mail."""
    ago = timedelta(hours=row.get("ago", 2))
    if row["by"] == "me":
        return judged(Post(row["before"], subject=row["subject"], ago=ago + timedelta(days=1)), mine(row["text"], ago))
    to = {"to": row["to"]} if "to" in row else {}
    return judged(Post(row["text"], by=row["by"], subject=row["subject"], ago=ago, **to))


def _weighed(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    if row.get("unclear") or row["by"] == "me":
        return
    why = (
        f"{digest.category} {digest.urgency} {digest.score:.1f} {digest.reasons} wants {digest.wants} due {digest.due}"
    )
    for word, said in (("urgent", digest.urgency == "urgent"), ("owed", digest.owed)):
        if said:
            yield Mark(f"{word}: precision", row["id"], row.get(word, False), why)
        if row.get(word):
            yield Mark(f"{word}: recall", row["id"], said, why)


def _dated(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    if row["by"] == "me":
        yield from _promised(row, digest)
    elif row.get("deadline"):
        wrong = f"{row['deadline']}, said {said_due(digest.due)}"
        yield Mark("deadline right", row["id"], due_is(digest.due, row["deadline"]), wrong)
    elif digest.owed:
        may = "may" in row and (due_is(digest.due, row["may"]) or due_is(digest.due, row["may"].split()[0]))
        right = digest.due is None or is_past(digest.due, NOW) or may
        yield Mark("no deadline invented", row["id"], right, said_due(digest.due))


def _promised(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    stated, said = row.get("promised"), [promise.due for promise in digest.promises]
    if said:
        yield Mark("own promises: precision", row["id"], bool(stated), f"{digest.promises}")
    if stated:
        seen = any(due_is(due, stated) for due in said)
        yield Mark("own promises, with their day", row["id"], seen, f"{stated}, said {[said_due(due) for due in said]}")


def _quoted(digest: Digest) -> Iterator[str]:
    """The words a deadline or a promise is shown by."""
    dues: list[Due | None] = [digest.due, *(promise.due for promise in digest.promises)]
    yield from (due.phrase for due in dues if due)
    yield from (promise.text for promise in digest.promises)
