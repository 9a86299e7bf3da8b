"""The commands of the tasks API: serve it alone, and register programs that use it in their own name."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.settings import SettingsError, load

if TYPE_CHECKING:
    from app.tasks.database import Database

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
    from app.auth0_setup import issuer_to_serve_with
    from app.storage import DATABASE, private_file
    from app.tasks.local import local_tasks
    from app.vault_opening import ask_at_terminal, open_vault
    from app.wiring import local_user

    settings = load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace})
    demo = workspace is not None or settings.accounts == "demo"
    file = settings.workspace_file if demo else None
    elsewhere = issuer_to_serve_with(settings, demo=demo)
    private_file(settings.home / DATABASE)  # first, so that the folder of everything else is private too
    vault = open_vault(settings, ask_at_terminal if sys.stdin.isatty() else None)
    try:
        server = local_tasks(settings.home, local_user(), vault, workspace=file, port=port, elsewhere=elsewhere)
    except OSError as error:
        vault.close()
        raise SettingsError(f"Port {port} cannot be used: {error.strerror}.", "Choose another with --port.") from error
    with closing(vault), server:
        whose = f"those of the demo workspace {settings.workspace!r}" if demo else "your own"
        if elsewhere is not None:
            typer.echo(f"Its tokens are those of {elsewhere.issuer}, for {elsewhere.audience}.")
        typer.echo(f"Tasks ({whose}) at {server.origin}; described at {server.origin}/openapi.json. Ctrl-C ends it.")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            typer.echo()


@tasks.command()
def program(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the program is called: its client id.")],
    writes: Annotated[bool, typer.Option("--writes", help="It may change its tasks too.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="How long its secret is good.")] = 365,
    remove: Annotated[bool, typer.Option("--remove", help="Take its secret away; its tasks stay.")] = False,
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="NAME", help="For tasks of this demo workspace.")
    ] = None,
) -> int:
    """Register a program that uses the service in its own name, with tasks of its own; a new secret if it is known."""
    from app.tasks.api import READ, WRITE
    from app.tasks.programs import Programs

    with closing(_database(workspace)) as database:
        programs = Programs(database, lambda: datetime.now(UTC).timestamp())
        if remove:
            return _removed(programs.remove(name), name)
        span = timedelta(days=days)
        try:
            secret = programs.register(name, frozenset({READ, WRITE} if writes else {READ}), span.total_seconds())
        except ValueError as error:
            raise SettingsError(f"{name!r} is no name for a program.", f"It is {error}.") from None
    typer.echo(f"The program {name} may {'read and change' if writes else 'read'} tasks of its own. Its secret, shown")
    typer.echo(f"this once and good until {datetime.now(UTC) + span:%d %b %Y}:")
    typer.echo(secret)
    typer.echo(f"`valet connect tasks --client {name}` takes it, or VALET_TASKS_CLIENT_ID and _SECRET.")
    return 0


def _removed(was: bool, name: str) -> int:
    if not was:
        raise SettingsError(f"There is no program {name!r}.", "Its name is the client id it was registered under.")
    typer.echo(f"The program {name} gets no token any more; one it has is good for a quarter of an hour.")
    return 0


def _database(workspace: str | None) -> Database:
    from app.storage import DATABASE, private_file
    from app.storage_seal import VaultSeal
    from app.tasks.database import Database
    from app.tasks.local import file_of
    from app.vault_opening import ask_at_terminal, open_vault

    settings = load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace})
    if settings.named("VALET_BROKER") == "auth0":
        raise SettingsError(
            "Auth0 issues the tokens of the tasks service, and knows no programs registered here.",
            "Make a machine-to-machine application at the tenant, or set VALET_BROKER=local.",
        )
    demo = workspace is not None or settings.accounts == "demo"
    private_file(settings.home / DATABASE)
    with closing(open_vault(settings, ask_at_terminal if sys.stdin.isatty() else None)) as vault:
        seal = VaultSeal.of(vault, "tasks")
        return Database(file_of(settings.home, settings.workspace if demo else ""), seal)
