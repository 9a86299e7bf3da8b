"""The weather node over real HTTP against the demo workspace, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.server import Running, serve
from app.demo.workspace import Person, Workspace
from tests.signing import LoopbackTransport
from tools.base import ToolContext
from tools.errors import BadArgument, NotFound, RateLimited, ServiceDown, ToolError, Unreadable
from tools.weather import Forecast, forecast


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    workspace = Workspace.create(tmp_path / "w.db", owner=Person("a@x.example", "A"), zone="UTC")
    with serve(workspace) as running:
        yield running


def context(demo: Running, zone: str = "Europe/Lisbon") -> ToolContext:
    here = ZoneInfo(zone)
    return ToolContext(LoopbackTransport(demo.origin), datetime.now(here), here, "", lambda *_: None)


def ask(demo: Running, zone: str = "Europe/Lisbon", **arguments: Any) -> Forecast:
    found = forecast.function(context(demo, zone), **arguments)
    assert isinstance(found, Forecast)
    return found


def test_a_place_by_name_for_some_days(demo: Running) -> None:
    found = ask(demo, place="berlin", days=3)
    assert found.place == "Berlin, Land Berlin, Germany"
    today = datetime.now(ZoneInfo("Europe/Lisbon")).date()
    assert [d.day for d in found.days] == [today + timedelta(days=n) for n in range(3)]
    third, wind = found.days[2], found.days[0].wind
    assert found.lead(str).startswith("Berlin, Land Berlin, Germany: today ")
    assert f" chance of rain, wind up to {wind:.0f} km/h; tomorrow " in found.lead(str)
    assert f"; {third.day:%A} " in found.lead(str)
    far = ask(demo, place="Berlin", day=today + timedelta(days=8)).days[0].day
    assert f": {far:%A} {far.day} {far:%B} " in ask(demo, place="Berlin", day=far).lead(str)
    assert len(found.lines()) == 1


def test_a_place_by_its_short_name_or_with_its_country(demo: Running) -> None:
    assert ask(demo, place="NYC").place.startswith("New York")
    assert ask(demo, place="berlin, Germany").place == "Berlin, Land Berlin, Germany"
    assert ask(demo, place="London, UK").place.endswith("United Kingdom")
    with pytest.raises(NotFound, match="'Berlin, Texas'"):
        ask(demo, place="Berlin, Texas")


def test_without_a_place_the_zone_names_the_city_and_says_so(demo: Running) -> None:
    assert "Lisbon, Portugal (the city of your time zone): " in ask(demo).lead(str)
    with pytest.raises(BadArgument, match="Name a city"):
        ask(demo, zone="UTC")
    with pytest.raises(NotFound, match=r"does not know the city of your time zone\. Name a city") as unknown:
        ask(demo, zone="Asia/Kathmandu")
    assert "Kathmandu" not in str(unknown.value)  # a place that nobody typed


def test_an_unknown_place_and_a_day_out_of_reach(demo: Running) -> None:
    with pytest.raises(NotFound, match="'Xyzzyville'"):
        ask(demo, place="Xyzzyville")
    with pytest.raises(BadArgument, match="is past"):
        ask(demo, place="Berlin", day=date(2020, 1, 1))
    with pytest.raises(BadArgument, match="15 days ahead"):
        ask(demo, place="Berlin", day=date.today() + timedelta(days=15), days=3)  # noqa: DTZ011 - far enough anywhere


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("weather:503*", ServiceDown),
        ("weather:429*", RateLimited),
        ("weather:reset*", ServiceDown),
        ("weather:truncate*", ServiceDown),
        ("weather:garbage*", Unreadable),
        ("weather:400*", BadArgument),
    ],
)
def test_a_failing_service_is_told_as_what_it_is(demo: Running, fault: str, error: type[ToolError]) -> None:
    demo.faults.parse(fault)
    with pytest.raises(error):
        ask(demo, place="Berlin")
