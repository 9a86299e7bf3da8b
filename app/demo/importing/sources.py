"""Finds the files of an import and tells by their content what they are."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.demo.importing.report import Kind
from app.demo.importing.slack_archive import is_export

HEAD = 65536
MAIL_HEADERS = frozenset(
    b"from to cc subject date message-id received return-path delivered-to mime-version content-type"
    b" content-transfer-encoding reply-to sender x-gmail-labels x-gm-thrid x-mailer in-reply-to references".split()
)
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:")
_NAMES: dict[str, Kind] = {
    **dict.fromkeys((".ics", ".ical", ".icalendar", ".ifb"), "calendar"),
    ".eml": "mail",
    ".mbox": "mbox",
    **dict.fromkeys((".pdf", ".docx", ".xlsx", ".pptx", ".txt", ".md", ".csv", ".html", ".htm"), "document"),
}
# What is never a mail or a calendar, however it begins: notes may start with "To: do".
_PLAINLY = (".pdf", ".docx", ".xlsx", ".pptx", ".md", ".csv")
NOT_YET = "not a kind Valet can import yet"
HINTS = {
    ".zip": "unpack it and import the folder",
    ".tgz": "unpack it and import the folder",
    ".gz": "unpack it first",
    ".pst": "export the mailbox as mbox or .eml files",
    ".msg": "save the mail as .eml",
    ".emlx": "export the mailbox as mbox from Apple Mail",
}


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file named or inside a folder named, once, folders in the order of names; absent paths as they are.

    The folder of a Slack export stands for all it holds.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _walk(path):
            real = found.resolve()
            if real not in seen:
                seen.add(real)
                yield found


def _walk(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        if is_export(Path(folder)):
            yield Path(folder)
            folders.clear()
            names = [name for name in names if not name.endswith(".json")]
        yield from (Path(folder) / name for name in sorted(names))


def leads_out(path: Path, named: Sequence[Path]) -> bool:
    """Whether a file found in a folder is really one outside everything the person named."""
    real = path.resolve()
    return not any(real.is_relative_to(place.resolve()) for place in named)


def size_of(path: Path) -> int:
    """Bytes of a regular file, else 0."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def head_of(path: Path) -> bytes:
    """The first bytes. Raises OSError: also for what is no regular file, which could be read for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is not a regular file")
    with path.open("rb") as source:
        return source.read(HEAD)


def kind_of(head: bytes, name: str) -> Kind:
    """What a file is, by its first bytes; by its name where they do not tell."""
    suffix = Path(name).suffix.lower()
    if suffix in _PLAINLY:
        return "document"
    text = without_bom(head)
    if text.lstrip(b"\r\n").startswith(b"From "):
        return "mbox"
    if has_mail_headers(text):
        return "mail"
    if re.search(rb"(?im)^BEGIN:VCALENDAR[ \t]*\r?$", text):
        return "calendar"
    return _NAMES.get(suffix, "unknown")


def without_bom(data: bytes) -> bytes:
    """The text without a byte order mark, UTF-16 brought to UTF-8."""
    if data.startswith(BOMS[0]):
        return data[3:]
    if data.startswith(BOMS[1:]):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def has_mail_headers(text: bytes) -> bool:
    """Whether a block of RFC 5322 headers, with at least one a mail would have, begins the text."""
    known = False
    for number, line in enumerate(text.lstrip(b"\r\n").splitlines()):
        if not line.strip():
            break
        found = _HEADER.match(line)
        if found:
            known = known or found[1].lower() in MAIL_HEADERS
        elif number == 0:
            return False
    return known


def why_not(head: bytes, name: str) -> str:
    """The reason for refusing a file of an unknown kind."""
    if not head.strip():
        return "the file is empty"
    suffix = Path(name).suffix.lower()
    if suffix in HINTS:
        return f"{NOT_YET}: {HINTS[suffix]}"
    start = without_bom(head).lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<div")):
        return f"not a mail: a web page without mail headers ({NOT_YET})"
    return NOT_YET
