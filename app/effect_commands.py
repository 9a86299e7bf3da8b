"""The commands about writes: what waits, what was done, yes, no, taking back. Law: a decision is about shown bytes."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from app.settings import Settings

if TYPE_CHECKING:
    from app.screen import Screen
    from app.wiring import Valet
    from graphs.ledger import Effect
    from tools.view import Table

Id = Annotated[str, typer.Argument(metavar="ID", help="As on the card, or in `valet approvals`.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
WAITING, FAILED, USAGE = 3, 4, 2
AT_ONCE = " Without a terminal, `valet approve {id} --yes` approves what was shown."


def add_to(cli: typer.Typer, settings_for: Callable[[], Settings]) -> None:
    """Add the commands to the command line."""

    @cli.command()
    def approvals(as_json: Json = False) -> int:
        """List what waits for your decision."""
        return _run(settings_for(), lambda valet, screen: _approvals(valet, screen, as_json))

    @cli.command()
    def approve(
        id: Id,  # noqa: A002 - the word on the card
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    ) -> int:
        """Say yes to one write, and carry it out. Exit codes: 0 done, 2 nothing waits, 3 more waits, 4 failed."""
        return _run(settings_for(), lambda valet, screen: _decide(valet, screen, id, yes=yes, why=None))

    @cli.command()
    def reject(
        id: Id,  # noqa: A002 - the word on the card
        because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, for the record.")] = "",
    ) -> int:
        """Say no to one write."""
        return _run(settings_for(), lambda valet, screen: _decide(valet, screen, id, yes=True, why=because))

    @cli.command()
    def receipts(
        id: Annotated[str, typer.Argument(metavar="[ID]", help="One of them, in full.")] = "",  # noqa: A002
        as_json: Json = False,
    ) -> int:
        """List what was done, newest first, with links; what has no certain end is looked up again."""
        return _run(settings_for(), lambda valet, screen: _receipts(valet, screen, id, as_json))

    @cli.command()
    def undo(id: Id) -> int:  # noqa: A002 - the word on the receipt
        """Take a write back: a write like any other, which waits for your yes."""
        return _run(settings_for(), lambda valet, screen: _undo(valet, screen, id))


def _run(settings: Settings, work: Callable[[Valet, Screen], Awaitable[int]]) -> int:
    from app.screen import terminal
    from app.wiring import wire

    screen = terminal(settings.colour)

    async def wired() -> int:
        async with wire(settings) as valet:
            return await work(valet, screen)

    settings.check_workspace()
    try:
        with asyncio.Runner() as runner:
            return runner.run(wired())
    finally:
        screen.settle()


async def _approvals(valet: Valet, screen: Screen, as_json: bool) -> int:
    from app.catching_up import catch_up
    from app.screen_card import writes
    from app.waiting import cards, lapsed
    from app.watching import Silent
    from graphs.card import item

    for caught in await catch_up(valet, Silent(screen)):
        if not as_json and caught.row.stage != caught.before:
            screen.say(f"{caught.row.id}: was {caught.before}, is {caught.row.stage} now.", "notice")
    waiting = [[(row.proposal.thread, item(row, valet.parts.zone)) for row in card] for card in await cards(valet)]
    if as_json:
        _print(
            {"approvals": [i.model_dump(mode="json") | {"thread": thread} for card in waiting for thread, i in card]}
        )
        return 0
    for card in waiting:
        screen.draw(writes([shown for _, shown in card]))
    if waiting:
        screen.say("`valet approve ID` says yes, `valet reject ID` no.", "dim")
    else:
        screen.say("Nothing waits for your decision.")
    for line in lapsed(valet):
        screen.say(line, "notice")
    return 0


async def _decide(valet: Valet, screen: Screen, id: str, *, yes: bool, why: str | None) -> int:  # noqa: A002
    from app.screen_card import writes
    from graphs.card import item

    row = valet.parts.ledger.get(valet.parts.user, id)
    now = valet.parts.now()
    if row is None or not row.waits(now):
        _no_such(screen, row, id)
        return USAGE
    if why is None:
        screen.draw(writes([item(row, valet.parts.zone)]))
        if not yes and not _confirmed():
            screen.say(
                "Not approved; it still waits." + ("" if sys.stdin.isatty() else AT_ONCE.format(id=id)), "notice"
            )
            return WAITING
    stage: Literal["approved", "rejected"] = "approved" if why is None else "rejected"
    decided = valet.parts.ledger.decide(row, stage, by=valet.parts.user, why=why or "", now=now)
    if not decided:
        _no_such(screen, valet.parts.ledger.get(valet.parts.user, id), id)
        return USAGE
    valet.parts.audit.record(
        row.proposal.user,
        "decision",
        decision=stage,
        id=row.id,
        digest=row.digest,
        tool=row.proposal.tool,
        by=valet.parts.user,
    )
    return await _went_on(valet, screen, row)


def _confirmed() -> bool:
    from app.prompt import forget_typed
    from graphs.decisions import YES

    if not sys.stdin.isatty():
        return False
    forget_typed()
    try:
        return input("  Approve this? [y]es [n]o ").strip().lower() in YES
    except (EOFError, KeyboardInterrupt):
        return False


async def _went_on(valet: Valet, screen: Screen, row: Effect) -> int:
    """Go on with the conversation the row belongs to, where nothing else of its card waits."""
    from app.turn import carry_on
    from app.watching import Shown

    watcher = Shown(screen)
    outcome = await carry_on(valet, row.proposal.thread, watcher)
    current = valet.parts.ledger.get(valet.parts.user, row.id) or row
    if outcome is None:
        screen.say(f"{row.id} is {current.stage}. The rest of its card still waits: `valet approvals`.", "notice")
        return WAITING
    watcher.ended(outcome)
    return 0 if current.stage in ("done", "rejected") else FAILED


def _no_such(screen: Screen, row: Effect | None, id: str) -> None:  # noqa: A002
    if row is None:
        screen.error(f"Nothing waits under {id!r}.", "`valet approvals` lists what does.")
    elif row.stage == "proposed":
        screen.error(f"{id} has expired.", "Ask for it again in its conversation, and it will be shown anew.")
    elif row.stage == "withdrawn":
        screen.error(f"{id} does not wait any more. {row.why}".rstrip(), "Ask again, and it will be shown anew.")
    else:
        screen.error(f"{id} does not wait any more: it is {row.stage}.", "`valet receipts` lists what was done.")


async def _receipts(valet: Valet, screen: Screen, id: str, as_json: bool) -> int:  # noqa: A002
    from app.catching_up import catch_up
    from app.watching import Silent
    from graphs.undo import taken_back

    await catch_up(valet, Silent(screen))
    found = valet.parts.ledger.rows(valet.parts.user, "done", "failed", "unknown")
    gone = taken_back(found)
    rows = sorted((row for row in found if not id or row.id == id), key=lambda row: row.at, reverse=True)
    if id and not rows:
        screen.error(f"There is no receipt {id!r}.", "`valet receipts` lists them.")
        return USAGE
    if as_json:
        _print({"receipts": [_told(row) | {"taken_back_by": gone.get(row.id)} for row in rows]})
        return 0
    screen.show([table(valet, rows, gone)])
    if closed := valet.parts.ledger.unreadable(valet.parts.user):
        screen.say(f"{closed} older ones cannot be read: the vault's key they were written with is gone.", "notice")
    if id and rows[0].receipt:
        screen.show(rows[0].receipt.view())
    return 0


def table(valet: Valet, rows: list[Effect], gone: Mapping[str, str]) -> Table:
    """What was done, each with its link spelt out: not every terminal opens one, and a pipe none.

    `gone` are the ids of what was taken back since.
    """
    from tools.view import Cell, Table, Tone

    tones: dict[str, Tone] = {"done": "good", "failed": "urgent", "unknown": "notice"}

    def cells(row: Effect) -> tuple[Cell, ...]:
        at = row.at.astimezone(valet.parts.zone)
        what = row.receipt.what if row.receipt else f"{row.proposal.plan.title}: {row.why} {row.next}"
        link = row.receipt.link if row.receipt else None
        what = f"{what}\n{link}" if link else what
        return (
            Cell(text=row.id),
            Cell(text=row.stage, tone=tones[row.stage]),
            Cell(text=f"{at:%a %d %b %H:%M}", tone="dim"),
            Cell(text=what, link=link),
            Cell(text="undone" if row.id in gone else "undo" if _undoable(row) else "", tone="dim"),
        )

    offered = any(_undoable(row) and row.id not in gone for row in rows)
    note = "`valet undo ID` takes back what says “undo”." if offered else "" if rows else "Nothing has been done yet."
    return Table(columns=("Receipt", "", "When", "What", ""), rows=tuple(map(cells, rows)), grow=3, note=note)


def _undoable(row: Effect) -> bool:
    return row.receipt is not None and row.receipt.undo is not None


def _told(row: Effect) -> dict[str, Any]:
    receipt = row.receipt.model_dump(mode="json") if row.receipt else None
    base = {"id": row.id, "stage": row.stage, "tool": row.proposal.tool, "account": row.proposal.account}
    left = [ref.model_dump(mode="json") for ref in row.left]
    return {**base, "thread": row.proposal.thread, "receipt": receipt, "why": row.why, "next": row.next, "left": left}


async def _undo(valet: Valet, screen: Screen, id: str) -> int:  # noqa: A002
    from app.turn import take_turn
    from app.watching import Shown
    from graphs.context import Context

    row = valet.parts.ledger.get(valet.parts.user, id)
    if row is None or row.receipt is None:
        screen.error(f"There is no receipt {id!r}.", "`valet receipts` lists them.")
        return USAGE
    watcher = Shown(screen)
    outcome = await take_turn(valet, row.proposal.thread, f"Undo {id}", watcher, Context(undo=id))
    if outcome.pending is None:
        watcher.ended(outcome)
        return FAILED
    [waiting] = outcome.pending["valet"]["items"][:1]
    return await _decide(valet, screen, waiting["id"], yes=False, why=None)


def _print(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, indent=2) + "\n")
