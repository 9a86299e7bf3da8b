"""What the planner says: results in order, failures with what to do next, and plainly what it did not understand."""

from __future__ import annotations

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.offline.cases import TOOLS, planner, turn


def answered(request: str, *artifacts: dict[str, str]) -> str:
    model = planner()
    proposed = model.invoke([HumanMessage(request)])
    messages = [
        ToolMessage(
            "…",
            tool_call_id=call["id"] or "",
            name=call["name"],
            status="success" if artifact["status"] == "ok" else "error",
            artifact=artifact,
        )
        for call, artifact in zip(proposed.tool_calls, artifacts, strict=True)
    ]
    last = model.invoke([HumanMessage(request), proposed, *messages])
    assert isinstance(last, AIMessage)
    return last.text


def test_leads_stand_in_call_order_and_a_failure_leaves_the_rest() -> None:
    text = answered(
        "what is urgent in my inbox, any conflicts tomorrow, and 2 + 2",
        {"status": "ok", "lead": "Two mails are urgent."},
        {"status": "failed", "what": "The calendar did not answer.", "next": "Ask again in a minute."},
        {"status": "ok", "lead": "2 + 2 = 4."},
    )
    assert text == "Two mails are urgent.\n\nThe calendar did not answer. Ask again in a minute.\n\n2 + 2 = 4."


def test_a_call_that_never_ran_is_said_so() -> None:
    text = answered("agenda", {"status": "not_executed", "what": "Not executed.", "next": "Ask again if wanted."})
    assert text == "Not executed. Ask again if wanted."


def test_what_is_not_understood_is_named_with_three_things_that_can_be_asked() -> None:
    text = turn([], "order a pizza", planner()).answer
    assert text.startswith("I did not understand “order a pizza”.")
    offered = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    assert len(offered) == 3
    assert set(offered) <= {ask for tool in TOOLS for ask in tool.asks}


def test_the_part_not_understood_is_named_beside_the_rest() -> None:
    text = turn([], "what's urgent in my inbox and order a pizza", planner()).answer
    assert text == "[summarise_inbox]\n\nI did not understand “order a pizza”."


def test_a_change_no_tool_can_make_is_refused_in_so_many_words() -> None:
    text = turn([], "Please send a mail to Ana", planner()).answer
    assert "I cannot do that yet: “Please send a mail to Ana”." in text
    assert "nothing was changed" in text


def test_what_a_tool_has_no_use_for_is_said() -> None:
    text = turn([], "any conflicts with Ana this week", planner()).answer
    assert "I could not take “Ana” into account." in text


def test_help_tells_the_tools_that_are_there() -> None:
    text = turn([], "what can you do?", planner(TOOLS[:1])).answer
    assert text.splitlines()[1:] == [
        "- Summarise the inbox per conversation: what is urgent and why, which replies are owed by when, what people "
        f"want (“{TOOLS[0].asks[0]}”)"
    ]
    assert (
        turn([], "what can you do?", planner(())).answer == "No tool is installed, so there is nothing I can look up."
    )


def test_the_time_is_told_from_the_clock() -> None:
    assert turn([], "what time is it", planner()).answer == "It is 10:20 on Wednesday, 11 March 2026 (Europe/Berlin)."


def test_which_thing_is_meant_is_asked_with_a_way_to_say_it() -> None:
    model = planner()
    assert turn([], "open the second one", model).answer == "Which conversation do you mean? Ask for a list first."
    messages: list[BaseMessage] = []
    turn(messages, "summarise my inbox", model)
    assert turn(messages, "open it", model).answer.endswith("Say “the second one”, or a word of its title.")
    assert turn(messages, "the one from Ana", model).calls == [("read_conversation", {"conversation": "mail:1"})]


def test_only_the_beginning_of_a_pasted_text_is_read_and_that_is_said() -> None:
    played = turn([], "show my calendar for tomorrow. " + "lorem ipsum dolor " * 200, planner())
    assert played.calls[0][0] == "agenda"
    assert "I read only the first 150 words of that." in played.answer
