"""HTML files to sections: what a reader would see, headings from h1 to h6."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tools.documents.parsing import cells, plain
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted, bounded

_SKIPPED = ["script", "style", "head", "template", "noscript", "svg", "math", "object", "iframe", "select", "nav"]
_LISTS = frozenset(("ul", "ol"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    ("p", "div", "li", "dt", "dd", "pre", "section", "article", "blockquote", "figcaption", "br", "address", "ul", "ol",
     "header", "footer", "main", "aside", "hr", "form", "details", "summary", "figure", "caption")
)  # fmt: skip
NODES = 400_000
_NUMBER = re.compile(r"\s*(-?\d{1,9})(?!\d)")


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read an HTML file. Raises Unparsable."""
    tree = LexborHTMLParser(plain.decoded(data).replace("\0", ""))
    tree.strip_tags(_SKIPPED, recursive=True)
    for hidden in tree.css("[hidden], [style*='display:none'], [style*='display: none']"):
        hidden.decompose()
    if tree.body is None:
        raise Unparsable("empty")
    writer = _Writer()
    writer.walk(tree.body)
    return bounded(writer.passages(), "section")


@dataclass
class _Line:
    """What stands before it as an item of a list, and its text."""

    mark: str = ""
    text: str = ""


class _Writer:
    """Walks the tree in reading order, without recursion.

    `lists` are those that are open, the innermost last: the number of its next item, None for a list without numbers.
    """

    def __init__(self) -> None:
        self.sections: list[tuple[str, int, list[_Line]]] = [("", 0, [_Line()])]
        self.lists: list[int | None] = []

    def walk(self, root: LexborNode) -> None:
        pending = [(root, False)]
        for _ in range(NODES):
            if not pending:
                return
            node, leaving = pending.pop()
            if leaving:
                self.leave(node)
            elif self.enter(node):
                pending.append((node, True)) if node.tag in _BLOCKS else None
                child = node.last_child
                while child is not None:
                    pending.append((child, False))
                    child = child.prev

    def enter(self, node: LexborNode) -> bool:
        """Write what the node says itself; whether its children are to be walked."""
        if node.is_text_node:
            self.sections[-1][2][-1].text += node.text_content or ""
            return False
        tag = node.tag or ""
        if tag in _HEADINGS:
            title = " ".join((node.text(deep=True) or "").split())
            self.sections.append((title, _HEADINGS[tag], [_Line()])) if title else None
            return False
        if tag == "table" and not node.css_first("table table"):
            rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in node.css("tr")]
            self.sections[-1][2].extend((_Line(text=cells.as_text(rows)), _Line()))
            return False
        if tag in _BLOCKS:
            self.line(self.item(node) if tag == "li" else "")
        if tag in _LISTS:
            self.lists.append(_first(node) if tag == "ol" else None)
        return True

    def leave(self, node: LexborNode) -> None:
        self.line()
        if node.tag in _LISTS:
            self.lists.pop()

    def item(self, node: LexborNode) -> str:
        """What stands before an item, by its own number or by its place in its list."""
        number = self.lists[-1] if self.lists else None
        if number is not None:
            own = _NUMBER.match(node.attributes.get("value") or "")
            number = int(own[1]) if own else number
            self.lists[-1] = number + 1
        return plain.item(number, len(self.lists))

    def line(self, mark: str = "") -> None:
        body = self.sections[-1][2]
        if body[-1].text.strip():
            body.append(_Line(mark))
        elif mark:
            body[-1] = _Line(mark)

    def passages(self) -> list[Passage]:
        numbers = itertools.count(1)
        found = []
        for heading, level, body in self.sections:
            text = "\n".join(line.mark + _tidy(line.text) for line in body if line.text.strip())
            if heading or text:
                found.append(Passage(next(numbers), heading, level, text))
        return found


def _first(node: LexborNode) -> int | None:
    """The number of the first item of an ordered list; None where its items are not counted upwards in figures."""
    given = node.attributes
    if "reversed" in given or (given.get("type") or "1") != "1":
        return None
    start = _NUMBER.match(given.get("start") or "")
    return int(start[1]) if start else 1


def _tidy(part: str) -> str:
    """Lines of a table stay; any other text is one line."""
    if " | " in part and "\n" in part:
        return part
    return " ".join(part.split())
