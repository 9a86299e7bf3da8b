"""Durations, sums and measures, as people write them."""

from __future__ import annotations

import pytest

from app.offline import amounts, measures, sums
from app.offline.words import Line, tokens
from tests.offline.cases import EVERY_TOOL, planner, said
from tools.reckoning.expression import calculate


def line(text: str) -> Line:
    return Line(tokens(text))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45 minutes", 45), ("45-minute", 45), ("an hour and a half", 90), ("half an hour", 30), ("1.5 hours", 90),
        ("two and a half hours", 150), ("1h30", 90), ("90m", 90), ("1 hour and 15 minutes", 75),
        ("three quarters of an hour", 45), ("twenty five minutes", 25), ("a couple of hours", 120),
    ],
)  # fmt: skip
def test_duration(text: str, minutes: int) -> None:
    found = amounts.duration(line(text), 0)
    assert found is not None
    assert found.value == minutes
    assert found.end == len(line(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seven", 7), ("twenty-five", 25), ("two hundred", 200), ("three hundred and twenty five", 325),
        ("ten thousand", 10_000), ("1.2 million", 1_200_000), ("1,250", 1250), ("two thousand and six", 2006),
    ],
)  # fmt: skip
def test_number(text: str, value: float) -> None:
    found = amounts.number(line(text), 0)
    assert found is not None
    assert (found.value, found.end) == (value, len(line(text)))


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("what is 12.5 * 8", "12.5 * 8", "100"),
        ("fifteen percent of two hundred", "15% of 200", "30"),
        ("calculate (12 + 30) / 7", "(12 + 30) / 7", "6"),
        ("how much is 1,200 plus 19%", "1200 + 19%", "1428"),
        ("20 percent off 80", "20% off 80", "64"),
        ("2^10", "2 ** 10", "1024"),
        ("the square root of 144 plus 1", "sqrt(144) + 1", "13"),
        ("add 5 and 7", "5 + 7", "12"),
        ("add 19% to 100", "100 + 19%", "119"),
        ("subtract 4 from 10", "10 - 4", "6"),
        ("the sum of 3, 4 and 5", "3 + 4 + 5", "12"),
        ("two thirds of 90", "2 / 3 * 90", "60"),
        ("10 - (4 - 2)", "10 - (4 - 2)", "8"),
        ("-5 + 3", "-5 + 3", "-2"),
        ("tiles are 38.90 each and i need 27, what do i pay", "38.90 * 27", "1050.3"),
        ("4 tickets at 17.50 each, what does that come to", "4 * 17.50", "70"),
        ("the bill is 90 and we are three people, what does each of us pay", "90 / 3", "30"),
        ("I earn 3200 a month, what's that a year", "3200 * 12", "38400"),
        ("48000 a year, what is that per month", "48000 / 12", "4000"),
        ("a coat for 240, 30% off. what do i pay", "30% off 240", "168"),
        ("12 boxes of 24 bottles makes how many", "12 * 24", "288"),
        ("petrol is 1.79 a litre and i need 40, what does it cost", "1.79 * 40", "71.6"),
        ("rent is 950 a month and we are 4 people, what does everyone pay", "950 / 4", "237.5"),
        ("share 250 among 8", "250 / 8", "31.25"),
        ("whats 7x6", "7 * 6", "42"),
        ("split $184 by 5", "184 / 5", "36.8"),
        ("5 squared plus 2", "5 ** 2 + 2", "27"),
    ],
)
def test_sum_is_written_so_that_the_calculator_takes_it(text: str, expression: str, value: str) -> None:
    found = sums.find(line(text))
    assert found is not None
    assert found.text == expression
    assert calculate(found.text).result.replace(",", "") == value


@pytest.mark.parametrize("text", ["12 mails from ana", "in 3 days", "the 20% rule", "room 4"])
def test_no_sum_where_nothing_is_to_be_worked_out(text: str) -> None:
    assert sums.find(line(text)) is None


@pytest.mark.parametrize(
    ("text", "value", "unit", "to"),
    [
        ("convert 5 miles to km", 5, "miles", "km"),
        ("how many ounces are in 2 kg?", 2, "kg", "ounces"),
        ("what is 72 F in C", 72, "fahrenheit", "celsius"),
        ("20 degrees celsius in fahrenheit", 20, "celsius", "fahrenheit"),
        ("60 mph to km/h", 60, "mph", "km/h"),
        ("how many inches in a foot", 1, "foot", "inches"),
        ("12 square feet in square metres", 12, "square feet", "square metres"),
        ("10 inches", 10, "inches", ""),
    ],
)
def test_measure(text: str, value: float, unit: str, to: str) -> None:
    found = measures.find(line(text))
    assert (found.value, found.unit, found.to) == (value, unit, to)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("what percentage of 340 is 17", "5%"), ("what is 17 as a percentage of 340", "5%"),
        ("17 is what percent of 340", "5%"), ("17 out of 340 in percent", "5%"),
        ("what percentage is $17 of $340", "5%"), ("how many percent of fifty is ten", "20%"),
        ("percentage change from 80 to 100", "25%"), ("from 80 to 100 in percent", "25%"),
    ],
)  # fmt: skip
def test_share(text: str, result: str) -> None:
    found = sums.find(line(text))
    assert found is not None
    assert calculate(found.text).result == result


def test_a_percentage_with_a_number_of_its_own_is_no_share() -> None:
    found = sums.find(line("what is 15 percent of 240"))
    assert found is not None
    assert found.text == "15% of 240"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("how much is 12 seats at 89 a month for 3 years less 15%", "32,680.8"),
        ("how much are 5 licences at 20 per month for 18 months", "1,800"),
        ("how much is 12 seats at 89 a month for 3 years plus 19% VAT", "45,753.12"),
    ],
)
def test_every_figure_of_a_price_is_worked_in(text: str, value: str) -> None:
    found = sums.find(line(text))
    assert found is not None
    assert calculate(found.text).result == value


def test_a_figure_that_cannot_be_worked_in_is_said() -> None:
    played = said(planner(EVERY_TOOL), "how much is 12 seats at 89 a month for 3 apples")
    assert played.calls == [("calculate", {"expression": "12 * 89"})]
    assert "I could not take “a month for 3 apples” into account." in played.answer
