"""The marks of the mail: urgent, owed, by when, what kind, own promises, and what the summaries hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.scored.corpus import NOW, table
from tests.scored.letters import Letter, conversations
from tests.scored.marks import Mark, due_is, faithful, holds, is_past, said_due
from tools.mail.category import PEOPLE
from tools.mail.digest import Digest


def marks(digests: Mapping[str, Digest]) -> Iterator[Mark]:
    """All marks; a half is told by the Message-ID of a conversation's newest mail."""
    by_last = {mails[-1].id: mails for mails in conversations().values()}
    for row in table("mail", "truth.toml")["thread"]:
        digest, mails = digests[row["id"]], by_last[row["id"]]
        yield from _judged(row, digest)
        yield from _told(row, digest, mails)


def _judged(row: dict[str, Any], digest: Digest) -> Iterator[Mark]:
    key, promised = row["id"], row.get("promised")
    if not row.get("unclear"):
        yield from _pair("urgent", key, digest.urgency == "urgent", row.get("urgent", False), digest)
    if promised:
        said = [promise.due for promise in digest.promises]
        seen = any(due_is(due, promised) for due in said)
        yield Mark("own promises, with their day", key, seen, f"{promised}, said {[said_due(due) for due in said]}")
    elif not row.get("unclear"):
        yield from _pair("owed", key, digest.owed, row.get("owed", False), digest)
    if row.get("deadline"):
        right = due_is(digest.due, row["deadline"])
        yield Mark("deadline right", key, right, f"{row['deadline']}, said {said_due(digest.due)}")
    elif digest.owed and row.get("owed"):
        may = "may" in row and due_is(digest.due, row["may"])
        right = digest.due is None or is_past(digest.due, NOW) or may
        yield Mark("no deadline invented", key, right, said_due(digest.due))
    kinds = row["category"] if isinstance(row["category"], list) else [row["category"]]
    kind = "person" if digest.category in PEOPLE else digest.category
    yield Mark("category right", key, kind in kinds, f"{kinds}, said {digest.category} ({digest.category_why})")


def _pair(word: str, key: str, said: bool, true: bool, digest: Digest) -> Iterator[Mark]:
    why = f"{digest.subject!r}: {digest.urgency}, {digest.reasons}, {digest.owed_why!r}, wants {digest.wants}"
    if said:
        yield Mark(f"{word}: precision", key, true, why)
    if true:
        yield Mark(f"{word}: recall", key, said, why)


def _told(row: dict[str, Any], digest: Digest, mails: list[Letter]) -> Iterator[Mark]:
    claims = (digest.summary, *digest.wants, digest.decided)
    told = "\n".join((*claims, digest.due.phrase if digest.due else ""))
    for wordings in row.get("facts", ()):
        kept = any(holds(told, wording) for wording in wordings)
        yield Mark("facts kept in a summary", row["id"], kept, f"{wordings} not in {told!r}")
    sources = [text for mail in mails for text in (mail.body, mail.subject, *mail.attach)]
    yield from faithful("claims that stand in a mail", row["id"], claims, sources)
