"""A text that was suggested, only wanted in another manner: "shorter please"."""

from __future__ import annotations

from app.offline.lexicon import listed
from app.offline.reading import Reader
from app.offline.thread import Thread
from app.offline.words import Line

_MANNERS = frozenset(
    listed("shorter longer briefer friendlier nicer politer warmer colder firmer clearer simpler formal informal casual"
           " polite friendly brief short concise better")
)  # fmt: skip
_POLITE = frozenset(listed("please make it a bit little much more less and but can you could be , . ! ? that this try"))
MANNER = (
    "I put no text in other words by myself. Say what it should say, for example “suggest a reply saying that we"
    " accept”."
)


def told(line: Line, reader: Reader, thread: Thread) -> str:
    """What is said to that; "" where something else is asked."""
    calls = thread.before[-1].calls if thread.before else []
    skill = reader.knowledge.skills.get(calls[-1].name) if calls else None
    words = {word for word in line.row if word not in _POLITE}
    return MANNER if skill and skill.takes("gist") and words and words <= _MANNERS else ""
