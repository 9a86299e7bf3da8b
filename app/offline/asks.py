"""What the asks of the tools hold, read once and kept in a file, since reading them all takes longer than planning.

Law: the file is data, made of the tools' own asks and of nothing a person said; other code or other kinds of things
read anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

FILE = "asks.json"


@dataclass(frozen=True)
class Ask:
    """One ask as it was read: what the intent model weighs of it, and the verb of change it begins with, or ""."""

    features: tuple[str, ...]
    action: str


class Asks:
    """Reads asks; with a folder, keeps there what it has read. The folder exists by then, and is private."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = folder / FILE if folder else None

    def read(self, texts: Iterable[str], kinds: Iterable[str], learn: Callable[[str], Ask]) -> Mapping[str, Ask]:
        """Every text as `learn` reads it. `kinds` are what else, besides the code, the reading depends on."""
        digest = _digest(kinds) if self._file else ""
        kept = self._load(digest)
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        if missing:
            kept |= {text: learn(text) for text in missing}
            self._keep(digest, kept)
        return kept

    def _load(self, digest: str) -> dict[str, Ask]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            told = json.loads(self._file.read_bytes())
        except ValueError:  # cut off or spoilt: read anew, and written anew
            return {}
        if not isinstance(told, dict) or told.get("digest") != digest:
            return {}
        return {text: Ask(tuple(features), action) for text, (features, action) in told["asks"].items()}

    def _keep(self, digest: str, asks: Mapping[str, Ask]) -> None:
        """Put in place whole, so that a process that reads meanwhile finds the old or the new."""
        if self._file is None:
            return
        told = {"digest": digest, "asks": {text: (ask.features, ask.action) for text, ask in asks.items()}}
        new = self._file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(told, out)
        new.replace(self._file)


def _digest(kinds: Iterable[str]) -> str:
    """Of everything an ask's reading depends on: the planner's own code and words, and the kinds of things."""
    sources = sorted((file for file in files("app.offline").iterdir() if file.is_file()), key=lambda file: file.name)
    whole = sha256(" ".join(sorted(kinds)).encode())
    for source in sources:
        whole.update(source.name.encode() + sha256(source.read_bytes()).digest())
    return whole.hexdigest()
