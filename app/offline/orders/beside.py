"""Where a text ends because another order follows it: one that says its own text, to a place or a person of its own.

Law: in doubt the words belong to the text, which is shown in full before it goes anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.offline.lexicon import listed
from app.offline.orders.opening import Opening
from app.offline.orders.saying import Said
from app.offline.words import Line

_SAY = frozenset({"post", "reply", "draft", "send", "mail", "message"})
_VAGUE = frozenset(listed("it him her them that this those these"))


def following(
    line: Line, later: Sequence[Opening], start: int, said: Callable[[Opening], Said | None]
) -> Opening | None:
    """The first of these orders that is no part of the text beginning at token `start`.

    `said` finds the text of an order: "… and post that it is done in #launch", "… and reply to the second that …".
    """
    for one in later:
        text = said(one) if one.verb > start and one.deed in _SAY else None
        if text and _placed(line, one, text):
            return one
    return None


def _placed(line: Line, one: Opening, text: Said) -> bool:
    """Whether it says where it goes: in a channel, or before its text to somebody or something that is named."""
    if one.deed == "post":
        return any(line.kind(i) == "channel" for i in range(one.after, len(line)))
    before = {line.word(i) for i in range(one.after, text.lead)}
    return text.lead > one.after + 1 and not before & _VAGUE
