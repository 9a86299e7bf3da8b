"""The commands of the vault: how it stands, a new key, the end of everything. Law: nothing in it is ever printed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.settings import Settings, SettingsError, load

vault = typer.Typer(
    help="The vault: it holds your connections, and the key of your conversations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@vault.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> int:
    """Say where the vault's key is, and what that protects against. Exit code 4 where it cannot be opened."""
    from app.vault_state import vault_state

    settings = _settings()
    found = vault_state(settings)
    if as_json:
        facts: dict[str, Any] = {
            "state": found.state,
            "what": found.what,
            "next": found.next,
            "key": found.rung,
            "records": found.records,
            "made": found.made.isoformat() if found.made else None,
        }
        typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        _say(settings, f"The vault: {found.what}", found.next)
        if found.made:
            many = "record" if found.records == 1 else "records"
            typer.echo(f"{found.records} {many}; the key is from {found.made.astimezone():%d %b %Y %H:%M}.")
    return 4 if found.state == "missing" else 0


@vault.command()
def rotate(
    to: Annotated[str, typer.Option("--to", metavar="PLACE", help="keyring, passphrase or environment.")] = "",
) -> int:
    """Give the vault a new key, elsewhere where a place is named. Nothing is lost, and nothing else changes."""
    from app.vault_opening import ask_at_terminal, ladder_of, vault_file
    from app.vault_state import WHERE
    from auth.local.keys import RUNGS
    from auth.local.vault import Vault
    from auth.local.vault_file import rung_of

    rung = next((rung for rung in RUNGS if rung == to), None)
    if to and (rung is None or rung == "beside"):
        raise typer.BadParameter("it is keyring, passphrase or environment", param_hint="--to")
    settings = _settings()
    asks = settings.vault_passphrase is None or rung_of(vault_file(settings)) == "passphrase"
    ask = ask_at_terminal if asks and sys.stdin.isatty() else None
    opened = Vault.open(vault_file(settings), ladder_of(settings, ask))
    try:
        now = opened.rotate(rung, _wait_told)
    finally:
        opened.close()
    typer.echo(f"The vault has a new key, {WHERE[now]}. The old one opens nothing any more.")
    return 0


@vault.command()
def wipe(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> int:
    """Destroy the vault's key and all it holds: connections go, kept conversations and tasks can never be read again.

    Works without the key too. At the services, the permissions stay until you take them back there.
    """
    from app.vault_opening import ladder_of, vault_file
    from auth.local.vault_rotation import wipe as destroy

    settings = _settings()
    if not vault_file(settings).exists():
        typer.echo("There is no vault to wipe.")
        return 0
    if not yes and not sys.stdin.isatty():
        raise SettingsError("Nobody is there to confirm that the vault goes.", "Say it with --yes.")
    question = f"Destroy the vault in {settings.home}, and with it every connection, every kept conversation and task?"
    if not yes and not typer.confirm(question):
        return 0
    done = destroy(vault_file(settings), ladder_of(settings), _wait_told)
    _remove_what_lay_beside(settings.home)
    typer.echo(
        "Wiped: connections are gone, and with them kept conversations, your tasks, the history of requests and the "
        "reports of bugs."
    )
    for place in done.left:
        typer.echo(f"The {place} does not answer and still holds the old key, which opens nothing any more.")
    typer.echo("Begin anew with `valet chat`.")
    return 0


def _remove_what_lay_beside(home: Path) -> None:
    """The history of requests and reports of bugs are in the clear; the tasks could not be read any more."""
    (home / "history").unlink(missing_ok=True)
    for folder in (home / "bugs", home / "tasks"):
        if folder.is_dir():
            shutil.rmtree(folder)


def _wait_told(holder: str) -> None:
    typer.echo(
        f"{holder} is changing the vault's key. It is waited for, a minute and a half at most; Ctrl-C ends the waiting "
        "and changes nothing. Where it is stuck, end it.",
        err=True,
    )


def _say(settings: Settings, what: str, following: str) -> None:
    typer.echo(what)
    if following:
        typer.echo(f"  next: {following}")


def _settings() -> Settings:
    return load(cwd=Path.cwd())
