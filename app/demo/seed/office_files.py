"""Small Office Open XML files from the documents' blocks: a text document, a workbook, a presentation."""

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape

from app.demo.seed.attachments import OPEN_XML, cell, zipped
from app.demo.seed.markup import Block, blocks

_RELATIONS = f"{OPEN_XML}/officeDocument/2006/relationships"
_PACKAGE = f"{OPEN_XML}/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument"
_STYLES = {"Normal": ' w:default="1"', "heading 1": "", "heading 2": "", "List Bullet": ""}
Rows = Sequence[Sequence[str]]


def _container(main: str, parts: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The content types and the root relation; `parts` are path -> (content type, XML)."""
    overrides = "".join(f'<Override PartName="/{path}" ContentType="{kind}"/>' for path, (kind, _) in parts.items())
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": _relations([("officeDocument", main)]),
        **{path: text for path, (_, text) in parts.items()},
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def docx(source: str) -> bytes:
    """A Word document of headings, bullets, tables and paragraphs."""
    word = f"{OPEN_XML}/wordprocessingml/2006/main"
    body, table = "", ""
    for block in blocks(source):
        if block.kind == "row":
            table += _word_row(block)
            continue
        body += (f"<w:tbl>{table}</w:tbl>" if table else "") + _word_line(block)
        table = ""
    body += f"<w:tbl>{table}</w:tbl><w:p/>" if table else ""
    styles = "".join(
        f'<w:style w:type="paragraph"{default} w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name, default in _STYLES.items()
    )
    kind = f"{_TYPES}.wordprocessingml"
    parts = {
        "word/document.xml": (
            f"{kind}.document.main+xml",
            f'<w:document xmlns:w="{word}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        ),
        "word/styles.xml": (f"{kind}.styles+xml", f'<w:styles xmlns:w="{word}">{styles}</w:styles>'),
    }
    links = {"word/_rels/document.xml.rels": _relations([("styles", "styles.xml")])}
    return zipped(_container("word/document.xml", parts) | links)


def _word_line(block: Block) -> str:
    names = {"heading": f"heading{min(block.level, 2)}", "bullet": "ListBullet"}
    style = f'<w:pPr><w:pStyle w:val="{names[block.kind]}"/></w:pPr>' if block.kind in names else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(block.text)}</w:t></w:r></w:p>'


def _word_row(block: Block) -> str:
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>" for text in block.cells)
    return f"<w:tr>{cells}</w:tr>"


def sheets_of(source: str) -> dict[str, list[list[str]]]:
    """The sheets of a CSV text; a line "# Name" begins one."""
    found: dict[str, list[list[str]]] = {}
    name = "Sheet1"
    for line in source.strip().splitlines():
        if line.startswith("# "):
            name = line[2:].strip()
        elif line.strip():
            found.setdefault(name, []).extend(csv.reader([line]))
    return found


def csv_text(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """An Excel workbook of some sheets."""
    main = f"{OPEN_XML}/spreadsheetml/2006/main"
    kind = f"{_TYPES}.spreadsheetml"
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)
    )
    book = f'<workbook xmlns="{main}" xmlns:r="{_RELATIONS}"><sheets>{names}</sheets></workbook>'
    parts = {"xl/workbook.xml": (f"{kind}.sheet.main+xml", book)}
    for number, rows in enumerate(sheets.values(), 1):
        data = "".join(f'<row r="{line}">{_cells(row, line)}</row>' for line, row in enumerate(rows, 1))
        text = f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (f"{kind}.worksheet+xml", text)
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    return zipped(_container("xl/workbook.xml", parts) | {"xl/_rels/workbook.xml.rels": _relations(targets)})


def _cells(row: Sequence[str], line: int) -> str:
    return "".join(cell(value, column, line) for column, value in enumerate(row))


def slides_of(source: str) -> list[list[Block]]:
    """The blocks of each slide; a heading of level 1 begins one."""
    slides: list[list[Block]] = []
    for block in blocks(source):
        if block.kind == "heading" and block.level == 1:
            slides.append([])
        slides[-1].append(block)
    return slides


def pptx(source: str) -> bytes:
    """A PowerPoint presentation: a title and a body on each slide, on one bare layout."""
    kind, slides = f"{_TYPES}.presentationml", slides_of(source)
    tree = '<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    ends = "</p:spTree></p:cSld>"
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number + 1}"/>' for number in numbers)
    show = (
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
        f'<p:sldIdLst>{listed}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>'
    )
    layouts = '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>'
    parts = {
        "ppt/presentation.xml": (f"{kind}.presentation.main+xml", _ppt("presentation", show)),
        "ppt/slideMasters/slideMaster1.xml": (f"{kind}.slideMaster+xml", _ppt("sldMaster", tree + ends + layouts)),
        "ppt/slideLayouts/slideLayout1.xml": (f"{kind}.slideLayout+xml", _ppt("sldLayout", tree + ends)),
    }
    for number, slide in enumerate(slides, 1):
        text = _ppt("sld", tree + _shapes(slide) + ends)
        parts[f"ppt/slides/slide{number}.xml"] = (f"{kind}.slide+xml", text)
    return zipped(_container("ppt/presentation.xml", parts) | _slide_links(len(slides)))


def _slide_links(count: int) -> dict[str, str]:
    numbers = range(1, count + 1)
    to_layout = _relations([("slideLayout", "../slideLayouts/slideLayout1.xml")])
    slides = [("slide", f"slides/slide{number}.xml") for number in numbers]
    return {
        "ppt/_rels/presentation.xml.rels": _relations([("slideMaster", "slideMasters/slideMaster1.xml"), *slides]),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": to_layout,
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": _relations(
            [("slideMaster", "../slideMasters/slideMaster1.xml")]
        ),
        **{f"ppt/slides/_rels/slide{number}.xml.rels": to_layout for number in numbers},
    }


def _ppt(root: str, inner: str) -> str:
    spaces = f'xmlns:p="{OPEN_XML}/presentationml/2006/main" xmlns:a="{OPEN_XML}/drawingml/2006/main"'
    return f'<p:{root} {spaces} xmlns:r="{_RELATIONS}">{inner}</p:{root}>'


def _shapes(slide: Sequence[Block]) -> str:
    title = "".join(block.text for block in slide[:1])
    return _shape(2, "title", [title]) + _shape(3, "body", [block.text for block in slide[1:]])


def _shape(number: int, kind: str, lines: Sequence[str]) -> str:
    text = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines) or "<a:p/>"
    index = ' idx="1"' if kind == "body" else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind.title()} {number}"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}"{index}/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/>{text}</p:txBody></p:sp>"
    )
