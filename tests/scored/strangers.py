"""Letters of strangers, written blind to what the judges know, and what the judges make of each.

Law: one half may be tuned on, the other is only scored; the head of `strangers/work.toml` tells the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from tests.mail.made import NOW, Post, judged, mine
from tests.scored.corpus import DATA, table
from tests.scored.marks import Mark, due_is, faithful, is_past, said_due
from tools.mail.digest import Digest

LAST = "f-"
FRESH = ("n-", "p-", "q-", "r-")
TOLD = "t-"
ASKED = "w-"
ON_TOP = ("urgent", "soon")


def rows() -> list[dict[str, Any]]:
    """All letters with what is true of them."""
    names = sorted(path.name for path in (DATA / "strangers").glob("*.toml"))
    return [row for name in names for row in table("strangers", name)["mail"]]


def marks() -> Iterator[Mark]:
    """The marks of the letters of either half, told by a letter's id."""
    yield from _marks(row for row in rows() if not row["id"].startswith((LAST, TOLD, ASKED, *FRESH)))


def fresh_marks() -> Iterator[Mark]:
    """The marks of letters of many trades: scored as they were written, then all read while tuning."""
    yield from _marks(row for row in rows() if row["id"].startswith(FRESH))


def told_marks() -> Iterator[Mark]:
    """The marks of letters that tell a danger by its situation, and of what only looks like it."""
    yield from _marks(row for row in rows() if row["id"].startswith(TOLD))


def asked_marks() -> Iterator[Mark]:
    """The marks of letters that ask, and of what only looks like it; and of deadlines said in many ways."""
    yield from _marks(row for row in rows() if row["id"].startswith(ASKED))


def last_marks() -> Iterator[Mark]:
    """The marks of the letters that were written after all tuning: nothing may be tuned on any."""
    yield from _marks(row for row in rows() if row["id"].startswith(LAST))


def blind_marks() -> Iterator[Mark]:
    """The marks of letters by other authors, who did not know the judges: nothing may be tuned on any."""
    names = ("first.toml", "second.toml", "third.toml", "fourth.toml")
    yield from _marks(row for name in names for row in table("blind", name)["mail"])


def _marks(some: Iterable[dict[str, Any]]) -> Iterator[Mark]:
    for row in some:
        digest = read(row)
        yield from _weighed(row, digest)
        yield from _dated(row, digest)
        if row.get("matters"):
            on_top = digest.urgency in ON_TOP
            yield Mark(f"of {row['matters']} importance", row["id"], on_top is (row["matters"] == "high"), _why(digest))
        told = [row, *row.get("earlier", ())]
        sources = [text for one in told for text in (one["text"], one.get("subject", ""))]
        claims = (digest.summary, *digest.wants, digest.decided, digest.due.phrase if digest.due else "")
        yield from faithful("claims that stand in a mail", row["id"], claims, sources)


def read(row: dict[str, Any]) -> Digest:
    """What the judges say of one letter and the mails before it."""
    return judged(*(_post({**row, **one}) for one in row.get("earlier", ())), _post(row))


def _post(row: dict[str, Any]) -> Post:
    ago = timedelta(hours=row.get("ago", 2))
    if row["by"] == "me":
        return mine(row["text"], ago)
    given = {name: row[name] for name in ("to", "cc", "headers") if name in row}
    return Post(row["text"], by=row["by"], subject=row["subject"], ago=ago, **given)


def _why(digest: Digest) -> str:
    due = said_due(digest.due)
    return f"{digest.category}, {digest.urgency} {digest.score:.1f} {digest.reasons}, wants {digest.wants}, due {due}"


def _weighed(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    for word, said in (("urgent", digest.urgency == "urgent"), ("owed", digest.owed)):
        if row.get("unclear") in (word, "both"):
            continue
        if said:
            yield Mark(f"{word}: precision", row["id"], row.get(word, False), _why(digest))
        if row.get(word):
            yield Mark(f"{word}: recall", row["id"], said, _why(digest))


def _dated(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    fair = "may" in row and any(due_is(digest.due, stated) for stated in (row["may"], row["may"].split()[0]))
    if row.get("deadline"):
        right = fair or due_is(digest.due, row["deadline"])
        yield Mark("deadline right", row["id"], right, f"{row['deadline']}, said {said_due(digest.due)}")
    else:
        right = fair or digest.due is None or is_past(digest.due, NOW)
        yield Mark("no deadline invented", row["id"], right, said_due(digest.due))
