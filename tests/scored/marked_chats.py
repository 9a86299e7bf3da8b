"""The marks of the channels: action items found, by whom, what, by when, done or open; nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.scored.chats import Chat, chats, people
from tests.scored.corpus import table
from tests.scored.marks import Mark, due_is, faithful, holds, said_due
from tools.channels.actions_finding import ActionsFinding
from tools.channels.facts import ActionItem


def marks(finding: ActionsFinding) -> Iterator[Mark]:
    """All marks; a half is told by channel, day and time of a message."""
    truth = table("slack", "truth.toml")
    by_id = {chat.id: chat for chat in chats()}
    key_of = {chat.key: chat for chat in by_id.values()}
    unknown = {*truth["unclear"], *(row["at"] for row in truth["action"])} - key_of.keys()
    assert not unknown, f"no such messages: {sorted(unknown)}"
    true = {key_of[row["at"]].id for row in truth["action"]}
    unclear = {key_of[key].id for key in truth["unclear"]}
    for item in finding.items:
        covers = {item.said.id, *item.covers}
        if not covers & unclear - true:
            yield Mark("action items: precision", by_id[item.said.id].key, bool(covers & true), _shown(item))
        yield from _faithful(item, by_id)
    for row in truth["action"]:
        yield from _found(row, key_of[row["at"]], finding)


def _found(row: dict[str, Any], chat: Chat, finding: ActionsFinding) -> Iterator[Mark]:
    key, loose = row["at"], row.get("loose", ())
    item = next((item for item in finding.items if chat.id in (item.said.id, *item.covers)), None)
    yield Mark("action items: recall", key, item is not None, chat.text)
    if item is None:
        return
    yield Mark("who is right", key, _who(item, row["who"]), f"{row['who']}: {_shown(item)}")
    yield Mark(
        "what is right", key, all(holds(item.what, word) for word in row["what"]), f"{row['what']}: {_shown(item)}"
    )
    if "due" not in loose:
        right = due_is(item.due, row.get("due", ""))
        yield Mark("by when is right", key, right, f"{row.get('due')}, said {said_due(item.due)}: {_shown(item)}")
    done = row.get("done", False)
    yield Mark("done told from open", key, bool(item.done) == done, f"done: {done}, said {item.done!r}: {_shown(item)}")


def _who(item: ActionItem, handles: list[str]) -> bool:
    """Whether one of those who are to do it is named, and nobody else."""
    names = people()
    named = {handle for handle, name in names.items() if name.split()[0].casefold() in item.who.casefold()}
    named |= {"mara"} if item.mine else set()
    return bool(named) and named <= set(handles)


def _faithful(item: ActionItem, by_id: dict[str, Chat]) -> Iterator[Mark]:
    names = people()

    def spelt(found: re.Match[str]) -> str:
        return names.get(found[1], found[1])

    said = [by_id[one].text for one in {item.said.id, *item.covers} if one in by_id]
    sources = [*said, *(re.sub(r"@(\w+)", spelt, text) for text in said)]
    yield from faithful("claims that stand in a message", by_id[item.said.id].key, [item.what], sources)


def _shown(item: ActionItem) -> str:
    return f"{item.who!r} to {item.what!r}, out of {item.said.text!r}"
