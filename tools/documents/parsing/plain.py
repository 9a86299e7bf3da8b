"""Plain text of any encoding to sections."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from tools.documents.parsing import lines
from tools.documents.parsing.parsed import Parsed, Unparsable, Wanted, bounded

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SAMPLE = 64 * 1024
INSET = "  "
"""Before the numbers of a list within a list; not as wide as what stands before code."""


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read a text file. Raises Unparsable: empty, unknown_kind for bytes that are no text."""
    text = decoded(data)
    return bounded(lines.passages_of(text.splitlines()), "section")


def decoded(data: bytes) -> str:
    """The text in whatever encoding it most likely has. Raises Unparsable for bytes that are no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data[:SAMPLE]:
        raise Unparsable("unknown_kind", "binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # breaks off inside a character
            return data.decode("utf-8", "replace")
    best = from_bytes(data[:SAMPLE]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def item(number: int | None, depth: int, sign: str = ".") -> str:
    """What stands before an item of a list: its number, set in where the list is within another; else a dash."""
    return "- " if number is None else f"{INSET if depth > 1 else ''}{number}{sign} "
