"""Files imported messages in the owner's mailbox: their labels, their time, their conversation, each once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.labels import deleted, folder_label, marks, takeout_labels
from app.demo.importing.mbox import Enveloped, envelope_time
from app.demo.importing.report import Log
from app.demo.importing.seen import Seen
from app.demo.importing.sources import has_mail_headers
from app.demo.mail_text import decoded, first_id
from app.demo.workspace_error import WorkspaceError

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

CHUNK = 200
CHUNK_BYTES = 8_000_000
# What reading hostile bytes can raise in the standard library's mail parser; anything else is a fault of ours.
UNREADABLE = (WorkspaceError, ValueError, LookupError, TypeError)
_DIGITS = re.compile(r"^[0-9]{1,20}$")


@dataclass(frozen=True)
class Letter:
    """One message ready to be filed. `names` are labels of the owner's own."""

    what: str
    key: str
    raw: bytes
    labels: frozenset[str]
    names: tuple[str, ...]
    received: datetime
    thread: str | None


class Filing:
    """Files the messages of one file, chunk by chunk, each chunk in one transaction."""

    def __init__(self, workspace: "Workspace", seen: Seen, log: Log, fallback: datetime) -> None:
        self._workspace = workspace
        self._seen = seen
        self._log = log
        self._fallback = fallback  # the time of a message that tells none
        self._waiting: list[Letter] = []

    def take(self, found: Enveloped) -> None:
        """Read one message and put it in the queue; one that is none is left out by its number."""
        letter = self._read(found)
        if letter:
            self._waiting.append(letter)
        if len(self._waiting) >= CHUNK or sum(len(letter.raw) for letter in self._waiting) >= CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """File what waits. If the chunk cannot be filed as a whole, message by message, so that one loses one."""
        waiting, self._waiting = self._waiting, []
        try:
            self._file(waiting)
        except UNREADABLE:
            for letter in waiting:
                try:
                    self._file([letter])
                except UNREADABLE as error:
                    self._log.leave_out(letter.what, f"it could not be filed: {error}")

    def _read(self, found: Enveloped) -> Letter | None:
        what = f"message {found.number}"
        if found.raw is None:
            self._log.leave_out(what, "it is larger than 50 MB")
        elif not has_mail_headers(found.raw):
            self._log.leave_out(what, "it has no mail headers")
        else:
            header = BytesHeaderParser(policy=compat32).parsebytes(found.raw)
            if not deleted(header):
                return self._letter(what, found, header)
            self._log.leave_out(what, "it was deleted in Thunderbird")
        return None

    def _letter(self, what: str, found: Enveloped, header: Message) -> Letter:
        raw = found.raw or b""
        identity = first_id(_text(header, "Message-ID"))
        received = _received(header, found.envelope)
        if received is None:
            self._log.note(f"{what} tells no time: dated {self._fallback:%d %B %Y}")
        system, names = self._labels(header)
        return Letter(
            what,
            f"mail {identity}" if identity else f"mail sha256 {sha256(raw).hexdigest()}",
            raw,
            frozenset(system),
            tuple(names),
            received or self._fallback,
            _thread(header),
        )

    def _labels(self, header: Message) -> tuple[set[str], list[str]]:
        if header["X-Gmail-Labels"] is not None:
            return takeout_labels(_text(header, "X-Gmail-Labels"))
        found = marks(header, self._log.path)
        place = folder_label(self._log.path)
        if place == "INBOX" and self._sent(header):
            place = "SENT"
        if place in ("SENT", "DRAFT") or found & {"DRAFT", "TRASH"}:
            found -= {"UNREAD"}
        return found | ({place} if not found & {"DRAFT", "TRASH"} else set()), []

    def _sent(self, header: Message) -> bool:
        """Written by the owner to others: a mail to oneself stays in the inbox."""
        owner = self._workspace.owner.address.lower()
        return owner in addresses(header, "From") and owner not in addresses(header, "To", "Cc", "Delivered-To")

    def _file(self, letters: Iterable[Letter]) -> None:
        loaded = duplicates = 0
        with self._workspace.transaction():
            for letter in letters:
                if letter.key in self._seen:
                    duplicates += 1
                    continue
                self._seen.add(letter.key)
                labels = letter.labels | {self._workspace.add_label(name) for name in letter.names}
                self._workspace.add_message(letter.raw, labels=labels, received=letter.received, thread=letter.thread)
                loaded += 1
        self._log.loaded += loaded
        self._log.duplicates += duplicates


def addresses(header: Message, *names: str) -> dict[str, str]:
    """The addresses of these header fields, in lower case, with the display name beside each."""
    fields = [_text(header, name) for name in names]
    return {address.lower(): name for name, address in getaddresses(fields) if "@" in address}


def defects(raw: bytes) -> list[str]:
    """What is broken in a message's structure, in words; it is kept as it stands."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    return sorted({type(defect).__doc__ or type(defect).__name__ for part in message.walk() for defect in part.defects})


def _text(header: Message, name: str) -> str:
    return decoded(str(header.get(name, "")))


def _received(header: Message, envelope: str) -> datetime | None:
    """When it arrived: Gmail's export says it in the From_ line, others in Received; else when it was written."""
    enveloped = envelope_time(envelope)
    if enveloped and header["X-GM-THRID"]:
        return enveloped
    arrived = _text(header, "Received").rpartition(";")[2]
    return _time(arrived) or _time(_text(header, "Date")) or enveloped


def _time(value: str) -> datetime | None:
    """A date of RFC 5322 that a mailbox can hold, in UTC."""
    try:
        found = parsedate_to_datetime(value.strip())
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1970 < moment.year < 2200 else None


def _thread(header: Message) -> str | None:
    """Gmail's number of the conversation, as its API writes it: 16 hexadecimal digits."""
    number = _text(header, "X-GM-THRID").strip()
    return f"{int(number) % 2**64:016x}" if _DIGITS.match(number) else None


def file_time(path: Path) -> datetime:
    """When the file was last changed."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
