"""The commands of the demo workspace: serve it, fill one from exports, list them, begin anew."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.settings import Settings, SettingsError, load

demo = typer.Typer(
    help="The demo workspaces: data to try Valet on.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

IMPORTED = (
    "Mail (mbox, .eml), calendars (.ics), a Slack export (.zip or its folder), and folders: of these, or of documents."
)
Workspace = Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="The workspace (demo).")]


@demo.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8700,
    workspace: Workspace = None,
) -> None:
    """Serve a workspace to several Valets, until Ctrl-C."""
    from app.demo.consent import Consent
    from app.demo.server import serve as begin
    from app.wiring import clock_of, open_workspace

    settings = _settings(workspace)
    opened = open_workspace(settings, clock_of(settings))
    asks = settings.named("VALET_DEMO_CONSENT") == "ask"
    try:
        running = begin(opened, port=port, consent=Consent("page") if asks else None)
    except OSError as error:
        raise SettingsError(f"Port {port} cannot be used: {error.strerror}.", "Choose another with --port.") from error
    with running:
        if settings.demo_faults:
            running.faults.parse(settings.demo_faults)
        typer.echo(f"Workspace {settings.workspace!r} at {running.origin}. Ctrl-C ends it.")
        typer.echo(f"In another terminal: VALET_DEMO_ORIGIN={running.origin} valet chat")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            typer.echo()


@demo.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", exists=True, help=IMPORTED)],
    workspace: Annotated[str, typer.Option("--workspace", metavar="NAME", help="Where to.")] = "imported",
    owner: Annotated[str, typer.Option("--owner", metavar="ADDRESS", help="Whose it is (what the files say).")] = "",
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help="The owner's time zone (yours).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Take your own mail, calendars, Slack and documents in, from exports; nothing is connected."""
    from app.demo_import import take_in

    return take_in(_settings(workspace), paths, owner=owner, zone=zone, as_json=as_json)


@demo.command("list")
def list_() -> None:
    """List the workspaces on this machine."""
    from app.screen import terminal
    from tools.view import Cell, Table

    settings = _settings()
    files = sorted(settings.workspaces.glob("*.db")) if settings.workspaces.is_dir() else []
    rows = tuple(
        (
            Cell(text=file.stem, tone="good" if file.stem == settings.workspace else "plain"),
            *(Cell(text=fact) for fact in _facts(file)),
        )
        for file in files
    )
    note = "" if rows else "None yet: `valet chat` makes the demo workspace, `valet demo import` one of your own data."
    terminal(settings.colour).show(
        [Table(columns=("Workspace", "Owner", "Zone", "Size", "Changed"), rows=rows, grow=1, note=note)]
    )


def _facts(file: Path) -> tuple[str, str, str, str]:
    from app.demo.workspace import Workspace as File
    from app.demo.workspace_error import WorkspaceError

    about = file.stat()
    size = f"{about.st_size / 1_000_000:.1f} MB"
    changed = f"{datetime.fromtimestamp(about.st_mtime, UTC).astimezone():%d %b %H:%M}"
    try:
        opened = File.open(file)
    except WorkspaceError as error:
        return f"unusable: {error}", "", size, changed
    owner, zone = opened.owner.address, opened.zone
    opened.close()
    return owner, zone, size, changed


@demo.command("service-account")
def service_account(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the key; it must not be there yet.")],
    workspace: Workspace = None,
) -> int:
    """Make a key of the workspace's service account, as the Cloud console would, to link with it."""
    import json
    import os

    from app.demo.service_accounts import new_key
    from app.wiring import clock_of, open_workspace

    settings = _settings(workspace)
    opened = open_workspace(settings, clock_of(settings))
    try:
        key = new_key(opened)
    finally:
        opened.close()
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            json.dump(key, written, indent=2)
    except OSError as error:
        raise SettingsError(f"{file} cannot be made: {error.strerror}.", "Name another file.") from error
    typer.echo(f"The key is in {file}. `valet connect google --service-account {file}` takes it.")
    return 0


@demo.command()
def reset(
    workspace: Workspace = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Remove a workspace and everything in it.

    The demo workspace is made anew when it is next used.
    """
    settings = _settings(workspace)
    files = sorted(settings.workspaces.glob(f"{settings.workspace}.db*"))
    if not files:
        typer.echo(f"There is no workspace {settings.workspace!r} to remove.")
        return 0
    if not yes and not sys.stdin.isatty():
        raise SettingsError(f"Nobody is there to confirm that {settings.workspace!r} goes.", "Say it with --yes.")
    if not yes and not typer.confirm(f"Remove the workspace {settings.workspace!r} and everything in it?"):
        return 0
    for file in [*files, *(settings.home / "tasks").glob(f"demo-{settings.workspace}.db*")]:
        file.unlink()
    typer.echo(f"Removed the workspace {settings.workspace!r}.")
    return 0


def _settings(workspace: str | None = None) -> Settings:
    return load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace})
