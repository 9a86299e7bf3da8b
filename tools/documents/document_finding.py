"""One part of a document, read, as a finding."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Name, Ref, Source
from tools.documents import telling, verbatim
from tools.documents.reading import Document
from tools.documents.sections import cite
from tools.documents.seeking import Sought
from tools.view import Block, Cell, Facts, Note

PLACES = 5


class DocumentFinding(Finding):
    """The text of a part with its places; a document without readable text says why, and what to do.

    `addressed` are the places where it speaks to an assistant, `sought` what was looked for in it, and where it stands.
    """

    now: AwareDatetime
    zone: ZoneInfo
    document: Document
    addressed: tuple[str, ...] = ()
    sought: Sought | None = None

    def refs(self) -> tuple[Ref, ...]:
        return (telling.ref_of(self.document.file),)

    def sources(self) -> tuple[Source, ...]:
        return (telling.source_of(self.document.file),)

    def lead(self, name: Name) -> str:
        document, parsed = self.document, self.document.parsed
        if parsed.outcome != "text":
            return " ".join(telling.refusal(document.file, parsed))
        about = telling.about(document.file, self.zone, self.now)
        name_said = f"“{document.file.name}” ({about})"
        told = self._told_of(name_said) or f"{name_said} has {telling.extent(parsed)}."
        said = [told, self._place(), *parsed.gaps]
        said.append(telling.addressed(self.addressed))
        return " ".join(sentence for sentence in said if sentence)

    def text(self, name: Name) -> str:
        head, parsed = f"{name(self.refs()[0])} {self.lead(name)}", self.document.parsed
        if parsed.outcome != "text":
            return head
        return "\n\n".join([head, *(verbatim.told(one, parsed.unit) for one in parsed.passages)])

    def view(self, name: Name) -> tuple[Block, ...]:
        parsed = self.document.parsed
        if parsed.outcome != "text":
            return (Note(text=self.lead(name), tone="notice"),)
        if not parsed.passages:
            return (Note(text=self.lead(name)),)
        return (self._facts(), *(block for one in parsed.passages for block in verbatim.blocks(one, parsed.unit)))

    def _told_of(self, document: str) -> str:
        """Where it speaks of what was sought, and what it says; "" where nothing was."""
        sought = self.sought
        if sought is None:
            return ""
        if not sought.places:
            then = "what follows is its text" if self.document.parsed.passages else "ask for its summary, or read it"
            return f"{document} says nothing of “{sought.words}”; {then}."
        unit = self.document.parsed.unit
        marks = list(dict.fromkeys(cite(one.number, unit) for one in sought.places))
        more = f" and {len(marks) - PLACES} more" if len(marks) > PLACES else ""
        head = f"{document} speaks of “{sought.words}” in {', '.join(marks[:PLACES])}{more}"
        quoted = " ".join(f"{one.text} [{cite(one.passage.number, unit)}]" for one in sought.said)
        return f"{head}: {quoted}" if quoted else f"{head}."

    def _place(self) -> str:
        """Which part this is, and how to go on; "" for a whole document."""
        document, parsed = self.document, self.document.parsed
        if document.parts == 1 or not parsed.passages:
            return ""
        if self.sought and self.sought.places:
            then = f"; ask for part {document.part + 1} to go on" if document.part < document.parts else ""
            return f"This is part {document.part} of {document.parts} of these places{then}."
        first, last = cite(parsed.first, parsed.unit), parsed.last
        place = first if parsed.first == last else f"{first}–{last}"
        then = f"; ask for part {document.part + 1} to go on" if document.part < document.parts else ""
        return f"This is part {document.part} of {document.parts}, {place}{then}."

    def _facts(self) -> Facts:
        file, parsed = self.document.file, self.document.parsed
        facts = [
            ("What", Cell(text=telling.about(file, self.zone, self.now), link=file.link)),
            ("Length", Cell(text=telling.extent(parsed))),
            ("Shown", Cell(text=self._place())),
            ("Missing", Cell(text=" ".join(parsed.gaps), tone="notice")),
            ("Beware", Cell(text=telling.addressed(self.addressed), tone="notice")),
        ]
        return Facts(title=file.name, facts=tuple(fact for fact in facts if fact[1].text))
