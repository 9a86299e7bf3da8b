"""The demo weather service: shapes and refusals as Open-Meteo has them, the same weather for the same day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from app.demo.weather_api import WeatherApi
from app.demo.wire import Request

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
API = WeatherApi(NOW.timestamp)


def get(path: str, **query: str) -> tuple[int, dict[str, Any]]:
    response = API.answer(Request("GET", path, urlencode(query)))
    body: dict[str, Any] = json.loads(response.body)
    return response.status, body


def test_places_are_found_without_accents_and_the_best_known_first() -> None:
    assert get("/v1/search", name="sao paulo")[1]["results"][0]["name"] == "São Paulo"
    london = get("/v1/search", name="London")[1]["results"]
    assert [place["country"] for place in london] == ["United Kingdom", "Canada"]
    assert "mean" not in london[0]
    assert "results" not in get("/v1/search", name="Nowhereville")[1]
    assert "results" not in get("/v1/search", name="x")[1]


def test_a_forecast_has_a_column_for_each_variable_and_never_changes() -> None:
    query = {
        "latitude": "38.72",
        "longitude": "-9.13",
        "daily": "weather_code,temperature_2m_max",
        "timezone": "auto",
        "start_date": "2026-11-18",
        "end_date": "2026-11-20",
    }
    status, body = get("/v1/forecast", **query)
    assert status == 200
    assert body["timezone"] == "Europe/Lisbon"
    assert body["daily"]["time"] == ["2026-11-18", "2026-11-19", "2026-11-20"]
    assert {len(column) for column in body["daily"].values()} == {3}
    assert body["daily_units"]["temperature_2m_max"] == "°C"
    assert get("/v1/forecast", **query)[1] == body


def test_it_refuses_what_the_real_one_refuses() -> None:
    here = {"latitude": "38.72", "longitude": "-9.13"}
    for query in (
        {"latitude": "95", "longitude": "0"},
        {"longitude": "0"},
        {**here, "daily": "moon_phase"},
        {**here, "timezone": "Mars/Olympus"},
        {**here, "start_date": "2027-02-01", "end_date": "2027-02-02"},
        {**here, "start_date": "2026-11-20", "end_date": "2026-11-19"},
        {**here, "start_date": "soon"},
    ):
        status, body = get("/v1/forecast", **query)
        assert (status, body["error"]) == (400, True), query
        assert body["reason"]
