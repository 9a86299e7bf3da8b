"""Questions about what was said just before them, in the request or in the turn before."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline import sums
from app.offline.planner import OfflinePlanner
from app.offline.words import Line, tokens
from tests.offline.cases import EVERY_TOOL, planner, said, writes
from tests.offline.score import busy, scored

HEARD_INTENT, HEARD_FULL = 0.96, 0.94
MADE = "create a document called Packing list with the text: tents, stove"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def test_requests_of_others_stay_above_what_was_measured() -> None:
    found = scored(busy("heard.toml"), EVERY_TOOL)
    assert found.intent >= HEARD_INTENT, found
    assert found.full >= HEARD_FULL, found


@pytest.mark.parametrize(
    "text",
    ["book 2 rooms for 3 people on Friday at 10", "emails from the 3 people at 4 Main Street", "move it from 3 to 4",
     "each of the 3 mails about the 2 offers", "share 2 and 3 with Ana", "lunch for 4 people at 12.30 on Friday"],
)  # fmt: skip
def test_figures_that_nobody_asks_to_work_out_are_no_sum(text: str) -> None:
    assert sums.find(Line(tokens(text))) is None


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("recipe says 350 fahrenheit, what's that in celsius",
         ("convert_units", {"value": 350.0, "unit": "fahrenheit", "to": "celsius"})),
        ("the permit runs for 90 days from 1 April, when does it end",
         ("find_date", {"value": 90, "unit": "days", "start": "2026-04-01"})),
        ("we want to paint the shed tomorrow, is it going to stay dry?", ("forecast", {"day": "2026-03-12"})),
        ("notice is 3 months. what date is 3 months from today", ("find_date", {"value": 3, "unit": "months"})),
    ],
)  # fmt: skip
def test_a_question_takes_its_figures_and_its_day_from_the_statement(
    model: OfflinePlanner, text: str, call: tuple[str, dict[str, Any]]
) -> None:
    assert said(model, text).calls == [call]


@pytest.mark.parametrize(
    ("before", "text", "call"),
    [
        ("what is 12% of 430", "and of 510?", ("calculate", {"expression": "12% of 510"})),
        ("15% of 240", "what about 18%", ("calculate", {"expression": "18% of 240"})),
        ("what is 38.90 * 27", "and for 30 of them?", ("calculate", {"expression": "38.90 * 30"})),
        ("how many km is 26.2 miles", "and 13.1?", ("convert_units", {"value": 13.1, "unit": "miles", "to": "km"})),
    ],
)
def test_another_figure_takes_the_place_of_the_one_before(
    model: OfflinePlanner, before: str, text: str, call: tuple[str, dict[str, Any]]
) -> None:
    assert said(model, before, text).calls == [call]


def test_a_text_is_read_on_part_by_part(model: OfflinePlanner) -> None:
    opened = ("recent documents", "open the first one")
    assert said(model, *opened, "next part").calls == [("read_document", {"file": "file:1", "part": 2})]
    assert said(model, *opened, "go on", "keep reading").calls == [("read_document", {"file": "file:1", "part": 3})]


@pytest.mark.parametrize("text", ["brilliant, you've saved me a morning", "much appreciated!", "you're a star"])
def test_praise_asks_for_nothing(model: OfflinePlanner, text: str) -> None:
    played = said(model, "check my mail", text)
    assert not played.calls
    assert played.outcome == "talk"


@pytest.mark.parametrize(
    "text", ["great, what's on today", "perfect, archive the first one", "lovely weather in Bath?"]
)
def test_what_is_asked_behind_praise_is_done(model: OfflinePlanner, text: str) -> None:
    assert said(model, "check my mail", text).calls


def test_a_list_of_services_says_where_to_look(model: OfflinePlanner) -> None:
    played = said(model, "was there anything about the noise complaint, in mail or on slack")
    assert {name for name, _ in played.calls} == {"search_mail", "search_slack"}
    assert said(model, "what do i need to know today, mail, diary, slack, the lot").calls == [("brief_me", {})]


def test_one_is_made_of_what_was_said_before_it(model: OfflinePlanner) -> None:
    played = said(model, "I need a folder in drive named Apprentices 2026, could you make one")
    assert played.calls == [("create_folder", {"title": "Apprentices 2026"})]


@pytest.mark.parametrize(
    "text",
    ["do I have a folder named Apprentices 2026", "should I throw that document away", "new documents from Ana",
     "did I throw that document away", "I sorted my mail yesterday", "when was the review called off"],
)  # fmt: skip
def test_a_question_about_a_change_makes_none(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, MADE, text))


def test_a_new_folder_is_given_its_name_at_once(model: OfflinePlanner) -> None:
    assert said(model, "new folder: hiring").calls == [("create_folder", {"title": "hiring"})]


def test_a_verb_in_two_parts_orders(model: OfflinePlanner) -> None:
    assert said(model, MADE, "actually no, throw that document away").calls == [
        ("trash_document", {"document": "file:9"})
    ]
