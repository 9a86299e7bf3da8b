"""Tables in a few facts: what is told of them, and which cells are numbers."""

from __future__ import annotations

import pytest

from tools.documents import tables


def test_a_table_says_its_size_its_totals_and_its_greatest() -> None:
    rows = [("Team", "2025", "2026"), ("Sales", "1,200", "1,900"), ("Support", "300", "2,100"), ("Ops", "5", "7")]
    assert tables.facts([*rows, ("Total", "1,505", "4,007")]) == [
        "4 rows × 3 columns: Team, 2025, 2026",
        "Total: 2025 = 1,505, 2026 = 4,007",
        "Greatest 2026: Support (2,100)",
    ]
    assert tables.facts([("a", "b"), ("c", "d")]) == ["2 rows × 2 columns"]
    margin = [("Discount", "Year 1", "Year 3"), ("18", "412", "401"), ("20", "371", "9"), ("22", "330", "-41")]
    assert tables.facts(margin)[-1] == "Greatest Year 3: Discount = 18 (401); least: Discount = 22 (-41)"
    assert tables.facts([]) == []


def test_a_short_table_of_names_and_values_is_told_whole() -> None:
    rows = [("What", "Value"), ("Seats", "1840"), ("Frame (%)", "18"), ("Month closes", "2026-11-24")]
    assert tables.facts(rows) == ["Seats: 1840, Frame (%): 18, Month closes: 2026-11-24"]
    assert tables.facts([*rows, ("Seats", "2")])[0] == "4 rows × 2 columns: What, Value"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,200", 1200),
        ("1.200,50", 1200.5),
        ("€ 3.5", 3.5),
        ("−7%", -7),
        ("12,5", 12.5),
        ("1,2,3", None),
        ("n/a", None),
    ],
)
def test_numbers_of_cells(cell: str, value: float | None) -> None:
    assert tables.value_of(cell) == value
