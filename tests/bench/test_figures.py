"""The figures of the benchmark: medians, intervals, verdicts, the table."""

from __future__ import annotations

import pytest

from tests.bench.figures import Row, interval, millis, ratio, table


def test_a_ratio_is_of_medians_and_no_outlier_moves_it() -> None:
    assert ratio([2.0, 2.0, 100.0], [1.0, 1.0, 0.001]) == 2.0


def test_the_interval_holds_the_ratio_and_is_the_same_each_time() -> None:
    ours, theirs = [1.0, 1.1, 0.9, 1.05], [2.0, 2.2, 1.9, 2.1]
    low, high = interval(ours, theirs)
    assert low <= ratio(ours, theirs) <= high
    assert interval(ours, theirs) == (low, high)
    assert interval([1.0], [2.0]) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (Row("s", "w", "", ratio=1.3, most=1.3), "held"),
        (Row("s", "w", "", ratio=1.31, most=1.3), "MISSED"),
        (Row("s", "w", "", ratio=24.9, least=25), "MISSED"),
        (Row("s", "w", "", ratio=25.0, least=25), "held"),
        (Row("s", "w", "", ratio=1.0), "-"),
        (Row("s", "w", "", most=1.3), "-"),
        (Row("s", "w", "", ratio=1.0, most=1.3, void="a wrong answer"), "void"),
    ],
)
def test_the_verdict_follows_the_aim(row: Row, held: str) -> None:
    assert row.held == held


def test_the_table_says_why_a_row_is_void() -> None:
    shown = table(
        [Row("reading", "100 mails", "", void="99 of 100 mails came", note="cold"), Row("fire", "calls", "48")]
    )
    assert "void: 99 of 100 mails came; cold" in shown
    assert shown.splitlines()[0].split()[:4] == ["suite", "what", "ours", "beside"]


def test_times_are_given_in_milliseconds() -> None:
    assert millis([0.3, 0.4, 0.5]) == "400 ms"
    assert millis([0.00123]) == "1.23 ms"
