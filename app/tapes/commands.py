"""`valet tapes`: record conversations, replay them, take over what has changed."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
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
    from app.chat import new_thread
    from app.settings import load
    from app.tapes.script import performed
    from app.tapes.tape_file import read
    from app.unlock import unlocked

    settings = unlocked(load(cwd=Path.cwd(), explicit={"VALET_WORKSPACE": workspace}))
    settings.check_workspace()
    thread = read(file).thread if file.exists() else new_thread()
    for text, outcome in asyncio.run(performed(settings, file, thread, texts, about)):
        typer.echo(f"> {text}\n{outcome.answer or outcome.ending}\n")
    typer.echo(f"Recorded on {file}.")
    return 0


@tapes.command()
def replay(
    files: Files,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the results as JUnit XML.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Replay tapes from themselves alone, strictly. Exit codes: 0 all as recorded, 2 no usable tape, 4 one differs."""
    from app.tapes.verdict import verdicts

    found = asyncio.run(verdicts(files))
    if junit is not None:
        from app.tapes.junit import report

        junit.write_text(report(found), encoding="utf-8")
    if as_json:
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


def _tell(found: list[Verdict]) -> None:
    for one in found:
        typer.echo(f"{'same' if one.ok else 'DIFFERS':8}{one.path}  ({one.steps} steps, {one.seconds:.2f} s)")
        if one.told:
            typer.echo("".join(f"    {line}\n" for line in one.told.splitlines()), nl=False)
    wrong = sum(not one.ok for one in found)
    typer.echo(f"{len(found)} tapes, {len(found) - wrong} as recorded, {wrong} not.")
    if wrong:
        sys.stderr.write("  next: where the change is meant, `valet tapes accept FILE…` takes it over.\n")
