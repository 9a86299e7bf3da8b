"""The ledger of writes on SQLite. Law: a change of stage is one compare-and-set, durable before anyone acts on it.

Bodies, receipts and reasons are private and are sealed; what stays in the clear are ids, stages, times and digests.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from app.locks import held
from app.storage_seal import Unreadable
from graphs.ledger import Effect, Proposal, Stage, digest
from tools.base import Ref
from tools.write import Receipt

LIFETIME = timedelta(hours=24)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are taken for one another."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS effects (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, stage TEXT NOT NULL, user TEXT NOT NULL, thread TEXT NOT NULL,
    call TEXT NOT NULL, key TEXT NOT NULL UNIQUE, body BLOB NOT NULL, facts BLOB NOT NULL,
    proposed REAL NOT NULL, expires REAL NOT NULL, decided REAL
) STRICT;
CREATE INDEX IF NOT EXISTS effects_of_call ON effects (user, thread, call);
CREATE TABLE IF NOT EXISTS cards (key TEXT PRIMARY KEY, shown TEXT NOT NULL) STRICT;
"""
_COLUMNS = "id, digest, stage, user, thread, call, key, body, facts, proposed, expires, decided"


class Seal(Protocol):
    """Encrypts what is private; `about` is what the sealed bytes belong to, and must be given to open them again."""

    def encrypt(self, plain: bytes, about: bytes, /) -> bytes: ...
    def decrypt(self, closed: bytes, about: bytes, /) -> bytes: ...


class Unsealed:
    """Seals nothing."""

    def encrypt(self, plain: bytes, about: bytes, /) -> bytes:
        return plain

    def decrypt(self, closed: bytes, about: bytes, /) -> bytes:
        return closed


