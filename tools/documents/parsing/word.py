"""Word documents to sections: headings by style, lists, tables in their place, text of insertions, not of deletions."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from tools.documents.parsing import archive, cells
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted, bounded

_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo|kop) ?(\d)", re.IGNORECASE)
_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _TAB, _BREAKS = qn("w:t"), qn("w:tab"), (qn("w:br"), qn("w:cr"))
_WRAPPERS = (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:smartTag"))
_UNSEEN = (qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), "{*}Fallback", qn("w:instrText"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read the whole document. Raises Unparsable."""
    archive.opened(data)
    try:
        document = Document(io.BytesIO(data))
    except (OpcError, SyntaxError, KeyError, ValueError) as error:
        raise Unparsable("broken") from error
    reader = _Reader({style.style_id: style.name or "" for style in document.styles})
    reader.walk(document.element.body)
    return bounded(reader.passages(), "section")


class _Reader:
    """Gathers sections in the order of the text."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.styles = styles
        self.sections: list[tuple[str, int, list[str]]] = [("", 0, [])]

    def walk(self, element: Any) -> None:
        for child in element:
            if child.tag == _P:
                self.paragraph(child)
            elif child.tag == _TABLE:
                self.sections[-1][2].append(cells.as_text(table_rows(child)))
            elif child.tag in _WRAPPERS:
                self.walk(child)

    def paragraph(self, element: Any) -> None:
        text = " ".join(line.strip() for line in "".join(texts(element)).split("\t")).strip()
        if not text:
            return
        properties = element.find(qn("w:pPr"))
        level = self.level(properties)
        if level:
            self.sections.append((" ".join(text.split()), level, []))
            return
        listed = properties is not None and properties.find(qn("w:numPr")) is not None
        self.sections[-1][2].append(f"- {text}" if listed or "list" in self.style(properties).lower() else text)

    def style(self, properties: Any) -> str:
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        return self.styles.get(named.get(qn("w:val")), "") if named is not None else ""

    def level(self, properties: Any) -> int:
        """The depth of a heading, 0 for text; a title is 1 and so is the first level below it."""
        style = self.style(properties)
        found = _HEADING.match(style)
        if found:
            return min(max(int(found[1]), 1), 6)
        outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
        if outline is not None and (outline.get(qn("w:val")) or "9").isdigit():
            depth = int(outline.get(qn("w:val")) or "9")
            return depth + 1 if depth < 6 else 0
        return 1 if style.lower() == "title" else 0

    def passages(self) -> list[Passage]:
        numbers = itertools.count(1)
        return [
            Passage(next(numbers), heading, level, "\n".join(parts).strip())
            for heading, level, parts in self.sections
            if heading or parts
        ]


def texts(element: Any) -> Iterator[str]:
    """The visible text inside an element, in order."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag not in _UNSEEN and child.tag != _FALLBACK:
            yield from texts(child)


def table_rows(table: Any) -> list[tuple[str, ...]]:
    return [
        tuple(" ".join("".join(texts(paragraph)) for paragraph in cell.iter(_P)).strip() for cell in row.iter(_CELL))
        for row in table.iter(_ROW)
    ]
