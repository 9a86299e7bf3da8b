"""The marks of the documents: decisions, things to do and dates kept in a summary, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from tests.scored.corpus import table
from tests.scored.marks import Mark, faithful, holds
from tests.scored.papers import sources
from tools.documents.summary import Claim, Summary
from tools.documents.summary_finding import SummaryFinding

_HIDDEN = re.compile(r"(?s)<(script|style|title)\b.*?</\1>|<[^>]*>")


def marks(findings: Mapping[str, SummaryFinding]) -> Iterator[Mark]:
    """All marks; a half is told by a document's name."""
    texts = sources()
    for row in table("documents", "truth.toml")["document"]:
        name, summary = row["name"], findings[row["name"]].summary
        assert summary is not None, f"{name} has no summary"
        yield from _kept("decisions of documents kept", name, row["decisions"], summary.decisions)
        yield from _kept("to-dos of documents kept", name, row["todos"], summary.actions)
        yield from _stray(name, [*row["decisions"], *row["todos"]], summary)
        told = "\n".join(_everything(summary))
        for date in row["dates"]:
            yield Mark("dates of documents kept", name, holds(told, date), date)
        source = unescape(_HIDDEN.sub(" ", texts[name])) if name.endswith(".html") else texts[name]
        yield from faithful("claims that stand in a document", name, _claims(summary), [source])


def _kept(measure: str, name: str, rows: Sequence[Sequence[str]], claims: Sequence[Claim]) -> Iterator[Mark]:
    for wanted in rows:
        kept = any(all(holds(claim.text, one) for one in wanted) for claim in claims)
        yield Mark(measure, name, kept, f"{wanted} not in {[claim.text for claim in claims]}")


def _stray(name: str, rows: Sequence[Sequence[str]], summary: Summary) -> Iterator[Mark]:
    for claim in (*summary.decisions, *summary.actions):
        true = any(all(holds(claim.text, one) for one in wanted) for wanted in rows)
        yield Mark("named decisions and to-dos that are some", name, true, claim.text)


def _claims(summary: Summary) -> Iterator[str]:
    sections = [claim for point in summary.points for claim in point.claims]
    for claim in (*summary.gist, *sections, *summary.decisions, *summary.actions):
        yield claim.text
    for figure in summary.figures:
        yield figure.value
        yield figure.around


def _everything(summary: Summary) -> Iterator[str]:
    yield from _claims(summary)
    for point in summary.points:
        yield from (point.heading, *point.facts)
