"""What is remembered of a mailbox between calls: which mails a conversation has and their labels, and cleaned texts.

Law: labels and listings stand in one record that is replaced as a whole and true at its `history`; a mail's text never
changes, so it is kept apart under its id. Whatever cannot be read, or is of another version, is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter

from tools.base import Memory
from tools.mail.message import Message
from tools.text.packing import packed, unpacked

T = TypeVar("T")

VERSION = 2
"""Raise it whenever mails are cleaned in another way, or a record has another shape."""
MOST = 2_000
"""Conversations remembered, the newest."""
LISTINGS = 8
CORRESPONDENTS = 5_000
LARGEST = 400_000
"""Bytes of the texts of one conversation; a larger one is read anew each time."""
KEY = "mailbox"
_HEAD = f"valet mail {VERSION}\n".encode()
_BULKY = ("arc-", "dkim-", "received", "x-received", "x-google-", "x-gm-", "x-ms-exchange", "x-forefront")


class Mark(NamedTuple):
    """A mail of a conversation: its labels, and when it was received in ms (0 until it was read)."""

    labels: tuple[str, ...]
    at: int


@dataclass
class Known:
    """A conversation: its mails by id, and under which number their texts are kept (-1: not yet)."""

    marks: dict[str, Mark]
    slot: int = -1

    @property
    def at(self) -> int:
        return max((mark.at for mark in self.marks.values()), default=0)


@dataclass
class Listed:
    """A listing as the service gave it, kept up to date: ids newest first, at most `limit`, `more` beyond them."""

    ids: list[str]
    estimate: int
    more: bool
    limit: int


@dataclass
class Remembered:
    """A mailbox at the moment `history` (0: nothing is known). `written_to` says of addresses whether the person has
    written to them."""

    history: int = 0
    address: str = ""
    threads: dict[str, Known] = field(default_factory=dict)
    listings: dict[str, Listed] = field(default_factory=dict)
    written_to: dict[str, bool] = field(default_factory=dict)

    def forget_history(self) -> None:
        """Keep nothing that may have changed."""
        self.history = 0
        self.threads.clear()
        self.listings.clear()
        self.forget_strangers()

    def forget_strangers(self) -> None:
        """Whom the person had not written to, they may have written to by now."""
        self.written_to = {address: True for address, known in self.written_to.items() if known}

    def bounded(self) -> "Remembered":
        """The newest of everything."""
        newest = sorted(self.threads.items(), key=lambda item: -(item[1].at or 1 << 62))[:MOST]
        return replace(
            self,
            threads=dict(newest),
            listings=dict(list(self.listings.items())[-LISTINGS:]),
            written_to=dict(list(self.written_to.items())[-CORRESPONDENTS:]),
        )

    def free_slots(self) -> list[int]:
        """Numbers no conversation has its texts under, the next first at the end."""
        taken = {known.slot for known in self.threads.values()}
        return [slot for slot in range(2 * MOST - 1, -1, -1) if slot not in taken]


@dataclass
class _Texts:
    thread: str
    mails: dict[str, Message]


@cache
def _box() -> TypeAdapter[Remembered]:
    return TypeAdapter(Remembered)


@cache
def _mails() -> TypeAdapter[_Texts]:
    return TypeAdapter(_Texts)


def load(memory: Memory) -> Remembered:
    """What is remembered; an empty one when nothing is."""
    return _read(memory.get(KEY), _box()) or Remembered()


def save(memory: Memory, remembered: Remembered) -> None:
    memory.put(KEY, _written(remembered.bounded(), _box()))


def recall(memory: Memory, thread: str, slot: int) -> dict[str, Message]:
    """The mails of a conversation whose texts are remembered, by id, without their labels."""
    found = _read(memory.get(_key(slot)), _mails()) if slot >= 0 else None
    return found.mails if found is not None and found.thread == thread else {}


def labelled(mails: Mapping[str, Message], known: Known) -> dict[str, Message]:
    """Those that the conversation still has, with the labels they have now."""
    found = {}
    for identity, message in mails.items():
        if mark := known.marks.get(identity):
            labels = frozenset(mark.labels)
            found[identity] = message if message.labels == labels else replace(message, labels=labels)
    return found


def keep_texts(memory: Memory, thread: str, slot: int, messages: Sequence[Message]) -> bool:
    """Remember the texts of a conversation; False when they are too large."""
    mails = {m.id: replace(m, headers=_slim(m.headers), labels=frozenset()) for m in messages}
    raw = _written(_Texts(thread, mails), _mails())
    if len(raw) > LARGEST:
        return False
    memory.put(_key(slot), raw)
    return True


def _key(slot: int) -> str:
    return f"conversation {slot}"


def _slim(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers without those nothing is judged by."""
    return {name: value for name, value in headers.items() if not name.startswith(_BULKY)}


def _written(value: T, shape: TypeAdapter[T]) -> bytes:
    return _HEAD + packed(shape.dump_json(value))


def _read(raw: bytes | None, shape: TypeAdapter[T]) -> T | None:
    if raw is None or not raw.startswith(_HEAD):
        return None
    try:
        return shape.validate_json(unpacked(raw[len(_HEAD) :]))
    except ValueError:
        return None
