"""Requests as they come: hurried, rambling, in one's second language; and what must not be taken for an order."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, load, planner, said, writes
from tests.offline.score import busy, scored

FULL = 0.92
MAIL, TASKS, DOCS = "check my mail", "what are my tasks", "what documents do I have"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def test_the_voices_of_different_people_stay_above_what_was_measured() -> None:
    found = scored(busy("voices.toml"), EVERY_TOOL)
    assert found.cases == len(load("voices.toml")) >= 60
    assert found.full >= FULL, found


@pytest.mark.parametrize(
    ("requests", "calls"),
    [
        (("todo: renew passport by the 20th",), [("create_tasks", "items", "renew passport")]),
        (("put down that I need to call the vet on Monday",), [("create_tasks", "items", "call the vet")]),
        (("Make me remember to pay the rent",), [("create_tasks", "items", "pay the rent")]),
        ((MAIL, "remind me about the second one"), [("create_tasks", "items", "Contract draft v3")]),
        ((TASKS, "2 done"), [("complete_tasks", "tasks", "task:2")]),
        ((MAIL, "1 and 4: archive"), [("archive", "conversations", "mail:4")]),
        ((MAIL, "label those Offers"), [("label_conversations", "label", "Offers")]),
        (("write to Tom that we meet at 4, subject Meeting",), [("send_mail", "subject", "Meeting")]),
        (("email Tom: see you at 4, cc Li",), [("send_mail", "cc", "Li")]),
        (("drop a message in #general: pizza at one",), [("post_message", "channel", "general")]),
        (("make a folder for the offsite",), [("create_folder", "title", "Offsite")]),
        (("send a mail to a@b.example and cc c@d.example: hi",), [("send_mail", "cc", "['c@d.example']")]),
        ((MAIL, "archive the ones from Ana and Li"), [("archive", "conversations", "['mail:1', 'mail:2']")]),
        (
            (MAIL, "draft replies to the first two saying ok"),
            [("draft_reply", "conversation", "mail:1"), ("draft_reply", "conversation", "mail:2")],
        ),
        (("remind me every Monday to send the report",), [("create_tasks", "items", "send the report")]),
        (("set a reminder for the 20th: passport",), [("create_tasks", "items", "2026-03-20")]),
        (("add to my tasks: review the lease by next Wednesday 5pm",), [("create_tasks", "items", "-18T17:00")]),
        ((TASKS, "drop the first one"), [("delete_tasks", "tasks", "task:1")]),
        (
            ("schedule a call with Li tomorrow at 11 about the contract",),
            [("create_event", "title", "Call with Li about")],
        ),
        (("set a meeting with Ana next Wednesday at 2",), [("create_event", "people", "Ana")]),
        (("plan a retro every second Friday at 4pm",), [("create_event", "repeat", "'interval': 2")]),
        (('put "Vacation" in my calendar from 6 to 10 April',), [("create_event", "end", "2026-04-11")]),
        (('create a doc "Minutes" with: Ana opens',), [("create_document", "title", "Minutes")]),
        ((DOCS, 'add "Call Tom" to the launch plan'), [("update_document", "document", "file:2")]),
        (("book lunch with Ana at Mario's on Friday at noon",), [("create_event", "place", "Mario's")]),
    ],
)
def test_an_order_as_it_comes(
    model: OfflinePlanner, requests: tuple[str, ...], calls: list[tuple[str, str, str]]
) -> None:
    found = said(model, *requests).calls
    assert [name for name, _ in found] == [name for name, _, _ in calls]
    assert all(value in str(args[argument]) for (_, args), (_, argument, value) in zip(found, calls, strict=True))


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("free tmrw pm?", ("find_slots", {"start": "2026-03-12T12:00:00+01:00", "end": "2026-03-12T18:00:00+01:00"})),
        ("is Friday afternoon clear", ("find_slots", {})),
        ("slack - what did i miss", ("catch_up", {})),
        ("do I have anything on", ("agenda", {})),
        ("Which documents Ana has shared with me", ("find_documents", {"owner": "Ana"})),
        ("find the email with the subject Contract draft v3", ("search_mail", {"query": "Contract draft v3"})),
        ("did Northwind Bank send a statement", ("search_mail", {"sender": "Northwind Bank", "query": "statement"})),
        ("emails I sent to Priya", ("search_mail", {"sender": "me", "query": "Priya"})),
        ("find the newest version of the launch plan", ("find_documents", {"query": "launch plan", "latest": True})),
        ("is it going to freeze tonight in Oslo", ("forecast", {"place": "Oslo"})),
        ("tasks due before the end of the month", ("list_tasks", {"end": "2026-04-01T00:00:00+02:00"})),
        ("90 days from 3 feb", ("find_date", {"value": 90, "start": "2026-02-03"})),
        ("what's 3/8 of 560", ("calculate", {"expression": "3 / 8 * 560"})),
        ("average of 3, 4 and 8", ("calculate", {"expression": "average(3; 4; 8)"})),
        ("convert 5 miles an hour to km/h", ("convert_units", {"unit": "miles/hour"})),
        ("wats on 2moro", ("agenda", {"start": "2026-03-12T00:00:00+01:00"})),
        ("add 20% tip to 54", ("calculate", {"expression": "54 + 20%"})),
        ("we were five and the bill came to 187.50, what does each of us owe", ("calculate", {})),
    ],
)
def test_a_question_as_it_comes(model: OfflinePlanner, text: str, call: tuple[str, dict[str, Any]]) -> None:
    found = said(model, text).calls
    assert [name for name, _ in found] == [call[0]]
    assert call[1].items() <= found[0][1].items()


def test_what_is_only_told_beside_a_request_is_not_complained_about(model: OfflinePlanner) -> None:
    found = said(
        model, "So I was talking to Priya about it and she said there was a file with the timeline, can you find it?"
    )
    assert [name for name, _ in found.calls] == ["find_documents"]
    assert "understand" not in found.answer
    assert "pizza" in said(model, "what's urgent in my inbox and order a pizza").answer


def test_a_day_that_is_excepted_is_not_the_day_that_is_meant(model: OfflinePlanner) -> None:
    found = said(model, "find an hour for me and Priya, not on Monday")
    assert found.calls == [("find_slots", {"duration_minutes": 60, "people": ["Priya"]})]
    assert "I could not take “Monday” into account." in found.answer


@pytest.mark.parametrize(
    "text",
    ["archive nothing", "delete none of them", "add Ana to the budget review", "put Tom on the dentist", "never mind"],
)
def test_what_orders_nothing_that_can_be_done_changes_nothing(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, MAIL, text))


def test_nobody_is_invited_to_the_place_that_a_journey_goes_to(model: OfflinePlanner) -> None:
    [(name, args)] = said(model, "add my flight to Lisbon on 2 April at 7:15").calls
    assert (name, args["title"], "people" in args) == ("create_event", "Flight to Lisbon", False)


def test_a_place_in_a_list_is_not_what_a_reading_goes_on_after(model: OfflinePlanner) -> None:
    assert "read_mails" not in [name for name, _ in said(model, MAIL, "how urgent is the second one").calls]
