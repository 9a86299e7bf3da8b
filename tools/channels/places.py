"""What was said since a moment, conversation by conversation: what matters in each, and what is to be done there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tools.channels.catchup_finding import Place
from tools.channels.chat import Chat
from tools.channels.judging import Judge
from tools.channels.reading import Reading


def places(judge: Judge, reading: Reading, fresh: Sequence[Chat], start: datetime) -> list[Place]:
    """The conversations in which anybody spoke; `fresh` are the chats since `start`."""
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
            people = tuple(dict.fromkeys(reading.team.name(chat.author) for chat in own))
            found.append(Place(where=label, messages=len(own), people=people, keys=told, items=held))
    return found
