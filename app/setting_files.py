"""Reads the two files that hold settings, `.env` and `config.toml`, and knows the line of every value."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import datetime
from pathlib import Path

from app.setting_rows import ROWS, SettingsError

Given = dict[str, tuple[str, str]]
"""Name of a setting -> its text, and the place it stands in."""


def dotenv(path: Path) -> Given:
    """The settings in a `.env`, and what is named like one; other names there are other programs' and left alone."""
    from dotenv.parser import parse_stream

    given: Given = {}
    with path.open(encoding="utf-8") as stream:
        for binding in parse_stream(stream):
            place = f"{path} line {binding.original.line}"
            if binding.error:
                raise SettingsError(
                    f"{place} is not NAME=value: {binding.original.string.strip()[:20]!r}…", "Correct it."
                )
            if binding.key and (binding.key in ROWS or binding.key.startswith("VALET_")):
                given[binding.key] = binding.value or "", place
    return given


def config(path: Path) -> Given:
    """The settings in a config.toml; every key there must be one of ours."""
    text = path.read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}.", "Correct that line; texts stand in quotes."
        ) from None
    names = {row.key: row.name for row in ROWS.values() if row.name != "VALET_HOME"}
    given: Given = {}
    for key, value in table.items():
        place = f"{path} line {_line_of(key, text)}"
        if key not in names:
            raise SettingsError(f"{place} has the key {key!r}, which is no setting.", nearest(key, list(names)))
        given[names[key]] = _text(value, place, key, several=ROWS[names[key]].several), place
    return given


def _text(value: object, place: str, key: str, *, several: bool) -> str:
    if several and isinstance(value, list):
        return ",".join(_text(one, place, key, several=False) for one in value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SettingsError(
            f"{place}: {key!r} holds a {type(value).__name__}.", "Give it a text in quotes, or a number."
        )
    return str(value)


def _line_of(key: str, text: str) -> int:
    found = re.search(rf"^\s*\[?\s*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def nearest(key: str, known: list[str]) -> str:
    """What to do about a name that is no setting."""
    if key == "home":
        return "The file lies in that folder: set VALET_HOME in the environment instead."
    near = difflib.get_close_matches(key, known, 1)
    return f"Did you mean {near[0]!r}?" if near else f"Remove it, or use one of: {', '.join(known)}."
