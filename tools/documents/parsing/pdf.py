"""PDF to text, page by page, with headings by their size."""

from __future__ import annotations

import io
import re
import struct
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import PyPdfError

from tools.documents.parsing import lines
from tools.documents.parsing.parsed import CHARS, Parsed, Passage, Unparsable, Wanted

BROKEN_PAGE = (
    PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError, RecursionError,
    ArithmeticError, struct.error, zlib.error, NotImplementedError,
)  # fmt: skip
"""What a damaged page makes the library raise: the other pages are read all the same."""
LARGER = 1.12
REPEATED = 0.5
PROSE = 60
REPEATED_FROM = 3
COUNTING = 3
EDGE_LINES = 2
_CATALOG = re.compile(rb"(\d{1,9}) 0 obj\s*<<[^<>]{0,200}/Type\s*/Catalog")
_AT_ENDS = re.compile(r"(?:\D{0,6}(\d{1,4})\b)?.*?(?:\b(\d{1,4})\D{0,3})?")
_PAGE_NUMBER = re.compile(r"\s*(?:[-–—]?\s*\d{1,4}\s*[-–—]?|[ivxlc]{1,6})\s*")


@dataclass
class Page:
    """The lines of one page, and the type size of those whose size is known."""

    number: int
    lines: list[str] = field(default_factory=list)
    sizes: dict[str, float] = field(default_factory=dict)
    pictures: bool = False
    broken: bool = False

    @property
    def empty(self) -> bool:
        return not any(line.strip() for line in self.lines)


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read the wanted pages. Raises Unparsable: encrypted, scanned, empty, broken."""
    reader = _opened(data)
    total = len(reader.pages)
    if not total:
        raise Unparsable("empty")
    first, last = (1, total) if total <= wanted.whole else (wanted.first, min(total, wanted.first + wanted.count - 1))
    if first > total:
        return Parsed("text", unit="page", total=total, first=total + 1, last=total)
    pages = _read(reader, first, last, wanted.seconds)
    if len(pages) == total and all(page.empty for page in pages):
        _refuse(pages)
    passages = _passages(pages)
    gaps = (*_gaps(pages), *_damage(data))
    return Parsed("text", "", "page", total, first, pages[-1].number, tuple(passages), gaps)


def _opened(data: bytes) -> PdfReader:
    try:
        return _reader(data)
    except BROKEN_PAGE as error:
        catalog = _CATALOG.search(data)
        if catalog is None:
            raise Unparsable("broken", "breaks_off") from error
    try:  # the file's table is lost; the library makes another where it is told the root
        return _reader(data + b"\ntrailer\n<< /Root %s 0 R >>\nstartxref\n0\n%%%%EOF\n" % catalog[1])
    except BROKEN_PAGE as error:
        raise Unparsable("broken", "breaks_off") from error


def _reader(data: bytes) -> PdfReader:
    """Raises what the library raises for a broken file, and Unparsable for one that is encrypted."""
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Unparsable("encrypted")
    len(reader.pages)
    return reader


def _refuse(pages: list[Page]) -> None:
    if any(page.pictures for page in pages):
        raise Unparsable("scanned")
    raise Unparsable("broken") if any(page.broken for page in pages) else Unparsable("empty")


def _read(reader: PdfReader, first: int, last: int, seconds: float) -> list[Page]:
    begun = time.monotonic()
    pages: list[Page] = []
    room = CHARS
    for number in range(first, last + 1):
        if pages and (room < 0 or time.monotonic() - begun > seconds):
            break
        pages.append(_page(reader, number))
        room -= sum(map(len, pages[-1].lines))
    return pages


def _page(reader: PdfReader, number: int) -> Page:
    read = Page(number)

    def note(text: str, _cm: Any, matrix: list[float], _font: Any, size: float) -> None:
        scale = abs(matrix[3]) or abs(matrix[1]) or 1.0
        for line in map(lines.tidy, text.splitlines()):
            if line:
                read.sizes[line] = max(read.sizes.get(line, 0.0), round(size * scale, 1))

    try:
        page = reader.pages[number - 1]
        read.lines = page.extract_text(visitor_text=note).splitlines()
        read.pictures = read.empty and _has_pictures(page)
    except BROKEN_PAGE:
        read.broken = True
    return read


def _has_pictures(page: PageObject) -> bool:
    """Whether the page draws an image; none is decoded."""
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    drawn = objects.get_object().values() if objects is not None else ()
    return any(one.get_object().get("/Subtype") == "/Image" for one in drawn)


def _passages(pages: list[Page]) -> list[Passage]:
    repeated = _repeated(pages)
    body = _body_size(pages)
    found: list[Passage] = []
    for page in pages:
        telling = [line for line in page.lines if _key(line) not in repeated and not _PAGE_NUMBER.fullmatch(line)]
        kept = telling if any(map(str.strip, telling)) else page.lines
        found += _split(page, kept, body)
    return found


def _split(page: Page, kept: list[str], body: float) -> list[Passage]:
    """The page at its headings: lines set larger than the body, or that read as headings."""
    found: list[Passage] = []
    heading, level, text, above = "", 0, list[str](), 0.0
    for index, line in enumerate(kept):
        size = page.sizes.get(lines.tidy(line), 0.0)
        if not _is_heading(line, size, body, kept[index + 1] if index + 1 < len(kept) else ""):
            text.append(line)
        elif not any(map(str.strip, text)) and _goes_on(heading, line) and size == above >= body * LARGER:
            heading = f"{heading} {lines.tidy(line)}"
        else:
            found.append(Passage(page.number, heading, level, lines.paragraphs(text)))
            heading, level, text, above = lines.tidy(line), _level(line, size, body), [], size
    found.append(Passage(page.number, heading, level, lines.paragraphs(text)))
    return [passage for passage in found if passage.heading or passage.text]


def _goes_on(heading: str, line: str) -> bool:
    """Whether a heading takes two lines; one with a number of its own is another."""
    return bool(heading) and not lines.is_heading(line) and len(heading) + len(line) <= lines.HEADING_CHARS


def _is_heading(line: str, size: float, body: float, after: str) -> bool:
    text = lines.tidy(line)
    if not 3 <= len(text) <= lines.HEADING_CHARS or not any(map(str.isalpha, text)):
        return False
    if body and size >= body * LARGER:
        return not text.endswith((".", ",", ";")) or size >= body * 1.4
    return (not body or size >= body * 0.98) and lines.is_heading(line) and not after[:1].islower()


def _level(line: str, size: float, body: float) -> int:
    if body and size >= body * 1.7:
        return 1
    return max(lines.depth(line), 2 if size >= body * LARGER else 1)


def _body_size(pages: list[Page]) -> float:
    """The type size most characters are set in; 0 where sizes are not known."""
    counted: Counter[float] = Counter()
    for page in pages:
        for line, size in page.sizes.items():
            counted[size] += len(line)
    return counted.most_common(1)[0][0] if counted else 0.0


def _repeated(pages: list[Page]) -> set[str]:
    """Running heads and feet: lines at a page's edge that stand on most pages, or that count the pages."""
    if len(pages) < REPEATED_FROM:
        return set()
    edges = [(page.number, line) for page in pages for line in _edges(page)]
    counted = Counter(_key(line) for _, line in edges)
    offsets = Counter(number - n for number, line in edges for n in _page_numbers(line))
    counting = {offset for offset, count in offsets.items() if count >= COUNTING}
    furniture = {_key(line) for number, line in edges if {number - n for n in _page_numbers(line)} & counting}
    often = {key for key, count in counted.items() if count >= len(pages) * REPEATED}
    return furniture | (often - {_key(line) for page in pages for line in _prose(page)})


