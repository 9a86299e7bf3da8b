"""The zone behind a clock time: "CET", "(PST)", "Chicago time". Law: a place that no zone is named after is no zone."""

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_ZONES = {"utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "ist": 5.5,
          "sgt": 8, "jst": 9, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "pst": -8, "pdt": -7}  # fmt: skip
_PLACE_TIME = re.compile(r",?\s?\(?([A-Z][\w' ]{2,24}?) time\b\)?")
_ZONE = re.compile(r"\s?\(?([a-z]{3,4})\b\)?", re.IGNORECASE)


@cache
def _city_zones() -> dict[str, str]:
    """City -> IANA zone, from the names of the zones themselves; and what four of them are called in North America."""
    cities = {
        name.rpartition("/")[2].replace("_", " ").lower(): name for name in sorted(available_timezones()) if "/" in name
    }
    american = {"eastern": "New_York", "central": "Chicago", "mountain": "Denver", "pacific": "Los_Angeles"}
    return cities | {name: f"America/{city}" for name, city in american.items()}


def zone_at(text: str, at: int) -> tuple[tzinfo | None, int]:
    """The zone that stands at `at`, and the place after it; None and `at` where none does."""
    if (zone := _ZONE.match(text, at)) and (hours := _ZONES.get(zone[1].lower())) is not None:
        return timezone(timedelta(hours=hours)), zone.end()
    if (place := _PLACE_TIME.match(text, at)) and (name := _city_zones().get(place[1].strip().lower())):
        return ZoneInfo(name), place.end()
    return None, at
