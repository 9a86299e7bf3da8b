"""Arithmetic through its tools: read as meant, nothing unsafe runs, every refusal has a way out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import arithmetic
from tools.base import Finding, ToolContext
from tools.clients import Reply
from tools.errors import BadArgument
from tools.reckoning.days import count
from tools.reckoning.expression import calculate
from tools.reckoning.figures import read_figure, written
from tools.reckoning.shift import shifted
from tools.registry import Registry


class NoTransport:
    """Arithmetic has nobody to ask."""

    def request(self, method: str, url: str, **_: object) -> Reply:
        raise AssertionError(f"{method} {url}")


CONTEXT = ToolContext(
    transport=NoTransport(),
    now=datetime(2027, 1, 4, 23, 30, tzinfo=UTC),
    zone=ZoneInfo("Europe/Zurich"),
    account="",
    progress=lambda done, total, what: None,
)


def said(tool: str, **given_arguments: object) -> str:
    """The lead of a call made as the graph makes it: arguments through the tool's own schema."""
    found = Registry.of([arithmetic]).tool(tool)
    assert found is not None
    arguments = found.arguments.model_validate(given_arguments)
    finding = found.function(CONTEXT, **{name: getattr(arguments, name) for name in type(arguments).model_fields})
    assert isinstance(finding, Finding)
    return finding.lead(lambda ref: ref.id)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("15% of 240", "= 36"),
        ("240 + 15%", "= 276"),
        ("240 - 15%", "= 204"),
        ("100 + 200 + 10%", "= 330"),
        ("20% off 80", "= 64"),
        ("15% + 5%", "= 20%"),
        ("30 is what percent of 120", "= 25%"),
        ("What percentage of 120 is 30?", "= 25%"),
        ("percent change from 80 to 100", "= 25%"),
        ("2 + 2 × 3", "= 8"),
        ("(1+2)^3", "= 27"),
        ("2(3+4)", "= 14"),
        ("-7 mod 3", "= 2"),
        ("0.1 + 0.2", "= 0.3"),
        ("10 / 3 * 3", "= 10"),
        ("1/3", "≈ 0.333333333333"),
        ("a third of 90", "= 30"),
        ("square root of 144", "= 12"),
        ("max(3, 4)", "= 4"),
        ("max(1,234)", "= 234"),
        ("average(3; 4; 5)", "= 4"),
        ("3 million / 12", "= 250,000"),
        ("3k + 2", "= 3,002"),
        ("1,234.56 * 2", "= 2,469.12"),
        ("1.234,56 * 2", "= 2,469.12"),
        ("1 234 567 + 1", "= 1,234,568"),
        ("1'000 * 2", "= 2,000"),
        ("12,34,567 + 1", "= 1,234,568"),
        ("1,5 + 1,5", "= 3"),
        ("15% of $1,234.56", "≈ $185.18"),
        ("$5 - $10", "= -$5"),
        ("10^20", "= 100,000,000,000,000,000,000"),
        ("2^100", "≈ 1.26765060023 × 10^30"),
        ("what is 7 x 8?", "= 56"),
        ("17 of 340 in percent", "= 5%"),
        ("from 80 to 100 in percent", "= 25%"),
        ("increase 80 by 19%", "= 95.2"),
        ("reduce 80 + 20 by 10 percent", "= 90"),
        ("10% tip on 236.50", "= 23.65"),
        ("€80 with 19% VAT", "€95.20"),
        ("split 236.50 between 4 people with a 10% tip", "(236.5 + 10%) ÷ 4 = 65.0375"),
    ],
)
def test_a_calculation_is_read_as_people_mean_it(expression: str, result: str) -> None:
    assert said("calculate", expression=expression).endswith(result)


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("1/0", "division by zero"),
        ("5 mod 0", "division by zero"),
        ("9**9**9", "too large"),
        ("2 ** -99999", "too small"),
        ("sqrt(-1)", "no real number"),
        ("ln 0", "no real number"),
        ("__import__('os').system('x')", "not part of a calculation"),
        ("percent", "no number|not complete"),
        ("n1 + 1", "not part of a calculation"),
        ("2 +", "not complete"),
        ("3 4", "not complete"),
        ("", "no number"),
        ("()", "no number"),
        ("1,23,4 + 1", "not clear"),
        ("0.0'0", "not clear"),
        ("10 % 3", "not clear"),
        ("15% + 240", "of what"),
        ("5 off 80", "percentage before"),
        ("€5 + $3", "currencies"),
        ("(" * 21 + "1" + ")" * 21, "nested"),
        ("1+" * 120 + "1", "longer"),
        ("5 kilometres", "not part of a calculation"),
    ],
)
def test_what_cannot_be_calculated_is_refused_with_the_way_out(expression: str, what: str) -> None:
    with pytest.raises(BadArgument, match=f"(?i){what}") as caught:
        said("calculate", expression=expression)
    assert caught.value.next.endswith(".")


