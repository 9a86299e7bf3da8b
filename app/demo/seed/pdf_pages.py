"""PDF files of many pages of text, and of pages that are pictures only, as a scanner makes them (PDF 1.4)."""

import textwrap
import zlib
from hashlib import sha256

from app.demo.seed.attachments import literal, pdf_file

WIDTH, LINES = 88, 46  # letters in a line, lines on a page
_BOX = b"/MediaBox [0 0 595 842]"


def paged(source: str) -> list[list[str]]:
    """The lines of each page; a form feed begins a new one."""
    pages: list[list[str]] = []
    for part in source.split("\f"):
        lines = [line for text in part.strip("\n").split("\n") for line in textwrap.wrap(text, WIDTH) or [""]]
        pages += [lines[start : start + LINES] for start in range(0, max(1, len(lines)), LINES)]
    return pages


def text_pdf(source: str) -> bytes:
    """The text on as many A4 pages as it needs, each with its number (letters of Windows-1252 only)."""
    pages = paged(source)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", _tree(len(pages), 4), font]
    for number, lines in enumerate(pages, 1):
        objects.append(_page(4 + 2 * (number - 1), b"/Font << /F1 3 0 R >>"))
        objects.append(_stream(_text(lines, f"{number} / {len(pages)}")))
    return pdf_file(objects)


def scan_pdf(pages: int, seed: str) -> bytes:
    """Pages of grey bars where a scanner would have words: no text in them."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", _tree(pages, 3, 3)]
    for number in range(pages):
        first = 3 + 3 * number
        objects.append(_page(first, b"/XObject << /Im0 %d 0 R >>" % (first + 2)))
        objects.append(_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q"))
        objects.append(_picture(f"{seed} {number}"))
    return pdf_file(objects)


def _tree(count: int, first: int, step: int = 2) -> bytes:
    kids = b" ".join(b"%d 0 R" % (first + step * number) for number in range(count))
    return b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)


def _page(number: int, resources: bytes) -> bytes:
    return b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << %s >> >>" % (_BOX, number + 1, resources)


def _stream(content: bytes, facts: bytes = b"") -> bytes:
    packed = zlib.compress(content, 6)
    return b"<< /Filter /FlateDecode %s/Length %d >>\nstream\n%s\nendstream" % (facts, len(packed), packed)


def _text(lines: list[str], foot: str) -> bytes:
    shown = "".join(f"({literal(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 11 Tf 15 TL 60 780 Td\n{shown}ET\nBT /F1 8 Tf 290 30 Td ({foot}) Tj ET".encode("cp1252", "replace")


def _picture(seed: str, width: int = 298, height: int = 421) -> bytes:
    """Rows of dark bars of uneven length on a light ground, eight bits of grey."""
    rows = []
    for y in range(height):
        line = sha256(f"{seed} {y // 12}".encode()).digest()
        inked = 30 <= y < height - 40 and y % 12 < 5 and line[0] > 40
        rows.append(
            bytes(70 if inked and 25 < x < 120 + line[1] // 2 and (x + line[2]) % 23 else 244 for x in range(width))
        )
    facts = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
    return _stream(b"".join(rows), facts % (width, height))
