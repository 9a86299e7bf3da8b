"""The commands about the audit log: read it, export it, verify it. Law: reading it never changes it."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from app.settings import Settings
from auth.audit import BEGINNING, Anchor, AuditLog, Row

FAILED = 4


def commands(settings_for: Callable[[], Settings]) -> typer.Typer:
    """`valet audit` and what stands below it."""
    audit = typer.Typer(
        help="What Valet was permitted and did: every lease, call, decision and write, in a chain of hashes.",
        invoke_without_command=True,
        rich_markup_mode=None,
    )

    @audit.callback()
    def listing(
        context: typer.Context,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything, one JSON object a line.")] = False,
        last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="Show so many rows.")] = 40,
    ) -> None:
        if context.invoked_subcommand is None:
            settings = settings_for()
            with closing(_log(settings)) as log:
                _exported(log) if as_json else _shown(settings, log, last)

    @audit.command()
    def verify(
        anchor: Annotated[
            str, typer.Option("--anchor", metavar="SEQ:HASH", help="A head that was noted elsewhere.")
        ] = "",
    ) -> int:
        """Check that no row was changed or removed. A cut tail is found against an anchor only."""
        with closing(_log(settings_for())) as log:
            broken, head = log.verify(_anchor(anchor)), log.head()
        if broken is not None:
            sys.stderr.write(f"! The audit log is broken at row {broken.seq}: {broken.why}.\n")
            sys.stderr.write("  Keep a copy of valet.db; what was written after this row cannot be relied on.\n")
            return FAILED
        typer.echo(f"The audit log is whole: {head.seq} rows.")
        typer.echo(f"Note this elsewhere, to verify against later: --anchor {head.seq}:{head.hash}")
        return 0

    return audit


def _log(settings: Settings) -> AuditLog:
    """Raises StorageError."""
    from app.storage import DATABASE, connector, private_file, unusable

    path = private_file(settings.home / DATABASE)
    try:
        return AuditLog(connector(path))
    except sqlite3.DatabaseError as error:
        raise unusable(path, error) from error


def _anchor(text: str) -> Anchor:
    """Raises BadParameter for a text in another form."""
    if not text:
        return BEGINNING
    seq, _, found = text.partition(":")
    if not seq.isdigit() or len(found) != 64:
        raise typer.BadParameter("an anchor is SEQ:HASH, as `valet audit verify` prints it", param_hint="--anchor")
    return Anchor(int(seq), found)


def _exported(log: AuditLog) -> None:
    for row in log.rows():
        sys.stdout.write(json.dumps(_fields(row), ensure_ascii=False) + "\n")


def _fields(row: Row) -> dict[str, Any]:
    at = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds")
    return {"seq": row.seq, "at": at, "user": row.user, "kind": row.kind, **json.loads(row.facts), "hash": row.hash}


def _shown(settings: Settings, log: AuditLog, last: int) -> None:
    from app.screen import terminal
    from tools.view import Cell, Table

    rows = list(log.rows())
    shown = tuple(
        (
            Cell(text=str(row.seq), tone="dim"),
            Cell(text=f"{datetime.fromtimestamp(row.at, settings.zone):%d %b %H:%M:%S}", tone="dim"),
            Cell(text=row.kind),
            Cell(text=_said(json.loads(row.facts))),
        )
        for row in rows[-last:]
    )
    note = f"{len(rows)} rows; --json exports them, `valet audit verify` checks them." if rows else "Nothing yet."
    terminal(settings.colour).show([Table(columns=("", "When", "", "What"), rows=shown, grow=3, fold=False, note=note)])


def _said(facts: dict[str, Any]) -> str:
    """The facts of a row on one line, the telling ones first."""
    first = ("stage", "decision", "outcome", "tool", "operation", "capability", "need", "account", "scopes")
    known = [str(facts[name]) for name in first if facts.get(name)]
    return "  ".join(known)
