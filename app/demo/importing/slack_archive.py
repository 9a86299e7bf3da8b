"""Opens a Slack export, packed or unpacked, and reads its JSON files one at a time.

Law: nothing is unpacked to disk, no more than LONGEST bytes of an entry are ever held, and an archive that lies,
hides its content or names paths outside itself is refused with the reason.
"""

import json
import lzma
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

LONGEST = 64 * 2**20  # bytes of one JSON file, unpacked
MOST_ENTRIES = 200_000
MOST_BYTES = 8 * 2**30  # of all entries together, unpacked
BOMB_RATIO, BOMB_FROM = 200, 8 * 2**20
INDEXES = ("users.json", "channels.json", "groups.json", "dms.json", "mpims.json")
UNPACKING = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error, lzma.LZMAError)
_NAMED_INSIDE = re.compile(rb"channels\.json|/\d{4}-\d\d-\d\d\.json")
DAY = re.compile(r"(?:^|/)([^/]+)/(\d{4}-\d\d-\d\d)\.json$")


class ExportRefused(Exception):
    """The whole export cannot be taken; the text says why and what to do."""


class FileBroken(Exception):
    """One file of the export cannot be read; the text says why."""


class Archive(Protocol):
    """Where the files of an export are."""

    def names(self) -> list[str]:
        """The paths of the files, with /, in the order of names."""

    def read(self, name: str) -> bytes:
        """At most LONGEST + 1 bytes. Raises FileBroken."""

    def close(self) -> None: ...


class Packed:
    """The export as the .zip that Slack hands out. Raises ExportRefused, OSError."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise ExportRefused(f"the zip is damaged ({error}): download the export again") from error
        try:
            self._entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}
            _check(self._zip.infolist())
        except ExportRefused:
            self._zip.close()
            raise

    def names(self) -> list[str]:
        return sorted(self._entries)

    def read(self, name: str) -> bytes:
        try:
            with self._zip.open(self._entries[name]) as source:
                return source.read(LONGEST + 1)
        except UNPACKING as error:
            raise FileBroken(f"it cannot be unpacked: {error}") from error

    def close(self) -> None:
        self._zip.close()


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ExportRefused("the zip is too large to be opened safely: unpack it and import the folder")
    for entry in entries:
        if entry.flag_bits & 1:
            raise ExportRefused("the zip is encrypted: unpack it with its password and import the folder")
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise ExportRefused(f"the zip names a path outside itself ({entry.filename[:80]!r}): it is not an export")
        if entry.file_size > BOMB_FROM and entry.file_size > BOMB_RATIO * max(entry.compress_size, 1):
            raise ExportRefused(f"the zip swells beyond measure ({entry.filename[:80]!r}): it is not an export")


class Unpacked:
    """The export as a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        found = []
        for folder, folders, names in os.walk(self._root):
            folders.sort()
            found += [(Path(folder) / name).relative_to(self._root).as_posix() for name in names]
        return sorted(found)

    def read(self, name: str) -> bytes:
        path = self._root / name
        if not path.resolve().is_relative_to(self._root.resolve()):
            raise FileBroken("it is a link to somewhere outside the export")
        if not path.is_file():
            raise FileBroken("it is not a regular file")
        try:
            with path.open("rb") as source:
                return source.read(LONGEST + 1)
        except OSError as error:
            raise FileBroken(f"it cannot be read: {error.strerror or error}") from error

    def close(self) -> None:
        """Nothing is held open."""


def open_archive(path: Path) -> Archive:
    """The export at `path`. Raises ExportRefused, OSError."""
    return Unpacked(path) if path.is_dir() else Packed(path)


class Export:
    """The indexes and days of an export; a folder around it all is looked through."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        names = archive.names()
        self._root = _root(names)
        inside = [name for name in names if name.startswith(self._root)]
        self.days: dict[str, list[str]] = {}
        for name in inside:
            found = DAY.fullmatch(name[len(self._root) :])
            if found:
                self.days.setdefault(found[1], []).append(name)
        taken = {name for folder in self.days.values() for name in folder}
        taken |= {self._root + index for index in INDEXES}
        self.others = [name for name in names if name not in taken]
        self._names = set(inside)

    def has(self, index: str) -> bool:
        return self._root + index in self._names

    def index(self, name: str) -> list[dict[str, Any]]:
        """The entries of users.json and its like. Raises FileBroken."""
        return [row for row in self.rows(self._root + name) if isinstance(row, dict)]

    def shown(self, name: str) -> str:
        """A file's name as a report says it."""
        return name.removeprefix(self._root)

    def rows(self, name: str) -> list[Any]:
        """The list in a JSON file. Raises FileBroken."""
        raw = self._archive.read(name)
        if len(raw) > LONGEST:
            raise FileBroken(f"it is larger than {LONGEST >> 20} MB")
        try:
            found = json.loads(raw.decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError) as error:
            raise FileBroken(f"it is not JSON: {str(error)[:120]}") from error
        if not isinstance(found, list):
            raise FileBroken("it is not a list")
        return found


def _root(names: list[str]) -> str:
    """What stands before the folders of the channels in every name: "" or "Northwind export/"."""
    roots: Counter[str] = Counter()
    for name in names:
        day = DAY.search(name)
        if day:
            roots[name[: day.start(1)]] += 1
        elif name.rpartition("/")[2] in INDEXES:
            roots[name.rpartition("/")[0] + ("/" if "/" in name else "")] += 1
    return min(roots, key=lambda root: (-roots[root], root)) if roots else ""


def is_export(path: Path, head: bytes = b"") -> bool:
    """Whether a folder, or a file that begins with `head`, looks like a Slack export."""
    if path.is_dir():
        return any(_is_day(entry) for entry in _children(path)) or all((path / name).is_file() for name in INDEXES[:2])
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as found:
            names = found.namelist()[:MOST_ENTRIES]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return bool(_NAMED_INSIDE.search(head))  # a damaged one
    indexes = {name.rpartition("/")[2] for name in names if name.count("/") <= 1}
    return any(map(DAY.search, names)) or set(INDEXES[:2]) <= indexes


def _children(path: Path) -> Iterator[Path]:
    """The files in the folders of a folder."""
    try:
        for folder in sorted(path.iterdir()):
            if folder.is_dir() and not folder.is_symlink():
                yield from folder.iterdir()
    except OSError:
        return


def _is_day(path: Path) -> bool:
    return bool(DAY.search(path.as_posix()))
