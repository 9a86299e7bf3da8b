"""A document summed up in its own sentences, each with its place, as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Name, Ref, Source
from tools.documents import telling
from tools.documents.reading import Document
from tools.documents.sections import cite
from tools.documents.summary import Claim, Point, Summary
from tools.view import Block, Cell, Note, Table

FIGURES = "Figures and dates"
ENDS = (".", "!", "?", "…", "。", "！", "？", ".”", '."')


class SummaryFinding(Finding):
    """The summary; None where the document has no readable text, and then the document says why.

    `document` holds no passages: the summary quotes all that is needed of them.
    """

    now: AwareDatetime
    zone: ZoneInfo
    document: Document
    summary: Summary | None

    def refs(self) -> tuple[Ref, ...]:
        return (telling.ref_of(self.document.file),)

    def sources(self) -> tuple[Source, ...]:
        return (telling.source_of(self.document.file),)

    def lead(self, name: Name) -> str:
        file, parsed = self.document.file, self.document.parsed
        if self.summary is None:
            return " ".join(telling.refusal(file, parsed))
        about = f"“{file.name}” ({telling.about(file, self.zone, self.now)}; {telling.extent(parsed)})"
        gist = " ".join(_ended(claim) for claim in self.summary.gist[:2]) or self._without_sentences()
        counted = _counted(self.summary)
        said = (f"{about}: {gist}", counted, self._extent(), *parsed.gaps, telling.addressed(self.summary.addressed))
        return " ".join(part for part in said if part)

    def text(self, name: Name) -> str:
        head = f"{name(self.refs()[0])} {self.lead(name)}"
        return "\n".join([head, *self._told(self.summary)]) if self.summary else head

    def view(self, name: Name) -> tuple[Block, ...]:
        if self.summary is None:
            what, then = telling.refusal(self.document.file, self.document.parsed)
            return (Note(text=what, tone="notice"), Note(text=then))
        return tuple(self._blocks(self.summary))

    def _extent(self) -> str:
        document, parsed = self.document, self.document.parsed
        if parsed.unit != "page" or (parsed.first == 1 and parsed.last == parsed.total):
            return ""
        then = f"; ask for part {document.part + 1} to go on" if document.part < document.parts else ""
        return f"This sums up pages {parsed.first}–{parsed.last} of {parsed.total}{then}."

    def _without_sentences(self) -> str:
        summary = self.summary
        facts = [fact for point in summary.points for fact in point.facts[:2]] if summary else []
        return "; ".join(facts[:3]) + "." if facts else "it has no whole sentences."

    def _told(self, summary: Summary) -> Iterator[str]:
        yield from _listed("Gist", summary.gist)
        if summary.points:
            yield "Section by section:"
        for point in summary.points:
            yield f"- [{point.mark}] {point.heading}: {_said(point)}".replace(" : ", " ")
        yield from _listed("Decided", summary.decisions)
        yield from _listed("To do", summary.actions)
        if summary.figures:
            unit = self.document.parsed.unit
            yield f"{FIGURES}:"
            yield from (f"- {one.value}: {one.around} [{cite(one.number, unit)}]" for one in summary.figures)

    def _blocks(self, summary: Summary) -> Iterator[Block]:
        file, parsed = self.document.file, self.document.parsed
        yield Note(text=f"{file.name} · {telling.about(file, self.zone, self.now)}", tone="strong")
        warning = telling.addressed(summary.addressed)
        missing = " ".join(part for part in (self._extent(), *parsed.gaps, warning) if part)
        if missing:
            yield Note(text=missing, tone="notice")
        for claim in summary.gist:
            yield Note(text=_quoted(claim))
        rows = tuple((_dim(point.mark), Cell(text=point.heading), Cell(text=_said(point))) for point in summary.points)
        if rows:
            yield Table(title="Section by section", columns=("Where", "Section", "What it says"), rows=rows, grow=2)
        yield from _tabled("Decided", summary.decisions)
        yield from _tabled("To do", summary.actions)
        if summary.figures:
            figures = tuple(
                (_dim(cite(one.number, parsed.unit)), Cell(text=one.value, tone="strong"), Cell(text=one.around))
                for one in summary.figures
            )
            yield Table(title=FIGURES, columns=("Where", "Figure", "In the words"), rows=figures, grow=2)


def _quoted(claim: Claim) -> str:
    return f"{claim.text} [{claim.mark}]"


def _ended(claim: Claim) -> str:
    """Quoted as a sentence among others."""
    return _quoted(claim) + ("" if claim.text.endswith(ENDS) else ".")


def _said(point: Point) -> str:
    """The claims of a section and the facts of its tables; each claim cited where the section spans several places."""
    single = all(claim.mark == point.mark for claim in point.claims)
    claims = [claim.text if single else _quoted(claim) for claim in point.claims]
    return " ".join((*claims, *(f"{fact.rstrip('.')}." for fact in point.facts))) or _empty(point)


def _empty(point: Point) -> str:
    return "only what other sections say too" if point.stock else "no sentences, only a heading"


def _counted(summary: Summary) -> str:
    counts = ((len(summary.decisions), "decision"), (len(summary.actions), "thing to do"))
    said = [f"{count} {noun if count == 1 else _plural(noun)}" for count, noun in counts if count]
    return f"It names {' and '.join(said)}." if said else ""


def _plural(noun: str) -> str:
    return "things to do" if noun == "thing to do" else f"{noun}s"


def _listed(title: str, claims: Sequence[Claim]) -> Iterator[str]:
    if claims:
        yield f"{title}:"
        yield from (f"- {_quoted(claim)}" for claim in claims)


def _tabled(title: str, claims: Sequence[Claim]) -> Iterator[Block]:
    if claims:
        rows = tuple((_dim(claim.mark), Cell(text=claim.text)) for claim in claims)
        yield Table(title=title, columns=("Where", "What"), rows=rows, grow=1)


def _dim(text: str) -> Cell:
    return Cell(text=text, tone="dim")
