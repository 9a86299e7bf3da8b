"""Draws one day: a ruler of the hours, then the entries with their times at the left and the free stretches between.

A clash carries a sign as well as a colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from app.plain_text import plain
from app.screen_tones import STYLES
from tools.view import DayView, Entry

CLASH = "!"
LEAST_FREE = timedelta(minutes=15)
WORKDAY = (8, 18)
LANE_WIDTH = 14
RULER_FROM = 56


@dataclass(frozen=True)
class Stretch:
    """Free time between entries."""

    start: datetime
    end: datetime


def day(what: DayView, width: int) -> RenderableType:
    """The whole day, `width` columns wide."""
    entries = [_local(entry, what.zone) for entry in what.entries]
    timed = sorted((entry for entry in entries if not entry.all_day), key=lambda entry: (entry.start, entry.end))
    head = Text.assemble((plain(what.title), "bold"), "  ", (plain(what.zone), "dim"))
    parts: list[RenderableType] = [head]
    if not entries:
        return Group(head, Text("nothing on this day", style="dim"))
    if timed and width >= RULER_FROM:
        parts += [ruler(timed, width), Text()]
    return Group(*parts, _list([entry for entry in entries if entry.all_day], timed))


def _local(entry: Entry, zone: str) -> Entry:
    if entry.all_day:
        return entry
    place = ZoneInfo(zone)
    return entry.model_copy(update={"start": entry.start.astimezone(place), "end": entry.end.astimezone(place)})


def _list(all_day: list[Entry], timed: list[Entry]) -> RenderableType:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, width=1)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for entry in all_day:
        grid.add_row("", Text("all day", style="dim"), _title(entry))
    for item in _with_free(timed):
        if isinstance(item, Stretch):
            grid.add_row("", Text(_hours(item.start, item.end), style="dim"), Text(_free(item), style="dim green"))
        else:
            sign = Text(CLASH, style=STYLES["urgent"]) if item.clash else Text()
            times = Text(_hours(item.start, item.end), style=STYLES["urgent"] if item.clash else "")
            grid.add_row(sign, times, _title(item))
    return grid


def _title(entry: Entry) -> Text:
    style = STYLES["strong"] if entry.clash and entry.tone == "plain" else STYLES[entry.tone]
    title = Text(plain(entry.title), style=style, overflow="fold")
    for more in (entry.place, entry.lane):
        if more:
            title.append(f" · {plain(more)}", style="dim")
    return title


def _with_free(timed: list[Entry]) -> Iterator[Entry | Stretch]:
    """The entries in order, with the free stretches between them that are long enough to be of use.

    What takes no time (declined, marked as free) interrupts no free stretch, and stands after the one it lies in.
    """
    busy_until: datetime | None = None
    waiting: list[Entry] = []
    for entry in timed:
        if not entry.busy:
            waiting.append(entry)
            continue
        if busy_until and entry.start - busy_until >= LEAST_FREE:
            yield from (one for one in waiting if one.start < busy_until)
            waiting = [one for one in waiting if one.start >= busy_until]
            yield Stretch(busy_until, entry.start)
        yield from waiting
        yield entry
        waiting = []
        busy_until = max(busy_until or entry.end, entry.end)
    yield from waiting


def _hours(start: datetime, end: datetime) -> str:
    days = (end.date() - start.date()).days
    return f"{start:%H:%M}–{end:%H:%M}" + (f" +{days}" if days else "")


def _free(item: Stretch) -> str:
    hours, minutes = divmod(int((item.end - item.start).total_seconds()) // 60, 60)
    return "free " + " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def ruler(timed: list[Entry], width: int) -> RenderableType:
    """One line of hours and below it one bar for each calendar; clashing stretches are drawn with their sign."""
    date = max(entry.start.date() for entry in timed)
    midnight = datetime.combine(date, time(), timed[0].start.tzinfo)
    first = min(
        [WORKDAY[0], *(e.start.hour for e in timed if e.start >= midnight), *(0 for e in timed if e.start < midnight)]
    )
    last = max([WORKDAY[1], *(_hour_after(e.end, midnight) for e in timed)])
    lanes = list(dict.fromkeys(entry.lane for entry in timed))
    margin = min(max(cell_len(plain(lane)) for lane in lanes), LANE_WIDTH) + 2 if any(lanes) else 0
    slots = max((width - margin) // (last - first), 1)
    scale = "".join(
        f"{hour:<{slots}d}" if slots > 2 or hour % 3 == 0 else " " * slots for hour in range(first, last + 1)
    )
    lines = [Text(" " * margin + scale.rstrip(), style="dim")]
    for lane in lanes:
        name = _named(plain(lane), margin - 2) + "  " if margin else ""
        mine = [entry for entry in timed if entry.lane == lane]
        bar = _bar(mine, midnight + timedelta(hours=first), slots, (last - first) * slots)
        lines.append(Text.assemble((name, "dim"), bar))
    return Group(*lines)


def _named(lane: str, width: int) -> str:
    """The name of a calendar so wide; the sign of a cut where it is too long."""
    return set_cell_size(lane if cell_len(lane) <= width else f"{set_cell_size(lane, width - 1)}…", width)


def _hour_after(moment: datetime, midnight: datetime) -> int:
    return min(-(-int((moment - midnight).total_seconds()) // 3600), 24)


def _bar(entries: list[Entry], origin: datetime, slots: int, length: int) -> Text:
    signs = ["·"] * length
    for entry in entries:
        begin = max(int((entry.start - origin).total_seconds() / 3600 * slots), 0)
        finish = min(max(round((entry.end - origin).total_seconds() / 3600 * slots), begin + 1), length)
        for slot in range(begin, finish):
            signs[slot] = CLASH if entry.clash or signs[slot] == CLASH else "░" if entry.tone == "dim" else "█"
    bar = Text()
    for sign, run in groupby(signs):
        bar.append("".join(run), style={"·": "dim", CLASH: STYLES["urgent"], "░": "dim"}.get(sign, "blue"))
    return bar
