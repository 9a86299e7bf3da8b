"""The inbox, judged: what is urgent, what is owed, what people wrote, and the automatic mail folded into counts."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from tools.base import Line, Name
from tools.mail import said
from tools.mail.category import PEOPLE
from tools.mail.digest import Digest, web_link
from tools.mail.expression import END_OF_DAY
from tools.mail.finding import MailFinding, joined, sentences
from tools.text.topics import topic_words
from tools.view import Block, Cell, Note, Table, cells

Only = Literal["all", "urgent", "owed", "important"]
NAMED_URGENT, NAMED_OWED, NAMED_PROMISED = 4, 5, 3
FOLDED_NAMES = 4
SOON = timedelta(days=1)
"""A promise due within it is told as one for soon; a reply due within it comes before what is late already."""
NEVER = datetime.max.replace(tzinfo=UTC)
WEIGHTS = {"urgent": 85, "soon": 60, "normal": 40, "low": 10}


class InboxFinding(MailFinding):
    """Conversations of a scan. `scope` says which were asked for ("unread, since Mon 17 Nov"), "" for the whole inbox;
    `estimate` is the service's own count where more exist than were read."""

    scope: str
    only: Only
    digests: tuple[Digest, ...]
    estimate: int
    more: bool

    @cached_property
    def urgent(self) -> list[Digest]:
        return [digest for digest in self._ranked if digest.urgency == "urgent"]

    @cached_property
    def owed(self) -> list[Digest]:
        """Owed replies that are not among the urgent ones."""
        return [digest for digest in self._ranked if digest.owed and digest.urgency != "urgent"]

    @cached_property
    def promised(self) -> list[Digest]:
        """Conversations in which the person's own word is open, and nothing else is asked of them."""
        return [digest for digest in self._ranked if digest.promises and not digest.owed and digest.urgency != "urgent"]

    @cached_property
    def people(self) -> list[Digest]:
        """What else persons wrote, invitations, and what of the rest is worth a look soon."""
        known = {digest.id for digest in (*self.urgent, *self.owed, *self.promised)}
        worth = [d for d in self._ranked if d.category in (*PEOPLE, "invitation", "phishing") or d.urgency == "soon"]
        return [digest for digest in worth if digest.id not in known]

    @cached_property
    def folded(self) -> list[Digest]:
        known = {digest.id for digest in (*self.urgent, *self.owed, *self.promised, *self.people)}
        return [digest for digest in self.digests if digest.id not in known]

    def groups(self) -> list[tuple[str, list[Digest]]]:
        """What is listed one by one, as `only` asks; groups without entries are left out."""
        important = [digest for digest in self.people if digest.urgency == "soon" or digest.category == "phishing"]
        urgent, owed, promised = (
            ("Urgent", self.urgent),
            ("You owe a reply", self.owed),
            ("You promised", self.promised),
        )
        everything = [digest for digest in self._ranked if digest.owed]
        chosen = {
            "urgent": [urgent],
            "owed": [("You owe a reply", everything), promised],
            "important": [urgent, owed, promised, ("Worth a look", important)],
            "all": [urgent, owed, promised, ("From people", self.people)],
        }[self.only]
        return [(title, digests) for title, digests in chosen if digests]

    def shown(self) -> Sequence[Digest]:
        return [digest for _, digests in self.groups() for digest in digests]

    def read(self) -> Iterable[Digest]:
        return self.digests

    @cached_property
    def _ranked(self) -> list[Digest]:
        """By urgency, then by when, then by how much weighs in it, then the newest first."""

        def rank(digest: Digest) -> tuple[int, datetime, float, float]:
            return -WEIGHTS[digest.urgency], self._by(digest), -digest.score, -digest.at.timestamp()

        return sorted(self.digests, key=rank)

    def _by(self, digest: Digest) -> datetime:
        """The moment that counts for its place. What is urgent by no day is for today; what is late since an earlier
        day comes after what can still be missed within a day, and before all that has longer."""
        today = datetime.combine(self.clock, time(), self.clock.tzinfo)
        if digest.due is None:
            return datetime.combine(today, END_OF_DAY, today.tzinfo) if digest.urgency == "urgent" else NEVER
        return digest.due.at if digest.due.at > today else self.clock + SOON

    def lead(self, name: Name) -> str:
        if not self.digests:
            return sentences(f"No conversations{self._of_scope()}.", self.gap_words())
        parts = [self._urgent(name)] if self.only != "owed" else []
        parts += [self._owed(name, everything=self.only == "owed")] if self.only != "urgent" else []
        parts += [self._promised(name)] if self.only != "urgent" else []
        parts += [self._folded()] if self.only == "all" else []
        count = self._count()
        told = (count, *parts) if self.only == "all" else (*parts, f"Read: {count}")
        return sentences(*told, self._careful(name), self.gap_words())

    def _of_scope(self) -> str:
        return f" ({self.scope})" if self.scope else " in the inbox"

    def _count(self) -> str:
        unread = sum(digest.unread for digest in self.digests)
        of = f" of about {self.estimate}" if self.more else ""
        where = f" ({self.scope})" if self.scope else ""
        return f"{said.many(len(self.digests), 'conversation')}{of}{where}, {unread} unread."

    def _urgent(self, name: Name) -> str:
        if not self.urgent:
            return "Nothing is urgent."
        told = "; ".join(self._told(digest, name) for digest in self.urgent[:NAMED_URGENT])
        left = len(self.urgent) - NAMED_URGENT
        return f"Urgent: {told}" + (f"; and {left} more." if left > 0 else ".")

    def _told(self, digest: Digest, name: Name) -> str:
        return f"{said.head(digest, self.clock)}: {said.matter(digest, 80).rstrip('.')} ({name(digest.ref())})"

    def _owed(self, name: Name, *, everything: bool = False) -> str:
        owed = [d for d in self._ranked if d.owed] if everything else self.owed
        if not owed:
            return "You owe no reply." if everything or not self.urgent else "No other reply is owed."
        named = [
            d.author + (f" {said.due(d.due, self.clock)}" if d.due else "") + f" ({name(d.ref())})"
            for d in owed[:NAMED_OWED]
        ]
        left = len(owed) - NAMED_OWED
        other = "" if everything or not any(d.owed for d in self.urgent) else "other "
        more = f" and {left} more" if left > 0 else ""
        least = "at least " if self.more else ""
        return f"You owe {least}{said.many(len(owed), f'{other}reply')}: {', '.join(named)}{more}."

    def _promised(self, name: Name) -> str:
        told = [f"{d.author}, {said.promised(d, self.clock)} ({name(d.ref())})" for d in self.promised[:NAMED_PROMISED]]
        left = len(self.promised) - NAMED_PROMISED
        return f"You promised {'; '.join(told)}" + (f"; and {left} more." if left > 0 else ".") if told else ""

    def _folded(self) -> str:
        return f"Folded: {said.by_category(self.folded)}." if self.folded else ""

    def _careful(self, name: Name) -> str:
        suspects = [digest for digest in self.shown() if digest.category == "phishing"]
        if not suspects:
            return ""
        named = ", ".join(f"{digest.author} ({name(digest.ref())})" for digest in suspects[:3])
        return f"Careful, this looks like phishing: {named}."

    def text(self, name: Name) -> str:
        blocks = [self.lead(name)]
        for title, digests in self.groups():
            blocks += [f"\n{title.upper()} ({len(digests)})", *(self.entry(digest, name) for digest in digests)]
        if self.only == "all" and self.folded:
            blocks += ["\nFOLDED (read, nothing asked of the person)", *self._folds()]
        return joined(blocks)

    def _folds(self) -> list[str]:
        return [f"{said.NAMES[kind]} ({len(digests)}): {names}" for kind, digests, names in self._kinds()]

    def _kinds(self) -> list[tuple[str, list[Digest], str]]:
        kinds: dict[str, list[Digest]] = {}
        for digest in self.folded:
            kinds.setdefault(digest.category, []).append(digest)
        ordered = sorted(kinds.items(), key=lambda item: -len(item[1]))
        return [(kind, digests, _names(digests)) for kind, digests in ordered]

    def view(self, name: Name) -> tuple[Block, ...]:
        tables = [self.table(f"{title} ({len(digests)})", digests, name) for title, digests in self.groups()]
        if self.only == "all" and self.folded:
            rows = [
                cells((said.NAMES[kind], str(len(digests)), Cell(text=names, tone="dim")))
                for kind, digests, names in self._kinds()
            ]
            tables.append(Table(title="Folded", columns=("Kind", "Count", "From"), rows=tuple(rows), grow=2))
        nothing = () if tables else (Note(text=self.lead(name)),)
        left = f"{len(self.digests)} of about {self.estimate} conversations were read."
        return (*nothing, *tables, *((Note(text=left, tone="dim"),) if self.more else ()), *self.gap_notes())

    def lines(self) -> tuple[Line, ...]:
        told = [d for d in self.shown() if d.urgency in ("urgent", "soon") or d.owed]
        kept = [d for d in self.shown() if d.promises and d not in told]
        return (*(self._line(digest) for digest in told), *(self._promise(digest) for digest in kept))

    def _line(self, digest: Digest) -> Line:
        """A line of the briefing. What is urgent presses as what is owed does: a warning is not asked of anybody."""
        presses = digest.owed or digest.urgency == "urgent"
        by = self._by(digest) if presses else NEVER
        nears = self.clock <= by < self.clock + SOON
        return Line(
            text=f"{said.head(digest, self.clock)}: {said.matter(digest)}",
            weight=WEIGHTS[digest.urgency] + (5 + nears if presses else 0),
            at=digest.due.at if digest.due and digest.owed else by if nears else digest.at,
            reasons=digest.reasons,
            **self._about(digest),
        )

    def _promise(self, digest: Digest) -> Line:
        """What the person said they would do, as a task of theirs."""
        first = digest.promises[0]
        by = f", {said.due(first.due, self.clock)}" if first.due else ""
        soon = first.due is not None and first.due.at < self.clock + SOON
        return Line(
            text=f"You promised {digest.author}{by}: {first.text}",
            weight=WEIGHTS["soon"] if soon else WEIGHTS["normal"],
            at=first.due.at if first.due else digest.at,
            reasons=("your own word",),
            **self._about(digest),
        )

    def _about(self, digest: Digest) -> dict[str, Any]:
        """What a line says of the conversation whatever its claim."""
        return {
            "kind": "mail",
            "people": tuple(dict.fromkeys((digest.address, *(person.lower() for person in digest.people)))),
            "words": topic_words(digest.subject)[:8],
            "ref": digest.ref(),
            "link": web_link(self.account, digest.id),
        }


def _names(digests: Sequence[Digest]) -> str:
    """Who sent them, the most frequent first."""
    counts: dict[str, int] = {}
    for digest in digests:
        counts[digest.author] = counts.get(digest.author, 0) + 1
    ordered = sorted(counts, key=lambda author: -counts[author])
    shown = [f"{author} {counts[author]}×" if counts[author] > 1 else author for author in ordered[:FOLDED_NAMES]]
    left = len(ordered) - FOLDED_NAMES
    return ", ".join(shown) + (f" and {left} more" if left > 0 else "")
