"""Arithmetic without any service: calculations, units of measure, days between dates and dates so far from others."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from tools.base import NO_ACCESS, ToolContext, ToolNode, tool
from tools.reckoning.days import as_date, count
from tools.reckoning.expression import calculate as evaluate
from tools.reckoning.finding import CalculationFinding, ConversionFinding, CountFinding, DateFinding
from tools.reckoning.shift import Step, shifted
from tools.reckoning.units import convert

Day = Annotated[date, BeforeValidator(as_date)]
StartDay = Annotated[date | None, BeforeValidator(as_date), Field(description="Today if left out.")]


@tool(
    access=NO_ACCESS,
    asks=(
        "what is 15% of 240",
        "12 * (3 + 4.5)",
        "how much is 1,250 divided by 8",
        "calculate 2 to the power of 10",
        "add 19% to 89.90",
        "20 percent off 80",
        "what's the square root of 144",
        "3 million / 12",
        "what percentage of 120 is 30",
        "sum of 12.5 + 13.75 + 9",
        "work out 365 * 24",
        "average of (3; 4; 8)",
        "percent change from 80 to 100",
        "split $184 by 5",
        "what do I pay for 3 at 12.50 each",
        "what does 4 * 17 come to",
        "how much would 20 * 3 cost altogether",
    ),
)
def calculate(
    context: ToolContext,
    expression: Annotated[str, Field(description="Numbers, + - * / ^ %, brackets, of, sqrt, round.")],
) -> CalculationFinding:
    """Calculate an expression exactly: 15% of 240, 240 + 15%, 20% off 80, 1,234.50 * 3, sqrt 144.

    No units, no currencies, no dates.
    """
    return CalculationFinding(calculation=evaluate(expression))


@tool(
    access=NO_ACCESS,
    asks=(
        "how many km is 26.2 miles",
        "convert 100 fahrenheit to celsius",
        "60 mph in km/h",
        "what is 5 foot in centimetres",
        "how many grams are in 3 ounces",
        "2 litres in cups",
        "how much is 30 mpg in litres per 100 km",
        "turn 12 stone into kilos",
        "500 GB in GiB",
        "how many square metres is half an acre",
        "1 nautical mile to kilometres",
        "what's 37 degrees C in F",
        "how many minutes are 3.5 hours",
        "kilowatt hours in 500 megajoules",
        "what is that in cm, it is 86 inches",
        "how many litres 5 gallons are",
    ),
)
def convert_units(
    context: ToolContext,
    value: Annotated[float, Field(allow_inf_nan=False)],
    unit: Annotated[str, Field(description="Such as miles, °F or litres per 100 km.")],
    to: Annotated[str, Field(description="The unit wanted.")],
) -> ConversionFinding:
    """Convert a measure from one unit to another: length, mass, volume, temperature, speed, energy, data and more."""
    return ConversionFinding(conversion=convert(value, unit, to))


@tool(
    access=NO_ACCESS,
    asks=(
        "days until 3 March",
        "how many days until Christmas",
        "how long is it until 1 July",
        "how many days between 5 May and 20 June",
        "how many weeks are left this year",
        "days since 1 January",
        "how many working days until the end of the month",
        "how long ago was 14 February",
        "count the days from Monday to the 30th",
        "what is the number of days to my birthday on 9 October",
        "how many weekdays between 1 and 19 August",
        "is it more than 100 days to new year's eve",
        "how many sleeps until 24 December",
    ),
)
def count_days(context: ToolContext, end: Day, start: StartDay = None) -> CountFinding:
    """Count the days, weeks and working days from one date (today, if left out) to another, past or to come."""
    today = context.now.astimezone(context.zone).date()
    begin = start or today
    return CountFinding(start=begin, end=end, today=today, count=count(begin, end))


@tool(
    access=NO_ACCESS,
    asks=(
        "10 working days after 3 March",
        "which day is 90 days after 3 March",
        "15 business days before 2 July",
        "3 months after 31 January",
        "45 days before 1 June",
        "2 weeks after 9 April",
        "on which date do 30 days after 5 May end",
        "add 20 working days to 14 September",
        "5 weekdays before 24 December",
        "1 year after 29 February",
        "18 months before 1 April",
        "subtract 6 weeks from 30 November",
        "what date is 6 weeks from Monday",
        "what weekday is it in 90 days",
        "what's the date in 3 weeks",
        "what was the date 100 days ago",
        "what day will it be in 40 days",
        "which day is 30 days from today",
    ),
)
def find_date(
    context: ToolContext,
    value: Annotated[int, Field(description="How many; negative for a date before.", ge=-1_000_000, le=1_000_000)],
    unit: Annotated[Step, Field(description="Working days are Monday to Friday.")] = "days",
    start: StartDay = None,
) -> DateFinding:
    """Find the date so many days, weeks, months, years or working days after another date, or before it."""
    today = context.now.astimezone(context.zone).date()
    begin = start or today
    return DateFinding(start=begin, today=today, amount=value, step=unit, shift=shifted(begin, value, unit))


NODE = ToolNode(
    effect="read",
    brief="Give the result in one line, with the calculation as it was read.",
    tools=(calculate, convert_units, count_days, find_date),
)
