"""What is asked in fun. Law: only what calls nobody by name and names no day can be, and not what somebody took on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tools.channels.calling import must, seeks_volunteer
from tools.channels.chat import Chat

if TYPE_CHECKING:
    from tools.channels.asked import Ask

_CHATTER = re.compile(
    r"(?:^|[-_])(?:random|off-?topic|water-?cooler|banter|chit-?chat|chatter|small-?talk|fun|funny|jokes|memes|lounge"
    r"|pets|cats|dogs|quatsch|plauderei|flurfunk|bate-papo|bla-?bla)$"
)
_LAUGH = re.compile(
    r"^\W*(?:<@\w+>\W*)?(?:ha(?:ha)*h?|(?:he){2,}|(?:hi){2,}|(?:ja){2,}|k{3,}|(?:rs){2,}|lo+l|lmao|rofl|mdr|x+d+)\b"
    r"|^\W*(?:<@\w+>\W*)?(?:(?:joy|rofl|laughing|rolling_on_the_floor)\w*:|哈哈|笑)",
    re.IGNORECASE,
)
_LAUGHING = frozenset({"joy", "joy_cat", "laughing", "rofl", "rolling_on_the_floor_laughing", "lol"})


def jests(ask: Ask, thread: Iterable[Chat]) -> bool:
    """Whether a request is talk: to nobody in particular where people only chatter, or met with a laugh by the one it
    happens to follow. `thread` is what it belongs to."""
    called = ask.sure or ask.kind != "request" or bool(ask.taken or ask.chased)
    if called or ask.due is not None or must(ask.text) or seeks_volunteer(ask.text):
        return False
    if not ask.whom:
        return ask.chat.channel.kind == "channel" and bool(_CHATTER.search(ask.chat.channel.name.lower()))
    return _laughed_at(ask, thread)


def _laughed_at(ask: Ask, thread: Iterable[Chat]) -> bool:
    asked = frozenset(ask.whom)
    if any(name in _LAUGHING and asked & users for name, users in ask.chat.reactions):
        return True
    answer = next((chat for chat in thread if chat.at > ask.chat.at and chat.author in asked), None)
    return answer is not None and bool(_LAUGH.search(answer.markup))
