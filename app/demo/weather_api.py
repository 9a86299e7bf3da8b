"""Open-Meteo's geocoding and forecast, for the demo workspace: made-up weather, the same for the same place and day."""

import hashlib
import math
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.demo.wire import Request, Response, json_response

GOOD_KEYS = "demo-weather-"
PAST_DAYS, AHEAD_DAYS = 92, 15
UNITS = {
    "weather_code": "wmo code",
    "temperature_2m_min": "°C",
    "temperature_2m_max": "°C",
    "precipitation_probability_max": "%",
    "wind_speed_10m_max": "km/h",
}


class WeatherApi:
    """GET /v1/search and GET /v1/forecast, as the public service has them; a key that is sent must be a good one."""

    name = "weather"
    routes = ("/v1/search", "/v1/forecast")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def answer(self, request: Request) -> Response:
        if request.method != "GET":
            return _refused("Only GET is supported", 404)
        query = dict(request.parameters)
        if "apikey" in query and not query["apikey"].startswith(GOOD_KEYS):
            return _refused("The supplied API key is invalid.", 401)
        try:
            return json_response(200, self._search(query) if request.path == "/v1/search" else self._forecast(query))
        except ValueError as error:
            return _refused(str(error), 400)

    def failure(self, status: int) -> Response:
        return _refused("The service is overloaded" if status >= 500 else "Minutely API request limit exceeded", status)

    def _search(self, query: dict[str, str]) -> dict[str, Any]:
        wanted = _plain(query.get("name", ""))
        if len(wanted) < 2:
            return {"generationtime_ms": 0.1}
        found = [place for place in _places() if _plain(place["name"]).startswith(wanted)]
        shown = [
            {key: value for key, value in place.items() if key not in ("mean", "swing", "wet")}
            for place in found[: int(query.get("count", "10"))]
        ]
        return {"results": shown, "generationtime_ms": 0.1} if shown else {"generationtime_ms": 0.1}

    def _forecast(self, query: dict[str, str]) -> dict[str, Any]:
        place = _nearest(_coordinate(query, "latitude", 90), _coordinate(query, "longitude", 180))
        zone = _zone(query.get("timezone", "GMT"), place)
        today = datetime.fromtimestamp(self._clock(), UTC).astimezone(zone).date()
        days = _days(query, today)
        columns = [name for name in query.get("daily", "").split(",") if name]
        if unknown := [name for name in columns if name not in UNITS]:
            raise ValueError(f"Cannot initialize ForecastVariableDaily from invalid String value {unknown[0]}")
        weather = [_weather(place, day) for day in days]
        return {
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "timezone": zone.key,
            "daily_units": {"time": "iso8601"} | {name: UNITS[name] for name in columns},
            "daily": {"time": [day.isoformat() for day in days]}
            | {name: [row[name] for row in weather] for name in columns},
        }


def _refused(reason: str, status: int) -> Response:
    return json_response(status, {"error": True, "reason": reason})


@cache
def _places() -> list[dict[str, Any]]:
    text = (files("app.demo") / "data" / "places.toml").read_text(encoding="utf-8")
    return [{"id": number, **place} for number, place in enumerate(tomllib.loads(text)["place"], 1)]


def _plain(name: str) -> str:
    return "".join(c for c in normalize("NFD", name.strip().casefold()) if not combining(c))


def _coordinate(query: dict[str, str], name: str, limit: float) -> float:
    value = float(query[name]) if name in query else math.nan
    if not abs(value) <= limit:
        raise ValueError(f"Parameter '{name}' must be in range of -{limit} to {limit}")
    return value


def _nearest(latitude: float, longitude: float) -> dict[str, Any]:
    return min(_places(), key=lambda p: math.hypot(p["latitude"] - latitude, p["longitude"] - longitude))


def _zone(name: str, place: dict[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(place["timezone"] if name == "auto" else name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("Invalid timezone") from None


def _days(query: dict[str, str], today: date) -> list[date]:
    first = date.fromisoformat(query.get("start_date", today.isoformat()))
    last = date.fromisoformat(query.get("end_date", (today + timedelta(days=6)).isoformat()))
    allowed = (today - timedelta(days=PAST_DAYS), today + timedelta(days=AHEAD_DAYS))
    for name, day in (("start_date", first), ("end_date", last)):
        if not allowed[0] <= day <= allowed[1]:
            raise ValueError(f"Parameter '{name}' is out of allowed range from {allowed[0]} to {allowed[1]}")
    if last < first:
        raise ValueError("End-date must be larger or equals than start-date")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _weather(place: dict[str, Any], day: date) -> dict[str, Any]:
    chance, heat, wind = _draws(f"{place['id']} {day}")
    season = -math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365) * (1 if place["latitude"] >= 0 else -1)
    high = place["mean"] + place["swing"] * season + 3 + 6 * (heat - 0.5)
    rain = round(100 * min(1.0, place["wet"] * 2 * chance))
    return {
        "weather_code": _code(rain, high),
        "temperature_2m_min": round(high - 4 - 5 * chance, 1),
        "temperature_2m_max": round(high, 1),
        "precipitation_probability_max": rain,
        "wind_speed_10m_max": round(6 + 30 * wind * wind, 1),
    }


def _code(rain: int, high: float) -> int:
    if rain >= 60:
        return 73 if high < 2 else 63
    if rain >= 40:
        return 71 if high < 2 else 61
    return 3 if rain >= 25 else 2 if rain >= 12 else 0


def _draws(seed: str) -> tuple[float, float, float]:
    digest = hashlib.sha256(seed.encode()).digest()
    first, second, third = (int.from_bytes(digest[i : i + 4], "big") / 2**32 for i in (0, 4, 8))
    return first, second, third
