"""HTML of a mail to text: what a reader would see, with tables readable, and earlier mail marked for `quotes`.

Law: tolerates any input, in time linear in it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from operator import itemgetter
from typing import TYPE_CHECKING

from tools.mail.look import Look, Looks, Sheet, read_sheet
from tools.text.characters import visible

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    _Around = tuple[LexborNode, Look, str]
    """An element that is being read, and how it stands: in which look, directly within which element."""

CUT = "\x02"
"""Stands alone on a line: an earlier mail starts here. Cannot come from a mail: `visible` removes controls."""
MAYBE = "\x03"
"""Starts a line of a block quote that no mail client has marked as an earlier mail."""

NEST_LIMIT = 2_000
NODE_LIMIT = 40_000
HIDDEN_LIMIT = 4_000
LINK_LIMIT = 100

_SKIPPED = frozenset(
    ("script", "style", "head", "title", "template", "object", "svg", "math", "select", "noscript", "xml")
)
_LINES = frozenset(("div", "li", "dt", "dd", "section", "article", "header", "footer", "address", "center", "form",
                    "pre", "figure", "main", "nav", "aside", "caption", "hr"))  # fmt: skip
_PARAGRAPHS = frozenset(("p", "table", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
_CELLS = frozenset(("td", "th"))
_TABLED = _CELLS | {"tr"}
_BUFFERED = _TABLED | {"blockquote"}
_ENDING = _LINES | _PARAGRAPHS | _BUFFERED | {"a"}
"""What something is written for where it begins and where it ends; of the rest, what they hold is enough."""
_AS_IT_STANDS = frozenset(("pre", "tt", "textarea"))
_TEXT = "-text"
"""The parser's name for what is no element but text."""
_IMPLIED_ENDS = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "tfoot", "br", "img", "hr",
                           "meta", "link", "input", "col", "base", "area", "option", "html", "body"))  # fmt: skip
_CITE_NAMES = re.compile(
    r"gmail_quote|protonmail_quote|tutanota_quote|moz-cite|yahoo_quoted|zmail_extra|quote-wrapper|cite"
)
_CUT_NAMES = re.compile(
    r"OutlookMessageHeader|yahoo_quoted|zmail_extra|appendonsend|divRplyFwdMsg|stopSpelling|OLK_SRC_BODY_SECTION"
    r"|mail-editor-reference-message|zwchr|protonmail_quote|tutanota_quote"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})")
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_SPACE = re.compile(r"[ \n]+")

