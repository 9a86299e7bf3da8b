"""Turns the streamed text of an answer into lines for the screen.

Law: the little Markdown models write becomes type; images are not shown, and no link is live that the person did not
type.
"""

from __future__ import annotations

import re

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from app.plain_text import visible

READABLE = 100
_BULLET = re.compile(r"^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_SPANS = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|`([^`]+)`")


class Answer:
    """An answer as it comes: `feed` gives the lines that are whole, `passing` what the unfinished one looks like."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        self._allowed = allowed
        self._open = ""
        self._code = False
        self._begun = False

    def feed(self, chunk: str) -> list[RenderableType]:
        *whole, self._open = (self._open + chunk).split("\n")
        return [line for text in whole for line in self._line(text)]

    def rest(self) -> list[RenderableType]:
        text, self._open = self._open, ""
        return self._line(text) if text.strip() else []

    def passing(self) -> RenderableType:
        return self._set(self._open)

    def _line(self, text: str) -> list[RenderableType]:
        """A whole line, set; none for empty lines before the answer begins and for the fences of code."""
        if not text.strip() and not self._begun:
            return []
        self._begun = True
        if text.lstrip().startswith("```"):
            self._code = not self._code
            return []
        return [self._set(text)]

    def _set(self, text: str) -> RenderableType:
        from graphs.answer import inert

        plain = visible(inert(text, self._allowed))
        if self._code:
            return Padding(Text(plain, style="cyan", overflow="fold"), (0, 0, 0, 4))
        if heading := _HEADING.match(plain):
            return Text(heading[1], style="bold", overflow="fold")
        if bullet := _BULLET.match(plain):
            return _item(len(bullet[1]), bullet[2], bullet[3])
        return _spans(plain)


def _item(indent: int, sign: str, text: str) -> RenderableType:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("•" if sign in "-*+" else sign, _spans(text))
    return Padding(grid, (0, 0, 0, min(indent, 8) + 2))


def _spans(text: str) -> Text:
    """Bold and code, set; everything else stays as it is written."""
    line, at = Text(overflow="fold"), 0
    for found in _SPANS.finditer(text):
        line.append(text[at : found.start()])
        line.append(found[1] or found[2], style="bold" if found[1] else "cyan")
        at = found.end()
    return line.append(text[at:])
