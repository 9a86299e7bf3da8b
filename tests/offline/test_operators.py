"""A search typed in a mailbox's operators is passed on as typed; what is said of how mails are becomes an operator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("is:unread has:attachment after:2026/11/19", "is:unread has:attachment after:2026/11/19"),
        ("has:attachment newer_than:5d", "has:attachment newer_than:5d"),
        ("subject:invitation from:priya", "subject:invitation from:priya"),
        (
            "search my mail for from:ana OR from:li -subject:launch please",
            "from:ana OR from:li -subject:launch",
        ),
        ("{from:ana from:li} is:unread", "{from:ana from:li} is:unread"),
        ('subject:"the last week" in:anywhere', 'subject:"the last week" in:anywhere'),
    ],
)
def test_operators_are_searched_as_they_were_typed(words: str, query: str) -> None:
    assert said(MODEL, words).calls == [("search_mail", {"query": query})]


@pytest.mark.parametrize("words", ["archive everything from:medium", "read mail:3", "subject: the hut"])
def test_whatever_bids_more_than_to_search_is_no_such_search(words: str) -> None:
    assert not any("query" in args for _, args in said(MODEL, words).calls)


@pytest.mark.parametrize(
    ("words", "args"),
    [
        ("mails with attachments", {"query": "has:attachment"}),
        ("mails with a pdf", {"query": "filename:pdf"}),
        ("unread mails about the launch", {"query": "launch is:unread"}),
        ("mails with attachments about the contract", {"query": "contract has:attachment"}),
        ("unread mails about security or sign-in", {"query": "security or sign-in is:unread"}),
        ("mails from Marcus -launch", {"sender": "Marcus", "query": "-launch"}),
    ],
)
def test_how_mails_are_is_no_word_that_they_hold(words: str, args: dict[str, Any]) -> None:
    assert said(MODEL, words).calls == [("search_mail", args)]


@pytest.mark.parametrize(
    ("before", "words", "call"),
    [
        ("mails from Elena", "only the unread ones", ("search_mail", {"sender": "Elena", "query": "is:unread"})),
        (
            "mails from Elena about the lease",
            "just those with an attachment",
            ("search_mail", {"sender": "Elena", "query": "lease has:attachment"}),
        ),
        ("unread mail", "only those with a pdf", ("summarise_inbox", {"unread_only": True, "query": "filename:pdf"})),
        ("summarise my inbox", "only the unread ones", ("summarise_inbox", {"unread_only": True})),
        ("documents about the launch", "only the pdfs", ("find_documents", {"query": "launch", "kind": "pdf"})),
    ],
)
def test_a_list_is_narrowed_by_how_its_mails_are(before: str, words: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(MODEL, before, words).calls == [call]


@pytest.mark.parametrize(
    ("words", "change"),
    [("star the ones with a pdf", "label_conversations"), ("mark those with attachments as read", "mark_read")],
)
def test_an_order_for_some_of_them_is_no_narrower_list(words: str, change: str) -> None:
    assert said(MODEL, "mails from Elena", words).calls[-1][0] == change


def test_an_argument_of_its_own_needs_no_operator() -> None:
    assert said(MODEL, "unread mails").calls == [("summarise_inbox", {"unread_only": True})]
