"""Numbers, durations and measures as people write them: "an hour and a half", "twenty five", "2.5 km/h"."""

from __future__ import annotations

from dataclasses import dataclass

from app.offline.lexicon import listed
from app.offline.words import Line

_ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
WORDS: dict[str, int] = {word: n for n, word in enumerate(_ONES)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_BEGINS = frozenset({*WORDS, "a", "the", "couple", "few"})
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ORDINALS = listed("first second third fourth fifth sixth seventh eighth ninth tenth")
ORDINALS: dict[str, int] = {word: n for n, word in enumerate(_ORDINALS, start=1)}
SUFFIXES = frozenset({"st", "nd", "rd", "th"})

HOURS = frozenset(listed("h hr hrs hour hours"))
MINUTES = frozenset(listed("m min mins minute minutes minut minuts"))

UNITS = frozenset(
    listed(
        """
        mm cm dm m km millimeter millimetre centimeter centimetre meter metre kilometer kilometre mile yard foot
        feet inch mi yd ft in nm mg g kg gram kilogram kilo tonne ton ounce oz pound lb lbs stone ml cl dl l
        liter litre milliliter millilitre gallon pint quart cup tablespoon teaspoon tbsp tsp second sec minute
        min hour hr h day week month year celsius fahrenheit kelvin degree mph kph kmh knot joule kilojoule
        calorie kcal kwh wh watt kilowatt horsepower hp bar psi pascal atm byte kilobyte megabyte gigabyte
        terabyte bit kb mb gb tb hectare acre radian newton volt ampere dollar euro cent usd eur gbp chf yen
        franc c f k s
        """
    )
)
_LETTERS = {"c": "celsius", "f": "fahrenheit", "k": "kelvin"}
_QUALIFIERS = frozenset({"square", "cubic", "fluid", "nautical", "degrees", "degree", "us", "uk", "imperial"})


@dataclass(frozen=True)
class Amount:
    """A number and where it stands: tokens `start` to `end`, `end` exclusive."""

    value: float
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """A unit as typed ("km/h"), and where it stands."""

    text: str
    start: int
    end: int


def number(line: Line, i: int) -> Amount | None:
    """A number in digits or words at token `i`; "a couple of" is two, "a few" three."""
    if line.kind(i) != "number" and line.word(i) not in _BEGINS:
        return None
    if line.kind(i) == "number":
        scale = _SCALES.get(line.word(i + 1), 1)
        return _halved(line, Amount(float(line.word(i)) * scale, i, i + 1 + (scale > 1)))
    spelt = _spelt(line, i)
    return _halved(line, spelt) if spelt else _vague(line, i)


def _halved(line: Line, found: Amount) -> Amount:
    half = line.words(found.end, 3) == ("and", "a", "half")
    return Amount(found.value + 0.5, found.start, found.end + 3) if half else found


def _spelt(line: Line, i: int) -> Amount | None:
    total, group, j = 0, 0, i
    while True:
        word = line.word(j)
        if word in WORDS:
            if group % 100 and not (group % 10 == 0 and group % 100 >= 20 and WORDS[word] < 10):
                break
            group += WORDS[word]
        elif word == "hundred" and group:
            group *= 100
        elif word in _SCALES and group:
            total, group = total + group * _SCALES[word], 0
        elif not (word == "and" and line.word(j - 1) in _SCALES and j > i and line.word(j + 1) in WORDS):
            break
        j += 1
    return Amount(float(total + group), i, j) if j > i else None


def _vague(line: Line, i: int) -> Amount | None:
    at = i + (line.word(i) in {"a", "the"})
    if line.word(at) == "couple":
        return Amount(2, i, at + 1 + (line.word(at + 1) == "of"))
    return Amount(3, i, at + 1) if line.word(at) == "few" else None


def duration(line: Line, i: int) -> Amount | None:
    """Minutes, from a duration at token `i`: "45 min", "half an hour", "1h30", "an hour and a half"."""
    if line.word(i) in _ONE and line.word(i + 1) == "hour":
        return Amount(60, i, i + 2)
    for phrase, minutes in _PHRASES:
        if line.words(i, len(phrase)) == phrase:
            return _and_half(line, Amount(minutes, i, i + len(phrase)))
    count = number(line, i)
    return _counted(line, count) if count else None


_ONE = frozenset(listed("earliest soonest free spare single whole full common shared"))
"""Before "hour" one of these says that it is one."""
_PHRASES: tuple[tuple[tuple[str, ...], int], ...] = (
    (("three", "quarters", "of", "an", "hour"), 45),
    (("a", "quarter", "of", "an", "hour"), 15),
    (("quarter", "of", "an", "hour"), 15),
    (("a", "quarter", "hour"), 15),
    (("half", "an", "hour"), 30),
    (("a", "half", "hour"), 30),
    (("half", "hour"), 30),
    (("an", "hour"), 60),
    (("a", "free", "hour"), 60),
)


def _counted(line: Line, count: Amount) -> Amount | None:
    if (unit := line.word(count.end)) not in HOURS | MINUTES:
        return None
    minutes = count.value * (60 if unit in HOURS else 1)
    longer = _and_minutes(line, count.start, minutes, count.end + 1) if unit in HOURS else None
    return longer or _and_half(line, Amount(minutes, count.start, count.end + 1))


def _and_minutes(line: Line, start: int, minutes: float, j: int) -> Amount | None:
    """The 30 of "1 hour 30 minutes", "1 hour and 30 min", "1h30"."""
    rest = number(line, j + (line.word(j) == "and"))
    if rest and line.word(rest.end) in MINUTES:
        return Amount(minutes + rest.value, start, rest.end + 1)
    glued = rest and line.word(j - 1) == "h" and rest.start == j
    return Amount(minutes + rest.value, start, rest.end) if rest and glued else None


def _and_half(line: Line, found: Amount) -> Amount:
    if line.words(found.end, 3) == ("and", "a", "half"):
        return Amount(found.value + 30, found.start, found.end + 3)
    return found


def unit(line: Line, i: int) -> Unit | None:
    """A unit at token `i`: one word, a qualified one ("square metres"), or a rate ("km/h", "miles per hour")."""
    j = i + 1 if line.word(i) in _QUALIFIERS and _is_unit(line, i + 1) else i
    if not _is_unit(line, j):
        return None
    if line.word(j + 1) in ("/", "per") and _is_unit(line, j + 2):
        return Unit(f"{line.tokens[j].text}/{line.tokens[j + 2].text}", i, j + 3)
    if line.word(j + 1) in {"a", "an"} and line.word(j + 2) in {"hour", "minute", "second", "day"}:
        return Unit(f"{line.tokens[j].text}/{line.tokens[j + 2].text}", i, j + 3)
    degrees = line.word(i).startswith("degree") and j > i
    text = " ".join(t.text for t in line.tokens[j if degrees else i : j + 1])
    return Unit(_LETTERS.get(text.lower(), text), i, j + 1)


def _is_unit(line: Line, i: int) -> bool:
    word = line.word(i) if line.kind(i) == "word" else ""
    return not UNITS.isdisjoint({word, word.removesuffix("s"), word.removesuffix("es")})
