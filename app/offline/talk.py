"""Small talk: what is said that asks for no tool, and the brief true answers to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from app.offline.lexicon import listed
from app.offline.words import Line
from tools.base import Tool

LONGEST = 6


@dataclass(frozen=True)
class Talk:
    """One sort of small talk: how people say it, and what is answered."""

    name: str
    asks: tuple[str, ...]
    answer: Callable[[Sequence[Tool], datetime], str]


def examples(tools: Sequence[Tool], count: int = 3) -> list[str]:
    """Requests the tools present can answer, of different services first, those over linked accounts before others."""
    asks: dict[str, list[str]] = {}
    for tool in sorted(tools, key=lambda tool: (not tool.access.connection, tool.writing is not None)):
        asks.setdefault(tool.access.capability.partition(".")[0], []).extend(tool.asks[:1])
    rounds = zip_longest(*asks.values())
    return [ask for one in rounds for ask in one if ask][:count]


def _abilities(tools: Sequence[Tool], now: datetime) -> str:
    if not tools:
        return "No tool is installed, so there is nothing I can look up."
    lines = [f"- {_summary(tool)}" + (f" (“{tool.asks[0]}”)" if tool.asks else "") for tool in tools]
    return "I can do this:\n" + "\n".join(lines)


def _summary(tool: Tool) -> str:
    first = tool.description.strip().partition("\n")[0].rstrip(".")
    return first or tool.name


def _greeting(tools: Sequence[Tool], now: datetime) -> str:
    offered = examples(tools, 2)
    told = " or ".join(f"“{ask}”" for ask in offered)
    return f"Hello. Ask me, for example, {told}." if told else "Hello."


def _identity(tools: Sequence[Tool], now: datetime) -> str:
    return (
        "I am Valet, with the offline planner: no language model is connected, so I match what you type against what "
        "my tools can do, and say so when nothing fits. “help” lists it all."
    )


def _clock(tools: Sequence[Tool], now: datetime) -> str:
    return f"It is {now:%H:%M} on {now:%A}, {now.day} {now:%B %Y} ({now.tzinfo})."


_ASSENT = frozenset(listed("yes y yep yeah yup sure no nope nah ok okay"))
_BESIDE = frozenset(listed("please pls thanks thank thx you do it that go ahead is fine sounds good all right , . !"))


_LEAVING = {("never", "mind"), ("forget", "it"), ("leave", "it"), ("forget", "about", "it")}
_KEYS = frozenset({"y", "n", "e"})


def key(request: str) -> bool:
    """Whether a request is a key that a card is answered with; where no card is, it is nobody's text, name or time."""
    return request.strip().strip(".!").lower() in _KEYS


def nothing_asked(line: Line) -> bool:
    """Whether the line is a mere yes or no."""
    if tuple(word for word in line.row if word not in _BESIDE | {"actually", "no", "oh"} or word == "it") in _LEAVING:
        return True
    first = line.word(0) in _ASSENT or line.words(0, 2) in {("go", "ahead"), ("do", "it")}
    return first and len(line) <= LONGEST and {*line.row} <= _ASSENT | _BESIDE


def mere(line: Line) -> Talk | None:
    """What answers a line that is no more than a yes or no, to no question; None for any other."""
    return UNASKED if nothing_asked(line) else None


def named(name: str) -> Talk:
    return next(talk for talk in TALK if talk.name == name)


def _unasked(tools: Sequence[Tool], now: datetime) -> str:
    return f"Nothing is waiting for a yes or a no. Say what I should do, for example “{examples(tools, 1)[0]}”."


UNASKED = Talk("unasked", (), _unasked)

TALK: tuple[Talk, ...] = (
    Talk(
        "greeting",
        ("hello", "hi", "hi there", "hey valet", "good morning", "good evening", "good afternoon", "greetings",
         "how are you", "how are you doing", "good day", "hiya", "are you there", "you there"),
        _greeting,
    ),
    Talk(
        "thanks",
        ("thanks", "thank you", "thank you very much", "thanks a lot", "great, thank you", "perfect", "cheers",
         "nice work", "well done", "awesome", "great", "cool"),
        lambda tools, now: "You are welcome.",
    ),
    Talk(
        "farewell",
        ("bye", "goodbye", "see you later", "bye for now", "good night", "see you tomorrow"),
        lambda tools, now: "Goodbye.",
    ),
    Talk(
        "abilities",
        ("help", "help me", "what can you do", "what can I ask you", "how can you help me", "what do you do",
         "show me what you can do", "what are your features", "how does this work", "what are you able to do",
         "which tools do you have", "list your commands", "how do I use you", "what are you good for",
         "what sort of things can I get you to do"),
        _abilities,
    ),
    Talk(
        "identity",
        ("who are you", "what are you", "are you a robot", "are you an AI", "which model are you", "what is your name",
         "are you human", "who am I talking to", "who am I speaking with", "are you a real person"),
        _identity,
    ),
    Talk(
        "clock",
        ("what time is it", "what is the time", "what day is it", "what is the date today", "what's today's date",
         "which day is it today", "do you have the time"),
        _clock,
    ),
)  # fmt: skip
