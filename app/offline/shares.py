"""What percentage one number is of another, or one became the other, in the words in which people ask it."""

from __future__ import annotations

from dataclasses import dataclass

from app.offline import amounts
from app.offline.lexicon import listed
from app.offline.prices import MONEY
from app.offline.words import Line

_PERCENT = frozenset(listed("% percent percents percentage pct"))
_SIGNS = frozenset("$€£")
_CHANGE = frozenset(listed("change increase decrease difference rise drop growth"))
_ASKING = frozenset(listed("what is are as a an the in it of exactly how many much that"))


@dataclass(frozen=True)
class Share:
    """An expression, and the tokens it stands in."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Figure:
    text: str
    start: int
    end: int


def find(line: Line) -> Share | None:
    """The share or the change that the line asks for; a percentage with its own number is none."""
    for i in range(len(line)):
        end = _percent(line, i)
        if end and not _before(line, i):
            found = _changed(line, i, end) or _of_whole(line, i, end) or _asked_last(line, i, end)
            if found:
                return found
    return None


def _percent(line: Line, i: int) -> int:
    """Behind the word for a percentage at token `i`; 0 where there is none."""
    if line.words(i, 2) == ("per", "cent"):
        return i + 2
    return i + 1 if line.word(i) in _PERCENT else 0


def _of_whole(line: Line, i: int, end: int) -> Share | None:
    """What percentage of 340 is 17; 17 is what percent of 340; what percentage is 17 of 340."""
    part = _back(line, i)
    if line.word(end) == "of":
        whole = _figure(line, end + 1)
        if whole and part:
            return _share(part, whole, part.start, whole.end)
        part = _figure(line, whole.end + 1) if whole and line.word(whole.end) in {"is", "are"} else None
        return _share(part, whole, i, part.end) if whole and part else None
    part = _figure(line, end + 1) if line.word(end) in {"is", "are"} else None
    j = part.end + (line.word(part.end) == "out") if part else 0
    whole = _figure(line, j + 1) if part and line.word(j) == "of" else None
    return _share(part, whole, i, whole.end) if part and whole else None


def _asked_last(line: Line, i: int, end: int) -> Share | None:
    """17 out of 340 in percent; from 80 to 100 in percent."""
    last = _back(line, i)
    if last is None:
        return None
    k = last.start - 1
    first = _before(line, k - (line.word(k - 1) == "out")) if line.word(k) in {"of", "to"} else None
    if first is None:
        return None
    if line.word(k) == "of":
        return _share(first, last, first.start, end)
    return _change(first, last, first.start, end) if line.word(first.start - 1) == "from" else None


def _changed(line: Line, i: int, end: int) -> Share | None:
    """The percentage change from 80 to 100."""
    if line.word(end) not in _CHANGE or line.word(end + 1) not in {"from", "between"}:
        return None
    first = _figure(line, end + 2)
    last = _figure(line, first.end + 1) if first and line.word(first.end) in {"to", "and"} else None
    return _change(first, last, i, last.end) if first and last else None


def _share(part: _Figure, whole: _Figure, start: int, end: int) -> Share:
    return Share(f"{part.text} as % of {whole.text}", start, end)


def _change(first: _Figure, last: _Figure, start: int, end: int) -> Share:
    return Share(f"% change from {first.text} to {last.text}", start, end)


def _back(line: Line, i: int) -> _Figure | None:
    """The number before token `i`, past the words that ask what it comes to."""
    k = i
    while k and line.word(k - 1) in _ASKING and not _before(line, k):
        k -= 1
    return _before(line, k) if k < i else None


def _before(line: Line, end: int) -> _Figure | None:
    """The number that ends just before this token."""
    found = (_figure(line, k) for k in range(max(0, end - 4), end))
    return next((figure for figure in found if figure and figure.end == end), None)


def _figure(line: Line, i: int) -> _Figure | None:
    """The number at token `i`, with the sign or the word of its currency."""
    at = i + (line.word(i) in _SIGNS)
    if line.kind(at) == "number" and line.word(at + 1) not in {"hundred", "thousand", "million"}:
        return _Figure(line.word(at), i, at + 1 + (line.word(at + 1) in MONEY))
    found = amounts.number(line, at) if line.word(at) in amounts.WORDS else None
    return _Figure(f"{found.value:.12g}", i, found.end) if found else None
