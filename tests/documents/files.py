"""Real files of every kind, made on the spot from the texts of `samples.py`."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter

from app.demo.seed.attachments import pdf_file

Line = tuple[str, int]
"""Text and type size."""
Sheets = Mapping[str, Sequence[Sequence[object]]]


def markdown_lines(markdown: str) -> list[tuple[str, str]]:
    """(what it is: "h1", "h2", "item", "row", "text"; its text) of each line of a sample."""
    found = []
    for line in markdown.splitlines():
        if line.startswith("#"):
            found.append((f"h{len(line) - len(line.lstrip('#'))}", line.lstrip("# ")))
        elif line.startswith("- "):
            found.append(("item", line[2:]))
        elif line.startswith("| ") and "---" not in line:
            found.append(("row", line.strip("| ")))
        elif line.strip() and "---" not in line:
            found.append(("text", line))
    return found


def docx(markdown: str) -> bytes:
    """With real styles, lists and tables."""
    document = Document()
    rows: list[list[str]] = []
    for what, text in [*markdown_lines(markdown), ("end", "")]:
        if what == "row":
            rows.append(text.split(" | "))
            continue
        if rows:
            table = document.add_table(len(rows), len(rows[0]))
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    table.cell(y, x).text = cell
            rows = []
        if what.startswith("h"):
            document.add_heading(text, int(what[1]))
        elif what == "item":
            document.add_paragraph(text, style="List Bullet")
        elif what == "text":
            document.add_paragraph(text)
    return _saved(document)


def compound(stream: str) -> bytes:
    """The beginning of a compound file, as Office wrote before 2007 and writes around encrypted documents."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + stream.encode("utf-16-le")


def xlsx(sheets: Sheets) -> bytes:
    book = Workbook()
    for index, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if index == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    return _saved(book)


def pptx(slides: Sequence[tuple[str, Sequence[str], str]]) -> bytes:
    """Slides of (title, bullets, speaker notes)."""
    deck = Presentation()
    for title, bullets, notes in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(bullets)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    if len(slides) == 1:
        table = deck.slides[0].shapes.add_table(2, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
        for index, text in enumerate(("Region", "Share", "North", "40%")):
            table.cell(index // 2, index % 2).text = text
    return _saved(deck)


def _saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]  # all three libraries' documents have it
    return target.getvalue()


def pdf(pages: Iterable[Sequence[Line]]) -> bytes:
    """Pages of lines set in Helvetica, written by hand."""
    return _pdf([_stream(lines) for lines in pages])


def _stream(lines: Sequence[Line]) -> bytes:
    height, out = 800, []
    for text, size in lines:
        safe = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        out.append(f"BT /F1 {size} Tf 60 {height} Td ({safe}) Tj ET")
        height -= int(size * 1.5)
    return "\n".join(out).encode("cp1252", "replace")


def _pdf(streams: Sequence[bytes]) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    picture = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    numbered = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font, picture + b" /Length 1 >>\nstream\n\xff\nendstream"]
    kids = []
    for stream in streams:
        numbered.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        resources = (
            b"<< /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >>"
            if b"/I1" in stream
            else b"<< /Font << /F1 3 0 R >> >>"
        )
        numbered.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources %s >>"
            % (len(numbered), resources)
        )
        kids.append(len(numbered))
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    numbered[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return pdf_file(numbered)


def prose_pdf(markdown: str, lines_per_page: int = 14) -> bytes:
    """A sample set as pages: headings larger, a running head and page numbers on each."""
    lines = [(text, {"h1": 20, "h2": 14}.get(what, 10)) for what, text in markdown_lines(markdown)]
    chunks = [lines[at : at + lines_per_page] for at in range(0, len(lines), lines_per_page)]
    count = len(chunks)
    return pdf(
        [("Northwind internal", 8), *chunk, (f"Page {number} of {count}", 8)] for number, chunk in enumerate(chunks, 1)
    )


def encrypted(data: bytes, user: str, owner: str) -> bytes:
    """The PDF locked with AES-256; with user "" it opens for reading without a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, owner, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def scanned(pages: int, *, text_on: int = 0) -> bytes:
    """Pages that hold only a picture; one of them may hold text."""
    picture = b"q 500 0 0 700 40 60 cm /I1 Do Q"
    said = _stream([("This page alone has a sentence in it.", 10)])
    return _pdf([said if number == text_on else picture for number in range(1, pages + 1)])


def long_pdf(count: int) -> bytes:
    """A page numbered in its text, again and again."""
    return pdf(
        [(f"Chapter {n // 100 + 1} of the manual", 10), (f"This is what page {n} says about valves.", 10)]
        for n in range(1, count + 1)
    )


def bomb(megabytes: int) -> bytes:
    """A docx by its name that unpacks to nothing but zeros."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(megabytes * 1024 * 1024))
    return target.getvalue()


def lying(data: bytes) -> bytes:
    """The archive with the sizes of its last member set to 10 bytes, in both places that tell them."""
    out = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = out.rfind(signature)
        out[place + offset : place + offset + 4] = struct.pack("<I", 10)
    return bytes(out)


def squeezed_pdf(megabytes: int) -> bytes:
    """A page whose content stream unpacks to very much."""
    packed = zlib.compress(b" " * (megabytes * 1024 * 1024), 9)
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << >> >>"
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return pdf_file([b"<< /Type /Catalog /Pages 2 0 R >>", pages, body, page])
