"""Orders with manners, the text of a document replaced, and what is looked for farther or as overdue."""

from __future__ import annotations

from typing import Any

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, said, writes

DOCS = "what documents do I have"
MADE = "write a doc called Plan saying hello"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("Might I ask you to archive the second one?", ("archive", {"conversations": ["mail:2"]})),
        ("Would it be possible for you to mark the first as read", ("mark_read", {"conversations": ["mail:1"]})),
        ("if you don't mind, archive the second", ("archive", {"conversations": ["mail:2"]})),
        ("If it's not too much trouble, could you bin the last one", ("move_to_trash", {"conversations": ["mail:4"]})),
    ],
)
def test_an_order_with_manners_is_an_order(model: OfflinePlanner, text: str, call: tuple[str, dict[str, Any]]) -> None:
    assert said(model, "check my mail", text).calls == [call]


def test_manners_inside_a_text_stay_in_it(model: OfflinePlanner) -> None:
    found = said(model, "email ana@example.org: if you don't mind, bring the keys").calls
    assert found[0][1]["body"] == "If you don't mind, bring the keys."


@pytest.mark.parametrize("text", ["should I archive it?", "is it possible to undo that?"])
def test_a_question_with_manners_changes_nothing(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, "check my mail", "open the first one", text))


@pytest.mark.parametrize(
    ("before", "text", "content", "document"),
    [
        (DOCS, 'replace the text of the launch plan with "We go on Monday"', "We go on Monday", "file:2"),
        (DOCS, "replace everything in the second one with Hello world", "Hello world.", "file:2"),
        (DOCS, "overwrite the launch plan with: ship it", "Ship it.", "file:2"),
        (DOCS, "change the text of the third document to: see the lease", "See the lease.", "file:3"),
        (DOCS, "set the text of the launch plan to ship it", "Ship it.", "file:2"),
        (DOCS, "rewrite the launch plan to say ship it on Monday", "Ship it on Monday.", "file:2"),
        (MADE, "replace the text of it with goodbye", "Goodbye.", "file:9"),
        (MADE, "replace the text with the following: goodbye", "Goodbye.", "file:9"),
    ],
)
def test_the_text_of_a_document_is_replaced(
    model: OfflinePlanner, before: str, text: str, content: str, document: str
) -> None:
    args = {"document": document, "content": content, "mode": "replace"}
    assert said(model, before, text).calls == [("update_document", args)]


@pytest.mark.parametrize(
    "text",
    [
        'replace "Monday" with "Tuesday" in the launch plan',
        "replace the battery in the remote",
        "replace my 3pm with a call",
    ],
)
def test_what_cannot_be_replaced_is_said_so(model: OfflinePlanner, text: str) -> None:
    found = said(model, DOCS, text)
    assert (found.calls, found.outcome) == ([], "cannot")


def test_the_name_of_an_event_is_looked_for_farther_ahead_where_it_is_not_near(model: OfflinePlanner) -> None:
    near, far = said(model, "accept the invitation to the summer party").calls
    assert (near[0], far[0]) == ("agenda", "agenda")
    assert far[1]["start"] == near[1]["end"]
    found = said(model, "accept the invitation to the budget review").calls
    assert [name for name, _ in found] == ["agenda", "answer_invitation"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("read the one Tom sent me", ["search_mail", "read_conversation"]),
        ("summarise the beta feedback week 5", ["find_documents", "summarise_document"]),
    ],
)
def test_what_somebody_did_with_a_thing_tells_its_kind(model: OfflinePlanner, text: str, names: list[str]) -> None:
    found = said(model, text).calls
    assert [name for name, _ in found] == names
    assert "part" not in found[-1][1]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("which tasks am I behind on", {"only": "overdue"}),
        ("am I late with anything", {"only": "overdue"}),
        ("what's running late on my list", {"only": "overdue"}),
        ("which tasks did I finish", {"only": "done"}),
    ],
)
def test_tasks_that_are_late_or_to_be_finished(model: OfflinePlanner, text: str, args: dict[str, Any]) -> None:
    assert said(model, text).calls == [("list_tasks", args)]
