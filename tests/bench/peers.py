"""The peers in an environment of their own, from pinned requirements. Without the package index the rest runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.race import ROOT

FOLDER = ROOT / ".bench"
PINNED = Path(__file__).with_name("peers.txt")


@dataclass(frozen=True)
class Peers:
    """Their interpreter and programs; without `folder`, `why` says what is missing."""

    folder: Path | None
    why: str = ""

    @property
    def python(self) -> Path:
        assert self.folder is not None
        return self.folder / "bin" / "python"

    def __bool__(self) -> bool:
        return self.folder is not None


def ready(folder: Path = FOLDER, pinned: Path = PINNED) -> Peers:
    """Make the environment where it is missing or older than what is pinned."""
    mark = folder / ".ready"
    if mark.exists() and mark.read_text(encoding="utf-8") == pinned.read_text(encoding="utf-8"):
        return Peers(folder)
    uv = shutil.which("uv")
    make = (
        [uv, "venv", "-q", "--clear", "--python", sys.executable] if uv else [sys.executable, "-m", "venv", "--clear"]
    )
    python = str(folder / "bin" / "python")
    fill = (
        [uv, "pip", "install", "-q", "--compile-bytecode", "-p", python]
        if uv
        else [python, "-m", "pip", "install", "-q"]
    )
    for command in ([*make, str(folder)], [*fill, "-r", str(pinned)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["no reason given"]
            return Peers(None, f"the peers could not be installed ({said[-1][:120].strip()})")
    mark.write_text(pinned.read_text(encoding="utf-8"), encoding="utf-8")
    return Peers(folder)
