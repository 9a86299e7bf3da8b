"""The arguments of a call as a person edits them: in their editor, or line by line. Law: every argument can be reached.

What is not set yet is shown beside what is; whether what they wrote fits is for the tool's own schema to say.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import tomli_w

from app.prompt import put
from app.screen import Screen

HEAD = "# {name}: change the values, save, and leave the editor. It is shown again before anything is done.\n"
UNSET = "\n# Not set; to set one, take its # away and give a value:\n"
_EMPTY: Mapping[str, Any] = {"string": "", "array": [], "boolean": False, "integer": 0, "number": 0.0}
Schema = Mapping[str, Any]
"""A JSON schema of an object, its references resolved."""


def edited(
    screen: Screen, action: Mapping[str, Any], schema: Schema, editor: str, begun: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """The arguments as the person changed them; None where nothing was changed, or it cannot be read.

    `action` is an ActionRequest; `schema` says which arguments there are besides those it has; `begun` are the
    arguments as they were typed before, where that was refused.
    """
    stands = _set(action["args"])
    known = _set(begun) if begun else stands
    unset = {name: shape for name, shape in schema.get("properties", {}).items() if name not in known}
    if not editor:
        return _if_changed(_inline(known, unset), stands)
    try:
        text = _written(_page(str(action["name"]), known, unset, schema), str(action["name"]), editor)
    except (OSError, ValueError) as error:  # not there, no program, unbalanced quotes, the file removed
        what = error.strerror if isinstance(error, OSError) else str(error)
        screen.error(
            f"Your editor ({editor}) could not be used: {what}.", "VISUAL or EDITOR names it; edit here instead:"
        )
        return _if_changed(_inline(known, unset), stands)
    try:
        found: dict[str, Any] = plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        screen.error(f"What you saved cannot be read: {error}.", "Choose e again; nothing was approved.")
        return None
    return _if_changed(found, stands)


def _set(args: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in args.items() if value is not None}


def _if_changed(found: dict[str, Any] | None, known: Mapping[str, Any]) -> dict[str, Any] | None:
    if found == dict(known):
        put("  Nothing was changed.")
        return None
    return found


def plain(value: Any) -> Any:
    """What TOML gave as JSON has it: a date or a time, written without quotes, as its text (ISO 8601)."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _page(name: str, known: Mapping[str, Any], unset: Mapping[str, Schema], schema: Schema) -> str:
    """What the editor shows, as TOML; what is unset stands first, since a table would swallow what follows it."""
    lines = "".join(f"# {other} = {_literal(_sample(shape))}{_about(shape)}\n" for other, shape in unset.items())
    parts = "".join(f"# {line}\n" for other in known for line in _within(other, schema))
    offered = f"{UNSET}{lines}" if lines else ""
    values = tomli_w.dumps(dict(known), multiline_strings=True)
    return f"{HEAD.format(name=name)}{offered}{parts}\n{values}"


def _within(name: str, schema: Schema) -> Iterator[str]:
    """What each part of a list may hold."""
    items = schema.get("properties", {}).get(name, {}).get("items", {})
    if fields := items.get("properties"):
        yield f"Each of {name} may hold: {', '.join(fields)}."


def _sample(shape: Schema) -> Any:
    default = shape.get("default")
    if default is not None:
        return default
    choices = shape.get("enum")
    return choices[0] if choices else _EMPTY.get(_kind(shape), "")


def _kind(shape: Schema) -> str:
    kinds = [one.get("type", "") for one in shape.get("anyOf", [shape])]
    return str(kinds[0]) if kinds else ""


def _literal(value: Any) -> str:
    return tomli_w.dumps({"x": value}).removeprefix("x = ").strip() if not isinstance(value, dict) else "{}"


def _about(shape: Schema) -> str:
    """What helps to fill it in: its description, its choices, the form of a time."""
    told = [" ".join(str(shape.get("description", "")).split())]
    told += [f"one of {', '.join(map(str, shape['enum']))}"] if "enum" in shape else []
    forms = {one.get("format") for one in (shape, *shape.get("anyOf", ()))}
    told += ["as 2026-03-12T09:00:00+01:00"] if "date-time" in forms else []
    said = "; ".join(part.rstrip(".") for part in told if part)
    return f"  # {said}" if said else ""


def _written(page: str, name: str, editor: str) -> str:
    """The page through the editor, in a private file that is gone afterwards."""
    import shlex
    import subprocess

    with tempfile.TemporaryDirectory(prefix="valet-") as folder:
        file = Path(folder) / f"{name}.toml"
        file.write_text(page, encoding="utf-8")
        ended = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the person's own editor
        return page if ended.returncode else file.read_text(encoding="utf-8", errors="replace")  # as `:cq` in vim


def _inline(args: Mapping[str, Any], unset: Mapping[str, Schema]) -> dict[str, Any] | None:
    """Each argument in turn, an empty line keeps it; then those of the unset ones that are named. None for Ctrl-C."""
    put("  Enter keeps a value; \\n stands for a line break.")
    changed = dict(args)
    try:
        for name, value in args.items():
            if said := input(f"  {name} [{_short(value)}]: ").strip():
                changed[name] = _typed(said, value)
        while left := [name for name in unset if name not in changed]:
            name = input(f"  also {', '.join(left)} (name one to set it, or Enter): ").strip().lower()
            if not name:
                break
            if name not in left:
                put(f"  There is no {name!r} to set.")
            elif said := input(f"  {name}: ").strip():
                changed[name] = _typed(said, _EMPTY.get(_kind(unset[name]), ""))
    except (EOFError, KeyboardInterrupt):
        put()
        return None
    return changed


def _short(value: Any) -> str:
    listed = isinstance(value, list) and all(isinstance(part, str) for part in value)
    text = (", ".join(value) if listed else str(value)).replace("\n", "\\n")
    return text if len(text) <= 60 else text[:57] + "…"


def _typed(said: str, before: Any) -> Any:
    """What was typed, in the shape of what it replaces; what does not fit is refused by the tool's schema."""
    if isinstance(before, str):
        return said.replace("\\n", "\n")
    if isinstance(before, list):
        return [part.strip() for part in said.split(",") if part.strip()]
    try:
        return plain(tomllib.loads(f"value = {said}")["value"])
    except tomllib.TOMLDecodeError:
        return said
