"""What every mail finding has: the person's zone and now, the conversations it names, and what could not be read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Name, Ref, Source
from tools.mail import said
from tools.mail.category import PEOPLE
from tools.mail.digest import Digest, Urgency
from tools.text.characters import cut
from tools.view import Cell, Note, Table, Tone

TONES: Mapping[Urgency, Tone] = {"urgent": "urgent", "soon": "notice", "normal": "plain", "low": "plain"}
TEXT_LIMIT = 15_000
"""Characters of a finding's text; what falls out is said."""


class MailFinding(Finding):
    """A finding about mail of `account`, an address. `now` and every time shown stand in `zone`, the person's own."""

    now: AwareDatetime
    zone: ZoneInfo
    account: str = ""
    gaps: tuple[str, ...] = ()

    @property
    def clock(self) -> datetime:
        return self.now.astimezone(self.zone)

    def shown(self) -> Sequence[Digest]:
        """The conversations a person may point at, in the order they are shown."""
        return ()

    def read(self) -> Iterable[Digest]:
        """Every conversation whose text is in the finding."""
        return self.shown()

    def refs(self) -> tuple[Ref, ...]:
        return tuple(digest.ref() for digest in self.shown())

    def sources(self) -> tuple[Source, ...]:
        return tuple(source for digest in self.read() for source in digest.sources(self.account))

    def gap_words(self) -> str:
        return " ".join(gap if gap.endswith(".") else f"{gap}." for gap in self.gaps)

    def gap_notes(self) -> tuple[Note, ...]:
        return tuple(Note(text=gap, tone="notice") for gap in self.gaps)

    def entry(self, digest: Digest, name: Name) -> str:
        """A conversation for the model: a head line, what it says, what follows from it."""
        count = f" · {digest.count} mails" if digest.count > 1 else ""
        unread = " · unread" if digest.unread else ""
        when = said.moment(digest.at, self.clock)
        lines = [f"{name(digest.ref())} {digest.author} <{digest.address}> · {digest.subject} · {when}{count}{unread}"]
        lines += [f"  {label}: {value}" for label, value in self._facts(digest) if value]
        return "\n".join(lines)

    def _facts(self, digest: Digest) -> Iterable[tuple[str, str]]:
        wants = [want for want in digest.wants if want not in digest.summary]
        yield "says", digest.summary if not digest.invitation else ""
        yield "asks", " / ".join(wants)
        yield "decided", said.decided(digest, self.clock)
        yield "you promised", said.promised(digest, self.clock)
        yield "invitation", said.invited(digest.invitation, self.clock) if digest.invitation else ""
        owed = f"yes, {digest.owed_why}" + (f", {said.due(digest.due, self.clock)}" if digest.due else "")
        yield "reply owed", owed if digest.owed else ""
        yield "ends", said.due(digest.due, self.clock) if digest.due and not digest.owed else ""
        yield "last word", "yours" if digest.last_mine else ""
        why = f" ({'; '.join(digest.reasons)})" if digest.reasons else ""
        yield "urgency", f"{digest.urgency}{why}" if digest.urgency in ("urgent", "soon") else ""
        yield "kind", digest.category + (f" ({digest.category_why})" if digest.category not in PEOPLE else "")
        yield "files", ", ".join(said.file(fact) for fact in digest.attachments)
        yield "note", "; ".join(digest.notes)

    def row(self, digest: Digest, name: Name) -> tuple[Cell, ...]:
        """A conversation on the screen."""
        tone = TONES[digest.urgency]
        by = said.why(digest, self.clock)
        matter = said.matter(digest, 90)
        subject = cut(digest.subject, 50)
        return (
            Cell(text=name(digest.ref()), tone="dim"),
            Cell(text=cut(digest.author, 28), tone="strong" if digest.unread else "plain"),
            Cell(text=subject if matter == digest.subject else f"{subject} — {matter}", tone=tone),
            Cell(text=said.moment(digest.at, self.clock), tone="dim"),
            Cell(text=by, tone="notice" if digest.category == "phishing" else tone if by else "plain"),
        )

    def table(self, title: str, digests: Sequence[Digest], name: Name, note: str = "") -> Table:
        return Table(
            title=title,
            columns=("", "Who", "What", "When", "Why"),
            rows=tuple(self.row(digest, name) for digest in digests),
            grow=2,
            note=note,
        )


def joined(blocks: Iterable[str], limit: int = TEXT_LIMIT) -> str:
    """The blocks that fit, and how many did not."""
    kept: list[str] = []
    room = limit
    every = list(blocks)
    for block in every:
        room -= len(block) + 1
        if room < 0:
            kept.append(f"[… {len(every) - len(kept)} more entries not shown; ask for fewer, or for one conversation]")
            break
        kept.append(block)
    return "\n".join(kept)


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)
