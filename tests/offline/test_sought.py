"""What is asked of a document that was shown is sought in it; what it was found by is not."""

from __future__ import annotations

import pytest
from langchain_core.messages import BaseMessage

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, Played, planner, turn


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def played(model: OfflinePlanner, *requests: str) -> Played:
    messages: list[BaseMessage] = []
    return [turn(messages, request, model) for request in requests][-1]


@pytest.mark.parametrize(
    ("text", "sought"), [("what does it say about liability?", "liability"), ("does it mention the budget", "budget")]
)
def test_what_a_document_says_of_something(model: OfflinePlanner, text: str, sought: str) -> None:
    found = played(model, "find documents about the launch", "summarise the second one", text)
    assert found.calls == [("read_document", {"file": "file:2", "query": sought})]


def test_what_it_was_found_by_is_not_sought_in_it(model: OfflinePlanner) -> None:
    assert [args for _, args in played(model, "read the lease contract").calls] == [
        {"query": "lease contract"},
        {"file": "file:4"},
    ]
