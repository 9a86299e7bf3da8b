"""Kinds of documents: what Drive calls them, what a person calls them, and which parser reads them."""

from __future__ import annotations

from typing import Literal

Kind = Literal["pdf", "docx", "xlsx", "csv", "pptx", "html", "markdown", "text"]
"""What a parser is for."""

Sort = Literal["any", "document", "spreadsheet", "presentation", "pdf", "text", "folder"]
"""What a person asks for."""

GOOGLE = "application/vnd.google-apps."
OFFICE = "application/vnd.openxmlformats-officedocument."
FOLDER, SHORTCUT = f"{GOOGLE}folder", f"{GOOGLE}shortcut"
DOC, SHEET, SLIDES = f"{GOOGLE}document", f"{GOOGLE}spreadsheet", f"{GOOGLE}presentation"
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
PPTX = f"{OFFICE}presentationml.presentation"
OLD_OFFICE = frozenset(("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"))
MARKDOWN, CSV, HTML, TEXT, PDF = "text/markdown", "text/csv", "text/html", "text/plain", "application/pdf"

SORTS: dict[Sort, tuple[str, ...]] = {
    "document": (DOC, DOCX, "application/msword", "application/vnd.oasis.opendocument.text", "application/rtf"),
    "spreadsheet": (SHEET, XLSX, CSV, "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet"),
    "presentation": (SLIDES, PPTX, "application/vnd.ms-powerpoint"),
    "pdf": (PDF,),
    "text": (TEXT, MARKDOWN, HTML),
    "folder": (FOLDER,),
}

WORDS = {
    DOC: "Google Doc",
    SHEET: "Google Sheet",
    SLIDES: "Google Slides",
    FOLDER: "folder",
    f"{GOOGLE}form": "Google Form",
    f"{GOOGLE}drawing": "Google Drawing",
    SHORTCUT: "shortcut",
    PDF: "PDF",
    DOCX: "Word document",
    XLSX: "Excel workbook",
    PPTX: "PowerPoint presentation",
    "application/msword": "old Word document",
    "application/vnd.ms-excel": "old Excel workbook",
    "application/vnd.ms-powerpoint": "old PowerPoint presentation",
    MARKDOWN: "Markdown text",
    "text/x-markdown": "Markdown text",
    CSV: "CSV table",
    "text/tab-separated-values": "TSV table",
    HTML: "web page",
    TEXT: "text file",
    "application/zip": "zip archive",
}

_PARSED: dict[str, Kind] = {
    PDF: "pdf",
    DOCX: "docx",
    f"{OFFICE}wordprocessingml.template": "docx",
    "application/vnd.ms-word.document.macroenabled.12": "docx",
    XLSX: "xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
    PPTX: "pptx",
    f"{OFFICE}presentationml.slideshow": "pptx",
    CSV: "csv",
    "text/tab-separated-values": "csv",
    HTML: "html",
    "application/xhtml+xml": "html",
    MARKDOWN: "markdown",
    "text/x-markdown": "markdown",
    TEXT: "text",
}
_ENDINGS: dict[str, Kind] = {
    "pdf": "pdf", "docx": "docx", "dotx": "docx", "docm": "docx", "xlsx": "xlsx", "xlsm": "xlsx", "pptx": "pptx",
    "ppsx": "pptx", "csv": "csv", "tsv": "csv", "html": "html", "htm": "html", "md": "markdown", "markdown": "markdown",
    "txt": "text", "log": "text", "rst": "text", "org": "text", "tex": "text", "json": "text", "yaml": "text",
    "yml": "text", "xml": "text", "ics": "text", "srt": "text", "vtt": "text",
}  # fmt: skip


def is_file_name(word: str) -> bool:
    """Whether a word ends as the names of files do: "todo.txt"."""
    name, dot, ending = word.rpartition(".")
    return bool(name and dot) and ending.lower() in {*_ENDINGS, "doc", "xls", "ppt", "rtf", "odt", "ods", "zip"}


def words(mime: str) -> str:
    """What a person calls a file of this MIME type."""
    if mime in WORDS:
        return WORDS[mime]
    for start, word in (("image/", "picture"), ("video/", "video"), ("audio/", "recording"), ("text/", "text file")):
        if mime.startswith(start):
            return word
    return "file"


def parser_for(mime: str, name: str, start: bytes = b"") -> Kind | None:
    """Which parser reads the file: by its type, its name, and for a type that says nothing, its first bytes."""
    mime = mime.partition(";")[0].strip().lower()
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if start[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    kind = _PARSED.get(mime)
    if kind == "text" or kind is None:
        kind = _ENDINGS.get(ending, kind)
    return kind or ("text" if mime.startswith("text/") else None)