def _edges(page: Page) -> list[str]:
    said = [line for line in page.lines if line.strip()]
    return list(dict.fromkeys(said[:EDGE_LINES] + said[-EDGE_LINES:]))


def _prose(page: Page) -> Iterator[str]:
    """Lines that are parts of sentences: a clause may end alike on every page, and is no running foot."""
    said = [line for line in page.lines if line.strip()]
    for index, line in enumerate(said):
        after = said[index + 1] if EDGE_LINES <= index < len(said) - 1 else ""  # a running head may stand before one
        if line[:1].islower() or after[:1].islower() or (len(line) > PROSE and line.endswith(".")):
            yield line


def _page_numbers(line: str) -> set[int]:
    """The numbers at either end of a short line: one of them may be the page's."""
    found = _AT_ENDS.fullmatch(lines.tidy(line)) if len(line) <= lines.HEADING_CHARS else None
    return {int(n) for n in found.groups() if n} if found else set()


def _key(line: str) -> str:
    """The line, numbers at its ends apart."""
    return lines.tidy(line).strip("0123456789 ")


def _gaps(pages: list[Page]) -> list[str]:
    scanned = [page.number for page in pages if page.pictures]
    broken = [page.number for page in pages if page.broken]
    said = [f"No text on {numbers(scanned)}: scanned, or only pictures."] if scanned else []
    return said + ([f"Damaged and not read: {numbers(broken)}."] if broken else [])


def _damage(data: bytes) -> list[str]:
    return [] if b"%%EOF" in data[-2048:] else ["The file breaks off: its end is missing."]


def numbers(found: list[int]) -> str:
    """Such as "p. 3" or "p. 3–5, 9"."""
    runs: list[list[int]] = []
    for number in found:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "p. " + ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)
