"""Documents by their names, and questions to one of them: a name that nothing shown bears is looked for."""

from __future__ import annotations

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, Call, planner, said

SHOWN = "find documents about the launch"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("summarise the Aurora launch plan document", "Aurora launch plan"),
        ("summarise the contoso launch agreement", "contoso launch agreement"),
        ("read the broken roadmap docx", "broken roadmap"),
    ],
)
def test_a_name_that_nothing_shown_bears_is_looked_for(model: OfflinePlanner, text: str, query: str) -> None:
    found = said(model, SHOWN, "read the second one", text).calls
    assert found[0] == ("find_documents", {"query": query})
    assert found[1][0] in ("read_document", "summarise_document")


def test_a_name_that_something_shown_bears_is_that(model: OfflinePlanner) -> None:
    assert said(model, SHOWN, "summarise the launch plan").calls == [("summarise_document", {"file": "file:2"})]


@pytest.mark.parametrize(
    ("requests", "calls"),
    [
        (("what does my payslip say",), [("find_documents", {"query": "payslip"}), ("read_document", {})]),
        (("read the chartly offer",), [("find_documents", {"query": "chartly offer"}), ("read_document", {})]),
        (
            ("what's in the budget spreadsheet",),
            [("find_documents", {"kind": "spreadsheet", "query": "budget"}), ("read_document", {})],
        ),
        (
            ("what does the handbook say about parking",),
            [("find_documents", {"query": "handbook"}), ("read_document", {"query": "parking"})],
        ),
        (
            (SHOWN, "read the second one", "what does it say about liability?"),
            [("read_document", {"file": "file:2", "query": "liability"})],
        ),
        (
            (SHOWN, "read the second one", "when is the code freeze according to that document?"),
            [("read_document", {"file": "file:2", "query": "code freeze"})],
        ),
        (
            (SHOWN, "read the second one", "when is the press embargo lifted in it?"),
            [("read_document", {"file": "file:2", "query": "press embargo lifted"})],
        ),
        ((SHOWN, "read the second one", "open it"), [("read_document", {"file": "file:2"})]),
        (("find the latest launch plan", "summarise it"), [("summarise_document", {"file": "file:1"})]),
    ],
)
def test_a_document_is_opened_at_what_is_asked(
    model: OfflinePlanner, requests: tuple[str, ...], calls: list[Call]
) -> None:
    found = said(model, *requests).calls
    looked_up = len(found) > 1
    assert [(name, {k: v for k, v in args.items() if not (looked_up and k == "file")}) for name, args in found] == calls
