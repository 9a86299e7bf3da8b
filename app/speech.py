"""What of a reply is shown while it comes. Law: what may be a call written as text waits until it is known to be none.

The graph reads such calls when the reply is whole (`graphs/written_calls.py`); thoughts written as text are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from langchain_core.messages import AIMessage

_OPENINGS = ('{"', "[{", "[TOOL_CALLS]", "```")
_MARKS = ("<tool_call>", "<function=", "<think>")
_THOUGHT = re.compile(r"\A<think>.*?</think>\s*", re.DOTALL)
_BLANK = re.compile(r"(?<=[{\[])\s+")


class Speech:
    """Passes on what a model says, reply by reply."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._reply: str | None = None
        self._held, self._begun = "", False

    def heard(self, reply: str | None, text: str) -> None:
        """A piece of the reply with this id came; pieces of another begin anew."""
        if reply != self._reply:
            self._reply, self._held, self._begun = reply, "", False
        held = self._held + text
        held = held if self._begun else _THOUGHT.sub("", held.lstrip())
        cut = _cut(held, begun=self._begun)
        self._held = held[cut:]
        self._pass_on(held[:cut])

    def settled(self, message: AIMessage) -> None:
        """The graph has made this of a reply: what was held and is still in it is shown now."""
        held, self._held = self._held, ""
        if held.strip() and held.strip() in message.text:
            self._pass_on(held)

    def _pass_on(self, text: str) -> None:
        if text:
            self._begun = True
            self._say(text)


def _cut(text: str, *, begun: bool) -> int:
    """From where on a text may hold a call."""
    if not begun and any(_agree(_BLANK.sub("", text), opening) for opening in _OPENINGS):
        return 0
    places = (at.start() for at in re.finditer("<", text))
    return next((at for at in places if any(_agree(text[at:], mark) for mark in _MARKS)), len(text))


def _agree(text: str, mark: str) -> bool:
    """Whether the text begins with the mark, as far as it goes."""
    return text.startswith(mark) or mark.startswith(text)