# Between writing and `_settled`, breaks are kept by kind, so that two of them do not make an empty line:
_LINE = "\x04"  # a block begins or ends: a new line, unless one has just begun
_PARAGRAPH = "\x05"  # as above, and an empty line
_BLANK = "\x06"  # a no-break space alone on a line: the line is there, and empty
_ENDS = f" \n{_LINE}{_PARAGRAPH}{_BLANK}"
_SPACING = re.compile(f"[{_ENDS}]{{2,}}|[{_ENDS[1:]}]")
_BREAKS = re.compile(f" *([\n{_LINE}{_PARAGRAPH}]) *")
_BREAK_RUN = re.compile(f"[{_LINE}{_PARAGRAPH}]{{2,}}")
_SETTLING = (
    (re.compile(" {2,}"), " "),
    (_BREAKS, itemgetter(1)),  # a template would be read anew for each
    (_BREAK_RUN, lambda run: _PARAGRAPH if _PARAGRAPH in run.group() else _LINE),
    (re.compile(f"(?<=[^\n])({_LINE})"), "\n"),
    (re.compile(f"(?<=[^\n]){_PARAGRAPH}"), "\n\n"),
    (re.compile(f"(?<=[^\n]\n){_PARAGRAPH}"), "\n"),
    (re.compile(f"[{_LINE}{_PARAGRAPH}]"), ""),
    (re.compile(f" *{_BLANK} *"), " "),
    (re.compile(" *\n *"), "\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)
_MARKS = dict.fromkeys(_LINES, _LINE) | dict.fromkeys(_PARAGRAPHS, _PARAGRAPH)
_USUAL = 16
"""Characters of spacing that is met again and again."""


@dataclass(frozen=True)
class Link:
    """What a link shows and where it leads."""

    text: str
    href: str


@dataclass
class Page:
    """The text of an HTML mail; `hidden` is (the beginning of) what a reader would not see."""

    text: str = ""
    hidden: str = ""
    links: list[Link] = field(default_factory=list)
    truncated: bool = False


def read_page(html: str) -> Page:
    """Convert one HTML part."""
    if _too_deep(html):
        return Page(text=visible(unescape(_MARKUP.sub(" ", html))), truncated=True)
    from selectolax.lexbor import LexborHTMLParser

    parser = LexborHTMLParser(html.replace("\0", ""))
    css = "\n".join(node.text(deep=True) for node in parser.css("style"))
    writer = _Writer(read_sheet(css))
    if parser.root is not None:
        writer.walk(parser.root)
    return writer.page()


def _too_deep(html: str) -> bool:
    """Whether the parser might nest so deep that its work grows with the square of the input."""
    if html.count("<") < NEST_LIMIT:
        return False
    open_tags: Counter[str] = Counter()
    for closing, name in _TAG.findall(html):
        open_tags[name.lower()] += -1 if closing else 1
    return sum(count for name, count in open_tags.items() if count > 0 and name not in _IMPLIED_ENDS) > NEST_LIMIT


class _Writer:
    """Walks the tree without recursion and writes the text, one buffer per open cell, row and quote."""

    def __init__(self, sheet: Sheet) -> None:
        self.looks = Looks(sheet)
        self.buffers: list[list[str]] = [[]]
        self.hidden: list[str] = []
        self.links: list[Link] = []
        self.anchors: list[tuple[str, int]] = []
        self.truncated = False

    def page(self) -> Page:
        return Page(_settled(self.buffers[0]), " ".join(self.hidden)[:HIDDEN_LIMIT], self.links, self.truncated)

    def walk(self, root: "LexborNode") -> None:
        """Every node, in the order they are read."""
        above: list[_Around] = []
        node, look, within = root, Look(), ""
        for _ in range(NODE_LIMIT):
            tag = node.tag or ""
            if tag == _TEXT:
                self.write(node, look, within)
                after = node.next
            elif tag in _SKIPPED or not node.is_element_node:
                after = node.next
            elif tag == "br":
                self.buffers[-1].append("\n")
                after = node.next
            else:
                above.append((node, look, within))
                look, within, after = self.enter(tag, node.attributes, look), tag, node.first_child
            while after is None:
                if not above:
                    return
                tag = within
                node, look, within = above.pop()
                if tag in _ENDING:
                    self.leave(tag, node)
                after = node.next if above else None
            node = after
        self._cut_off(above, within)

    def _cut_off(self, above: "list[_Around]", within: str) -> None:
        """Leave all that is open: there is more than is worth reading."""
        self.truncated = True
        for node, _, outside in reversed(above):
            if within in _ENDING:
                self.leave(within, node)
            within = outside

    def enter(self, tag: str, attributes: Mapping[str, str | None], look: Look) -> Look:
        """Begin an element; the look inside it."""
        if attributes:
            look = self.looks.inside(look, attributes)
            if "class" in attributes or "id" in attributes:
                self._mark_quote(tag, attributes)
        if tag in _TABLED:
            self.buffers.append([])
        elif tag in _ENDING:
            self._open(tag, attributes)
        return look

    def _mark_quote(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if tag != "blockquote" and _CUT_NAMES.search(named):
            self.buffers[-1].append(f"{_LINE}{CUT}{_LINE}")

    def _open(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "a":
            self.anchors.append((attributes.get("href") or "", len(self.buffers[-1])))
        else:
            self._break(tag, attributes)
        if tag == "li":
            self.buffers[-1].append("- ")
        elif tag == "blockquote":
            self.buffers.append([])

    def leave(self, tag: str, node: "LexborNode") -> None:
        if tag in _BUFFERED:
            if len(self.buffers) > 1:
                self._close_buffer(tag, self.buffers.pop(), node)
        elif tag == "a":
            if self.anchors:
                self._close_link()
        else:
            self._break(tag, node.attributes if tag == "p" else {})

    def _break(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "p" and (attributes.get("class") or "").startswith("Mso"):
            self.buffers[-1].append(_LINE)
        elif mark := _MARKS.get(tag):
            self.buffers[-1].append(mark)

    def _close_link(self) -> None:
        href, start = self.anchors.pop()
        text = _settled(self.buffers[-1][start:])
        if href and len(self.links) < LINK_LIMIT:
            self.links.append(Link(" ".join(text.split())[:200], href[:500]))

    def _close_buffer(self, tag: str, buffer: list[str], node: "LexborNode") -> None:
        if tag in _CELLS:
            self.buffers[-1].append(f"{_settled(buffer)}\t" if buffer else "\t")
        elif tag == "tr":
            self.buffers[-1].append(_row("".join(buffer)))
        else:
            attributes = node.attributes
            named = f"{attributes.get('class') or ''} {attributes.get('type') or ''}"
            mark = "> " if _CITE_NAMES.search(named) else f"{MAYBE}> "
            lines = _settled(buffer).split("\n")
            self.buffers[-1].append("\n".join((_LINE, *(mark + line for line in lines), _PARAGRAPH)))

    def write(self, node: "LexborNode", look: Look, within: str) -> None:
        """Take in a text that stands directly `within` such an element."""
        text = node.text_content or ""
        if look.unseen:
            if text.strip() and len(self.hidden) < HIDDEN_LIMIT // 10:
                self.hidden.append(" ".join(text.split()))
        elif within in _AS_IT_STANDS:
            self.buffers[-1].append(visible(text))
        elif "\xa0" in text and not text.strip():
            self.buffers[-1].append(_BLANK)
        else:
            self.buffers[-1].append(_SPACE.sub(" ", visible(text)))


def _row(cells: str) -> str:
    """A table row: side by side where every cell is one short line, else one below the other."""
    values = [text for cell in cells.split("\t") if (text := cell.strip())]
    if len(values) > 1 and all("\n" not in value and len(value) <= 80 for value in values):
        return " | ".join(values) + _LINE
    return "\n".join(values) + _LINE


def _settled(pieces: list[str]) -> str:
    """The pieces as text: no space at line ends, at most one empty line in a row."""
    text = "".join(pieces).strip(_ENDS) if pieces else ""
    return _SPACING.sub(_spaced, text) if text else ""


def _spaced(found: re.Match[str]) -> str:
    run = found.group()
    return _usual(run) if len(run) <= _USUAL else _spacing(run)


def _spacing(run: str) -> str:
    """What one run of breaks and spaces between two words comes to."""
    text = f"x{run}x"
    for pattern, by in _SETTLING:
        text = pattern.sub(by, text)
    return text[1:-1]


_usual = lru_cache(maxsize=512)(_spacing)
