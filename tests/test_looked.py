"""What is looked up for the sake of something else: shown as far as the answer speaks of it, and chosen from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.looked import FEW, shown
from tests.talking import Talk
from tools.view import Note, Table, cells

DAYS = Table(
    columns=("", "Day", "What"),
    rows=tuple(
        cells((f"event:{i}", day, f"meeting {i}")) for i, day in enumerate(("Mon", "", "", "Tue", "", "Wed"), 1)
    ),
    grow=2,
)


def texts(blocks: list[Any]) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for block in blocks for row in block.rows]


def test_of_a_long_list_the_named_rows_stand_each_with_its_day() -> None:
    assert len(DAYS.rows) > FEW
    assert texts(shown([[DAYS]], "event:3, or event:5?")) == [
        ("event:3", "Mon", "meeting 3"),
        ("event:5", "Tue", "meeting 5"),
    ]
    assert shown([[DAYS]], "event:30?") == []


def test_a_short_list_stands_whole_but_for_what_the_answer_says_itself() -> None:
    short = DAYS.model_copy(update={"rows": DAYS.rows[:FEW]})
    assert shown([[short, Note(text="No more.")]], "No more. Which one?") == [short]


def test_where_nothing_is_said_the_length_of_what_is_left_out_is() -> None:
    assert shown([[DAYS]], "") == [Note(text="Looked through 6 to find it.", tone="dim")]
    assert shown([[Note(text="No mail found about newsletter.")], []], "") == []
    assert shown([], "") == []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_which_of_several_is_asked_and_only_they_are_shown(home: Path) -> None:
    printed = Talk(home, "which").say("cancel the stand-up")
    assert len(printed) < 15
    assert sum("Aurora stand-up" in line for line in printed) == 5
    asked = " ".join(printed)
    assert all(
        f"{line.split()[0]}" in asked.partition("Which event do you mean:")[2] for line in printed if "–" in line
    )


@pytest.mark.parametrize(("answer", "day"), [("the one on Wednesday", "Wed 25 Nov"), ("the second one", "Tue 24 Nov")])
def test_the_one_that_is_chosen_by_day_or_place_is_cancelled(home: Path, answer: str, day: str) -> None:
    talk = Talk(home, f"cancelled {answer}")
    rows = {line.split()[0]: line for line in talk.say("cancel the stand-up") if "Aurora stand-up" in line}
    (args,) = talk.proposed(answer)
    assert day in rows[args["event"]]


def test_all_of_them_are_one_change_each(home: Path) -> None:
    talk = Talk(home, "all")
    talk.say("cancel the meeting with Jonas")
    proposed = talk.proposed("both of them")
    assert len({args["event"] for args in proposed}) == len(proposed) == 2


def test_what_was_asked_for_is_kept_while_one_is_chosen(home: Path) -> None:
    talk = Talk(home, "kept")
    talk.say("move the meeting with Jonas to 3pm")
    (args,) = talk.proposed("the first one")
    assert args["start"].startswith("2026-11-26T15:00")


def test_where_none_fits_the_list_is_not_shown(home: Path) -> None:
    printed = " ".join(Talk(home, "none").say("cancel the meeting with Bob")).split("Which event")
    assert printed[0].strip() == ""
    assert "fits that, so nothing was changed." in printed[1]
