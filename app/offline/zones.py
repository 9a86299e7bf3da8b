"""What time it is elsewhere: in a town of the time zone list, now or at a time here, and how far apart two are.

Law: a request is taken only where each of its words belongs to such a question; a town that is not in the list is
told, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from app.offline import clocks
from app.offline.lexicon import listed
from app.offline.talk import Talk
from app.offline.window import at_minute, midnight
from app.offline.words import Line

_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian", "")
_NEAR = {
    "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "california": "America/Los_Angeles",
    "boston": "America/New_York", "washington": "America/New_York", "miami": "America/New_York",
    "atlanta": "America/New_York", "montreal": "America/Toronto", "dallas": "America/Chicago",
    "houston": "America/Chicago", "rio": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin", "cologne": "Europe/Berlin",
    "germany": "Europe/Berlin", "france": "Europe/Paris", "italy": "Europe/Rome", "milan": "Europe/Rome",
    "spain": "Europe/Madrid", "barcelona": "Europe/Madrid", "porto": "Europe/Lisbon", "geneva": "Europe/Zurich",
    "switzerland": "Europe/Zurich", "england": "Europe/London", "edinburgh": "Europe/London",
    "manchester": "Europe/London", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "india": "Asia/Kolkata", "beijing": "Asia/Shanghai", "shenzhen": "Asia/Shanghai",
    "china": "Asia/Shanghai", "osaka": "Asia/Tokyo", "kyoto": "Asia/Tokyo", "korea": "Asia/Seoul",
    "south korea": "Asia/Seoul", "abu dhabi": "Asia/Dubai", "hanoi": "Asia/Ho_Chi_Minh", "cape town":
    "Africa/Johannesburg", "south africa": "Africa/Johannesburg", "kenya": "Africa/Nairobi",
    "new zealand": "Pacific/Auckland", "wellington": "Pacific/Auckland", "hawaii": "Pacific/Honolulu",
}  # fmt: skip
"""Places whose time is that of another one in the list."""
_FRAME = frozenset(
    listed(
        "what time times is it the current local exact right now in at to when if here for there me my our us please"
        " tell can could you do know hour hours o'clock clock of as convert from they have many much how far ahead"
        " behind difference between and than be will would was ? , . ! zone say says that this"
    )
)
_SIGNS = frozenset(listed("time hours hour clock ahead behind"))
_ASKS = frozenset(listed("time clock ahead behind what when if convert"))
_LED = frozenset(listed("in at to between and from is are"))
_LONGEST = 3  # words of a place
UNKNOWN = "I do not know the time in {place}. Name a large city of its time zone, such as Tokyo or New York."


@dataclass(frozen=True)
class _Place:
    """A place as it is called, or "" for here, its zone, and where it stands in the line."""

    name: str
    zone: ZoneInfo | None
    start: int
    end: int


def asked(line: Line) -> Talk | None:
    """What tells the time elsewhere; None where something else is asked, or only the time here."""
    if _SIGNS.isdisjoint(line.row) and not any(_clock(line, i) for i in range(len(line))):
        return None
    places, clock, rest = _taken(line)
    if any(word not in _FRAME for word in rest):
        return None
    named = [place for place in places if place.name]
    if not named or _ASKS.isdisjoint(rest):
        return None
    apart = bool({"difference", "ahead", "behind"} & {*rest})
    return Talk("zones", (), lambda tools, now: _told(places, clock, apart, now))


def _taken(line: Line) -> tuple[list[_Place], clocks.Clock | None, list[str]]:
    """The places, the time of day, and the words that are neither."""
    places, rest, clock, i = list[_Place](), list[str](), None, 0
    while i < len(line):
        here = _Place("", None, i, i + 1) if line.word(i) == "here" else _place(line, i)
        found = None if clock or here else _clock(line, i)
        if here:
            places.append(here)
        elif found:
            clock = found
        else:
            rest.append(line.word(i))
        i = here.end if here else found.end if found else i + 1
    return places, clock, rest


def _clock(line: Line, i: int) -> clocks.Clock | None:
    """A time of day that is surely one, or stands behind "at"."""
    found = clocks.clock(line, i, bare=line.word(i - 1) == "at")
    return found if found and (found.sure or line.word(i - 1) == "at") else None


def _behind_clock(line: Line, i: int) -> bool:
    """Whether a time of day stands just before the token: "17:00 Chicago"."""
    return any((found := _clock(line, k)) is not None and found.end == i for k in range(max(i - 3, 0), i))


def _place(line: Line, i: int) -> _Place | None:
    """The place at token `i`: one of the list; else, behind "in" at the end, whatever is called so."""
    led = line.word(i - 1) in _LED or _behind_clock(line, i)
    for size in range(_LONGEST, 0, -1):
        words = line.words(i, size)
        follows = line.word(i + size) in {"time", "'s"}
        zone = _zone(" ".join(words)) if len(words) == size and (led or follows) else None
        if zone:
            return _Place(_name(line, i, i + size), zone, i, i + size)
    end = next((k for k in range(i, len(line)) if line.kind(k) != "word" or line.word(k) in _FRAME), len(line))
    strange = line.word(i - 1) == "in" and i < end <= i + _LONGEST and "time" in line.row[: i - 1]
    return _Place(_name(line, i, end), None, i, end) if strange else None


def _name(line: Line, start: int, end: int) -> str:
    return " ".join(t.text if t.capital else t.text.capitalize() for t in line.tokens[start:end])


@lru_cache(maxsize=256)
def _zone(place: str) -> ZoneInfo | None:
    place = "".join(c for c in normalize("NFKD", place) if not combining(c))
    if place in _NEAR:
        return ZoneInfo(_NEAR[place])
    if not place.replace(" ", "").isalpha() or place in _FRAME:
        return None
    key = "_".join(word.capitalize() for word in place.split())
    for name in (*(f"{area}/{key}".lstrip("/") for area in _AREAS), place.upper()):
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError):  # no such zone, or the folder of an area
            continue
    return None


def _told(places: Sequence[_Place], clock: clocks.Clock | None, apart: bool, now: datetime) -> str:
    strange = next((place for place in places if place.name and place.zone is None), None)
    if strange:
        return UNKNOWN.format(place=strange.name)
    here = _Place("", None, -1, -1)
    if apart and len(places) < 2:
        return _difference(places[0], here, now)
    if apart:
        return _difference(places[0], places[1], now)
    if clock is None:
        return " ".join(_now(place, now) for place in places if place.name)
    source = min(places, key=lambda place: abs(place.start - clock.end)) if len(places) > 1 else places[0]
    others = [place for place in places if place is not source] or [here]
    if len(places) == 1 and source.start - clock.end > 0:  # "what is 3 pm in Tokyo": there, as it is here
        source, others = source, [here]
    return " ".join(_converted(clock, source, other, now) for other in others)


def _at(place: _Place, moment: datetime) -> datetime:
    return moment.astimezone(place.zone) if place.zone else moment


def _in(place: _Place) -> str:
    return f"in {place.name}" if place.name else "here"


def _now(place: _Place, now: datetime) -> str:
    there = _at(place, now)
    return f"In {place.name} it is {there:%H:%M} on {there:%A}, {there.day} {there:%B} ({_ahead(there, now)} here)."


def _converted(clock: clocks.Clock, source: _Place, other: _Place, now: datetime) -> str:
    begin = at_minute(midnight(_at(source, now)), clock.minute)
    there = _at(other, begin) if other.zone else begin.astimezone(now.tzinfo)
    days = (there.date() - begin.date()).days
    day = {1: " the day after", -1: " the day before"}.get(days, "")
    return f"{begin:%H:%M} {_in(source)} is {there:%H:%M}{day} {_in(other)}."


def _difference(first: _Place, second: _Place, now: datetime) -> str:
    one, other = _at(first, now), _at(second, now)
    told = f"{first.name or 'It'} is {_ahead(one, other)} {second.name or 'here'}"
    return f"{told} ({one:%H:%M} and {other:%H:%M})."


def _ahead(one: datetime, other: datetime) -> str:
    """How far one clock is from the other: "9 hours ahead of", "5:30 hours behind"."""
    gap = (one.utcoffset() or timedelta()) - (other.utcoffset() or timedelta())
    minutes = abs(gap) // timedelta(minutes=1)
    if not minutes:
        return "the same time as"
    hours, rest = divmod(minutes, 60)
    told = f"{hours}:{rest:02}" if rest else f"{hours}"
    return f"{told} {'hour' if told == '1' else 'hours'} {'ahead of' if gap > timedelta() else 'behind'}"
