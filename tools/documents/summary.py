"""Sums up a document in its own sentences, each with its place. Law: nothing is said that does not stand there."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tools.documents import lexicon, tables
from tools.documents.figures import Figure, figures_of
from tools.documents.parsing.parsed import Passage, Unit
from tools.documents.sections import Section, cite, sections_of
from tools.documents.sentences import is_row, sentences
from tools.documents.weighing import LONGEST, Sentence, beginning, picked, weighed
from tools.text.characters import cut

TITLES: tuple[lexicon.Title, ...] = ("summary", "decision", "action")
GIST = 3
OPENING = 4
"""Sentences at the beginning, one of which says what the document is."""
DECISIONS = ACTIONS = 8
LONG_SECTION = 900
ITEM = 8
SHOWN = 300
SHORT = 1_500
"""Characters of a document that is told whole: they fit a screen."""


@dataclass(frozen=True)
class Claim:
    """A sentence of the document, cut with a mark where it is very long, and where it stands ("§2", "p. 14")."""

    text: str
    mark: str


@dataclass(frozen=True)
class Point:
    """What one section says. `facts` describe its table; `stock`: it says only what other sections say as well."""

    heading: str
    mark: str
    claims: tuple[Claim, ...]
    facts: tuple[str, ...] = ()
    stock: bool = False


@dataclass(frozen=True)
class Summary:
    """The whole: what it is about, section by section, what was decided, what is to be done, figures and dates.

    `addressed` are the places of paragraphs that speak to an assistant: nothing of them is quoted. `whole` is all the
    rest of a document that is short; () of a longer one.
    """

    gist: tuple[Claim, ...]
    points: tuple[Point, ...]
    decisions: tuple[Claim, ...]
    actions: tuple[Claim, ...]
    figures: tuple[Figure, ...]
    addressed: tuple[str, ...] = ()
    whole: tuple[Passage, ...] = ()


def summarise(passages: Sequence[Passage], unit: Unit, title: str) -> Summary:
    """The summary of these passages; `title` is the document's name."""
    addressed = addressing(passages, unit)
    passages = [_unaddressed(passage) for passage in passages] if addressed else passages
    sections = sections_of(passages, unit)
    found = weighed(passages, title)
    by_passage: dict[int, list[Sentence]] = {}
    for sentence in found:
        by_passage.setdefault(id(sentence.passage), []).append(sentence)
    stale = {beginning(one.text) for one in found if one.recurs}
    decisions = _statements(passages, unit, "decision", DECISIONS, stale)
    actions = [one for one in _statements(passages, unit, "action", ACTIONS, stale) if one not in decisions]
    tasks = {one.text for one in actions}
    gist = _gist(sections, by_passage, [one for one in found if one.text not in tasks])
    listed = {one.text for one in gist} | {one.text for one in decisions} | tasks
    untold = [section for section in sections if not _is_listed(section, listed, alone=len(sections) == 1)]
    points = (_point(section, by_passage, unit, len(untold), gist) for section in untold)
    told = {_claim(one, unit) for one in gist}
    return Summary(
        gist=tuple(_claim(one, unit) for one in gist),
        points=tuple(one for one in points if one.heading or one.facts or not told.issuperset(one.claims)),
        decisions=tuple(decisions),
        actions=tuple(actions),
        figures=tuple(figures_of([one for one in found if one.text not in listed])),
        addressed=addressed,
        whole=_whole(passages),
    )


