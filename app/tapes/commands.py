"""`valet tapes`: record conversations, replay them, take over what has changed."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.settings import Settings
    from app.tapes.tape import Tape
    from app.tapes.verdict import Verdict

tapes = typer.Typer(
    help="Recorded conversations: record, replay, compare.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Files = Annotated[list[Path], typer.Argument(metavar="FILE|DIR…", help="Tapes, or folders of tapes.")]
DIFFERS = 4


@tapes.command()
def record(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new tape (….tape.yaml).")],
    texts: Annotated[
        list[str],
        typer.Argument(metavar="TEXT…", help="Requests; at a pause the next one is the answer, in words or as JSON."),
    ],
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="What the tape shows, in one line.")] = "",
    workspace: Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="The workspace.")] = None,
) -> int:
    """Hold a conversation without a terminal, and record it. `valet chat --record FILE` records one of yours."""
    from app.tapes.script import performed
    from app.tapes.tape_file import read
    from app.threads import new_thread

    settings = _settings(workspace)
    settings.check_workspace()
    thread = read(file).thread if file.exists() else new_thread()
    for text, outcome in asyncio.run(performed(settings, file, thread, texts, about)):
        typer.echo(f"> {text}\n{outcome.answer or outcome.ending}\n")
    typer.echo(f"Recorded on {file}.")
    return 0


@tapes.command()
def replay(
    files: Files,
    depth: Annotated[
        str,
        typer.Option("--depth", help="full: from the tape alone; tools: live tools; model: live tools, your model."),
    ] = "full",
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the results as JUnit XML.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Replay tapes, strictly. Exit codes: 0 all as recorded, 2 a tape cannot be used, 4 one differs.

    Live tools work on a demo workspace made for the day of the tape; live models are compared by the calls they make.
    """
    from app.tapes.verdict import verdicts

    if depth not in ("full", "tools", "model"):
        raise typer.BadParameter("it is full, tools or model", param_hint="--depth")
    found = asyncio.run(verdicts(files, depth, _settings() if depth != "full" else None))
    if junit is not None:
        from app.tapes.junit import report

        junit.write_text(report(found), encoding="utf-8")
    if depth == "model" and not as_json:
        _table(found)
    elif as_json:
        typer.echo(json.dumps({"tapes": [one.plain() for one in found]}, ensure_ascii=False, indent=2))
    else:
        _tell(found)
    return 0 if all(one.ok for one in found) else max(one.code for one in found)


@tapes.command()
def accept(files: Files) -> int:
    """Take over how tapes replay now as what is expected; says what has changed."""
    from app.tapes.verdict import accepted

    found = asyncio.run(accepted(files))
    for path, diff in found:
        typer.echo(f"{path}\n{diff}\n" if diff else f"{path}: as it was")
    return 0


@tapes.command("from-thread")
def from_thread(
    thread: Annotated[str, typer.Argument(metavar="ID", help="The conversation.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new tape (….tape.yaml).")],
    workspace: Annotated[str | None, typer.Option("--workspace", metavar="NAME", help="The workspace.")] = None,
    server: Annotated[
        str, typer.Option("--server", metavar="URL", help="It is kept by this LangGraph server; asks for your key.")
    ] = "",
) -> int:
    """Make a tape of a conversation that was not recorded. It replays with --depth tools or model."""
    from app.tapes.recording import unused
    from app.tapes.tape_file import write

    unused(file)
    tape = _of_server(server, thread, workspace) if server else _of_storage(thread, workspace)
    write(file, tape)
    typer.echo(f"{file}: {len(tape.steps)} steps.")
    return 0


def _of_storage(thread: str, workspace: str | None) -> Tape:
    from app.tapes.from_thread import tape_of

    return asyncio.run(tape_of(_settings(workspace), thread))


def _of_server(server: str, thread: str, workspace: str | None) -> Tape:
    """The key is typed without echo, or comes by a pipe: arguments and the environment can be read by others."""
    from getpass import getpass

    from app.settings import Secret, load
    from app.tapes.from_server import tape_of

    typed = getpass(f"Your key of {server}: ") if sys.stdin.isatty() else sys.stdin.readline()
    settings = load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace})
    return asyncio.run(tape_of(settings, server, Secret(typed.strip()), thread))


@tapes.command()
def scrub(
    files: Files,
    words: Annotated[
        list[str] | None, typer.Option("--word", metavar="TEXT", help="A further word that must go; repeatable.")
    ] = None,
) -> int:
    """Put made-up names, addresses, numbers and hosts in the place of real ones; the tape still replays.

    Names that stand beside no address need --word. Files that are no text, such as pictures, stay as they are.
    """
    from app.tapes.verdict import cleaned

    for path, count in asyncio.run(cleaned(files, words or [])):
        typer.echo(
            f"{path}: {count} names, addresses, numbers and hosts replaced. Read it once more before you share it."
        )
    return 0


def _settings(workspace: str | None = None) -> Settings:
    from app.settings import load
    from app.unlock import unlocked

    return unlocked(load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace}))


def _table(found: list[Verdict]) -> None:
    """What a new model makes of the tapes, one line each."""
    from app.screen import terminal
    from tools.view import Table, cells

    rows = tuple(cells((Path(one.path).name, str(one.steps), one.nearness, one.calls, one.told)) for one in found)
    same = sum(one.ok for one in found)
    note = f"{len(found)} tapes, {same} with the same calls."
    columns = ("Tape", "Steps", "Nearness", "Calls", "First difference")
    terminal(False).show([Table(columns=columns, rows=rows, grow=4, note=note)])


def _tell(found: list[Verdict]) -> None:
    for one in found:
        word = "same" if one.ok else "DIFFERS" if one.code == DIFFERS else "REFUSED"
        typer.echo(f"{word:8}{one.path}  ({one.steps} steps, {one.seconds:.2f} s)")
        if one.told:
            typer.echo("".join(f"    {line}\n" for line in one.told.splitlines()), nl=False)
    same, differing = sum(one.ok for one in found), sum(one.code == DIFFERS for one in found)
    refused = len(found) - same - differing
    count = f"{len(found)} tape{'s' * (len(found) != 1)}"
    typer.echo(f"{count}: {same} as recorded, {differing} not{f', {refused} refused' * bool(refused)}.")
    if differing:
        sys.stderr.write("  next: where the change is meant, `valet tapes accept FILE…` takes it over.\n")
