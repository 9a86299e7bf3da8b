"""Reads an mbox message by message, in bounded memory, whichever program wrote it (RFC 4155, mboxo, mboxrd)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import IO

LONGEST_MESSAGE = 50_000_000
PIECE = 65536
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_QUOTED = re.compile(rb">+From ")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_MAIL_HEADER = re.compile(
    rb"(?i)(from|to|date|received|subject|return-path|message-id|delivered-to|mime-version|x-|content-)"
)
_DATED = re.compile(rb"From .*\d{1,2}:\d{2}(:\d{2})?.*\b\d{4}\b")
_EXACT = re.compile(rb"From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}")
_DATE = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2})(?::(\d{2}))? (?:([+-]\d{4}) |[A-Z]{3,4} )?(\d{4})")


@dataclass(frozen=True)
class Enveloped:
    """One message of an mbox. `raw` is None when it was too long to hold; `end` is the file position after it."""

    number: int
    raw: bytes | None
    envelope: str
    end: int


def messages(source: IO[bytes]) -> Iterator[Enveloped]:
    """The messages of a binary mbox stream, oldest escapes undone (`>From ` once, as mboxrd wants it)."""
    number, envelope, raw, after_blank = 0, b"", bytearray(), True
    position = 0
    lines = _Lines(source)
    for line in lines:
        if line.startswith(b"From ") and _begins(line, lines.peek(), after_blank):
            if number:
                yield _message(number, raw, envelope, position)
            number, envelope, raw = number + 1, line, bytearray()
        elif number and len(raw) <= LONGEST_MESSAGE:
            raw += line[1:] if _QUOTED.match(line) and lines.at_start else line
        after_blank = not line.strip(b"\r\n")
        position += len(line)
    if number:
        yield _message(number, raw, envelope, position)


def envelope_time(envelope: str) -> datetime | None:
    """The time in a From_ line (`From x Tue Mar 3 10:00:00 2026`, with or without a zone; UTC if without)."""
    found = _DATE.search(envelope)
    if not found or found[1] not in MONTHS:
        return None
    offset = found[6] or "+0000"
    zone = timezone(timedelta(minutes=int(offset[0] + "1") * (int(offset[1:3]) * 60 + int(offset[3:]))))
    day, hour, minute, second = (int(found[part] or 0) for part in (2, 3, 4, 5))
    try:
        return datetime(int(found[7]), MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=zone).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return None


class _Lines:
    """Lines in pieces of at most PIECE bytes, with a look at the next one; `at_start` = not the rest of a long one."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._next = source.readline(PIECE)
        self._ended = True
        self.at_start = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> bytes:
        line, self._next = self._next, self._source.readline(PIECE)
        if not line:
            raise StopIteration
        self.at_start, self._ended = self._ended, line.endswith(b"\n")
        return line

    def peek(self) -> bytes:
        return self._next


def _begins(line: bytes, following: bytes, after_blank: bool) -> bool:
    """Whether a line "From …" begins a message: a date and then headers (or the end), else headers of a mail.

    Some programs forget the blank line before it: then the date must be in the exact form, with headers after it.
    """
    if not after_blank:
        return _EXACT.match(line) is not None and _MAIL_HEADER.match(following) is not None
    if _DATED.match(line):
        return not following.strip() or _HEADER.match(following) is not None
    return len(line.split()) <= 2 and _MAIL_HEADER.match(following) is not None


def _message(number: int, raw: bytearray, envelope: bytes, end: int) -> Enveloped:
    shown = envelope.decode("latin-1").strip()
    if len(raw) > LONGEST_MESSAGE:
        return Enveloped(number, None, shown, end)
    # The blank line before the next "From " belongs to the mbox, not to the message.
    for ending in (b"\r\n\r\n", b"\n\n"):
        if raw.endswith(ending):
            del raw[-len(ending) // 2 :]
            break
    return Enveloped(number, bytes(raw), shown, end)
