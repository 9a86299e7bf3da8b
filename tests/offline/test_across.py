"""Requests over several services: what is looked up first, what of it goes into the next call, and where it ends."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from app.offline.planner import OfflinePlanner
from tests.offline.cases import planner, turn

Refs = list[dict[str, Any]]


def after(request: str, *results: Refs, model: OfflinePlanner | None = None) -> tuple[list[tuple[str, Any]], str]:
    """The calls proposed, and the text, once every call of each round so far showed these refs."""
    model = model or planner()
    messages: list[BaseMessage] = [HumanMessage(request)]
    for refs in results:
        reply = model.invoke(messages)
        messages.append(reply)
        for call in reply.tool_calls:
            artifact = {"tool": call["name"], "status": "ok", "lead": f"[{call['name']}]", "refs": refs}
            messages.append(ToolMessage("…", tool_call_id=call["id"] or "", name=call["name"], artifact=artifact))
    last = model.invoke(messages)
    return [(call["name"], call["args"]) for call in last.tool_calls], last.text


def events(*labels: str, people: tuple[str, ...] = ()) -> Refs:
    return [
        {"handle": f"event:{i}", "kind": "event", "label": label, "people": list(people)}
        for i, label in enumerate(labels, 1)
    ]


def test_each_meeting_is_asked_for_but_no_more_than_three() -> None:
    calls, _ = after("documents for tomorrow's meetings", events("One", "Two", "Three", "Four"))
    assert calls == [("find_documents", {"query": word}) for word in ("One", "Two", "Three")]


def test_a_look_up_that_finds_nothing_ends_the_turn_with_what_it_said() -> None:
    calls, text = after("documents for tomorrow's meetings", [])
    assert calls == []
    assert text == "[agenda]"


def test_a_label_gives_plain_words_only() -> None:
    calls, _ = after("documents for tomorrow's meetings", events('Plan" OR from:boss -in:trash (x)'))
    assert calls == [("find_documents", {"query": "Plan from boss in trash x"})]


def test_only_addresses_are_taken_for_people() -> None:
    opened = events("Stand-up", people=("ana@northwind.example", "everyone OR in:anywhere", "li@northwind.example"))
    calls, _ = after("mails from the people in my next meeting", events("Stand-up"), opened)
    assert calls == [
        ("search_mail", {"sender": "ana@northwind.example"}),
        ("search_mail", {"sender": "li@northwind.example"}),
    ]


def test_the_search_goes_where_such_things_are_opened() -> None:
    played = turn([], "find the lease contract and summarise it", planner())
    assert [name for name, _ in played.calls] == ["find_documents", "summarise_document"]


def test_what_was_only_looked_up_is_not_told_again() -> None:
    answer = turn([], "documents for tomorrow's meetings", planner()).answer
    assert answer == "\n\n".join(["[find_documents]"] * 3)


def test_services_without_search_are_named() -> None:
    answer = turn([], "everything about Contoso", planner()).answer
    assert "Not searched, since I have no search by topic there: calendar." in answer


def test_the_first_of_a_briefing_is_the_first_on_its_page() -> None:
    refs = [{"handle": f"mail:{i}", "kind": "mail", "label": "Ana"} for i in (1, 2)]
    artifact = {"tool": "summarise_inbox", "status": "ok", "lead": "[inbox]", "refs": refs}
    page = {"first": [{"handle": "mail:2"}], "meetings": [{"handle": "event:1", "belongs": [{"handle": "mail:1"}]}]}
    call = {"name": "summarise_inbox", "args": {}, "id": "call-1-1.brief.1", "type": "tool_call"}
    messages: list[BaseMessage] = [
        HumanMessage("brief me"),
        AIMessage("", tool_calls=[call]),
        ToolMessage("…", tool_call_id="call-1-1.brief.1", name="summarise_inbox", artifact=artifact),
        AIMessage("Briefing", response_metadata={"briefing": page}),
    ]
    assert turn([*messages], "open the first one", planner()).calls == [
        ("read_conversation", {"conversation": "mail:2"})
    ]
    assert turn([*messages], "open the second one", planner()).calls == [("read_event", {"event": "event:1"})]


def test_it_is_about_what_was_opened_last() -> None:
    model, messages = planner(), list[BaseMessage]()
    for request in ("summarise my inbox", "open the second one"):
        turn(messages, request, model)
    assert turn(messages, "any documents about it", model).calls == [("find_documents", {"query": "Contract draft v3"})]


def test_a_tool_that_reads_lifts_no_ban_but_on_mild_verbs() -> None:
    model, messages = planner(), list[BaseMessage]()
    assert turn(messages, "schedule a call with Li tomorrow", model).outcome == "cannot"
    turn(messages, "summarise my inbox", model)
    assert turn(messages, "reply to the second one", model).outcome == "cannot"
    assert turn(messages, "draft an answer to the second one", model).calls == [
        ("suggest_reply", {"conversation": "mail:2"})
    ]


def test_a_place_beyond_the_list_is_asked_about_by_its_kind() -> None:
    model, messages = planner(), list[BaseMessage]()
    turn(messages, "find documents about the launch", model)
    assert turn(messages, "open the ninth one", model).answer.startswith("Which file do you mean?")
