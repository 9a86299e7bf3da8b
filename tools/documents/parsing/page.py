"""HTML files to sections: what a reader would see, headings from h1 to h6."""

from __future__ import annotations

import itertools

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tools.documents.parsing import cells, plain
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted, bounded

_SKIPPED = ["script", "style", "head", "template", "noscript", "svg", "math", "object", "iframe", "select", "nav"]
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    ("p", "div", "li", "dt", "dd", "pre", "section", "article", "blockquote", "figcaption", "br", "address", "ul", "ol",
     "header", "footer", "main", "aside", "hr", "form", "details", "summary", "figure", "caption")
)  # fmt: skip
NODES = 400_000


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


class _Writer:
    """Walks the tree in reading order, without recursion."""

    def __init__(self) -> None:
        self.sections: list[tuple[str, int, list[str]]] = [("", 0, [""])]

    def walk(self, root: LexborNode) -> None:
        pending = [(root, False)]
        for _ in range(NODES):
            if not pending:
                return
            node, leaving = pending.pop()
            if leaving:
                self.line()
            elif self.enter(node):
                pending.append((node, True)) if node.tag in _BLOCKS else None
                child = node.last_child
                while child is not None:
                    pending.append((child, False))
                    child = child.prev

    def enter(self, node: LexborNode) -> bool:
        """Write what the node says itself; whether its children are to be walked."""
        if node.is_text_node:
            self.sections[-1][2][-1] += node.text_content or ""
            return False
        tag = node.tag or ""
        if tag in _HEADINGS:
            title = " ".join((node.text(deep=True) or "").split())
            self.sections.append((title, _HEADINGS[tag], [""])) if title else None
            return False
        if tag == "table" and not node.css_first("table table"):
            rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in node.css("tr")]
            self.sections[-1][2].extend((cells.as_text(rows), ""))
            return False
        if tag in _BLOCKS:
            self.line("- " if tag == "li" else "")
        return True

    def line(self, start: str = "") -> None:
        body = self.sections[-1][2]
        if body[-1].strip() and body[-1] != "- ":
            body.append(start)
        elif start:
            body[-1] = start

    def passages(self) -> list[Passage]:
        numbers = itertools.count(1)
        found = []
        for heading, level, body in self.sections:
            text = "\n".join(line for line in (_tidy(part) for part in body) if line and line != "-")
            if heading or text:
                found.append(Passage(next(numbers), heading, level, text))
        return found


def _tidy(part: str) -> str:
    """Lines of a table stay; any other text is one line."""
    if " | " in part and "\n" in part:
        return part
    return " ".join(part.split())