@given(st.text(alphabet="0123456789+-*/^%(),.;'eE xkofmdpi$ \u00a0", max_size=60))
def test_any_text_is_calculated_or_refused(text: str) -> None:
    try:
        result = calculate(text)
    except BadArgument:
        return
    assert result.value.is_finite()


whole = st.integers(-(10**9), 10**9)


@given(whole, whole, whole.filter(bool))
def test_exact_where_python_is_exact(a: int, b: int, c: int) -> None:
    result = calculate(f"({a}) + ({b}) * ({c})")
    assert result.value == a + b * c
    assert result.exact
    assert calculate(f"({a}) // ({c})").value == a // c
    assert calculate(f"({a}) mod ({c})").value == a % c


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_number_survives_every_way_of_writing_it(value: Decimal) -> None:
    english = f"{value:,.2f}"
    swapped = english.translate(str.maketrans(",.", ".,"))
    for text in (f"{value:.2f}", english, swapped, english.replace(",", "'"), english.replace(",", " ")):
        assert read_figure(text) == value
    shown, all_of_it = written(value, digits=20)
    assert all_of_it
    assert Decimal(shown.replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        (26.2, "miles", "km", "26.2 mi ≈ 42.1648 km"),
        (100, "fahrenheit", "celsius", "100 °F ≈ 37.7778 °C"),
        (37, "degrees C", "F", "37 °C = 98.6 °F"),
        (-40, "C", "F", "-40 °C = -40 °F"),
        (300, "K", "C", "300 K = 26.85 °C"),
        (60, "miles per hour", "km/h", "60 mph ≈ 96.5606 km/h"),
        (5, "foot", "centimetres", "5 ft = 152.4 cm"),
        (3, "oz", "grams", "3 oz ≈ 85.0486 g"),
        (3, "sq ft", "m2", "3 ft² ≈ 0.278709 m²"),
        (1, "nautical mile", "kilometres", "1 nmi = 1.852 km"),
        (10, "Mbps", "MB/s", "10 Mbit/s = 1.25 MB/s"),
        (1, "GiB", "bytes", "1 GiB = 1,073,741,824 B"),
        (1, "uk gallon", "litres", "1 imperial gal = 4.54609 l"),
        (1, "Miles", "KM", "1 mi ≈ 1.60934 km"),
        (1, "square mile", "acres", "1 mi² = 640 acre"),
        (1, "furlong", "yards", "1 fur = 220 yd"),
        (1, "decade", "years", "1 decade = 10 years"),
        (2, "centuries", "decades", "2 century = 20 decades"),
        (3, "quarters", "months", "3 quarters = 9 months"),
        (1, "barrel", "litres", "1 oil barrel ≈ 158.987 l"),
    ],
)
def test_a_measure_is_converted(value: float, unit: str, to: str, result: str) -> None:
    assert said("convert_units", value=value, unit=unit, to=to) == result


def test_a_measure_with_two_definitions_names_the_one_taken() -> None:
    assert said("convert_units", value=3, unit="oz", to="ml") == (
        "3 fl oz ≈ 88.7206 ml (US fluid ounce; with the imperial one it is 85.2392)"
    )
    assert "with the imperial one it is 9.41603" in said("convert_units", value=30, unit="mpg", to="litres per 100 km")


