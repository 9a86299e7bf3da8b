"""Asks the person about what waits for a decision, in the terminal. Law: what is not clearly a yes approves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.aside import asks_else
from app.editing import Schema, edited
from app.prompt import forget_typed, put
from app.screen import Screen
from app.screen_card import consents, writes
from graphs.card import Item
from graphs.decisions import NO, YES

KEYS = "[y]es  [n]o  [e]dit  or say what to change"
ASIDE = "  That is a request of its own, and this card is still open.\n  Say y, n or e first; then ask it again."
KEPT = (
    "Your change was not taken: this is as it was before. e goes on with what you typed; y approves what stands here."
)
LATER = "It waits until {until}: /approvals here, `valet approve {id}` anywhere. A new request here withdraws it."


class Left(Exception):
    """The person did not decide now."""


def decide(
    screen: Screen,
    pending: Mapping[str, Any],
    editor: str,
    reads: Callable[[str], bool],
    typed: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """The decision of each item of a card, by id. Raises Left where the person leaves it for later.

    `reads` says of a line whether the planner takes it for a request to look something up. `typed` keeps, by id, the
    arguments the person has given: where they were refused, the next edit begins with them.
    """
    items = [Item.model_validate(item) for item in pending["valet"]["items"]]
    actions = pending["action_requests"]
    schemas = {one["action_name"]: one.get("args_schema", {}) for one in pending["review_configs"]}
    screen.draw(writes(items, pending["valet"]["problem"]))
    forget_typed()
    answers: dict[str, Any] = {}
    if any(item.id in typed for item in items):
        screen.say(KEPT, "notice")
    for number, (item, action) in enumerate(zip(items, actions, strict=True), 1):
        count = f"{number} of {len(items)}: " if len(items) > 1 else ""
        begun = typed.get(item.id, action["args"])
        asked = Question(screen, f"  {count}{KEYS} ", action, schemas[action["name"]], editor, reads, begun)
        answers[item.id] = decided = _one(asked)
        if decided["type"] == "edit":
            typed[item.id] = decided["edited_action"]["args"]
    return answers


def later(pending: Mapping[str, Any]) -> str:
    """What is said to a person who leaves a card."""
    first = Item.model_validate(pending["valet"]["items"][0])
    return LATER.format(until=f"{first.expires:%a %d %b %H:%M}", id=first.id)


@dataclass(frozen=True)
class Question:
    """What is asked about one item. `begun` are the arguments an edit begins with."""

    screen: Screen
    question: str
    action: Mapping[str, Any]
    schema: Schema
    editor: str
    reads: Callable[[str], bool]
    begun: Mapping[str, Any]


def _one(asked: Question) -> dict[str, Any]:
    name = asked.action["name"]
    while True:
        said = _asked(asked.question)
        plain = said.lower().strip(".!")
        if plain in YES:
            return {"type": "approve"}
        if plain in NO:
            return {"type": "reject", "message": ""}
        if plain in ("e", "edit"):
            changed = edited(asked.screen, asked.action, asked.schema, asked.editor, asked.begun)
            if changed is not None:
                return {"type": "edit", "edited_action": {"name": name, "args": changed}}
        elif len(said.split()) > 1 and asks_else(said, asked.reads):
            put(ASIDE)
        elif len(said.split()) > 1:
            return {"type": "respond", "message": said}
        else:
            put("  Say y, n or e, or in a few words what to change; Ctrl-D leaves it for later.")


def _asked(question: str) -> str:
    """A line that says something. Raises Left."""
    while True:
        try:
            said = input(question).strip()
        except (EOFError, KeyboardInterrupt):
            put()
            raise Left from None
        if said:
            return said


def consent(screen: Screen, pending: Mapping[str, Any], open_page: Callable[[str], None]) -> dict[str, bool]:
    """The person's answer to permissions that are missing. `open_page` opens a page of ours in a browser.

    Raises Left.
    """
    screen.draw(consents(pending["valet"]))
    forget_typed()
    items = pending["valet"]["items"]
    answers: dict[str, bool] = {}
    for number, item in enumerate(items, 1):
        count = f"{number} of {len(items)}: {item['connection']} ({item['capability']}). " if len(items) > 1 else ""
        answers[item["id"]] = _agreed(f"  {count}Open the page in your browser? [y]es  [n]o ")
    for item in items:
        if answers[item["id"]]:
            open_page(item["page"])
    return answers


def _agreed(question: str) -> bool:
    """A plain yes or no; whatever else is asked about again. Raises Left."""
    while True:
        said = _asked(question).lower().strip(".!")
        if said in YES or said in NO:
            return said in YES
        put("  Say y or n; Ctrl-D leaves it.")


def needed(pending: Mapping[str, Any], thread: str) -> tuple[str, str]:
    """What a program that cannot ask says of a pause: what waits, and what to do next."""
    talk = f"`valet chat --thread {thread}`"
    if pending["valet"]["kind"] != "consent":
        return "This waits for your decision.", f"Open it with {talk}."
    items = pending["valet"]["items"]
    what = "; ".join(f"{item['connection']} to {item['reason']}" for item in items)
    named: dict[str, list[str]] = {}
    for item in items:
        named.setdefault(item["connection"], []).append(f"--for {item['capability']}")
    commands = " and ".join(f"`valet connect {one} {' '.join(which)}`" for one, which in named.items())
    return f"This needs a permission that you have not given: {what}.", f"{commands}; then ask again, or {talk}."
