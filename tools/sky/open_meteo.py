"""Open-Meteo over a Transport: places by name, daily forecasts. Law: an answer of another shape is Unreadable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.clients import Transport
from tools.errors import AccessRefused, BadArgument, RateLimited, ServiceDown, ToolError, Unreadable

SEARCH = "https://geocoding-api.open-meteo.com/v1/search"
FORECAST = "https://api.open-meteo.com/v1/forecast"
T = TypeVar("T", bound=BaseModel)
AGAIN = "Try again in a few minutes."
DAILY = (
    "weather_code",
    "temperature_2m_min",
    "temperature_2m_max",
    "precipitation_probability_max",
    "wind_speed_10m_max",
)


class Place(BaseModel):
    """A place of the geocoding API. `timezone` is an IANA name."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    name: str
    latitude: float
    longitude: float
    timezone: str
    country: str = ""
    admin1: str = ""

    @property
    def label(self) -> str:
        return ", ".join(part for part in dict.fromkeys((self.name, self.admin1, self.country)) if part)


class Daily(BaseModel):
    """The daily columns of a forecast: degrees Celsius, percent, km/h; a missing value is None."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
    time: tuple[date, ...]
    weather_code: tuple[int | None, ...]
    temperature_2m_min: tuple[float | None, ...]
    temperature_2m_max: tuple[float | None, ...]
    precipitation_probability_max: tuple[int | None, ...]
    wind_speed_10m_max: tuple[float | None, ...]


class _Forecast(BaseModel):
    model_config = ConfigDict(extra="ignore")
    daily: Daily


class _Search(BaseModel):
    model_config = ConfigDict(extra="ignore")
    results: tuple[Place, ...] = Field(default=())


def places(transport: Transport, name: str, *, keyed: bool = False) -> tuple[Place, ...]:
    """Places of this name, the best known first; empty where there is none. `keyed`: of those who have an API key."""
    answer = _get(transport, _host(SEARCH, keyed), {"name": name, "count": "5", "language": "en", "format": "json"})
    return _read(_Search, answer).results


def daily(transport: Transport, place: Place, first: date, last: date, *, keyed: bool = False) -> Daily:
    """The forecast of these days, both included, in the place's own zone."""
    query = {
        "latitude": f"{place.latitude:.4f}",
        "longitude": f"{place.longitude:.4f}",
        "daily": ",".join(DAILY),
        "timezone": place.timezone,
        "start_date": first.isoformat(),
        "end_date": last.isoformat(),
    }
    return _read(_Forecast, _get(transport, _host(FORECAST, keyed), query)).daily


def _host(address: str, keyed: bool) -> str:
    return address.replace("https://", "https://customer-", 1) if keyed else address


def _get(transport: Transport, address: str, query: Mapping[str, str]) -> Any:
    try:
        reply = transport.request("GET", f"{address}?{urlencode(query)}")
    except OSError as error:
        raise ServiceDown(f"The weather service did not answer: {error}.", AGAIN) from error
    if reply.status != 200:
        raise _refusal(reply.status, reply.body)
    try:
        return json.loads(reply.body)
    except ValueError as error:
        raise Unreadable("The weather service sent a broken answer.", AGAIN) from error


def _refusal(status: int, body: bytes) -> ToolError:
    if status in (401, 403):
        return AccessRefused("The weather service refuses your API key.", "`valet connect weather` takes another one.")
    if status == 429:
        return RateLimited("The weather service asks to slow down.", "Try again in a minute.")
    if status >= 500:
        return ServiceDown(f"The weather service failed on its side (HTTP {status}).", AGAIN)
    try:
        reason = str(json.loads(body)["reason"])
    except (ValueError, KeyError, TypeError):
        reason = f"HTTP {status}"
    return BadArgument(f"The weather service refused the request: {reason}.", "Ask for another day or place.")


def _read(shape: type[T], answer: Any) -> T:
    try:
        return shape.model_validate(answer)
    except ValidationError as error:
        raise Unreadable("The weather service's answer has an unknown shape.", AGAIN) from error
