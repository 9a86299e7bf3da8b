"""Takes a person's own mail, calendars and documents into a workspace, with a bar, and says what became of each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from app.demo.importing import FileReport, ImportReport, Progress, load, open_for
from app.screen import Screen, terminal
from app.settings import Settings
from tools.view import Cell, Table, Tone

TONES: dict[str, Tone] = {"loaded": "good", "partly": "notice", "refused": "urgent"}
NAMED = 3


def take_in(settings: Settings, paths: Sequence[Path], *, owner: str, zone: str, as_json: bool) -> int:
    """Import `paths` into the workspace the settings name; gives the exit code: 4 when no file could be loaded."""
    screen = terminal(settings.colour)
    workspace = open_for(settings.workspace_file, paths, zone=zone or settings.zone.key, owner=owner)
    try:
        with _bar(screen) as progress:
            report = load(workspace, paths, progress=progress, owner=owner)
    finally:
        workspace.close()
    if as_json:
        sys.stdout.write(json.dumps(_listed(report), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(screen, settings.workspace, workspace.owner.address, report)
    return 0 if report.of("loaded") or report.of("partly") else 4


@contextmanager
def _bar(screen: Screen) -> Iterator[Progress]:
    """A bar of the bytes read, in passing, where there is a terminal."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    if screen.side is None:
        yield lambda done, total, what: None
        return
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Bar(*columns, console=screen.side, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, what: bar.update(task, completed=done, total=total, description=screen.short(what))


def _listed(report: ImportReport) -> dict[str, object]:
    files = [{**asdict(found), "path": str(found.path)} for found in report.files]
    counts = {
        "messages": report.messages,
        "events": report.events,
        "documents": report.documents,
        "chats": report.chats,
    }
    return {**counts, "duplicates": report.duplicates, "files": files}


def _show(screen: Screen, name: str, owner: str, report: ImportReport) -> None:
    trouble = [found for found in report.files if found.outcome != "loaded"]
    rows = tuple(
        (Cell(text=found.path.name), Cell(text=found.outcome, tone=TONES[found.outcome]), Cell(text=_why(found)))
        for found in trouble
    )
    if rows:
        screen.show([Table(columns=("File", "", "What was left out, and why"), rows=rows, grow=2)])
    verb = "was" if report.duplicates == 1 else "were"
    again = f", {report.duplicates} {verb} there already" if report.duplicates else ""
    screen.say(
        f"{_counted(report)} from {_many(len(report.files), 'file')}{again}.\n"
        f"{_many(len(report.of('loaded')), 'file')} loaded, {len(report.of('partly'))} partly, "
        f"{len(report.of('refused'))} refused."
    )
    screen.say(f"Workspace {name!r} of {owner}: valet chat --workspace {name}", "dim")


def _counted(report: ImportReport) -> str:
    more = {"document": report.documents, "Slack message": report.chats}
    counted = [_many(report.messages, "message"), _many(report.events, "event")]
    counted += [_many(count, what) for what, count in more.items() if count]
    return f"{', '.join(counted[:-1])} and {counted[-1]}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _why(found: FileReport) -> str:
    if found.outcome == "refused":
        return found.reason
    named = "; ".join(f"{left.what}: {left.why}" for left in found.left_out[:NAMED])
    more = found.left_out_count - min(len(found.left_out), NAMED)
    return f"{found.loaded} loaded; {named}" + (f"; and {more} more" if more else "")
