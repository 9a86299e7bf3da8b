"""Cuts an iCalendar file into its components without trusting it: one broken component spoils no other (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.demo.importing.sources import BOMS

LONGEST_COMPONENT = 2_000_000
LONGEST_LINE = 1_000_000
OUTSIDE = -1


@dataclass
class Component:
    """One component right below a VCALENDAR. `calendar` counts the calendars of the file (OUTSIDE: in none)."""

    name: str
    calendar: int
    text: str = ""
    problem: str = ""


@dataclass
class Property:
    """One property line of the calendar itself (X-WR-CALNAME …); `VCALENDAR` tells that a calendar begins."""

    name: str
    value: str
    calendar: int


@dataclass
class _Cut:
    """Where the cutting stands: the calendar, the open components, the lines of the outermost one below it."""

    calendar: int = OUTSIDE
    count: int = 0
    open: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    size: int = 0


def components(source: IO[bytes]) -> Iterator[Component | Property]:
    """Everything of a file, in its order."""
    cut = _Cut()
    for line in _unfolded(source):
        name, _, value = line.partition(":")
        word, value = name.strip().upper(), value.strip()
        if word == "BEGIN":
            yield from _begin(cut, value.upper(), line)
        elif word == "END":
            yield from _end(cut, value.upper(), line)
        elif cut.open:
            _keep(cut, line)
        elif cut.calendar != OUTSIDE and line.strip():
            yield Property(word.partition(";")[0], value, cut.calendar)
    if cut.open:
        yield _finished(cut, "the file ends in the middle of it")


def open_text(path: Path) -> IO[bytes]:
    """The file as UTF-8 bytes, past a byte order mark; a UTF-16 file is converted in memory."""
    source = path.open("rb")
    start = source.read(3)
    if start.startswith(BOMS[1:]):
        from io import BytesIO

        with source:
            return BytesIO((start + source.read()).decode("utf-16", "replace").encode())
    source.seek(3 if start == BOMS[0] else 0)
    return source


def _begin(cut: _Cut, name: str, line: str) -> Iterator[Component | Property]:
    if name == "VCALENDAR":
        if cut.open:
            yield _finished(cut, "another calendar begins in the middle of it")
        cut.count += 1
        cut.calendar = cut.count - 1
        yield Property(name, "", cut.calendar)
        return
    if cut.open and name == cut.open[0]:
        yield _finished(cut, "it is not closed before the next one begins")
    cut.open.append(name)
    _keep(cut, line)


def _end(cut: _Cut, name: str, line: str) -> Iterator[Component]:
    if name == "VCALENDAR":
        if cut.open:
            yield _finished(cut, "it is not closed before the calendar ends")
        cut.calendar = OUTSIDE
    elif name in cut.open:
        while cut.open.pop() != name:
            _keep(cut, f"END:{name}")
        _keep(cut, line)
        if not cut.open:
            yield _finished(cut, "")


def _keep(cut: _Cut, line: str) -> None:
    cut.size += len(line)
    if cut.size <= LONGEST_COMPONENT:
        cut.lines.append(line)


def _finished(cut: _Cut, problem: str) -> Component:
    if not problem and cut.size > LONGEST_COMPONENT:
        problem = "it is larger than 2 MB"
    name = cut.open[0] if cut.open else cut.lines[0].partition(":")[2].strip().upper()
    found = Component(name, cut.calendar, "\r\n".join(cut.lines), problem)
    cut.open, cut.lines, cut.size = [], [], 0
    return found


def _unfolded(source: IO[bytes]) -> Iterator[str]:
    """Content lines, put together while still bytes: a fold may cut a character in two."""
    line = b""
    for piece in iter(lambda: source.readline(LONGEST_LINE), b""):
        for part in piece.rstrip(b"\r\n").split(b"\r"):
            if part[:1] in (b" ", b"\t") and len(line) < LONGEST_LINE:
                line += part[1:]
            else:
                yield _text(line)
                line = part
    yield _text(line)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
