"""Reads a raw RFC 5322 message, however broken: its decoded headers, its text, its snippet, its attachments' names."""

# email and html are imported where mail is parsed: a server that starts should not wait for them.
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

SNIPPET = 200
LONGEST_TEXT = 200_000
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_HIDDEN = re.compile(r"(?is)<(script|style|head|title)\b.*?</\1\s*>|<!--.*?-->")
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"[\s\u200b-\u200f\u034f\u00ad\ufeff]+")
_PREFIX = re.compile(
    r"(?i)^\s*(?:(?:re|aw|wg|fwd?|antw|sv|vs|vb|rif|r|i|tr|ref|enc|odp|ynt|回复|答复|转发)\s*(?:\[\d+\])?\s*[:：]|\[[^\]]*\])\s*"
)


@dataclass(frozen=True)
class MailFacts:
    """What the mailbox keeps of a message beside its bytes. Addresses are in lower case; ids keep their <>."""

    subject: str
    sender: str
    recipients: str
    copied: str
    people: frozenset[str]
    message_id: str
    references: tuple[str, ...]
    text: str
    filenames: tuple[str, ...]

    @property
    def snippet(self) -> str:
        """The first words, HTML-escaped as the Gmail API does."""
        text = _SPACE.sub(" ", self.text[: SNIPPET * 8]).strip()
        cut = text[:SNIPPET].rsplit(" ", 1)[0] if len(text) > SNIPPET else text
        for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
            cut = cut.replace(plain, entity)
        return cut

    @property
    def subject_key(self) -> str:
        """The subject without reply and forward marks and list tags, for putting messages into conversations."""
        key = _SPACE.sub(" ", self.subject).strip().casefold()
        while (rest := _PREFIX.sub("", key, count=1)) != key:
            key = rest
        return key


def read_message(raw: bytes) -> Message:
    """Parse the bytes; the parser records defects instead of raising."""
    from email.parser import BytesParser
    from email.policy import compat32

    return BytesParser(policy=compat32).parsebytes(raw)


def read_facts(raw: bytes) -> MailFacts:
    """Everything the mailbox needs to file, thread and find the message."""
    message = read_message(raw)
    headers = {name.lower(): value for name, value in reversed(list(header_values(message)))}
    references = f"{headers.get('references', '')} {headers.get('in-reply-to', '')}"
    fields = [headers.get(name, "") for name in ("from", "to", "cc", "bcc")]
    return MailFacts(
        subject=headers.get("subject", ""),
        sender=fields[0],
        recipients=fields[1],
        copied=" ".join(fields[2:]),
        people=frozenset(address.lower() for address in _ADDRESS.findall(" ".join(fields))),
        message_id=first_id(headers.get("message-id", "")),
        references=tuple(dict.fromkeys(_MESSAGE_ID.findall(references))),
        text=body_text(message)[:LONGEST_TEXT],
        filenames=tuple(name for part in message.walk() if (name := part_filename(part))),
    )


def first_id(value: str) -> str:
    """The first <id> of a Message-ID header, or the bare value when the brackets are missing."""
    found = _MESSAGE_ID.search(value)
    return found.group() if found else value.strip()


def header_values(message: Message) -> Iterator[tuple[str, str]]:
    """Header names and values in order, unfolded, encoded words and raw 8-bit bytes decoded."""
    for name, value in message.raw_items():
        yield name, decoded(str(value))


def decoded(value: str) -> str:
    """One header value as text: RFC 2047 words decoded, folding removed, stray bytes read as UTF-8."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    value = _readable(value).replace("\r", "").replace("\n", "")
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(piece if isinstance(piece, str) else as_text(piece, charset) for piece, charset in pieces)


def _readable(value: str) -> str:
    """Undo the parser's surrogate escapes for bytes that no header should hold."""
    if value.isascii():
        return value
    try:
        return as_text(value.encode("utf-8", "surrogateescape"), "utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()


def as_text(data: bytes, charset: str | None) -> str:
    """Decode with the named charset; when it is unknown or wrong, as UTF-8, and then as Windows text."""
    for candidate in (charset or "utf-8", "utf-8"):
        try:
            return _SURROGATE.sub("\ufffd", data.decode(candidate))
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def part_filename(part: Message) -> str:
    """The decoded file name of a MIME part, "" when it has none."""
    try:
        name = part.get_filename("")
    except (LookupError, ValueError, TypeError):
        return ""
    return decoded(str(name)).strip()


def part_bytes(part: Message) -> bytes:
    """The part's body with its transfer encoding undone (the body as it stands, when that is broken)."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def body_text(message: Message) -> str:
    """The text a reader sees: the plain parts, else the HTML parts without their markup."""
    plain: list[str] = []
    rich: list[str] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not part_filename(part):
            text = as_text(part_bytes(part), part_charset(part))
            (plain if kind == "text/plain" else rich).append(text)
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(without_markup(text) for text in rich)


def part_charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None


def without_markup(html: str) -> str:
    """Enough of HTML to text for a snippet and for searching; nothing is shown from it."""
    from html import unescape

    return unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html)))
