"""Times in words: weekday always, the person's zone always, a second zone where it differs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tools.agenda.hours import DAY, WEEKDAYS, midnight
from tools.agenda.spans import Span

MOST_DAYS = 62
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None for "" and for names no one knows."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def day_words(day: date, now: date) -> str:
    """Such as "Tue 3 Mar", with the year where it is not this one."""
    year = f" {day.year}" if day.year != now.year else ""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """Such as "09:30" in `zone`; in the hour that a clock change repeats, with the zone's letters ("02:30 CET")."""
    local = instant.astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M} {local.tzname()}" if twice else f"{local:%H:%M}"


def times_words(span: Span, zone: ZoneInfo, now: datetime) -> str:
    """Such as "09:30–10:00", or with both days where it crosses midnight."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    if start.date() == end.date() or span.end == midnight(start.date() + DAY, zone):
        shown = "24:00" if start.date() != end.date() else clock(span.end, zone)
        return f"{clock(span.start, zone)}–{shown}"
    return f"{clock(span.start, zone)} – {day_words(end.date(), now.astimezone(zone).date())} {clock(span.end, zone)}"


def span_words(span: Span, zone: ZoneInfo, now: datetime, *, all_day: bool = False) -> str:
    """Such as "Tue 3 Mar 09:30–10:00", "Tue 3 Mar, all day", "Tue 3 Mar – Thu 5 Mar, all day"."""
    today = now.astimezone(zone).date()
    first = span.start.astimezone(zone).date()
    if not all_day:
        return f"{day_words(first, today)} {times_words(span, zone, now)}"
    last = (span.end - timedelta(seconds=1)).astimezone(zone).date()
    if last <= first:
        return f"{day_words(first, today)}, all day"
    return f"{day_words(first, today)} – {day_words(last, today)}, all day"


def elsewhere(span: Span, zone: ZoneInfo, *others: str) -> str:
    """The same span on the clocks of other zones ("15:00–15:30 New York"), like ones together; "" where they agree."""
    cities: dict[str, list[str]] = {}
    for other in dict.fromkeys(others):
        if times := _times_there(span, zone, other):
            cities.setdefault(times, []).append(other.rsplit("/", 1)[-1].replace("_", " "))
    return ", ".join(f"{times} {listed(names)}" for times, names in cities.items())


def _times_there(span: Span, zone: ZoneInfo, other: str) -> str:
    there = zone_named(other)
    if there is None or _offset(span.start, there) == _offset(span.start, zone):
        return ""
    here, local = span.start.astimezone(zone).date(), span.start.astimezone(there).date()
    day = "" if here == local else f"{WEEKDAYS[local.weekday()]} "
    return f"{day}{clock(span.start, there)}–{clock(span.end, there)}"


def zone_note(zone: ZoneInfo, window: Span, now: datetime) -> str:
    """Such as "Times in Europe/Zurich", and the day in the window on which the clocks change, whose hours mislead."""
    first, last = window.start.astimezone(zone).date(), (window.end - timedelta(seconds=1)).astimezone(zone).date()
    for day in (first + DAY * n for n in range(min((last - first).days, MOST_DAYS) + 1)):
        longer = midnight(day + DAY, zone) - midnight(day, zone) - DAY
        if longer:
            way = "back" if longer > timedelta() else "forward"
            when = day_words(day, now.astimezone(zone).date())
            return f"Times in {zone.key}; the clocks go {way} by {length_words(abs(longer))} on {when}"
    return f"Times in {zone.key}"


def window_words(window: Span, zone: ZoneInfo, now: datetime) -> str:
    """Such as "today", "tomorrow 15:00–16:00", "on Tue 3 Mar", "from Tue 3 Mar to Mon 9 Mar"."""
    today = now.astimezone(zone).date()
    first = window.start.astimezone(zone).date()
    last = (window.end - timedelta(microseconds=1)).astimezone(zone).date()
    if first != last:
        return f"from {day_words(first, today)} to {day_words(last, today)}"
    day = {today: "today", today + DAY: "tomorrow"}.get(first, f"on {day_words(first, today)}")
    if not is_part(window, zone, now):
        return day
    if window.end == midnight(first + DAY, zone):
        return f"{day} from {clock(window.start, zone)}"
    return f"{day} {times_words(window, zone, now)}"


def is_part(window: Span, zone: ZoneInfo, now: datetime) -> bool:
    """Whether it is some hours of a day; what is left of today is the day."""
    first = window.start.astimezone(zone).date()
    begins = window.start <= max(midnight(first, zone), now.astimezone(UTC))
    return window.end <= midnight(first + DAY, zone) and not (begins and window.end == midnight(first + DAY, zone))


def length_words(length: timedelta) -> str:
    """Such as "25 minutes", "1 h 30 min", "2 days"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return many(minutes, "minute")
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return many(hours, "hour") if not rest else f"{hours} h {rest} min"
    days, rest = divmod(minutes, 24 * 60)
    return many(days, "day") if rest < 60 else f"{many(days, 'day')} {many(rest // 60, 'hour')}"


def many(count: int, noun: str, plural: str = "") -> str:
    """Count and noun: "1 meeting", "3 meetings", "2 people"."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural or noun + 's'}"


def listed(parts: list[str]) -> str:
    """Such as "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
