"""Files found, or changed of late, as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Line, Name, Ref, Source
from tools.documents import lexicon
from tools.documents.file import File
from tools.documents.finding_files import Found, Hit
from tools.documents.kinds import Sort
from tools.documents.telling import about, changed, noun, ref_of, source_of, when
from tools.text.characters import cut
from tools.view import Block, Cell, Note, Table

SHOWN = 50
NAMES, NAME = 2, 26
"""So many names, each of so many characters, stand in the line on those beside the one that was meant."""
BASE, BY_OTHERS, UNSEEN, SHARED, OWN = 20, 10, 15, 15, 10


class DocumentsFinding(Finding):
    """Files in the order of the answer. `asked` repeats the request in words ("about “lease” from Ana").

    `less` says what to ask where there are none.
    """

    now: AwareDatetime
    zone: ZoneInfo
    asked: str
    found: Found
    sort: Sort = "any"
    less: str = ""

    because: ClassVar[str] = "Found"
    """The heading over why a file is in the list."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.found.hits[:SHOWN]

    def refs(self) -> tuple[Ref, ...]:
        return tuple(ref_of(hit.file) for hit in self.hits)

    def sources(self) -> tuple[Source, ...]:
        return tuple(source_of(hit.file) for hit in self.hits)

    def lead(self, name: Name) -> str:
        if not self.hits:
            then = f" {self.less}" if self.less else ""
            return f"No {noun(self.sort, 0)} {self.asked}.{self._gaps()}{then}"
        first = self.hits[0].file
        count = len(self.found.hits)
        shown = f"{count} {noun(self.sort, count)} {self.asked}"
        more = ", and there are more" if self.found.more else ""
        first_said = f"“{first.name}”, {about(first, self.zone, self.now)}.{self._gaps()}"
        if self.found.loose:
            some = f" {count}{' or more' if more else ''} have some," if count > 1 else ""
            return f"{self._lacking()};{some} {self._which()} is {first_said}"
        if others := len(self._beside):
            told = "1 other has" if others == 1 else f"{others} others have"
            return f"{first_said} {told} these words in the text."
        return f"{shown}: {first_said}" if count == 1 and not more else f"{shown}{more}. The first: {first_said}"

    def text(self, name: Name) -> str:
        lines = [
            f"- {name(ref_of(hit.file))} “{hit.file.name}” · {about(hit.file, self.zone, self.now)}"
            + (f" · {hit.why}" if hit.why else "")
            for hit in self.hits
        ]
        more = "[… more not shown: ask for fewer days, a kind, an owner or other words]" if self.found.more else ""
        return "\n".join(line for line in (self.lead(name), *lines, more) if line)

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.hits:
            return (Note(text=self.lead(name)),)
        beside = self._beside
        rows = tuple(self._row(hit, name) for hit in self.hits[: len(self.hits) - len(beside)])
        note = "There are more." if self.found.more else ""
        columns = ("", "Document", "Kind, whose", "Changed", self.because)
        told = any(hit.why for hit in self.hits)
        table = Table(
            columns=columns[: 5 if told else 4], rows=tuple(row[: 5 if told else 4] for row in rows), grow=1, note=note
        )
        gaps = self._gaps().strip()
        warned = (Note(text=gaps, tone="notice"),) if gaps else ()
        return (*self._warning(), table, *self._others(beside, name), *warned)

    def _warning(self) -> Iterator[Note]:
        """Before anything is taken for what was asked for."""
        if self.found.loose:
            yield Note(text=f"{self._lacking()}; {self._which()} is “{self.hits[0].file.name}”.", tone="notice")

    def _which(self) -> str:
        return "the newest" if self.found.newest else "the nearest"

    def _lacking(self) -> str:
        strange = " or ".join(f"“{word}”" for word in self.found.strange)
        return "No document has all of these words" + (f", and none is called {strange}" if strange else "")

    @property
    def _beside(self) -> tuple[Hit, ...]:
        """Those that only speak of what another one is called; none where that may not have been meant."""
        return self.hits[self.found.named :] if self.found.named else ()

    def _others(self, hits: Sequence[Hit], name: Name) -> Iterator[Note]:
        """In one line, with as many names as fit."""
        if hits:
            said = [f"“{cut(hit.file.name, NAME)}” ({name(ref_of(hit.file))})" for hit in hits[:NAMES]]
            more = f" and {len(hits) - NAMES} more" if len(hits) > NAMES else ""
            yield Note(text=f"Also in the text of {', '.join(said)}{more}.", tone="dim")

    def _row(self, hit: Hit, name: Name) -> tuple[Cell, ...]:
        file = hit.file
        whose = "shared drive" if file.drive else file.owner.words
        at = when(file.modified, self.zone, self.now) if file.modified else ""
        by = f"\nby {file.changed_by.words}" if file.changed_by.words not in ("", file.owner.words) else ""
        return (
            Cell(text=name(ref_of(file)), tone="dim"),
            Cell(text=file.name, tone="strong" if file.unseen else "plain", link=file.link),
            Cell(text=f"{file.kind}\n{whose}" if whose else file.kind),
            Cell(text=at + by),
            Cell(text=hit.why, tone="dim"),
        )

    def _gaps(self) -> str:
        """What a reader must know about how far the search went; begins with a space, "" where it went everywhere."""
        said = []
        if self.found.scanned and self.found.more:
            said.append(f"Looked through the {self.found.scanned} newest that fit; an address finds all of theirs.")
        if self.found.incomplete:
            said.append("Drive did not search every shared drive.")
        return "".join(f" {sentence}" for sentence in said)


class ChangesFinding(DocumentsFinding):
    """Documents changed of late, each a line of a briefing."""

    because: ClassVar[str] = ""

    def lines(self) -> tuple[Line, ...]:
        return tuple(self._line_of(hit.file) for hit in self.hits if hit.file.modified)

    def _line_of(self, file: File) -> Line:
        who = file.changed_by
        reasons = [
            (BY_OTHERS, f"changed by {who.words}", bool(who.words) and not who.me),
            (UNSEEN, "you have not seen it since", file.unseen),
            (SHARED, f"shared with you by {file.shared_by.words}", self._fresh_share(file)),
            (OWN, "it is yours", file.owner.me and not who.me and bool(who.words)),
        ]
        said = [(weight, reason) for weight, reason, holds in reasons if holds]
        everyone = (file.owner, who, file.shared_by)
        people = dict.fromkeys(
            text.casefold() for one in everyone if not one.me for text in (one.name, one.address) if text
        )
        how = changed(file, self.zone, self.now)
        by = f" by {who.words}" if who.words and " by " not in how else ""
        return Line(
            kind="document",
            text=f"“{file.name}” ({file.kind}) {how}{by}",
            weight=BASE + sum(weight for weight, _ in said) if said else 0,  # their own change is no news to them
            at=file.modified,
            people=tuple(people),
            words=tuple(dict.fromkeys(word.casefold() for word in lexicon.topic_words(file.name, 12))),
            ref=ref_of(file),
            link=file.link,
            reasons=tuple(reason for _, reason in said),
        )

    def _fresh_share(self, file: File) -> bool:
        """Whether it was shared with the person about when it was last changed: the change is the sharing."""
        if file.shared is None or file.modified is None or not file.shared_by.words or file.shared_by.me:
            return False
        return file.shared >= file.modified or file.seen is None
