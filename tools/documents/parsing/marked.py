"""Markdown, also as Google Docs exports it, to sections."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.documents.parsing import plain
from tools.documents.parsing.parsed import Parsed, Passage, Wanted, bounded

CODE = "    "
"""Before each line of code, as in Markdown itself."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PICTURE_DATA = re.compile(r"^(\[[^\]\n]{1,80}\]:)\s*<?data:image/[^>\n]*>?[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.*?-->", re.DOTALL)
_ANCHOR = re.compile(r"\s*\{#[\w.-]{1,80}\}\s*$")


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read a Markdown text. Raises Unparsable."""
    text = _PICTURE_DATA.sub(r"\1 picture", plain.decoded(data))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return bounded(list(_passages(tokens)), "section")


def _passages(tokens: Sequence[Token]) -> Iterator[Passage]:
    numbers = itertools.count(1)
    heading, level, body = "", 0, list[str]()
    for kind, text, depth in _blocks(tokens):
        if kind != "heading":
            body.append(text)
            continue
        if heading or body:
            yield Passage(next(numbers), heading, level, "\n".join(body).strip("\n"))
        heading, level, body = text, depth, []
    if heading or body:
        yield Passage(next(numbers), heading, level, "\n".join(body).strip("\n"))


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """(what it is, its text, depth of a heading) of each block."""
    opened: list[Token] = []
    row: list[str] = []
    items = _Items()
    for token in tokens:
        items.see(token)
        if token.nesting > 0:
            opened.append(token)
        elif token.nesting < 0:
            opened.pop()
            if token.type == "tr_close":
                yield "row", " | ".join(row), 0
                row = []
        elif token.type in ("fence", "code_block"):
            yield "code", textwrap.indent(token.content.rstrip(), CODE), 0
        elif token.type == "inline":
            text = _inline(token)
            inside = opened[-1].tag if opened else ""
            if inside in ("th", "td"):
                row.append(text)
            elif inside in HEADINGS:
                yield from _heading(text, int(inside[1]))
            elif text:
                yield "text", f"{items.mark()}{text}", 0


class _Items:
    """The lists that are open, the innermost last: the number of its next item, None for a list without numbers."""

    def __init__(self) -> None:
        self._next: list[int | None] = []
        self._fresh = ""

    def see(self, token: Token) -> None:
        if token.type == "ordered_list_open":
            self._next.append(int(token.attrs.get("start", 1)))
        elif token.type == "bullet_list_open":
            self._next.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            self._next.pop()
        elif token.type == "list_item_open":
            number = self._next[-1]
            self._fresh = plain.item(number, len(self._next), token.markup)
            self._next[-1] = None if number is None else number + 1

    def mark(self) -> str:
        """What stands before the first text of an item; "" before any other."""
        mark, self._fresh = self._fresh, ""
        return mark


def _heading(text: str, level: int) -> Iterator[tuple[str, str, int]]:
    """A heading; exports hold empty ones, which say nothing."""
    title = _ANCHOR.sub("", " ".join(text.split()))
    if title:
        yield "heading", title, level


def _inline(token: Token) -> str:
    """What a reader would see of a line: no marks, no addresses of links, no pictures."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
    return _TAG.sub("", "".join(parts)).strip()
