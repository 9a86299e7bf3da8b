"""Whether the program on the disk is still the one that was loaded: its sources, and the packages installed beside it.

Law: a changed file is always found; that a file was only looked at, or compiled, is no change.
"""

# thousands of files are looked at while a caller waits, and a Path each would cost more than the look:
# ruff: noqa: PTH116, PTH118, PTH208

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.standby.loading import OURS

ALL = slice(None)
HALVES = slice(0, None, 2), slice(1, None, 2)
Stamp = tuple[int, int, int] | None
"""Inode, size, and time of the last change in nanoseconds; None where there is no such file."""


@dataclass
class Freshness:
    """Begun before loading, with what is known then; `loaded` adds the rest."""

    files: dict[str, Stamp] = field(default_factory=dict)
    folders: dict[str, tuple[Stamp, frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def begun(cls) -> Freshness:
        """The sources of the program, and what is installed."""
        made = cls()
        for folder in (*_own_folders(), *filter(os.path.isdir, sys.path)):
            made.folders[folder] = _listed(folder)
        for folder in _own_folders():
            made._add(os.path.join(folder, name) for name in made.folders[folder][1] if name.endswith(".py"))
        made._add([os.path.join(sys.prefix, "pyvenv.cfg")])
        made._add(str(path) for place in filter(os.path.isdir, sys.path) for path in _records(Path(place)))
        return made

    def loaded(self) -> None:
        """Everything is loaded now: what came from elsewhere counts too."""
        found = (getattr(module, "__dict__", {}).get("__file__") for module in list(sys.modules.values()))
        self._add(file for file in found if file)

    def changed(self, share: slice = ALL) -> str:
        """The first path that is not what it was, among all folders and this share of the files; "" where none is."""
        for path, stamp in list(self.files.items())[share]:
            if _stamp(path) != stamp:
                return path
        for folder, (stamp, names) in self.folders.items():
            if (now := _stamp(folder)) != stamp:
                if _listed(folder)[1] != names:
                    return folder
                self.folders[folder] = now, names
        return ""

    def _add(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.files.setdefault(path, _stamp(path))


def root() -> str:
    """The folder our packages stand in."""
    return str(Path(__file__).parent.parent.parent)


def _own_folders() -> Iterator[str]:
    for name in OURS:
        for folder, below, _ in os.walk(os.path.join(root(), name)):
            below[:] = [one for one in below if one != "__pycache__"]
            yield folder


def _records(place: Path) -> list[Path]:
    """What says which packages are installed there, and where else modules are found."""
    return [*place.glob("*.dist-info/RECORD"), *place.glob("*.pth")]


def _stamp(path: str) -> Stamp:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _listed(folder: str) -> tuple[Stamp, frozenset[str]]:
    """The stamp comes first: what changes in between is seen at the next look."""
    stamp = _stamp(folder)
    try:
        return stamp, frozenset(name for name in os.listdir(folder) if name != "__pycache__")
    except OSError:
        return stamp, frozenset()
