"""What a task says, as it is kept: encrypted, and found again by digests. Law: no word of it is on disk in the clear.

In clear stay ids, times, whether it is done and of what kind its source is: by these tasks are listed and ordered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol

from app.tasks.task import Kind, TaskSource

_PARTS = ("id", "item", "label", "link")


class Seal(Protocol):
    """Encrypts bytes, bound to what they belong to, and names things by digests that tell nothing without its key."""

    def encrypt(self, plain: bytes, about: bytes, /) -> bytes: ...
    def decrypt(self, closed: bytes, about: bytes, /) -> bytes: ...
    def name(self, *names: str) -> bytes: ...


@dataclass(frozen=True)
class Content:
    """The words of a task."""

    title: str
    notes: str
    source: TaskSource | None

    def closed(self, seal: Seal, user: str, identity: str) -> bytes:
        """Bound to the person and the task."""
        source = {name: getattr(self.source, name) for name in _PARTS} if self.source else None
        plain = {"title": self.title, "notes": self.notes, "source": source}
        return seal.encrypt(
            json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass"), _about(user, identity)
        )

    @classmethod
    def opened(cls, seal: Seal, user: str, identity: str, kind: Kind | None, closed: bytes) -> Content:
        """Raises StorageError where the key is gone, or it is another task's."""
        plain: dict[str, Any] = json.loads(
            seal.decrypt(closed, _about(user, identity)).decode("utf-8", "surrogatepass")
        )
        source = TaskSource(kind=kind, **plain["source"]) if kind is not None else None
        return cls(plain["title"], plain["notes"], source)


def _about(user: str, identity: str) -> bytes:
    return json.dumps([user, identity]).encode()


def source_names(seal: Seal, source: TaskSource | None) -> tuple[str | None, bytes | None, bytes | None]:
    """Kind, and digests of id and item, by which a source is known again."""
    if source is None:
        return None, None, None
    return source.kind, id_name(seal, source.id), seal.name("source item", source.item)


def id_name(seal: Seal, identity: str) -> bytes:
    return seal.name("source id", identity)
