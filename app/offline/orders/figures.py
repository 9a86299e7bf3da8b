"""One figure of a text put in the place of another: "make it fifteen", "at 4 pm, not 3".

Law: only where it is plain which one is meant: the only one of the text, or the one that is named beside the new.
"""

from __future__ import annotations

from app.offline import amounts
from app.offline.clause import Clause
from app.offline.lexicon import EMPTY
from app.offline.words import Line, tokens

Span = tuple[int, int]
_AT = frozenset({"at", "to", "from", "by", "until", "till"})
_NOT = frozenset({"not", "of", "than"})
"""Behind one of these stands the old figure: "fifteen, not ten", "fifteen instead of ten"."""


def changed(clause: Clause, text: str, plain: frozenset[str]) -> str:
    """The text with the other figure; "" where it is not plain, or where words are said that are not in the text."""
    line, there = clause.line, Line(tokens(text))
    said, held = _figures(line), _figures(there)
    if len(said) == 1:
        new, old = said[0], held[0] if len(held) == 1 else None
    elif len(said) == 2:
        new, named = sorted(said, key=lambda span: line.word(span[0] - 1) in _NOT)
        same = [span for span in held if _value(there, span) == _value(line, named)]
        old = same[0] if len(same) == 1 else None
    else:
        return ""
    free = [i for i in range(len(line)) if not any(a <= i < b for a, b in said)]
    strange = {line.word(i) for i in free if line.kind(i) != "symbol"} - plain - EMPTY - {*there.row}
    if old is None or strange or not (_value(line, new)[0] == _value(there, old)[0] or _hour(there, old)):
        return ""
    start, end = there.tokens[old[0]].start, there.tokens[old[1] - 1].end
    return f"{text[:start]}{clause.said(range(*new))}{text[end:]}"


def _hour(line: Line, span: Span) -> bool:
    """Whether the number is an hour, in whose place a time on the clock may stand."""
    return line.word(span[0] - 1) in _AT and line.word(span[0]).isdigit() and int(line.word(span[0])) <= 24


def _figures(line: Line) -> list[Span]:
    """Where numbers and times on the clock stand; "one" is as often no number."""
    found: list[Span] = []
    i = 0
    while i < len(line):
        counted = line.kind(i) == "number" or (line.word(i) in amounts.WORDS and line.word(i) != "one")
        number = amounts.number(line, i) if counted else None
        end = number.end if number else i + (line.kind(i) == "clock")
        found += [(i, end)] if end > i else []
        i = max(end, i + 1)
    return found


def _value(line: Line, span: Span) -> tuple[str, object]:
    if line.kind(span[0]) == "clock":
        return "clock", line.word(span[0])
    found = amounts.number(line, span[0])
    return "number", found.value if found else None