@pytest.mark.parametrize(
    ("value", "unit", "to", "what"),
    [
        (5, "kg", "miles", r"kilogram \(a mass\) cannot be turned into mile \(a length\)"),
        (1, "GB", "degrees", "cannot be turned into"),
        (1, "m^2", "mpg", "cannot be turned into"),
        (0, "mpg", "l/100km", "no value"),
        (1, "dollars", "euros", "Exchange rates"),
        (1, "blorps", "km", "not known"),
        (1, "", "km", "is not a unit"),
        (1, "9**9**9**9", "km", "is not a unit"),
        (1, "m**9**9**9", "km", "is not a unit"),
        (1, "km/", "m", "is not a unit"),
        (1, "__import__('os')", "km", "is not a unit"),
        (1, "x" * 200, "km", "is not a unit"),
        (-500, "C", "K", "below absolute zero"),
    ],
)
def test_what_cannot_be_converted_is_explained(value: float, unit: str, to: str, what: str) -> None:
    with pytest.raises(BadArgument, match=what):
        said("convert_units", value=value, unit=unit, to=to)


@given(st.text(max_size=30))
def test_any_unit_is_known_or_refused(text: str) -> None:
    try:
        assert said("convert_units", value=1, unit=text, to=text)
    except BadArgument:
        return


def test_days_are_counted_from_today_in_the_persons_zone() -> None:
    # 23:30 UTC on the 4th is the 5th in Zurich.
    assert said("count_days", end="2027-03-03") == (
        "57 days (8 weeks and 1 day, 41 days Monday to Friday) until Wednesday 3 March 2027, counted from today"
    ).replace("today", "today.")
    assert said("count_days", end="2027-01-05") == "Tuesday 5 January 2027 is today."
    assert said("count_days", end="2027-01-04").startswith("Monday 4 January 2027 was 1 day (")
    assert said("count_days", start="2027-05-05", end="2027-06-20").startswith("46 days (6 weeks and 4 days, ")


def test_a_time_with_a_zone_counts_as_the_day_it_names() -> None:
    assert said("count_days", end="2027-03-03T00:00:00-08:00") == said("count_days", end="2027-03-03")
    with pytest.raises(BadArgument, match="is not a date"):
        said("count_days", end="the third of March")


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-900, 900))
def test_working_days_equal_a_count_one_by_one(start: date, days: int) -> None:
    end = date.fromordinal(start.toordinal() + days)
    first, last = sorted((start, end))
    slow = sum(1 for n in range(first.toordinal() + 1, last.toordinal() + 1) if date.fromordinal(n).weekday() < 5)
    assert count(start, end).days == days
    assert abs(count(start, end).working) == slow


@pytest.mark.parametrize(
    ("value", "unit", "start", "lead"),
    [
        (6, "weeks", "2027-01-11", "6 weeks after Monday 11 January 2027 is Monday 22 February 2027."),
        (0, "days", None, "Today is Tuesday 5 January 2027."),
        (0, "days", "2027-03-03", "That is Wednesday 3 March 2027, 57 days from today."),
        (-1, "days", None, "1 day before today is Monday 4 January 2027."),
        (
            1,
            "months",
            "2027-01-31",
            "1 month after Sunday 31 January 2027 is Sunday 28 February 2027. "
            "That month is shorter, so it is its last day.",
        ),
        (-12, "months", "2028-02-28", "12 months before Monday 28 February 2028 is Sunday 28 February 2027."),
        (
            10,
            "working days",
            "2027-01-09",
            "10 working days after Saturday 9 January 2027 is Friday 22 January 2027. "
            "Holidays are counted as working days.",
        ),
    ],
)
def test_a_date_so_far_from_another(value: int, unit: str, start: str | None, lead: str) -> None:
    assert said("find_date", value=value, unit=unit, start=start) == lead


def test_a_date_out_of_reach_is_refused() -> None:
    for unit in ("days", "weeks", "months", "years", "working days"):
        with pytest.raises(BadArgument, match="out of reach"):
            said("find_date", value=-1_000_000, unit=unit)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 300), st.sampled_from((1, -1)))
def test_working_days_away_are_counted_back_the_same(start: date, days: int, side: int) -> None:
    end = shifted(start, side * days, "working days").date
    assert end.weekday() < 5
    first, last = (start, end) if side > 0 else (end - timedelta(days=1), start - timedelta(days=1))
    assert count(first, last).working == days


def test_every_tool_has_a_dozen_sample_requests() -> None:
    assert all(len(set(tool.asks)) >= 12 for tool in arithmetic.NODE.tools)
