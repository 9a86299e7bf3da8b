"""Answers given under an Idempotency-Key. Law: the same request gets the same answer, and is carried out once."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from app.tasks.asking import Asked, Reply
from app.tasks.database import Database
from app.tasks.problem import key_reused

KEPT_SECONDS = 30 * 24 * 3600.0
REPLAYED = {"Idempotency-Replayed": "true"}


class Answers:
    """Used inside the transaction of the write itself: either both are kept or neither is."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def once(self, user: str, asked: Asked, act: Callable[[], Reply]) -> Reply:
        """What `act` answers, or what it did when this request came first. Raises Problem 409 for another request."""
        key = asked.key
        if key is None:
            return act()
        seal, about = self._database.seal, f"{user} {key}".encode()
        request = seal.name("request", _fingerprint(asked)).hex()
        self._database.run("DELETE FROM answers WHERE given < ?", self._clock() - KEPT_SECONDS)
        row = self._database.row("SELECT * FROM answers WHERE user = ? AND key = ?", user, key)
        if row is not None:
            if row["request"] != request:
                raise key_reused()
            return Reply(
                row["status"], json.loads(seal.decrypt(row["body"], about)), json.loads(row["headers"]) | REPLAYED
            )
        reply = act()
        body = seal.encrypt(json.dumps(reply.body).encode(), about)
        kept = (json.dumps(dict(reply.headers)), body, self._clock())
        self._database.run("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", user, key, request, reply.status, *kept)
        return reply


def _fingerprint(asked: Asked) -> str:
    """What makes a request the same: method, address, precondition and the bytes of the body."""
    parts = (asked.method, asked.path, asked.query, asked.headers.get("if-match", ""))
    return sha256("\n".join(parts).encode() + b"\n\n" + asked.body).hexdigest()
