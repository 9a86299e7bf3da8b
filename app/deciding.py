"""Asks the person about what waits for a decision, in the terminal. Law: what is not clearly a yes approves nothing."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from app.prompt import put
from app.screen import Screen
from app.screen_card import consents, writes
from graphs.card import Item
from graphs.decisions import NO, YES

KEYS = "[y]es  [n]o  [e]dit  or say what to change"
LATER = "It waits until {until}: /approvals here, `valet approve {id}` anywhere. A new request here withdraws it."


class Left(Exception):
    """The person did not decide now."""


def decide(screen: Screen, pending: Mapping[str, Any], editor: str) -> dict[str, Any]:
    """The decision of each item of a card, by id. Raises Left where the person leaves it for later."""
    items = [Item.model_validate(item) for item in pending["valet"]["items"]]
    actions = pending["action_requests"]
    screen.draw(writes(items, pending["valet"]["problem"]))
    answers: dict[str, Any] = {}
    for number, (item, action) in enumerate(zip(items, actions, strict=True), 1):
        count = f"{number} of {len(items)}: " if len(items) > 1 else ""
        answers[item.id] = _one(screen, f"  {count}{KEYS} ", dict(action), editor)
    return answers


def later(pending: Mapping[str, Any]) -> str:
    """What is said to a person who leaves a card."""
    first = Item.model_validate(pending["valet"]["items"][0])
    return LATER.format(until=f"{first.expires:%a %d %b %H:%M}", id=first.id)


def _one(screen: Screen, question: str, action: dict[str, Any], editor: str) -> dict[str, Any]:
    while True:
        said = _asked(question)
        plain = said.lower().strip(".!")
        if plain in YES:
            return {"type": "approve"}
        if plain in NO:
            return {"type": "reject", "message": ""}
        if plain in ("e", "edit"):
            edited = _edited(screen, action, editor)
            if edited is not None:
                return {"type": "edit", "edited_action": {"name": action["name"], "args": edited}}
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


def _edited(screen: Screen, action: Mapping[str, Any], editor: str) -> dict[str, Any] | None:
    """The arguments as the person changed them; None where nothing was changed, or it cannot be read."""
    known = {name: value for name, value in action["args"].items() if value is not None}
    if not editor:
        return _inline(known)
    try:
        text = _written(known, str(action["name"]), editor)
    except (OSError, ValueError) as error:  # not there, no program, unbalanced quotes, the file removed
        what = error.strerror if isinstance(error, OSError) else str(error)
        screen.error(
            f"Your editor ({editor}) could not be used: {what}.", "VISUAL or EDITOR names it; edit here instead:"
        )
        return _inline(known)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        screen.error(f"What you saved cannot be read: {error}.", "Choose e again; nothing was approved.")
        return None
    if found == known:
        put("  Nothing was changed.")
        return None
    return found


def _written(args: Mapping[str, Any], name: str, editor: str) -> str:
    """The arguments through the editor, as TOML in a private file that is gone afterwards."""
    import shlex
    import subprocess

    with tempfile.TemporaryDirectory(prefix="valet-") as folder:
        file = Path(folder) / f"{name}.toml"
        head = f"# {name}: change the values, save, and leave the editor. It is shown again before anything is done.\n"
        file.write_text(head + tomli_w.dumps(dict(args), multiline_strings=True), encoding="utf-8")
        before = file.read_text(encoding="utf-8")
        ended = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the person's own editor
        return before if ended.returncode else file.read_text(encoding="utf-8", errors="replace")  # as `:cq` in vim


def _inline(args: Mapping[str, Any]) -> dict[str, Any] | None:
    """Each argument in turn; an empty line keeps it."""
    put("  Enter keeps a value; \\n stands for a line break.")
    changed = dict(args)
    for name, value in args.items():
        try:
            said = input(f"  {name} [{_short(value)}]: ").strip()
        except (EOFError, KeyboardInterrupt):
            put()
            return None
        if said:
            changed[name] = _typed(said, value)
    if changed == dict(args):
        put("  Nothing was changed.")
        return None
    return changed


def _short(value: Any) -> str:
    text = str(value).replace("\n", "\\n")
    return text if len(text) <= 60 else text[:57] + "…"


def _typed(said: str, before: Any) -> Any:
    """What was typed, in the shape of what it replaces; what does not fit is refused by the tool's schema."""
    if isinstance(before, str):
        return said.replace("\\n", "\n")
    if isinstance(before, list):
        return [part.strip() for part in said.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {said}")["value"]
    except tomllib.TOMLDecodeError:
        return said


def consent(screen: Screen, pending: Mapping[str, Any], open_page: Callable[[str], None]) -> dict[str, bool]:
    """The person's answer to permissions that are missing. `open_page` opens a page of ours in a browser.

    Raises Left.
    """
    screen.draw(consents(pending["valet"]))
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
