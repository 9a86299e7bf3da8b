"""What the tests of the importer share: where the files are, a workspace, and looks into it."""

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from app.demo.event_lookup import EventLookup
from app.demo.importing import FileReport, ImportReport, load
from app.demo.workspace import Workspace

IMPORTS = Path(__file__).parent.parent / "data" / "imports"
OWN = IMPORTS / "own"
KIM = "kim@home.example"


def quiet(done: int, total: int | None, what: str) -> None:
    """Progress that nobody looks at."""


def take(workspace: Workspace, *paths: Path) -> ImportReport:
    return load(workspace, list(paths), progress=quiet)


def only(report: ImportReport) -> FileReport:
    """The report of the one file there was."""
    assert len(report.files) == 1
    return report.files[0]


def labels(workspace: Workspace) -> dict[str, set[str]]:
    """The label names of each message, by its subject."""
    mail = workspace.mail()
    found: dict[str, set[str]] = {}
    rows = workspace.database.rows(
        "SELECT b.raw, l.label FROM message_bytes b LEFT JOIN message_labels l ON l.number = b.number"
    )
    for raw, label in rows:
        names = found.setdefault(str(parsed(raw)["Subject"]), set())
        if label:
            names.add(mail.label_name(label) or "")
    return found


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def filed(workspace: Workspace) -> dict[str, tuple[str, int]]:
    """Conversation and time of arrival (ms since the epoch) of the messages, by Message-ID."""
    rows = workspace.database.rows("SELECT message_id, thread, received FROM messages")
    return {identity: (thread, received) for identity, thread, received in rows}


def events(workspace: Workspace, calendars: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """The bodies of all events, as they were filed."""
    for calendar in calendars or [found.id for found in workspace.events.calendars()]:
        for event in EventLookup(workspace.database, calendar).changed_since(0):
            yield event.body


def by_title(workspace: Workspace) -> dict[str, dict[str, Any]]:
    return {str(event.get("summary", event["id"])): event for event in events(workspace)}
