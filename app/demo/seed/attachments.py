"""Small real files for the attachments, made from the readable sources in data/attachments.

The ending of the file's name decides: .pdf (a page of text), .xlsx (a sheet), .png (a bar chart), else the text itself.
"""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from html import escape

KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "csv": "text/csv",
    "ics": "text/calendar",
    "txt": "text/plain",
}
OPEN_XML = "http://schemas.openxmlformats.org"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def built(name: str, source: str) -> tuple[str, bytes]:
    """The media type and the bytes of the file called `name`, made from the text of its source."""
    ending = name.rpartition(".")[2]
    makers: dict[str, Callable[[str], bytes]] = {"pdf": pdf, "xlsx": sheet, "png": chart}
    make = makers.get(ending, _plain)
    return KINDS[ending], make(source)


def _plain(source: str) -> bytes:
    return source.replace("\n", "\r\n").encode("utf-8")


def pdf(source: str) -> bytes:
    """One A4 page of text in a standard font (PDF 1.4, WinAnsi letters)."""
    lines = "".join(f"({literal(line)}) Tj T*\n" for line in source.split("\n"))
    content = f"BT /F1 11 Tf 15 TL 60 780 Td\n{lines}ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return pdf_file(objects)


def pdf_file(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first of them the catalogue."""
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def literal(line: str) -> str:
    """The text inside a PDF string."""
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def sheet(source: str) -> bytes:
    """A workbook of one sheet (Office Open XML) with the rows of a CSV text."""
    rows = "".join(
        f'<row r="{number}">{"".join(cell(value, column, number) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(csv.reader(io.StringIO(source)), 1)
    )
    relations = f"{OPEN_XML}/officeDocument/2006/relationships"
    main = f"{OPEN_XML}/spreadsheetml/2006/main"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = f"{OPEN_XML}/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return zipped(files)


def cell(value: str, column: int, row: int) -> str:
    """One cell of a worksheet: a number where the text is one."""
    place = f"{chr(65 + column)}{row}"
    if value.replace(".", "", 1).isdigit():
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def zipped(files: Mapping[str, str]) -> bytes:
    """An Office Open XML package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # A fixed time, so that the same material gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), _DECLARATION + text)
    return out.getvalue()


def chart(source: str, width: int = 320, height: int = 160) -> bytes:
    """A bar chart (PNG, 8-bit palette) of the last column of a CSV text."""
    values = [float(row[-1]) for row in list(csv.reader(io.StringIO(source)))[1:]]
    step = width // len(values)
    tops = [height - int((height - 16) * value / max(values)) for value in values]
    line = [tops[min(x // step, len(tops) - 1)] if 4 < x % step < step - 4 else height for x in range(width)]
    rows = b"".join(b"\0" + bytes(1 if y >= top else 0 for top in line) for y in range(height))
    pieces = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes((250, 250, 247, 46, 92, 170))),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in pieces)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