def _whole(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages that say something, where together they are SHORT."""
    cells = ("".join(row) for passage in passages for row in passage.rows)
    size = sum(len(one.heading) + len(one.text) for one in passages) + sum(map(len, cells))
    return tuple(one for one in passages if one.heading or one.text or one.rows) if size < SHORT else ()


def addressing(passages: Sequence[Passage], unit: Unit) -> tuple[str, ...]:
    """The places where the text tries to instruct an assistant. This only warns: it may do so in unknown words too."""
    marks = [cite(one.number, unit) for one in passages if any(map(_addresses, (one.heading, *one.text.split("\n"))))]
    marks += [cite(one.number, unit) for one in passages if any(_addresses(cell) for row in one.rows for cell in row)]
    return tuple(dict.fromkeys(marks))


def _addresses(text: str) -> bool:
    return lexicon.says(text, "addressed")


def _unaddressed(passage: Passage) -> Passage:
    kept = "\n".join(line for line in passage.text.split("\n") if not _addresses(line))
    return replace(passage, heading="" if _addresses(passage.heading) else passage.heading, text=kept)


def _is_listed(section: Section, listed: set[str], *, alone: bool) -> bool:
    """Whether the summary names every sentence of a section that sums up, lists decisions or actions, or is alone."""
    heading = section.passages[0].heading
    named = alone or any(lexicon.titled(heading, title) for title in TITLES)
    said = [text for passage in section.passages for text in sentences(passage.text)]
    return named and bool(said) and all(text in listed for text in said)


def _gist(
    sections: Sequence[Section], by_passage: dict[int, list[Sentence]], found: Sequence[Sentence]
) -> list[Sentence]:
    """From the document's own summary where it has one; else what it opens with, and the heaviest of the rest."""
    for section in sections:
        own = [one for passage in section.passages for one in by_passage.get(id(passage), [])]
        if own and any(lexicon.titled(passage.heading, "summary") for passage in section.passages[:1]):
            return picked(own, GIST)
    telling = [one for one in found if not one.recurs] or list(found)
    whole = [one for one in telling if one.text.endswith((".", "!", "。", ".”", '."'))] or telling
    opening = [one for one in whole[:OPENING] if one.passage is whole[0].passage]
    first = picked(opening, 1)
    rest = [one for one in whole if one not in first]
    return first + picked(rest, GIST - len(first), beside=first)


def _point(
    section: Section, by_passage: dict[int, list[Sentence]], unit: Unit, count: int, gist: Sequence[Sentence]
) -> Point:
    """What the section says beyond the gist; where that is nothing, what of it is in the gist."""
    own = [one for passage in section.passages for one in by_passage.get(id(passage), [])]
    long = sum(len(passage.text) for passage in section.passages) > LONG_SECTION
    most = 4 if count == 1 else 2 if long and count <= 8 else 1
    telling = [one for one in own if not one.recurs]
    chosen = picked(telling, most, beside=gist) or picked(telling, most)
    facts = [fact for passage in section.passages[:3] for rows in _tables(passage) for fact in tables.facts(rows)]
    stock = bool(own) and not telling
    claims = tuple(_claim(one, unit) for one in chosen) or (() if facts or stock else _short(section, unit))
    return Point(section.heading, section.mark(unit), claims, tuple(facts[:4]), stock)


def _tables(passage: Passage) -> list[Sequence[Sequence[str]]]:
    """Its rows, and the tables inside its text."""
    grouped = groupby(passage.text.split("\n"), is_row)
    written = [[line.strip().split(" | ") for line in lines] for row, lines in grouped if row]
    return [passage.rows, *(rows for rows in written if len(rows) > 1)]


def _short(section: Section, unit: Unit) -> tuple[Claim, ...]:
    """A section without a full sentence: its first lines, as of a slide."""
    for passage in section.passages:
        items = [text for text in sentences(passage.text) if len(text) >= ITEM]
        if items:
            return tuple(Claim(cut(text, SHOWN), cite(passage.number, unit)) for text in items[:3])
    return ()


def _claim(sentence: Sentence, unit: Unit) -> Claim:
    return Claim(sentence.text, cite(sentence.passage.number, unit))


def _statements(
    passages: Sequence[Passage], unit: Unit, concept: lexicon.Title, most: int, stale: Collection[str]
) -> list[Claim]:
    """Sentences that state a decision or an action: by their words, or as items under a heading that says so.

    None that begins as one of `stale`, which the document says again and again.
    """
    found: dict[str, Claim] = {}
    inside = 0
    for passage in passages:
        if passage.level:
            titled = lexicon.titled(passage.heading, concept)
            inside = passage.level if titled else inside if inside and passage.level > inside else 0
        stated = [text for text in sentences(passage.text) if inside or _states(text, concept)]
        for text in [*(one for one in stated if beginning(one) not in stale), *(_rows(passage) if inside else ())]:
            if ITEM <= len(text) <= LONGEST and _SPEAKS.search(text) and len(found) < most:
                found.setdefault(text, Claim(text, cite(passage.number, unit)))
    return list(found.values())


def _rows(passage: Passage) -> list[str]:
    """The rows of its tables, headings apart."""
    lines = [line.strip() for line in passage.text.split("\n") if is_row(line)]
    return lines[1:]


_SPEAKS = re.compile(r"\w\W+\w|[\u3040-\u30ff\u4e00-\u9fff]{4}")


def _states(text: str, concept: lexicon.Title) -> bool:
    if concept == "decision":
        return lexicon.says(text, "decision") and not lexicon.says(text, "undecided") and not text.endswith("?")
    return concept == "action" and lexicon.says(text, "action") and not text.endswith("?")
