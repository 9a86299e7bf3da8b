"""Files imported documents in the owner's Drive: folders kept, each file once, its words known where they are plain."""

import codecs
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.drive.lookup import DriveLookup
from app.demo.importing.report import FileReport, Log
from app.demo.importing.seen import Seen

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

LARGEST = 50 * 1024 * 1024  # bytes
MOST_WORDS = 1_000_000  # letters of a text that are searched
_OFFICE = "application/vnd.openxmlformats-officedocument."
MIMES = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".html": "text/html",
    ".htm": "text/html",
}
_BEGINNINGS = {
    ".pdf": (b"%PDF-", "a PDF"),
    **dict.fromkeys((".docx", ".xlsx", ".pptx"), (b"PK\x03\x04", "an Office file")),
}
_PDF_HEAD = 1024  # bytes in which a PDF may begin


class Shelving:
    """Where the documents of one import go: below each folder that was named, as they lie on the disk."""

    def __init__(self, workspace: "Workspace", seen: Seen, paths: Sequence[Path]) -> None:
        self._workspace = workspace
        self._seen = seen
        self._roots = [path for path in paths if path.is_dir()]
        self._owner = workspace.owner.address

    def take(self, path: Path, log: Log) -> FileReport:
        """File one document. Raises OSError."""
        if path.stat().st_size > LARGEST:
            return log.refused("it is larger than 50 MB")
        content, ending = path.read_bytes(), path.suffix.lower()
        if reason := _unreadable(content, ending):
            return log.refused(reason)
        words = _words(content, ending)
        if words is None:
            log.note("found by its name, not by its words")
        with self._workspace.transaction():
            self._file(path, content, words or "", log)
        return log.report()

    def _file(self, path: Path, content: bytes, words: str, log: Log) -> None:
        parts = self._parts(path)
        key = f"document {'/'.join((*parts, path.name))} {sha256(content).hexdigest()}"
        if key in self._seen:
            log.duplicates += 1
            return
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        self._workspace.drive.add_file(
            _clean(path.name),
            mime=MIMES[path.suffix.lower()],
            content=content,
            owner=self._owner,
            created=changed,
            modified=changed,
            parent=self._folder(parts, changed),
            text=words[:MOST_WORDS],
        )
        self._seen.add(key)
        log.loaded += 1

    def _parts(self, path: Path) -> tuple[str, ...]:
        """The folders a file lies in, from the one that was named on."""
        for root in self._roots:
            if path.is_relative_to(root):
                return tuple(part for part in (root.resolve().name, *path.relative_to(root).parent.parts) if part)
        return ()

    def _folder(self, parts: tuple[str, ...], made: datetime) -> str:
        """The id of the folder, made with those above it if it is not there; "" for the top of the Drive."""
        if not parts:
            return ""
        identity = f"1f{sha256('/'.join(parts).encode('utf-8', 'surrogateescape')).hexdigest()[:31]}"
        if not DriveLookup(self._workspace.drive, self._owner).sees(identity):
            parent = self._folder(parts[:-1], made)
            name = _clean(parts[-1])
            self._workspace.drive.add_folder(name, owner=self._owner, parent=parent, id=identity, created=made)
        return identity


def _clean(name: str) -> str:
    """A file name that is not UTF-8 has letters that cannot be stored; they are shown as question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _unreadable(content: bytes, ending: str) -> str:
    """Why a file cannot be what its name says, "" when it can."""
    if not content.strip():
        return "the file is empty"
    beginning, what = _BEGINNINGS.get(ending, (b"", ""))
    if beginning not in content[: _PDF_HEAD if ending == ".pdf" else len(beginning)]:
        return f"it is not {what}, whatever its name says, or it is damaged"
    if not beginning and b"\0" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is not a text, whatever its name says"
    return ""


def _words(content: bytes, ending: str) -> str | None:
    """What a search looks through; None for a kind whose words are not read here."""
    if ending in _BEGINNINGS:
        return None
    text = _decoded(content)
    return _shown(text) if ending in (".html", ".htm") else text


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


class _Page(HTMLParser):
    """Collects the words a web page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _shown(text: str) -> str:
    page = _Page()
    page.feed(text)
    page.close()
    return " ".join(page.words)
