"""What a reply is to say, files by their names, distances of dates, and lists that were shown side by side."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.cases import planner, turn


def last(*requests: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls of the last of these requests, in one conversation."""
    model, messages = planner(), list[Any]()
    return [turn(messages, request, model).calls for request in requests][-1]


@pytest.mark.parametrize(
    ("request_", "gist"),
    [
        ("draft an answer to mail:2 saying I agree, and that we sign on Monday", "I agree, and that we sign on Monday"),
        ("word a reply to mail:1: yes, but only from June", "yes, but only from June"),
        ("suggest a reply to mail:1 telling her that I will be late", "I will be late"),
    ],
)
def test_what_a_reply_is_to_say_is_taken_as_it_was_typed(request_: str, gist: str) -> None:
    calls = last("check my mail", "open the first one", request_)
    assert [(name, args.get("gist")) for name, args in calls] == [("suggest_reply", gist)]


@pytest.mark.parametrize("request_", ["suggest a reply to that mail", "summarise my inbox: unread only"])
def test_a_colon_or_that_alone_makes_no_gist(request_: str) -> None:
    assert all("gist" not in args for _, args in last("check my mail", "open the first one", request_))


def test_a_reply_to_somebody_is_to_their_mail_whatever_is_in_hand() -> None:
    reply = ("suggest_reply", {"conversation": "mail:3"})
    assert last("suggest a reply to Priya") == [("search_mail", {"sender": "Priya"}), reply]
    assert last("check my mail", "open the first one", "suggest a reply to Priya") == [reply]
    assert last("check my mail", "open the first one", "suggest a reply to Tom")[0] == (
        "search_mail",
        {"sender": "Tom"},
    )


@pytest.mark.parametrize(
    ("request_", "tools"),
    [
        ("read offer-2026.docx", ["find_documents", "read_document"]),
        ("summarise the file Q3_plan.pptx", ["find_documents", "summarise_document"]),
        ("is notes.md in my drive", ["find_documents"]),
        ("the mail with contract.pdf", ["search_mail"]),
    ],
)
def test_a_files_name_is_a_file_unless_mail_is_asked_for(request_: str, tools: list[str]) -> None:
    calls = last(request_)
    assert [name for name, _ in calls] == tools
    assert "." in calls[0][1]["query"]


@pytest.mark.parametrize(
    ("request_", "args"),
    [
        ("what's the date in 90 days", {"value": 90, "unit": "days"}),
        ("what date is 6 weeks from Monday", {"value": 6, "unit": "weeks", "start": "2026-03-16"}),
        ("what was the date 100 days ago", {"value": -100, "unit": "days"}),
        ("3 months after 31 January", {"value": 3, "unit": "months", "start": "2026-01-31"}),
        ("5 weekdays before 24 December", {"value": -5, "unit": "working days", "start": "2026-12-24"}),
        ("subtract two weeks from 30 November", {"value": -2, "unit": "weeks", "start": "2026-11-30"}),
        ("add 20 business days to 14 September", {"value": 20, "unit": "working days", "start": "2026-09-14"}),
    ],
)
def test_a_date_so_far_from_another(request_: str, args: dict[str, Any]) -> None:
    assert last(request_) == [("find_date", args)]


def test_of_lists_shown_side_by_side_the_first_is_meant() -> None:
    both = "what's urgent in my inbox and what's on my calendar today?"
    assert last(both, "read the first one") == [("read_conversation", {"conversation": "mail:1"})]
    assert last(both, "open the second meeting") == [("read_event", {"event": "event:2"})]


def test_it_is_asked_about_where_it_is_from() -> None:
    assert last("find documents about the launch", "open the second one", "who changed it") == [
        ("recent_documents", {})
    ]


def test_everything_about_a_topic_asks_slack_too() -> None:
    found = [(name, {"query": "Contoso"}) for name in ("search_mail", "search_slack", "find_documents")]
    assert last("everything about Contoso") == found
