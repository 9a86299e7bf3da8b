"""weather (read): the forecast of a place by day, from Open-Meteo. Needs no account.

With an API key of the person's own (`valet connect weather`) the hosts for customers are asked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from tools.base import Access, Finding, Key, Line, Name, ToolContext, ToolNode, tool
from tools.errors import BadArgument, NotFound
from tools.sky.codes import words
from tools.sky.open_meteo import Daily, Place, daily, places
from tools.view import Block, Table, cells

FURTHEST_DAYS = 15
NAME_ONE = "Name a city: “weather in Lisbon”."
SHORT = {"nyc": "New York", "la": "Los Angeles", "sf": "San Francisco", "dc": "Washington", "cdmx": "Mexico City"}
SHORT_REGIONS = {"uk": "united kingdom", "us": "united states", "usa": "united states"}
ACCESS = Access(
    connection="weather",
    capability="weather.read",
    scopes=(),
    operations=(
        "GET geocoding-api.open-meteo.com/v1/search",
        "GET api.open-meteo.com/v1/forecast",
        "GET customer-geocoding-api.open-meteo.com/v1/search",
        "GET customer-api.open-meteo.com/v1/forecast",
    ),
    reason="see the weather with your own key",
    key=Key(
        place="query",
        name="apikey",
        hosts=("customer-geocoding-api.open-meteo.com", "customer-api.open-meteo.com"),
        needed=False,
    ),
)


class Day(Finding):
    """One day's forecast: degrees Celsius, chance of rain in percent, wind in km/h; None where it is not known."""

    day: date
    code: int | None
    low: float | None
    high: float | None
    rain: int | None
    wind: float | None

    def lead(self, name: Name) -> str:
        sky = words(self.code) if self.code is not None else "no forecast"
        wind = f", wind up to {_speed(self.wind)}" if self.wind is not None else ""
        return f"{sky}, {_degrees(self.low)} to {_degrees(self.high)}, {_percent(self.rain)} chance of rain{wind}"


class Forecast(Finding):
    """Days of one place. `why` says where the place came from, when the person named none; `today` is the person's."""

    place: str
    why: str
    today: date
    days: tuple[Day, ...]

    def lead(self, name: Name) -> str:
        return (
            f"{self.place}{self.why}: "
            + "; ".join(f"{_called(d.day, self.today)} {d.lead(name)}" for d in self.days)
            + "."
        )

    def view(self, name: Name) -> tuple[Block, ...]:
        rows = tuple(
            cells((f"{d.day:%a} {d.day.day} {d.day:%b}", words(d.code) if d.code is not None else "–", *_figures(d)))
            for d in self.days
        )
        return (Table(title=self.place, columns=("day", "sky", "low", "high", "rain", "wind"), rows=rows, grow=1),)

    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(kind="weather", text=f"{self.place}: {d.lead(str)}", weight=10) for d in self.days[:1])


def _figures(day: Day) -> tuple[str, ...]:
    return _degrees(day.low), _degrees(day.high), _percent(day.rain), _speed(day.wind)


def _called(day: date, today: date) -> str:
    """Such as "today", "tomorrow", "Friday", and from a week on "Friday 4 December"."""
    ahead = (day - today).days
    if ahead < 7:
        return {0: "today", 1: "tomorrow"}.get(ahead, f"{day:%A}")
    return f"{day:%A} {day.day} {day:%B}"


def _speed(value: float | None) -> str:
    return f"{value:.0f} km/h" if value is not None else "–"


def _degrees(value: float | None) -> str:
    return f"{value:.0f} °C" if value is not None else "–"


def _percent(value: int | None) -> str:
    return f"{value} %" if value is not None else "–"


@tool(
    access=ACCESS,
    asks=(
        "what is the weather in Lisbon",
        "will it rain tomorrow in Berlin",
        "weather forecast for Singapore on Friday",
        "do I need an umbrella today",
        "how warm will it be in London this weekend",
        "is it going to snow in Oslo",
        "forecast for the next 3 days in Porto",
        "how cold is it in Munich tomorrow",
        "temperature in Madrid",
        "weather tomorrow",
        "is it sunny in Paris today",
        "how windy will it be in Hamburg on Monday",
        "do I need a jacket in Vienna tomorrow",
        "how is the weather going to be on Sunday",
        "will I need sunscreen in Rome",
        "will it stay dry tomorrow",
        "should I take a coat to Bristol on Friday",
        "is there a storm coming to Genoa",
        "will it be wet or sunny on Sunday",
    ),
)
def forecast(
    context: ToolContext,
    place: Annotated[str, Field(description="City or town; the person's own if empty.")] = "",
    day: Annotated[date | None, Field(description="First day; today if left out.")] = None,
    days: Annotated[int, Field(ge=1, le=7)] = 1,
) -> Forecast:
    """Tell the weather of a place on one or more days: sky, lowest and highest temperature, chance of rain, wind."""
    first = day or context.now.date()
    _refuse_far(first, first + timedelta(days=days - 1), context.now.date())
    where = _found(context, place) if place.strip() else _at_home(context)
    why = "" if place.strip() else " (the city of your time zone)"
    keyed = bool(context.account)
    columns = daily(context.transport, where, first, first + timedelta(days=days - 1), keyed=keyed)
    return Forecast(place=where.label, why=why, today=context.now.date(), days=_days(columns))


def _refuse_far(first: date, last: date, today: date) -> None:
    if first < today:
        raise BadArgument(f"{first} is past.", "Ask for today or a day to come.")
    if last > today + timedelta(days=FURTHEST_DAYS):
        raise BadArgument(f"A forecast reaches {FURTHEST_DAYS} days ahead.", "Ask for an earlier day.")


def _city(zone: str) -> str:
    region, _, city = zone.rpartition("/")
    if not region or region == "Etc":
        raise BadArgument("Your time zone names no city.", NAME_ONE)
    return city.replace("_", " ")


def _at_home(context: ToolContext) -> Place:
    city = _city(context.zone.key)
    try:
        return _found(context, city)
    except NotFound as error:
        raise NotFound("The weather service does not know the city of your time zone.", NAME_ONE) from error


def _found(context: ToolContext, name: str) -> Place:
    """The best known place of the name; of those in the state or country given after a comma, where one is given."""
    town, _, region = (part.strip() for part in SHORT.get(name.strip().casefold(), name).partition(","))
    found = places(context.transport, town, keyed=bool(context.account))
    if region:
        wanted = SHORT_REGIONS.get(region.casefold(), region.casefold())
        found = tuple(one for one in found if wanted in (one.admin1.casefold(), one.country.casefold()))
    if not found:
        raise NotFound(f"No place is called {name!r}.", "Check the spelling, or name the nearest larger town.")
    return found[0]


def _days(columns: Daily) -> tuple[Day, ...]:
    rows = zip(
        columns.time,
        columns.weather_code,
        columns.temperature_2m_min,
        columns.temperature_2m_max,
        columns.precipitation_probability_max,
        columns.wind_speed_10m_max,
        strict=True,
    )
    return tuple(
        Day(day=day, code=code, low=low, high=high, rain=rain, wind=wind) for day, code, low, high, rain, wind in rows
    )


NODE = ToolNode(
    effect="read",
    brief="One line per day; say the place that was meant.",
    tools=(forecast,),
)
