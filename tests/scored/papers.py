"""Writes the documents of the material: as they lie there, but NAME.docx.md as a Word document."""

from __future__ import annotations

import os
from pathlib import Path

from tests.documents.files import docx
from tests.scored.corpus import DATA, NOW

WORD = ".docx.md"


def sources() -> dict[str, str]:
    """The text of every document by the name it is imported under."""
    paths = sorted(path for path in (DATA / "documents").iterdir() if path.name != "truth.toml")
    return {path.name.removesuffix(".md") if path.name.endswith(WORD) else path.name: _read(path) for path in paths}


def _read(path: Path) -> str:
    return path.read_text("utf-8")


def write_all(folder: Path) -> None:
    """The files to import, a day old."""
    folder.mkdir()
    day_before = NOW.timestamp() - 86_400
    for name, text in sources().items():
        path = folder / name
        path.write_bytes(docx(text) if name.endswith(".docx") else text.encode())
        os.utime(path, (day_before, day_before))
