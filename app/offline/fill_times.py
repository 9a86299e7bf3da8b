"""Windows, days and lengths of time put into the arguments that take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.offline import shifts
from app.offline.days import WEEKDAYS
from app.offline.filling import Filling, Part, Variant
from app.offline.lexicon import listed
from app.offline.slots import Slot
from app.offline.times import Timed
from app.offline.window import Window
from app.offline.words import Line, stem

_DEEDS = frozenset(stem(word) for word in listed("deal handle do todo answer reply respond act sort settle react"))
_MOVED = frozenset(listed("moved pushed shifted rescheduled postponed changed delayed brought put"))
_MUST = frozenset(listed("have need needs must should ought got has"))
_LEADS = frozenset(listed("with to on it them by before still for of"))
_REACH = 4  # words between what says that one must and what is to be done
_SHOW = frozenset(listed("show me see does how is view open list"))
"""Before a weekday one of these asks for that day as it is."""
_JOINTS = frozenset({",", "but", "and", "just", "please"})
_DAYS = frozenset({"day", "days", "time", "any", "anytime", "week"})


def shift(f: Filling) -> Part | None:
    """So many days, weeks or months from a date: the value, the unit and, where it is no day of now, the start."""
    values, starts = f.skill.takes("value"), f.skill.takes("start")
    units = [slot for slot in f.skill.takes("choice") if slot.name == "unit"]
    found = shifts.find(f.clause.line, f.clause.moment) if values and units else None
    if found is None or found.unit not in units[0].choices:
        return None
    variant: Variant = {values[0].name: found.value, units[0].name: found.unit}
    variant |= {slot.name: found.since.isoformat() for slot in starts if found.since}
    return Part((variant,), frozenset(range(found.start, found.end)))


def window(f: Filling) -> Part | None:
    """Each stretch of time that was named, as one variant; a coming one says nothing of mail received."""
    back = bool(f.skill.takes("since", "until"))
    slots: dict[str, Slot] = {slot.sort: slot for slot in f.skill.takes("start", "end", "since", "until")}
    if not slots:
        return None
    read = _bounds if any(issubclass(slot.type, datetime) for slot in slots.values()) else _dates
    now = f.clause.moment.now
    free = [_as_named(f, t) for t in f.clause.windows(-1 if back else 1) if f.used.isdisjoint(range(t.start, t.end))]
    free = [
        t for t in free if not _excepted(f.clause.line, t.start) and not (back and _moved_to(f.clause.line, t.start))
    ]
    found = [(t, read(t.window, slots, now, back)) for t in free]
    found = [(t, {} if back and _duty(f, t) else variant) for t, variant in found]
    told = [t for t, variant in found if variant or (back and (t.window.start == now or _duty(f, t)))]
    used = frozenset(i for timed in told for i in range(timed.start, timed.end))
    variants = tuple(variant for _, variant in found if variant)
    return Part(variants or ({},), used) if used else None


def _excepted(line: Line, i: int) -> bool:
    """Whether the time at token `i` is just the one that is not meant: "…, not on Monday", "any day but Friday"."""
    word, before = line.word(i - 1), line.word(i - 2)
    return (
        word in {"except", "excluding"} or (word == "not" and before in _JOINTS) or (word == "but" and before in _DAYS)
    )


def _moved_to(line: Line, i: int) -> bool:
    """Whether the time at token `i` is the new one of what was moved: "which meeting was moved to 16:30?"."""
    to = i if line.word(i) == "to" else i - 1
    return line.word(to) == "to" and line.word(to - 1) in _MOVED


def _as_named(f: Filling, timed: Timed) -> Timed:
    """The time as it is meant: "show me Monday" on a Monday is today, where "on Monday" is a week ahead."""
    ahead = timed.window.one_day and timed.window.start == f.clause.moment.today + timedelta(days=7)
    bare = f.clause.line.word(timed.start) in WEEKDAYS and f.clause.line.word(timed.start - 1) in _SHOW
    return replace(timed, window=timed.window.moved(-7)) if ahead and bare and f.skill.reads else timed


def _duty(f: Filling, timed: Timed) -> bool:
    """Whether the time says when something is to be done, not when it came: "what I have to answer today"; nor does
    "right now" limit what came."""
    line, i, end = f.clause.line, timed.start - 1, timed.window.end
    if end and end <= f.clause.moment.now:
        return False
    while line.word(i) in _LEADS:
        i -= 1
    return stem(line.word(i)) in _DEEDS and not _MUST.isdisjoint(line.row[max(i - _REACH, 0) : i])


def _bounds(window: Window, slots: Mapping[str, Slot], now: datetime, back: bool) -> Variant:
    first, last = ("since", "until") if back else ("start", "end")
    if back and window.start and window.start >= now:
        return {}
    variant: Variant = {}
    if first in slots and window.start:
        variant[slots[first].name] = window.start.isoformat()
    if last in slots and window.end and not (back and window.end >= now):
        variant[slots[last].name] = window.end.isoformat()
    return variant


def _dates(window: Window, slots: Mapping[str, Slot], now: datetime, back: bool) -> Variant:
    """Days by name: a range gives both ends, the last day included; a single day the end alone."""
    first = window.start.date() if window.start and window.start != now else None
    last = (window.end - timedelta(microseconds=1)).date() if window.end else first
    only = slots.get("end") or slots.get("start") or next(iter(slots.values()))
    day = last or first
    if "start" in slots and "end" in slots and first and last and first != last:
        return {slots["start"].name: first.isoformat(), slots["end"].name: last.isoformat()}
    return {only.name: day.isoformat()} if day else {}


def time(f: Filling) -> Part | None:
    """A single time or day: where the window begins; and how many days it has, where that is asked."""
    slots, timed = f.skill.takes("time"), f.clause.windows(1)
    start = timed[0].window.start if timed else None
    if not slots or start is None:
        return None
    value: date = start if issubclass(slots[0].type, datetime) else start.date()
    variant: Variant = {slots[0].name: value.isoformat()}
    length = _days(timed[0].window)
    variant |= {slot.name: length for slot in f.skill.takes("days") if length > 1}
    return Part((variant,), frozenset(range(timed[0].start, timed[0].end)))


def _days(window: Window) -> int:
    """How many days the window touches; one where it is open."""
    if window.start is None or window.end is None:
        return 1
    return ((window.end - timedelta(microseconds=1)).date() - window.start.date()).days + 1


def minutes(f: Filling) -> Part | None:
    slots = f.skill.takes("minutes")
    if not slots or not f.clause.durations:
        return None
    found = f.clause.durations[0]
    value = found.value / (60 if slots[0].name.endswith("hours") else 1)
    return Part(
        ({slots[0].name: int(value) if value == int(value) else value},), frozenset(range(found.start, found.end))
    )
