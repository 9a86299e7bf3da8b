"""Times of day: "at 3", "half past nine", "between 2 and 4 pm", "after lunch", "in the morning"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.offline import amounts
from app.offline.amounts import SUFFIXES, WORDS
from app.offline.lexicon import EMPTY, listed
from app.offline.window import Grain, Hours
from app.offline.words import Line

PARTS: dict[str, tuple[int, int]] = {
    "morning": (6, 12), "forenoon": (6, 12), "afternoon": (12, 18),
    "evening": (18, 24), "night": (18, 24), "lunch": (12, 14), "lunchtime": (12, 14),
}  # fmt: skip
NAMED = {"noon": 12, "midday": 12, "midnight": 24}
_FIRST_MORNING_HOUR = 7  # a bare "at 3" in a working life is the afternoon's, "at 8" the morning's
_PRICED = frozenset(listed("€ $ £ euro euros dollar dollars pound pounds each apiece per a %"))
_COUNTING = frozenset(listed("% percent percentage price cost costs pay sum total average calculate"))
_DAYS = frozenset(
    listed("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today tomorrow")
)
_TO = frozenset({"to", "until", "till", "through", "-", "–"})


@dataclass(frozen=True)
class Clock:
    """Minutes since midnight. `sure` where am, pm or a 24-hour form was written; `end` is the next token."""

    minute: int
    sure: bool
    end: int
    pm: bool = False


def hours(line: Line, i: int, *, dated: bool = False) -> tuple[Hours, int] | None:
    """The stretch of a day named at token `i`, and the next token. Beside a day, as `dated`, "10-11" is one too."""
    found = _range(line, i, dated=dated) or _open(line, i) or _at(line, i) or part(line, i)
    return found or (_half(line, i) if dated else None)


def _half(line: Line, i: int) -> tuple[Hours, int] | None:
    """The half of a day by its letters: the "pm" of "tomorrow pm"."""
    named = {"am": "morning", "pm": "afternoon"}.get(line.word(i)) if line.word(i + 1) not in {"i", "we"} else None
    return (Hours(PARTS[named][0] * 60, PARTS[named][1] * 60, "part"), i + 1) if named else None


def part(line: Line, i: int) -> tuple[Hours, int] | None:
    j = i
    while line.word(j) in {"in", "during", "over", "at", "the", "early", "late", "mid"}:
        j += 1
    if (named := PARTS.get(line.word(j))) is None:
        return None
    if line.word(j) == "night" and line.word(j - 1) == "the" and line.word(j - 2) != "in":
        return None
    return Hours(named[0] * 60, named[1] * 60, "part"), j + 1


def _at(line: Line, i: int) -> tuple[Hours, int] | None:
    led = line.word(i) in {"at", "around", "about", "@"}
    bare = line.word(i) in {"at", "around", "@"} or _daily(line, i)
    found = clock(line, i + led, bare=bare)
    if found is None or (not found.sure and _counted(line, found.end)):
        return None
    minute = _settled(found)
    return Hours(minute, minute + 60, "clock"), found.end


def _counted(line: Line, i: int) -> bool:
    """Whether the number before the token counts what it names: "at two places at once"."""
    word = line.word(i)
    plural = line.kind(i) == "word" and len(word) > 4 and word.endswith("s") and not word.endswith("ss")
    return plural and not line.capital(i) and word not in EMPTY and not word.endswith("days")


def _behind_day(line: Line, i: int) -> bool:
    """Whether the token stands behind a day: "saturday 9.30", "the 26th, 8.45"."""
    i -= line.word(i - 1) == ","
    return line.word(i - 1) in _DAYS or (line.word(i - 1) in SUFFIXES and line.kind(i - 2) == "number")


def _daily(line: Line, i: int) -> bool:
    """Whether a lone number is a time by the part of the day behind it: the 8 of "8 this morning"."""
    shared = line.word(i + 1) in {"this", "in"} and line.word(i + 1 + (line.word(i + 2) == "the") + 1) in PARTS
    return line.kind(i) == "number" and (shared or line.words(i + 1, 1) == ("tonight",))


def _range(line: Line, i: int, *, dated: bool) -> tuple[Hours, int] | None:
    lead = line.word(i)
    first = clock(line, i + 1, bare=True) if lead in {"between", "from"} else clock(line, i, bare=True)
    if first is None or not (line.word(first.end) in _TO or (lead == "between" and _joined(line, first.end))):
        return None
    second = clock(line, first.end + 1, bare=True)
    if second is None or (lead not in {"between", "from"} and not (first.sure or second.sure or dated)):
        return None
    return Hours(*_ordered(first, second)), second.end


def _joined(line: Line, j: int) -> bool:
    return line.word(j) in {"and", "&"}


def _ordered(first: Clock, second: Clock) -> tuple[int, int]:
    """Both ends, the first taking the second's am or pm where that keeps them in order."""
    end = second.minute if second.sure else _settled(second)
    start = first.minute if first.sure else _settled(first)
    if not first.sure and second.pm and first.minute % 720 + 720 < end:
        start = first.minute % 720 + 720
    elif not first.sure and second.sure and not second.pm:
        start = first.minute
    if end <= start and not second.sure:
        end = second.minute % 720 + 720
    return start, end if end > start else end + 24 * 60


