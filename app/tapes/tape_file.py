"""Tapes as files: YAML a person can read and compare. Law: a file that is not whole, or not as written, is refused.

The file ends with a digest of every block of lines (a top-level key, or one item of a list), so that what was changed
or is missing is named by its line. It keeps accidents out, not forgers.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.tapes.tape import VERSION, Tape
from app.tapes.tape_error import TapeError

SUFFIX = ".tape.yaml"
WIDTH = 120
_FIRST = re.compile(r"tape: (\d+)")
_KEY = re.compile(r"([a-z]+):")
_SEAL = "seal:"
_DIGITS = 8
_AGAIN = "Record it again, or fetch the file anew."


@dataclass(frozen=True)
class _Block:
    """Lines that belong together. `line` counts from 1; `index` is that of an item in the list `key`."""

    line: int
    key: str
    index: int | None
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:_DIGITS]


def write(path: Path, tape: Tape) -> None:
    """Replace the file in one step; readable by its owner alone, since it holds a conversation."""
    beside = path.with_name(f".{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(text_of(tape), encoding="utf-8", newline="\n")
    os.replace(beside, path)  # noqa: PTH105 - the same


def text_of(tape: Tape) -> str:
    """The file's whole text."""
    body = dumped({"tape": tape.tape, **tape.model_dump(mode="json", exclude_defaults=True)})
    digests = [block.digest for block in _blocks(body.splitlines())]
    rows = (" ".join(digests[i : i + 12]) for i in range(0, len(digests), 12))
    return "".join([body, f"{_SEAL} |\n", *(f"  {row}\n" for row in rows), "  end\n"])


def dumped(value: Any) -> str:
    """A value as YAML, texts of several lines as such."""
    import yaml  # type: ignore[import-untyped]  # 15 ms

    class Dumper(yaml.CSafeDumper):  # type: ignore[misc]  # untyped
        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: Any, data: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|" if "\n" in data else None)

    Dumper.add_representer(str, text)
    Dumper.add_multi_representer(str, text)  # what messages give as their text is of a class of its own
    written: str = yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)
    return written


def read(path: Path) -> Tape:
    """The tape of a file. Raises TapeError with the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # as an editor may have written it
    except (OSError, UnicodeDecodeError) as error:
        raise TapeError(f"{path} cannot be read: {error}.", "Name a file that `valet tapes record` wrote.") from error
    return parsed(text, str(path))


def parsed(text: str, name: str) -> Tape:
    """The tape of a file's text. Raises TapeError."""
    lines = text.splitlines()
    first = _FIRST.fullmatch(lines[0]) if lines else None
    if first is None:
        raise TapeError(f"{name}, line 1: this is no tape of Valet.", f"A tape begins with {f'tape: {VERSION}'!r}.")
    if int(first[1]) != VERSION:
        raise TapeError(
            f"{name}, line 1: the tape is of format {first[1]}, and this Valet reads format {VERSION}.",
            "Replay it with the Valet that wrote it, or record it again.",
        )
    blocks = _sealed(lines, name)
    return _valid("\n".join(lines[: _end(lines)]) + "\n", blocks, name)


def _end(lines: list[str]) -> int:
    """Where the seal begins: the number of lines before it; all of them where there is none."""
    return next((i for i, line in enumerate(lines) if line.startswith(_SEAL)), len(lines))


def _sealed(lines: list[str], name: str) -> list[_Block]:
    """The blocks, each as it was written. Raises TapeError."""
    end = _end(lines)
    if lines[-1] != "  end" and "  end" in lines[end:]:
        added = end + lines[end:].index("  end") + 2
        raise TapeError(f"{name}, line {added}: the tape ends before this line.", _AGAIN)
    if end == len(lines) or lines[-1] != "  end":
        raise TapeError(f"{name}, line {len(lines)}: the tape breaks off here.", _AGAIN)
    blocks = _blocks(lines[:end])
    stated = " ".join(lines[end + 1 : -1]).split()
    for block, digest in zip(blocks, stated, strict=False):
        if block.digest != digest:
            raise TapeError(
                f"{name}, line {block.line}: what begins here ({_called(block)}) is not as it was recorded.",
                f"A tape is not edited by hand: {_AGAIN[0].lower()}{_AGAIN[1:]}",
            )
    if len(blocks) != len(stated):
        more = blocks[len(stated)].line if len(blocks) > len(stated) else end
        raise TapeError(f"{name}, line {more}: lines were added or are missing from here on.", _AGAIN)
    return blocks


def _called(block: _Block) -> str:
    return block.key if block.index is None else f"{block.key}, number {block.index + 1}"


def _blocks(lines: list[str]) -> list[_Block]:
    """The lines by block; a line that begins at the margin begins one."""
    starts = [i for i, line in enumerate(lines) if line[:1] not in ("", " ")]
    key, index, found = "", -1, []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        named = _KEY.match(lines[start])
        key, index = (named[1], -1) if named else (key, index + 1)
        found.append(_Block(start + 1, key, None if named else index, "\n".join(lines[start:stop])))
    return found


def _valid(text: str, blocks: list[_Block], name: str) -> Tape:
    value = _loaded(text, name)
    try:
        return Tape.model_validate(value)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        key, number = (*wrong["loc"], None, None)[:2]
        lines = [b.line for b in blocks if b.key == key and (b.index is None or str(b.index) == str(number))]
        where, said = ".".join(map(str, wrong["loc"])), wrong["msg"].removeprefix("Value error, ")
        raise TapeError(f"{name}, line {max(lines, default=1)}: {where}: {said}.", _AGAIN) from error


def _loaded(text: str, name: str) -> Any:
    import yaml
    from yaml.reader import ReaderError  # type: ignore[import-untyped]

    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line, why = error.problem_mark.line + 1 if error.problem_mark else 1, error.problem
    except ReaderError as error:
        line, why = text.count("\n", 0, error.position) + 1, error.reason
    except ValueError as error:
        line, why = 1, f"a value cannot be read: {error}"
    raise TapeError(f"{name}, line {line}: this is no YAML ({why}).", _AGAIN)
