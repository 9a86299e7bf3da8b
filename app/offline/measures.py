"""A measure and the unit it is wanted in: "5 miles to km", "how many ounces are in 2 kg", "10 inches"."""

from __future__ import annotations

from dataclasses import dataclass

from app.offline import amounts
from app.offline.amounts import Unit
from app.offline.lexicon import EMPTY
from app.offline.words import Line, stem

_PARTS = {
    **dict.fromkeys(("foot", "feet", "ft"), (12, frozenset({"inch", "in"}))),
    **dict.fromkeys(("pound", "lb"), (16, frozenset({"ounce", "oz"}))),
}
"""A unit -> how many of a smaller one it is, and the names of that."""
_DEGREES = frozenset({"celsius", "fahrenheit", "kelvin"})


@dataclass(frozen=True)
class Measure:
    """What was said of a conversion; `used` are its tokens, `also` further units it is wanted in."""

    value: float | None = None
    unit: str = ""
    to: str = ""
    used: frozenset[int] = frozenset()
    also: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.value is not None and bool(self.unit) and bool(self.to)


def find(line: Line) -> Measure:
    """The first measure in the line, and the other unit there."""
    for i in range(len(line)):
        count = amounts.number(line, i)
        source = amounts.unit(line, count.end) if count else None
        if count and source:
            more, end = _more(line, source)
            return _with_target(line, count.value + more, source, range(i, end))
    single = next((i for i in range(len(line)) if line.word(i) in {"a", "an"} and amounts.unit(line, i + 1)), None)
    if single is not None and (source := amounts.unit(line, single + 1)):
        found = _with_target(line, 1.0, source, range(single, source.end))
        return found if found.to else Measure()
    target = _target(line, range(0))
    return Measure(to=target.text, used=frozenset(range(target.start, target.end))) if target else Measure()


def _more(line: Line, source: Unit) -> tuple[float, int]:
    """What is said on top in the smaller unit, "5 foot 11", in the larger one; and where it ends."""
    share, names = _PARTS.get(stem(source.text.lower()), (0, frozenset()))
    count = amounts.number(line, source.end) if share else None
    if count is None:
        return 0.0, source.end
    return count.value / share, count.end + (stem(line.word(count.end)) in names)


def _with_target(line: Line, value: float, source: Unit, held: range) -> Measure:
    target = _target(line, held)
    used = frozenset(held) | (frozenset(range(target.start, target.end)) if target else frozenset())
    also = list[str]()
    end = target.end if target else len(line)
    while line.word(end) in {"and", "or", "&", ","} and (more := amounts.unit(line, end + 1)):
        used |= frozenset(range(end, more.end))
        also.append(more.text)
        end = more.end
    letter = line.word(source.start) == "k" and target is not None and target.text.lower() not in _DEGREES
    return Measure(value, "km" if letter else source.text, target.text if target else "", used, tuple(also))


def _target(line: Line, held: range) -> Unit | None:
    for i in range(len(line)):
        if i in held or line.word(i) in EMPTY or line.word(i - 1) == "next":
            continue
        found = amounts.unit(line, i)
        if found and (
            line.word(i - 1) in {"in", "into", "to", "as", "many", "="} or line.words(i - 2, 2) == ("how", "much")
        ):
            return found
    degrees = [i for i in range(len(line)) if i not in held and line.word(i) in _DEGREES]
    here = amounts.unit(line, held.stop - 1) if degrees and held else None
    return amounts.unit(line, degrees[0]) if here and here.text.lower() in _DEGREES else None
