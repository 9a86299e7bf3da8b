"""What of a reply is shown while it comes: never a call that a model writes as text, and all of any other reply."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from app.speech import Speech
from graphs.written_calls import spoken

CALL = '{"name": "echo", "arguments": {"words": "hi"}}'


def shown(text: str, size: int) -> str:
    """What a person sees of a reply that comes in pieces of this size."""
    seen: list[str] = []
    speech = Speech(seen.append)
    for start in range(0, len(text), size):
        speech.heard("a", text[start : start + size])
    speech.settled(spoken(AIMessage(text, id="a")))
    return "".join(seen)


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        CALL,
        f"\n {{ {CALL[1:]}",
        f"[{CALL}]",
        f"[\n  {CALL}\n]",
        f"```json\n{CALL}\n```",
        f"[TOOL_CALLS] [{CALL}]",
        '<function=echo>{"words": "hi"}</function>',
        f"<think>What now?</think>\n<tool_call>{CALL}</tool_call>",
    ],
)
def test_a_call_written_as_text_is_never_shown(text: str, size: int) -> None:
    assert shown(text, size) == ""


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "Two mails, one urgent.",
        "[The plan](https://plan.example) is new.",
        "{curly} words, and 3 < 4.",
        '{"name": "Ana", "age": 7}',
        "```\na table\n```\nand words",
        f"The call would be {CALL}.",
        "a <b> c <tool",
        "[1, 2]",
    ],
)
def test_every_other_reply_is_shown_whole(text: str, size: int) -> None:
    assert shown(text, size) == text


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_what_is_said_before_a_call_is_shown_and_thoughts_are_not(size: int) -> None:
    assert shown(f"I will look.\n<tool_call>\n{CALL}\n</tool_call>", size) == "I will look.\n"
    assert shown("<think>Well.</think>\nHello.", size) == "Hello."


def test_prose_is_shown_at_once_and_what_broke_off_is_not_shown_later() -> None:
    seen: list[str] = []
    speech = Speech(seen.append)
    speech.heard("a", "Two ")
    speech.heard("a", "mails")
    assert seen == ["Two ", "mails"]
    speech.heard("b", '{"name": "ec')
    speech.settled(AIMessage("The model's answer broke off.", id="c"))
    speech.heard("d", "Once more.")
    assert seen == ["Two ", "mails", "Once more."]
