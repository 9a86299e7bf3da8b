"""The commands that link accounts, list what is linked, and end it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from app.settings import SettingsError

if TYPE_CHECKING:
    from app.settings import Settings
    from app.wiring import Accounts
    from auth.capability import Capability
    from auth.wire import Cut

Connection = Annotated[str, typer.Argument(metavar="CONNECTION", help="google, slack, model, or another connection.")]
Account = Annotated[str, typer.Option("--account", metavar="NAME", help="Which account, where there are several.")]
Workspace = Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="On this demo workspace.")]
Permissions = Annotated[
    list[str] | None, typer.Option("--for", metavar="PERMISSION", help="Only this one; may be repeated.")
]
Paste = Annotated[bool, typer.Option("--paste-token", help="Slack: take a user token (xoxp-) instead of a consent.")]
ServiceAccount = Annotated[
    str, typer.Option("--service-account", metavar="FILE", help="Google: act as this, for the --account ADDRESS.")
]
ProgramClient = Annotated[
    str, typer.Option("--client", metavar="ID", help="Tasks: act as this program; its secret is asked for.")
]


def connect(
    connection: Connection,
    capabilities: Permissions = None,
    account: Account = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the addresses only.")] = False,
    paste_token: Paste = False,
    service_account: ServiceAccount = "",
    client: ProgramClient = "",
    workspace: Workspace = None,
) -> int:
    """Link an account: one consent for each service the reading tools need, or for what is named."""
    from app.connect import chosen, missing
    from app.model_key import MODEL, asking

    settings = _settings(workspace)
    if connection == MODEL:
        return _with_accounts(settings, lambda accounts, cut: _keyed(accounts, settings, asking(_endpoint(settings))))
    if service_account or client:
        from app.connect_machine import Program

        program = Program(connection, service_account, client, account)
        return _with_accounts(settings, lambda accounts, cut: program.link(accounts, settings))

    def link(accounts: Accounts, cut: Cut) -> int:
        try:
            found = chosen(accounts.registry, connection, capabilities or ())
        except KeyError:
            found = []
        if not found:
            raise _nothing_of(accounts, connection)
        if found[0].key is not None:
            return _keyed(accounts, settings, found[0])
        if paste_token:
            return _pasted(accounts, settings, account, found)
        wanted = found if capabilities else missing(accounts.brokers, accounts.user, account, found)
        return _asked(accounts, settings, cut, account, wanted, no_browser)

    return _with_accounts(settings, link)


def _nothing_of(accounts: Accounts, connection: str) -> SettingsError:
    """What is said where no tool needs what was named."""
    from graphs.access import bundles

    named = ", ".join(bundles(accounts.registry, connection))
    known = sorted({node.connection for node in accounts.registry.nodes if node.connection})
    return SettingsError(
        f"No tool needs this of {connection!r}.",
        f"It has {named}." if named else f"The connections are {', '.join(known)}.",
    )


def disconnect(
    connection: Connection,
    account: Account = "",
    capability: Annotated[
        str, typer.Option("--for", metavar="PERMISSION", help="Forget this one only, here only.")
    ] = "",
    workspace: Workspace = None,
) -> int:
    """Unlink an account, here and at the service; or with --for one permission, here alone."""
    from app.screen import terminal
    from auth.local.machine import NOTHING

    settings = _settings(workspace)

    def unlink(accounts: Accounts, cut: Cut) -> int:
        done = accounts.brokers.disconnect(accounts.user, connection, account, capability)
        screen = terminal(settings.colour)
        if not done.capabilities:
            screen.error(
                " ".join(filter(None, (connection, account, capability, "is not linked."))),
                "`valet grants` lists what is." if done.note == NOTHING else done.note,
            )
            return 2
        screen.say(f"Disconnected: {connection} {done.account} ({', '.join(done.capabilities)}).", "good")
        screen.say(done.note, "notice" if done.failed else "plain")
        return 4 if done.failed else 0

    return _with_accounts(settings, unlink)


def grants(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False, workspace: Workspace = None
) -> int:
    """List who is linked: scopes, since when, last used, until when."""
    from app.grants_view import asked_of, listed, tables, warnings
    from app.screen import terminal

    settings = _settings(workspace)

    def show(accounts: Accounts, cut: Cut) -> int:
        found = accounts.brokers.grants(accounts.user)
        if as_json:
            typer.echo(json.dumps({"grants": listed(found)}, ensure_ascii=False, indent=2))
            return 0
        screen, now = terminal(settings.colour), accounts.now()
        if not found:
            screen.say("Nothing is linked. `valet connect google` begins.")
        else:
            screen.show(tables(found, now, settings.zone, asked_of(accounts.registry)))
        for line in warnings(found, now, settings.zone):
            screen.say(line, "notice")
        return 0

    return _with_accounts(settings, show)


def _asked(
    accounts: Accounts, settings: Settings, cut: Cut, account: str, wanted: list[Capability], no_browser: bool
) -> int:
    from app.connect import Terminal, browse
    from app.screen import terminal

    screen = terminal(settings.colour)
    if not wanted:
        screen.say("Everything the tools need is linked already. `valet grants` shows it.", "good")
        return 0
    opens = None if no_browser or not settings.window else browse
    asking = Terminal(accounts.brokers, accounts.user, screen, sys.stdin, opens, cut, settings.remote)
    return asking.connect(account, wanted)


def _endpoint(settings: Settings) -> str:
    from app.endpoint import Endpoint

    return Endpoint(settings.model_url, None).where


def _keyed(accounts: Accounts, settings: Settings, capability: Capability) -> int:
    """Read an API key without echo; it is never an argument, which other programs could see."""
    from getpass import getpass

    from app.connect import take_key
    from app.screen import terminal

    text = getpass(f"API key of {capability.connection}: ") if sys.stdin.isatty() else sys.stdin.readline()
    return take_key(accounts.brokers, accounts.user, terminal(settings.colour), capability, text.strip())


def _pasted(accounts: Accounts, settings: Settings, account: str, found: list[Capability]) -> int:
    """Read a token without echo; it is never an argument, which other programs could see."""
    from getpass import getpass

    from app.connect import take_token
    from app.screen import terminal

    text = getpass("User token of your Slack app (xoxp-…): ") if sys.stdin.isatty() else sys.stdin.readline()
    return take_token(accounts.brokers, accounts.user, terminal(settings.colour), account, found, text.strip())


def _settings(workspace: str | None) -> Settings:
    from app.commands import settings_for

    settings = settings_for(workspace)
    settings.check_workspace()
    return settings


def _with_accounts(settings: Settings, work: Callable[[Accounts, Cut], int]) -> int:
    """Do blocking work with the brokers at hand; Ctrl-C ends its waiting."""
    import asyncio

    from app.vault_opening import ask_at_terminal
    from app.wiring import accounts_of
    from auth.wire import Cut

    async def within() -> int:
        cut = Cut()
        async with accounts_of(settings, ask_at_terminal if sys.stdin.isatty() else None) as accounts:
            try:
                return await asyncio.to_thread(work, accounts, cut)
            finally:
                cut.make()

    return asyncio.run(within())