@dataclass(frozen=True)
class StoredLedger:
    """Effect rows and cards. `locks` is the folder of the files that keep two processes from one row.

    `connection` is in autocommit mode, and `lock` serialises its threads. `fresh` draws a new row's id and its
    idempotency key.
    """

    connection: sqlite3.Connection
    lock: threading.Lock
    seal: Seal
    locks: Path
    lifetime: timedelta = LIFETIME
    fresh: Callable[[], tuple[str, str]] = lambda: (_new_id(), secrets.token_hex(16))

    @classmethod
    def open(cls, connection: sqlite3.Connection, lock: threading.Lock, seal: Seal, locks: Path) -> StoredLedger:
        connection.executescript(_SCHEMA)
        return cls(connection, lock, seal, locks)

    def propose(self, proposal: Proposal, *, now: datetime, replaces: str = "") -> Effect:
        body = proposal.body()
        name, key = self.fresh()
        end = now + self.lifetime
        place = (proposal.user, proposal.thread, proposal.call)
        sealed = self.seal.encrypt(body, name.encode()), self.seal.encrypt(b"{}", name.encode())
        row = (name, digest(body), "proposed", *place, key, *sealed, now.timestamp(), end.timestamp(), None)
        with self._writing() as cursor:
            cursor.execute(
                "UPDATE effects SET stage = 'withdrawn' WHERE stage IN ('proposed', 'approved')"
                " AND (id = ? OR (user = ? AND thread = ? AND call = ?))",
                (replaces, *place),
            )
            cursor.execute(f"INSERT INTO effects ({_COLUMNS}) VALUES ({', '.join('?' * 12)})", row)  # noqa: S608 - fixed
        return Effect(name, digest(body), "proposed", proposal, key, now, end)

    def of_call(self, user: str, thread: str, call: str) -> Effect | None:
        found = self._select("user = ? AND thread = ? AND call = ? ORDER BY rowid DESC LIMIT 1", (user, thread, call))
        return found[0] if found else None

    def get(self, user: str, id: str) -> Effect | None:  # noqa: A002 - the row's own word
        found = self._select("user = ? AND id = ?", (user, id))
        return found[0] if found else None

    def rows(self, user: str, *stages: Stage, limit: int = 100) -> list[Effect]:
        """What can be read; `unreadable` counts the rest."""
        marks = ", ".join("?" * len(stages))
        where = f"user = ? AND stage IN ({marks}) ORDER BY coalesce(decided, proposed) DESC, rowid DESC LIMIT ?"
        return [row for row in map(self._readable, self._fetched(where, (user, *stages, limit))) if row]

    def unreadable(self, user: str) -> int:
        """How many rows are closed for ever, since the vault's key they were written with is gone."""
        return sum(self._readable(row) is None for row in self._fetched("user = ?", (user,)))

    def decide(
        self, effect: Effect, stage: Literal["approved", "rejected"], *, by: str, why: str, now: datetime
    ) -> bool:
        return self._move(
            effect,
            stage,
            ("proposed",),
            {"decided_by": by, "why": why},
            where=" AND expires > ?",
            values=(now.timestamp(),),
            decided=now,
        )

    def withdraw(self, effect: Effect, why: str) -> bool:
        return self._move(effect, "withdrawn", ("proposed", "approved"), {"why": why})

    def intend(self, effect: Effect, *, now: datetime) -> bool:
        return self._move(effect, "intended", ("approved",), {}, where=" AND expires > ?", values=(now.timestamp(),))

    def note(self, effect: Effect, **facts: str) -> None:
        with self._writing() as cursor:
            known = self._facts(cursor, effect)
            known["notes"] = {**known.get("notes", {}), **facts}
            self._keep(cursor, effect, known)

    def finish(
        self,
        effect: Effect,
        stage: Literal["done", "failed", "unknown"],
        *,
        receipt: Receipt | None = None,
        why: str = "",
        next: str = "",  # noqa: A002 - the house word for the next action
        left: tuple[Ref, ...] = (),
    ) -> bool:
        told: dict[str, Any] = {"why": why, "next": next, "left": [ref.model_dump(mode="json") for ref in left]}
        told["receipt"] = receipt.model_dump(mode="json") if receipt else None
        return self._move(effect, stage, ("intended", "unknown"), told)

    def alone(self, effect: Effect) -> AbstractContextManager[bool]:
        return held(self.locks, f"effect {effect.id}")

    def card(self, key: str, effects: list[tuple[str, str]] | None = None) -> list[tuple[str, str]] | None:
        with self._writing() as cursor:
            if effects is not None:
                cursor.execute("INSERT OR IGNORE INTO cards VALUES (?, ?)", (key, json.dumps(effects)))
            row = cursor.execute("SELECT shown FROM cards WHERE key = ?", (key,)).fetchone()
        return [(str(name), str(stated)) for name, stated in json.loads(row[0])] if row else None

    def forget(self, thread: str) -> None:
        """Remove what a deleted conversation proposed and nobody carried out."""
        with self._writing() as cursor:
            cursor.execute("DELETE FROM effects WHERE thread = ? AND stage IN ('proposed', 'withdrawn')", (thread,))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        """One transaction, on disk when it is over: a power cut must not forget an intent."""
        with self.lock:
            cursor = self.connection.cursor()
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                self.connection.rollback()
                raise
            finally:
                cursor.execute("PRAGMA synchronous = NORMAL")
                cursor.close()

    def _move(
        self,
        effect: Effect,
        stage: Stage,
        stages: tuple[Stage, ...],
        facts: dict[str, Any],
        *,
        where: str = "",
        values: Sequence[object] = (),
        decided: datetime | None = None,
    ) -> bool:
        """The compare-and-set; False where the row is elsewhere by now, or is another one."""
        condition = f"id = ? AND digest = ? AND stage IN ({', '.join('?' * len(stages))}){where}"
        with self._writing() as cursor:
            at = decided.timestamp() if decided else None
            moved = cursor.execute(
                f"UPDATE effects SET stage = ?, decided = coalesce(?, decided) WHERE {condition}",  # noqa: S608 - fixed
                (stage, at, effect.id, effect.digest, *stages, *values),
            ).rowcount
            if moved == 1 and facts:
                self._keep(cursor, effect, {**self._facts(cursor, effect), **facts})
        return moved == 1

    def _facts(self, cursor: sqlite3.Cursor, effect: Effect) -> dict[str, Any]:
        row = cursor.execute("SELECT facts FROM effects WHERE id = ?", (effect.id,)).fetchone()
        found: dict[str, Any] = json.loads(self.seal.decrypt(row[0], effect.id.encode()))
        return found

    def _keep(self, cursor: sqlite3.Cursor, effect: Effect, facts: dict[str, Any]) -> None:
        sealed = self.seal.encrypt(json.dumps(facts).encode(), effect.id.encode())
        cursor.execute("UPDATE effects SET facts = ? WHERE id = ?", (sealed, effect.id))

    def _select(self, where: str, values: Sequence[object]) -> list[Effect]:
        return [self._effect(row) for row in self._fetched(where, values)]

    def _fetched(self, where: str, values: Sequence[object]) -> list[Sequence[Any]]:
        with self.lock:
            return self.connection.execute(f"SELECT {_COLUMNS} FROM effects WHERE {where}", values).fetchall()  # noqa: S608

    def _readable(self, row: Sequence[Any]) -> Effect | None:
        try:
            return self._effect(row)
        except Unreadable:
            return None

    def _effect(self, row: Sequence[Any]) -> Effect:
        """The row with its body opened, checked against the digest that is in the clear."""
        name, stated, stage, _, _, _, key, body, facts, proposed, expires, decided = row
        opened = self.seal.decrypt(body, name.encode())
        if digest(opened) != stated:
            raise ValueError(f"the ledger's row {name} is not what was proposed")
        known = json.loads(self.seal.decrypt(facts, name.encode()))
        receipt = known.get("receipt")
        return Effect(
            id=name,
            digest=stated,
            stage=stage,
            proposal=Proposal.read(opened),
            key=key,
            proposed=datetime.fromtimestamp(proposed, UTC),
            expires=datetime.fromtimestamp(expires, UTC),
            decided=datetime.fromtimestamp(decided, UTC) if decided else None,
            decided_by=known.get("decided_by", ""),
            why=known.get("why", ""),
            next=known.get("next", ""),
            notes=tuple(sorted(known.get("notes", {}).items())),
            receipt=Receipt.model_validate(receipt) if receipt else None,
            left=tuple(Ref.model_validate(ref) for ref in known.get("left", ())),
        )


def _new_id() -> str:
    """Short enough to be typed: 31^6 ids, and the table's key refuses the rare twin."""
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in os.urandom(6))
