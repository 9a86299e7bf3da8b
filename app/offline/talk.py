"""Small talk: what is said that asks for no tool, and the brief true answers to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from app.offline.lexicon import ACTIONS, listed
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


_PRAISE = frozenset(
    listed(
        "brilliant lovely great perfect wonderful fantastic excellent amazing superb awesome nice marvellous cool super"
        " splendid neat magic thanks thank cheers ta"
    )
)
_PRAISED = (("you", "are"), ("you", "have"), ("that", "is"), ("that", "was"), ("that", "helps"), ("just", "what"),
            ("exactly", "what"), ("just", "the"), ("you", "saved"), ("that", "saved"), ("much", "appreciated"),
            ("i", "appreciate"), ("that", "does"), ("what", "i"), ("you", "rock"), ("good", "job"))  # fmt: skip
_THANKED = (("thank", "you", "much"), ("thanks", "a", "lot"), ("thank", "you"), ("thanks", "much"))
_PRAISING = frozenset(listed("star legend lifesaver gem angel best champion hero appreciated rock genius treasure"))
_WORK = frozenset(listed("work job stuff one thank thanks you much indeed that"))
_HELPFUL = frozenset(listed("helpful useful great perfect thank thanks brilliant lovely"))
_PARTING = (("talk", "to", "you"), ("speak", "to", "you"), ("see", "you"), ("that", "is", "all"), ("that", "is", "it"),
            ("speak", "soon"), ("talk", "soon"), ("i", "am", "done", "for"))  # fmt: skip
_PARTED = frozenset(listed("for today now tonight the day then later soon tomorrow on monday again thanks thank you bye"
                           " goodbye , . !"))  # fmt: skip
CHAT = 12  # words of what is merely said


def mere(line: Line) -> Talk | None:
    """What answers a line that asks nothing: a yes or no to no question, praise, a farewell; None for any other."""
    if nothing_asked(line):
        return UNASKED
    if not line or len(line) > CHAT or "?" in line.row:
        return None
    return _named("farewell") if _parts(line) else _named("thanks") if _praises(line) else None


def _named(name: str) -> Talk:
    return next(talk for talk in TALK if talk.name == name)


def _praises(line: Line) -> bool:
    """Whether the words praise what was done and go on to nothing else: "brilliant, you have saved me a morning"."""
    words = [word for word in line.row if word not in {",", ".", "!", "so", "very", "really"}]
    first = bool(words) and words[0] in _PRAISE
    thanked = next((len(one) for one in _THANKED if tuple(words[: len(one)]) == one), 0)
    rest = tuple(words[max(first, thanked if thanked < len(words) else 0) :])
    if not (ACTIONS - _PRAISING).isdisjoint(rest):
        return False
    opened = any(rest[: len(one)] == one for one in _PRAISED)
    ended = bool(rest) and (rest[-1] in _PRAISING or {*rest} <= _WORK)
    ended = ended or (opened and not _HELPFUL.isdisjoint(rest))
    return (opened and ended) or (first and (opened or ended)) or rest == ("much", "appreciated")


def _parts(line: Line) -> bool:
    """Whether every word of it belongs to a farewell: "that's all for today, talk to you tomorrow"."""
    i = seen = 0
    while i < len(line):
        size = next((len(one) for one in _PARTING if line.words(i, len(one)) == one), 0)
        seen += bool(size)
        if not size and line.word(i) not in _PARTED:
            return False
        i += size or 1
    return seen > 0


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