def _open(line: Line, i: int) -> tuple[Hours, int] | None:
    lead = line.word(i)
    if lead not in {"after", "before", "since", "until", "till", "by", "from", "past"}:
        return None
    placed = line.word(i + 2) in {"this", "today", "yesterday"}
    if amounts.duration(line, i + 1):
        return None  # "by 20 minutes"
    alone = line.kind(i + 2) != "word" and line.kind(i + 2) != "number"  # "since 7", not "since 7 days"
    found = clock(line, i + 1, bare=placed or alone or lead in {"after", "before", "until", "till", "by"})
    if found is None:
        named = part(line, i + 1) if lead in {"after", "before"} else None
        return named and (_beside(lead, named[0]), named[1])
    minute, found = _settled(found), _parted(line, found)
    if lead in {"before", "until", "till", "by"}:
        return Hours(None, minute), found.end
    if lead == "from" and line.word(found.end) not in {"on", "onward", "onwards"}:
        return None
    return Hours(minute, None, "open" if lead == "since" else "clock"), found.end + (lead == "from")


def _parted(line: Line, found: Clock) -> Clock:
    """The clock with the "this morning" behind it."""
    said = line.word(found.end) == "this" and line.word(found.end + 1) in PARTS
    return replace(found, end=found.end + 2) if said else found


def _beside(lead: str, named: Hours) -> Hours:
    grain: Grain = "part"
    return Hours(named.end, None, grain) if lead == "after" else Hours(None, named.start, grain)


def _settled(found: Clock) -> int:
    if found.sure or found.minute >= _FIRST_MORNING_HOUR * 60:
        return found.minute
    return found.minute + 12 * 60


def clock(line: Line, i: int, *, bare: bool) -> Clock | None:
    """A time of day at token `i`; `bare`: a lone number counts."""
    word = line.word(i)
    if word in NAMED:
        return Clock(NAMED[word] * 60, True, i + 1, word != "midnight")
    if word in {"half", "quarter"}:
        return _past(line, i)
    if line.kind(i) == "clock":
        hour, minute = (int(n) for n in word.split(":"))
        return _half_day(line, hour * 60 + minute, i + 1, sure=True) if hour < 25 and minute < 60 else None
    dotted = _dotted(line, i) if bare or _behind_day(line, i) else None
    if dotted is not None:
        return _half_day(line, dotted, i + 1, sure=True)
    lone = _hour(line, i)
    found = None if lone is None else _half_day(line, lone * 60, i + 1, sure=False)
    return found if found and (found.end > i + 1 or bare) else None


def _dotted(line: Line, i: int) -> int | None:
    """The minute of "9.30"; None where it is a price, or no time of day."""
    hour, _, minute = line.word(i).partition(".")
    counted = line.word(i + 1) in _PRICED or not _COUNTING.isdisjoint(line.row)
    if line.kind(i) != "number" or len(minute) != 2 or not hour.isdigit() or counted:
        return None
    return int(hour) * 60 + int(minute) if int(hour) <= 24 and int(minute) < 60 else None


def _hour(line: Line, i: int) -> int | None:
    word = line.word(i)
    if line.kind(i) == "number" and word.isdigit() and int(word) <= 24:
        return int(word)
    return WORDS[word] if 1 <= WORDS.get(word, 0) <= 12 else None


def _half_day(line: Line, minute: int, j: int, *, sure: bool) -> Clock:
    """The clock with the am, pm or o'clock behind it, where there is one."""
    mark = line.word(j) if line.word(j) in {"am", "pm"} else ""
    if line.words(j, 3) in {("a", ".", "m"), ("p", ".", "m")}:
        mark, j = line.word(j) + "m", j + 2 + (line.word(j + 3) == ".")
    if not mark and line.words(j, 2) == ("in", "the") and line.word(j + 2) in PARTS:
        mark, j = "am" if line.word(j + 2) in {"morning", "forenoon"} else "pm", j + 2
    if mark:
        return Clock(minute % 720 + (720 if mark == "pm" else 0), True, j + 1, mark == "pm")
    named = line.word(j) in {"o'clock", "oclock"}
    return Clock(minute, sure or minute > 12 * 60, j + named)


def _past(line: Line, i: int) -> Clock | None:
    gap = 30 if line.word(i) == "half" else 15
    side = line.word(i + 1)
    found = clock(line, i + 2, bare=True) if side in {"past", "to"} else None
    if found is None:
        return None
    shift = gap if side == "past" else -gap
    return Clock(found.minute + shift, found.sure, found.end, found.pm)
