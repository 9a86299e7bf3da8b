"""The command of the tasks API: serve it alone, for other programs on this machine."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app.settings import SettingsError, load

tasks = typer.Typer(
    help="The tasks service: what you have to do.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@tasks.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8710,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="NAME", help="Tasks of this demo workspace.")
    ] = None,
) -> None:
    """Serve your tasks over HTTP on this machine, until Ctrl-C."""
    from app.storage import DATABASE, private_file
    from app.tasks.local import local_tasks
    from app.vault_opening import ask_at_terminal, open_vault
    from app.wiring import local_user

    settings = load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace})
    demo = workspace is not None or settings.accounts == "demo"
    file = settings.workspace_file if demo else None
    private_file(settings.home / DATABASE)  # first, so that the folder of everything else is private too
    vault = open_vault(settings, ask_at_terminal if sys.stdin.isatty() else None)
    try:
        server = local_tasks(settings.home, local_user(), vault, workspace=file, port=port)
    except OSError as error:
        vault.close()
        raise SettingsError(f"Port {port} cannot be used: {error.strerror}.", "Choose another with --port.") from error
    with closing(vault), server:
        whose = f"those of the demo workspace {settings.workspace!r}" if demo else "your own"
        typer.echo(f"Tasks ({whose}) at {server.origin}; described at {server.origin}/openapi.json. Ctrl-C ends it.")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            typer.echo()
