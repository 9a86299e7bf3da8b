"""Time zones of iCalendar files: whatever a program calls a zone, its IANA name.

A name may be an IANA one, a Windows one, one with a path before it, or one of the file's own with the rules in a
VTIMEZONE; then the rules are compared with those of the well-known zones.
"""

import re
from datetime import datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# Compared in this order: the best known of those with the same rules first.
WELL_KNOWN = (
    "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Helsinki", "Europe/Athens",
    "Europe/Moscow", "Europe/Istanbul", "America/New_York", "America/Chicago", "America/Denver",
    "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Halifax",
    "America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Mexico_City",
    "America/Bogota", "America/Caracas", "America/Santiago", "Atlantic/Azores", "Atlantic/Reykjavik",
    "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Africa/Casablanca",
    "Asia/Jerusalem", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai", "Asia/Singapore",
    "Australia/Perth", "Asia/Tokyo", "Asia/Seoul", "Australia/Adelaide", "Australia/Darwin", "Australia/Brisbane",
    "Australia/Sydney", "Pacific/Noumea", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Tongatapu",
)  # fmt: skip
_LOCATION = re.compile(r"(?im)^X-LIC-LOCATION(?:;[^:\n]*)?:(.+?)\s*$")
_TZID = re.compile(r"(?im)^TZID(?:;[^:\n]*)?:(.+?)\s*$")


class Zones:
    """The zones one file speaks of."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}
        self._found: dict[tuple[str, int], str | None] = {}

    def add(self, timezone: str) -> None:
        """Remember the text of a VTIMEZONE."""
        name = _TZID.search(timezone)
        if name:
            self._rules[_plain(name[1])] = timezone

    def name(self, stated: str, wall: datetime) -> str | None:
        """The IANA name of the zone a TZID means, judged in the year of the event; None when it cannot be known."""
        key = (_plain(stated), wall.year)
        if key not in self._found:
            self._found[key] = _known(key[0]) or self._by_rules(*key)
        return self._found[key]

    def _by_rules(self, name: str, year: int) -> str | None:
        text = self._rules.get(name, "")
        location = _LOCATION.search(text)
        if location and (found := _known(_plain(location[1]))):
            return found
        zone = _rules_of(text) if text else None
        if zone is None:
            return None
        offsets = _offsets(zone, year)
        return next((known for known in WELL_KNOWN if _offsets(ZoneInfo(known), year) == offsets), None)


def iana(name: str) -> str | None:
    """The name, if the zone database has it."""
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return None


def _plain(name: str) -> str:
    return name.strip().strip('"').strip()


def _known(name: str) -> str | None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    if name.upper() in ("UTC", "GMT", "Z", "ETC/UTC"):
        return "UTC"
    parts = name.split("/")
    endings = ["/".join(parts[-count:]) for count in (len(parts), 3, 2) if 2 <= count <= len(parts)]
    found = next((ending for ending in endings if iana(ending)), None)
    return found or WINDOWS_TO_OLSON.get(name) or _spelt_otherwise(name)


def _spelt_otherwise(name: str) -> str | None:
    return _by_lower_case().get(name.lower().replace(" ", "_"))


@cache
def _by_lower_case() -> dict[str, str]:
    from zoneinfo import available_timezones

    return {name.lower(): name for name in available_timezones() if "/" in name}


def _rules_of(text: str) -> tzinfo | None:
    """The rules of a VTIMEZONE as a zone, None when they cannot be read."""
    from icalendar import Timezone

    try:
        rules = Timezone.from_ical(text)
        found = rules.to_tz(lookup_tzid=False) if isinstance(rules, Timezone) else None
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        return None
    return found if isinstance(found, tzinfo) else None


def _offsets(zone: tzinfo, year: int) -> tuple[timedelta | None, ...]:
    """The offsets from UTC in the middle of the twelve months."""
    return tuple(datetime(year, month, 15, 12, tzinfo=zone).utcoffset() for month in range(1, 13))
