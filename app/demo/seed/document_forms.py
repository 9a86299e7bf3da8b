"""The kinds of documents: what bytes, exports and searchable words each is made into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.demo.seed import markup
from app.demo.seed.material import MaterialError
from app.demo.seed.office_files import csv_text, docx, pptx, sheets_of, workbook
from app.demo.seed.pdf_pages import scan_pdf, text_pdf

_NATIVE = "application/vnd.google-apps."
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
PPTX, PDF = f"{_OFFICE}presentationml.presentation", "application/pdf"


@dataclass(frozen=True)
class Form:
    """A document ready to be filed; `text` is what fullText searches."""

    mime: str
    content: bytes = b""
    exports: Mapping[str, bytes] = field(default_factory=dict)
    text: str = ""


def form(kind: str, name: str, source: str, *, raw: bytes = b"", pages: int = 1) -> Form:
    """The document of a kind of KINDS; `raw` are its bytes when they are ready-made. Raises MaterialError."""
    if kind not in KINDS:
        raise MaterialError(f"documents: {name!r} is of no known kind {kind!r}; there are {', '.join(KINDS)}.")
    if raw:
        return Form(_MIMES[kind], raw)
    if kind == "scan":
        return Form(PDF, scan_pdf(pages, name))
    return KINDS[kind](name, source.lstrip("\n"))


def _document(name: str, source: str) -> Form:
    plain = markup.plain(source)
    exports = {
        # The service writes a byte order mark and the line ends of Windows.
        "text/plain": ("\ufeff" + plain.replace("\n", "\r\n")).encode(),
        "text/markdown": source.encode(),
        "text/html": markup.page(name, source).encode(),
        DOCX: docx(source),
    }
    return Form(f"{_NATIVE}document", exports=exports | _as_pdf(plain), text=plain)


def _spreadsheet(_: str, source: str) -> Form:
    sheets = sheets_of(source)
    first = next(iter(sheets.values()))
    exports = {"text/csv": csv_text(first).encode(), XLSX: workbook(sheets)}
    return Form(f"{_NATIVE}spreadsheet", exports=exports, text=source)


def _presentation(_: str, source: str) -> Form:
    plain = markup.plain(source)
    exports = {"text/plain": ("\ufeff" + plain.replace("\n", "\r\n")).encode(), PPTX: pptx(source)}
    return Form(f"{_NATIVE}presentation", exports=exports | _as_pdf(plain), text=plain)


def _as_pdf(plain: str) -> dict[str, bytes]:
    """A PDF too, unless the words need letters the PDF's font does not have."""
    try:
        plain.encode("cp1252")
    except UnicodeEncodeError:
        return {}
    return {PDF: text_pdf(plain)}


def _pdf(_: str, source: str) -> Form:
    return Form(PDF, text_pdf(source), text=source)


def _docx(_: str, source: str) -> Form:
    return Form(DOCX, docx(source), text=markup.plain(source))


def _xlsx(_: str, source: str) -> Form:
    return Form(XLSX, workbook(sheets_of(source)), text=source)


def _pptx(_: str, source: str) -> Form:
    return Form(PPTX, pptx(source), text=markup.plain(source))


def _written(mime: str) -> Callable[[str, str], Form]:
    return lambda _, source: Form(mime, source.encode(), text=source)


def _scan(_: str, source: str) -> Form:
    raise MaterialError(f"documents: a scan has no words, and this one has {source[:20]!r}.")


KINDS: Mapping[str, Callable[[str, str], Form]] = {
    "doc": _document,
    "sheet": _spreadsheet,
    "slides": _presentation,
    "pdf": _pdf,
    "scan": _scan,
    "docx": _docx,
    "xlsx": _xlsx,
    "pptx": _pptx,
    "txt": _written("text/plain"),
    "md": _written("text/markdown"),
    "csv": _written("text/csv"),
    "html": _written("text/html"),
}
_MIMES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "pptx": PPTX}
