"""Plain lines into passages: paragraphs put together again, headings told from text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tools.documents.parsing.parsed import Passage

HEADING_CHARS = 90
NARROW = 40
"""No text is set to fewer characters: lines that are all shorter were broken by their author."""
FULL = 0.7
"""A line that fills less than this share of the width ends its paragraph, unless the next begins in lower case."""
_NUMBERED = re.compile(r"(?:(?:\d{1,2}\.){1,4}\d{0,2}|[IVX]{1,5}\.|[A-H]\.|§ ?\d+)\s+\S")
_NAMED = re.compile(
    r"(?i)(?:chapter|section|part|appendix|kapitel|abschnitt|anhang|chapitre|annexe|cap[ií]tulo)\b"
    r"|(?:article|clause|schedule|exhibit|artikel|anlage|art[ií]culo|cl[áa]usula|anexo|artigo)\s+(?:\d|[ivxlc]+\b|[a-h]\b)"
)
_BULLET = re.compile(r"\s*(?:[-*•‣◦▪·–—○●■□☐☑✓✔➢]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;,。！？：；，]$")
_COUNTED = re.compile(r"\(?\w{1,2}[.)]")
_RULE = re.compile(r"\s*([=\-_*~])\1{2,}\s*$")
_DOTS = re.compile(r"\.{4,}|(?: \.){3,}|…{2,}")
_SOFT = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")


def passages_of(lines: Sequence[str], numbers: Iterator[int] | None = None) -> list[Passage]:
    """Sections of a plain text. Each heading begins one; what stands before the first has none."""
    found: list[Passage] = []
    heading, level, body = "", 0, [""]
    numbers = numbers or iter(range(1, len(lines) + 3))
    for line, title in _told(lines):
        if not title:
            body.append(line)
            continue
        if heading or any(part.strip() for part in body):
            found.append(Passage(next(numbers), heading, level, paragraphs(body)))
        heading, level, body = tidy(line), depth(line), []
    if heading or any(part.strip() for part in body):
        found.append(Passage(next(numbers), heading, level, paragraphs(body)))
    return found


def _told(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is a heading; the rules drawn under headings are left out."""
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else ""
        after = lines[index + 1] if index + 1 < len(lines) else ""
        if _RULE.match(line):
            continue
        alone = not before.strip() or bool(_RULE.match(before))
        yield line, alone and is_heading(line, after)


def is_heading(line: str, after: str = "") -> bool:
    """Whether a line standing alone reads as a heading: underlined, numbered, named so, or short capitals."""
    text = tidy(line)
    if not text or len(text) > HEADING_CHARS or _DOTS.search(text) or not any(map(str.isalpha, text)):
        return False
    if _RULE.match(after) and after.strip()[0] in "=-~" and not line.startswith(" "):
        return True
    if _ENDS.search(text):
        return False
    capitals = text.isupper() and sum(map(str.isalpha, text)) >= 4
    return (not after.strip() or capitals) and bool(capitals or _NUMBERED.match(text) or _NAMED.match(text))


def depth(line: str) -> int:
    """The level a numbered heading gives itself ("2.1 Scope" is 2), 1 for any other."""
    number = re.match(r"\d+(?:\.\d+)*", tidy(line))
    return min(number.group().count(".") + 1, 6) if number else 1


def tidy(line: str) -> str:
    return " ".join(line.split())


def paragraphs(lines: Iterable[str]) -> str:
    """Lines of a page as paragraphs: broken lines joined, words put together again, bullets on lines of their own."""
    rows = [tidy(line) for line in lines]
    full, wrapped = _width(rows) * FULL, max(map(len, rows), default=0) >= NARROW
    out: list[str] = []
    last, open_line = "", False
    for line in rows:
        if not line:
            open_line = False
            out += [""] if out and out[-1] else []
            continue
        bullet = _BULLET.match(line)
        goes_on = len(last) >= full or (line[0].islower() and (wrapped or bool(_SOFT.search(last))))
        if open_line and not bullet and not _DOTS.search(line) and goes_on:
            out[-1] = joined(out[-1], line)
        else:
            out.append("- " + line[bullet.end() :] if bullet and not _COUNTED.match(line) else line)
        last, open_line = line, not _DOTS.search(line)
    return "\n".join(out).strip()


def _width(rows: list[str]) -> int:
    """How wide the text is set: the length that one line in five reaches."""
    lengths = sorted((len(row) for row in rows if row), reverse=True)
    return max(lengths[len(lengths) // 5], NARROW) if lengths else NARROW


def joined(first: str, second: str) -> str:
    """Two halves of a paragraph; a word divided at the line's end becomes one."""
    if _SOFT.search(first) and second[:1].islower():
        return first[:-1] + second
    return f"{first} {second}"
