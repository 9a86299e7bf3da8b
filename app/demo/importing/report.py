"""What became of each file of an import: loaded, partly loaded with what was left out, or refused with the reason."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["mbox", "mail", "calendar", "document", "slack", "unknown"]
Outcome = Literal["loaded", "partly", "refused"]
SHOWN = 50


@dataclass(frozen=True)
class LeftOut:
    """One thing of a file that was not taken, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class FileReport:
    """One file. `loaded` and `duplicates` count messages, events, documents; `left_out` names the first SHOWN."""

    path: Path
    kind: Kind
    outcome: Outcome
    loaded: int = 0
    duplicates: int = 0
    left_out: tuple[LeftOut, ...] = ()
    left_out_count: int = 0
    notes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class ImportReport:
    """The whole import, file by file, in the order they were read."""

    files: tuple[FileReport, ...]

    @property
    def messages(self) -> int:
        return sum(found.loaded for found in self.files if found.kind in ("mbox", "mail"))

    @property
    def events(self) -> int:
        return sum(found.loaded for found in self.files if found.kind == "calendar")

    @property
    def chats(self) -> int:
        """Messages of Slack exports."""
        return sum(found.loaded for found in self.files if found.kind == "slack")

    @property
    def documents(self) -> int:
        return sum(found.loaded for found in self.files if found.kind == "document")

    @property
    def duplicates(self) -> int:
        return sum(found.duplicates for found in self.files)

    def of(self, outcome: Outcome) -> list[FileReport]:
        """The files with that outcome."""
        return [found for found in self.files if found.outcome == outcome]


@dataclass
class Log:
    """Collects what happens to one file while it is read; holds little, however large the file is."""

    path: Path
    kind: Kind
    loaded: int = 0
    duplicates: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    left_out_count: int = 0
    notes: list[str] = field(default_factory=list)

    def leave_out(self, what: str, why: str) -> None:
        self.left_out_count += 1
        if len(self.left_out) < SHOWN:
            self.left_out.append(LeftOut(what, why))

    def note(self, text: str) -> None:
        """Something a reader of the report should know though nothing was lost; said once."""
        if text not in self.notes and len(self.notes) < SHOWN:
            self.notes.append(text)

    def refused(self, reason: str) -> FileReport:
        return FileReport(self.path, self.kind, "refused", reason=reason)

    def report(self) -> FileReport:
        """The file's fate; one of which nothing could be taken is refused."""
        nothing = not self.loaded and not self.duplicates and self.left_out_count
        outcome: Outcome = "refused" if nothing else "partly" if self.left_out_count else "loaded"
        return FileReport(
            self.path,
            self.kind,
            outcome,
            loaded=self.loaded,
            duplicates=self.duplicates,
            left_out=tuple(self.left_out),
            left_out_count=self.left_out_count,
            notes=tuple(self.notes),
            reason=f"{self.left_out[0].what}: {self.left_out[0].why}" if nothing else "",
        )
