"""A document summed up in its own sentences, each with its place, as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.base import Finding, Name, Ref, Source
from tools.documents import telling, verbatim
from tools.documents.parsing.parsed import Passage
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
        gist = self._gist(self.summary)
        counted = _counted(self.summary)
        said = (f"{about}{gist}", counted, self._extent(), *parsed.gaps, telling.addressed(self.summary.addressed))
        return " ".join(part for part in said if part)

    def text(self, name: Name) -> str:
        head = f"{name(self.refs()[0])} {self.lead(name)}"
        if self.summary is None:
            return head
        if self.summary.whole:
            return "\n\n".join([head, *(verbatim.told(one, self.document.parsed.unit) for one in self.summary.whole)])
        return "\n".join([head, *self._told(self.summary)])

    def view(self, name: Name) -> tuple[Block, ...]:
        if self.summary is None:
            return (Note(text=self.lead(name), tone="notice"),)
        return tuple(self._blocks(self.summary))

    def _extent(self) -> str:
        document, parsed = self.document, self.document.parsed
        if parsed.unit != "page" or (parsed.first == 1 and parsed.last == parsed.total):
            return ""
        then = f"; ask for part {document.part + 1} to go on" if document.part < document.parts else ""
        return f"This sums up pages {parsed.first}–{parsed.last} of {parsed.total}{then}."

    def _gist(self, summary: Summary) -> str:
        """What follows the name: at most two sentences, where a short text is not told by half of itself."""
        claims = summary.gist[:2]
        if claims and (not summary.whole or self._boils_down(claims, summary.whole)):
            return ": " + " ".join(map(_ended, claims))
        facts = [fact for point in summary.points for fact in point.facts[:2]]
        if summary.whole:
            told = [fact for point in summary.points for fact in point.facts[1:]]
            return " is short: all of it is shown." + "".join(f" {fact}." for fact in told[:2])
        return f": {'; '.join(facts[:3])}." if facts else ": it has no whole sentences."

    def _boils_down(self, claims: Sequence[Claim], whole: Sequence[Passage]) -> bool:
        said = sum(len(one.text) for one in claims)
        return len(claims) > 1 and 3 * said < sum(len(one.text) for one in whole)

    def _told(self, summary: Summary) -> Iterator[str]:
        yield from _listed("Gist", summary.gist)
        if summary.points:
            yield "Section by section:"
        for point in _telling(summary):
            yield f"- [{point.mark}] {point.heading}: {_said(point)}".replace(" : ", " ")
        if stock := _stock(summary):
            yield f"- {stock}"
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
        if summary.whole:
            yield from verbatim.page(summary.whole, parsed.unit)
            return
        for claim in summary.gist:
            yield Note(text=_quoted(claim))
        rows = tuple((_dim(one.mark), Cell(text=one.heading), Cell(text=_said(one))) for one in _telling(summary))
        columns = ("Where", "Section", "What it says")
        if rows:
            yield Table(title="Section by section", columns=columns, rows=rows, grow=2, note=_stock(summary))
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
    return " ".join((*claims, *(f"{fact.rstrip('.')}." for fact in point.facts))) or "no sentences, only a heading"


def _telling(summary: Summary) -> list[Point]:
    return [one for one in summary.points if one.claims or one.facts or not one.stock]


def _stock(summary: Summary) -> str:
    """The places of all sections that say nothing of their own, in one line; "" where there are none."""
    marks = [one.mark for one in summary.points if one not in _telling(summary)]
    return f"{', '.join(marks)}: only what other sections say too." if marks else ""


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
