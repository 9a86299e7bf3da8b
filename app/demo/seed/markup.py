"""The little Markdown the documents of the demo data are written in, as blocks, plain text and HTML.

Known are headings (#, ##), bullets (-), tables (| a | b |) and paragraphs; **bold** and the like stays in Markdown
alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

Kind = Literal["heading", "bullet", "row", "paragraph"]
_RULE = re.compile(r"^\|[\s|:-]+\|$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Block:
    """One line of a document: `level` of a heading (1, 2), `cells` of a table's row, else `text`."""

    kind: Kind
    text: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()


def blocks(source: str) -> list[Block]:
    """The lines of a document, blank ones left out."""
    return [_block(line.strip()) for line in source.splitlines() if line.strip() and not _RULE.match(line.strip())]


def _block(line: str) -> Block:
    text = _BOLD.sub(r"\1", line)
    if line.startswith("#"):
        return Block("heading", text.lstrip("# "), level=len(line) - len(line.lstrip("#")))
    if line.startswith("- "):
        return Block("bullet", text[2:])
    if line.startswith("|"):
        cells = tuple(cell.strip() for cell in text.strip("|").split("|"))
        return Block("row", " \t".join(cells), cells=cells)
    return Block("paragraph", text)


def plain(source: str) -> str:
    """The words alone, a line for each block."""
    return "\n".join(f"* {block.text}" if block.kind == "bullet" else block.text for block in blocks(source)) + "\n"


def page(title: str, source: str) -> str:
    """A web page of the document."""
    body = "".join(_grouped(blocks(source)))
    return f'<html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>{body}</body></html>'


def _grouped(found: list[Block]) -> Iterator[str]:
    for kind, group in groupby(found, key=lambda block: block.kind):
        if kind == "bullet":
            yield f"<ul>{''.join(f'<li>{escape(block.text)}</li>' for block in group)}</ul>"
        elif kind == "row":
            yield f"<table>{''.join(_row(block) for block in group)}</table>"
        else:
            yield from (_line(block) for block in group)


def _row(block: Block) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in block.cells)}</tr>"


def _line(block: Block) -> str:
    tag = f"h{block.level}" if block.kind == "heading" else "p"
    return f"<{tag}>{escape(block.text)}</{tag}>"
