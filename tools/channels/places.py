"""What was said since a moment, conversation by conversation: what matters in each, and what is to be done there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from tools.channels.asked import conversations
from tools.channels.catchup_finding import Place, Topic
from tools.channels.chat import Chat
from tools.channels.judging import TELLING, Judge
from tools.channels.reading import Reading
from tools.channels.settled import content


def places(
    judge: Judge, reading: Reading, fresh: Sequence[Chat], start: datetime, *, whole: bool = False
) -> list[Place]:
    """The conversations in which anybody spoke; `fresh` are the chats since `start`. `whole`: with every topic."""
    keys = judge.keys(fresh)
    items = [item for item in judge.items(reading.chats) if item.said.at >= start]
    listed = {covered for item in items if item.mine or item.waiting for covered in item.covers}
    found = []
    for channel in reading.channels:
        own = [chat for chat in fresh if chat.channel.id == channel.id and not chat.automatic and not chat.gone]
        label = reading.team.label(channel)
        own_items = (item for item in items if item.said.where == label and not item.done)
        held = tuple(item for item in own_items if item.mine or item.waiting)
        told = tuple(key for key in keys if key.said.where == label and key.said.id not in listed)
        if (own and channel.id not in judge.passed) or held or told:
            shown = {key.said.id for key in told} | {covered for item in held for covered in item.covers}
            topics = tuple(_topics(judge, own, shown)) if whole else ()
            people = tuple(dict.fromkeys(reading.team.name(chat.author) for chat in own))
            found.append(Place(where=label, messages=len(own), people=people, keys=told, items=held, topics=topics))
    return found


def _topics(judge: Judge, chats: Sequence[Chat], shown: Collection[str]) -> Iterator[Topic]:
    """What each thread and each message outside of one is about, where that is not `shown` already and says anything.

    A thread that began before is told by its newest message; what only the person said is no news to them.
    """
    for thread in conversations(chats).values():
        first = next((chat for chat in thread if not chat.is_reply), thread[-1])
        alone = all(chat.author == judge.team.me for chat in thread)
        empty = len(thread) == 1 and not first.files and len(content(first.spoken)) < TELLING
        if not (alone or empty or {chat.id for chat in thread} & set(shown)):
            yield Topic(said=judge.said(first), replies=len(thread) - 1)
