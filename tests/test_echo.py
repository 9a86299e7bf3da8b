"""What of an answer is not said again: word for word what stands above, however it is streamed, and nothing else."""

from __future__ import annotations

import pytest

from app.echo import Echo

DOWN = ("Slack is down.", "Try again in a minute; `valet doctor` tells more.")
TOLD = "Slack is down. Try again in a minute; `valet doctor` tells more."


def printed(answer: str, *above: str, failed: bool = False, piece: int = 1) -> str:
    echo = Echo()
    echo.stands(above)
    if failed:
        echo.failed(*DOWN)
    return "".join([*(echo.heard(answer[i : i + piece]) for i in range(0, len(answer), piece)), echo.rest()])


@pytest.mark.parametrize("piece", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("2 + 2 = 4", ""),
        ("**2 + 2 = 4**\n", ""),
        ("2 + 2 = 4\n\n3 km ≈ 1.86411 mi", ""),
        ("- 3 km ≈ 1.86411 mi\n- 2  +  2 = 4", ""),
        ("2 + 2", "2 + 2"),
        ("2 + 2 = 4.", "2 + 2 = 4."),
        ("2 + 2 = 4\n\nSo four chairs.", "2 + 2 = 4\n\nSo four chairs."),
        ("It is\n2 + 2 = 4", "It is\n2 + 2 = 4"),
        ("  \n\nNo.", "  \n\nNo."),
        ("", ""),
    ],
)
def test_an_answer_that_stands_above_is_left_out_and_any_other_is_said_in_full(
    answer: str, said: str, piece: int
) -> None:
    assert printed(answer, "2 + 2 = 4", "3 km ≈ 1.86411 mi", piece=piece) == said


@pytest.mark.parametrize("piece", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (TOLD, ""),
        ("Slack is down.", ""),
        (f"{TOLD}\n\n12 mails.", "12 mails."),
        (f"12 mails.\n\n{TOLD}\n\n3 tasks.", "12 mails.\n\n3 tasks."),
        (f"12 mails.\n\n{TOLD}", "12 mails.\n\n"),
        (f"2 + 2 = 4\n\n{TOLD}", ""),
        (f"So: {TOLD}", f"So: {TOLD}"),
        ("Slack is down. Call me.", "Slack is down. Call me."),
        ("Slack", "Slack"),
    ],
)
def test_a_failure_that_is_told_is_not_told_again(answer: str, said: str, piece: int) -> None:
    assert printed(answer, "2 + 2 = 4", failed=True, piece=piece) == said


def test_where_nothing_stands_above_nothing_is_held_back() -> None:
    echo = Echo()
    assert [echo.heard(piece) for piece in ("12", " mails", ".\n", "And")] == ["12", " mails", ".\n", "And"]
    assert echo.rest() == ""


def test_each_answer_is_judged_by_itself() -> None:
    echo = Echo()
    assert echo.heard("Let me count.") + echo.rest() == "Let me count."
    echo.stands(["2 + 2 = 4"])
    assert echo.heard("2 + 2 = 4") + echo.rest() == ""
    assert echo.heard("2 + 2 is four.") + echo.rest() == "2 + 2 is four."
