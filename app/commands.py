"""The commands of the command line. Law: a command that is listed works; what is heavy is loaded when it runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import audit_commands, connect_commands
from app.brief import Shape
from app.demo_commands import demo
from app.effect_commands import add_to as add_effects
from app.settings import Settings, load
from app.standby.commands import standby
from app.tapes.commands import tapes
from app.tasks_commands import tasks
from app.unlock import unlocked
from app.usage_commands import usage
from app.vault_commands import vault

cli = typer.Typer(
    name="valet",
    help="A personal assistant over your mail, calendar, Slack and Drive. Begin with `valet chat`.",
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.add_typer(demo, name="demo")
cli.add_typer(tapes, name="tapes")
cli.add_typer(tasks, name="tasks")
cli.add_typer(vault, name="vault")

Thread = Annotated[str, typer.Option("--thread", metavar="ID", help="Go on with this conversation.")]
Workspace = Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="Work on this workspace.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def run(argv: list[str]) -> int:
    """Run a command; gives its exit code. Raises what the command raises."""
    bare = argv in ([], ["demo"], ["tapes"], ["vault"])
    try:
        code = cli([*argv, "--help"] if bare else argv, standalone_mode=False, prog_name="valet")
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else " ".join(["valet", *argv[: int(argv[0].isalpha())]])
        sys.stderr.write(f"valet: {error.format_message()}\n  next: see `{where} --help`.\n")
        return error.exit_code
    except SystemExit as left:
        closed = left.__context__
        raise (closed if isinstance(closed, BrokenPipeError) else left) from None  # it is for the outermost frame
    return code if isinstance(code, int) else 0


def settings_for(workspace: str | None = None) -> Settings:
    """The settings, with the vault's passphrase asked for where it wants one."""
    return unlocked(load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace}))


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"valet {version('valet')}")
        raise typer.Exit


@cli.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@cli.command()
def chat(
    thread: Thread = "",
    workspace: Workspace = None,
    record: Annotated[
        str, typer.Option("--record", metavar="FILE", help="Record the conversation on this tape (….tape.yaml).")
    ] = "",
) -> int:
    """Talk with Valet."""
    from app.chat import open_chat
    from app.threads import new_thread

    if record:
        from app.tapes.recording import checked

        thread = thread or new_thread()
        checked(Path(record), thread)
    return open_chat(workspace, thread, record)


@cli.command()
def ask(
    text: Annotated[str, typer.Argument(help='The request; "-" reads it from standard input.')],
    as_json: Json = False,
    thread: Thread = "",
    workspace: Workspace = None,
    account: Annotated[
        list[str] | None, typer.Option("--account", metavar="CONNECTION=NAME", help="Which account; may be repeated.")
    ] = None,
) -> int:
    """Ask once. Exit codes: 0 answered, 2 usage, 3 waits for a decision, 4 something failed, 130 interrupted."""
    from app.ask import accounts_given
    from app.ask import ask as carry_out

    request = sys.stdin.read() if text == "-" else text
    if not request.strip():
        raise typer.BadParameter("there is nothing to ask", param_hint="TEXT")
    settings, accounts = settings_for(workspace), accounts_given(account or ())
    settings.check_workspace()
    return carry_out(settings, request.strip(), thread=thread, as_json=as_json, accounts=accounts)


add_effects(cli, settings_for)
cli.add_typer(audit_commands.commands(settings_for), name="audit")


@cli.command()
def brief(
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    workspace: Workspace = None,
) -> int:
    """One page: what is urgent, the day's meetings and what belongs to them, across all services."""
    from app.brief import brief as gather
    from app.threads import new_thread

    if as_json and as_markdown:
        raise typer.BadParameter("choose one of --json and --markdown")
    shape: Shape = "json" if as_json else "markdown" if as_markdown else "screen"
    return gather(settings_for(workspace), thread=new_thread(), shape=shape)


for command in (connect_commands.connect, connect_commands.disconnect, connect_commands.grants):
    cli.command()(command)
cli.command()(usage)
cli.command()(standby)


@cli.command()
def tools(as_json: Json = False) -> None:
    """List the tool nodes, their tools, and the permissions they need."""
    from app.screen import terminal
    from app.tool_list import listed, scopes, table
    from tools.registry import discover

    registry = discover()
    if as_json:
        typer.echo(json.dumps({"nodes": listed(registry)}, ensure_ascii=False, indent=2))
    else:
        terminal(load(cwd=Path.cwd()).colour).show([table(registry), scopes(registry)])


@cli.command()
def doctor(
    part: Annotated[str, typer.Argument(metavar="[auth0]", help="Only the checklist of your Auth0 tenant.")] = "",
    as_json: Json = False,
) -> int:
    """Say what is set, reachable and missing, and what to do."""
    from app.doctor import examine, report

    if part == "auth0":
        from app.auth0_doctor import examine_auth0

        return report(examine_auth0(Path.cwd()), as_json=as_json)
    if part:
        raise typer.BadParameter("there is auth0, or nothing", param_hint="PART")
    return report(examine(Path.cwd()), as_json=as_json)


@cli.command()
def graph() -> None:
    """Print the state machine as a Mermaid diagram."""
    import asyncio

    from app.wiring import wire

    async def drawn() -> str:
        async with wire(settings_for()) as valet:
            return valet.graph.get_graph().draw_mermaid()

    typer.echo(asyncio.run(drawn()))
