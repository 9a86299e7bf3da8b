"""Turns conversations into raw messages: headers, bodies as each client dresses them, quotations, attachments.

Law: the Message-ID follows from the conversation's key and the letter's number, and from nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from app.demo.seed import mime
from app.demo.seed.attachments import built
from app.demo.seed.cast import OWNER, Figure, senders
from app.demo.seed.clients import CLIENTS, Quoted, Written, dress, page
from app.demo.seed.days import Days
from app.demo.seed.invitations import Invitation, invitation
from app.demo.seed.material import DATA, Conversation, Letter

REPLIES = {"de": "AW: ", "en": "Re: "}


@dataclass(frozen=True)
class Posted:
    """One finished mail. `labels` are system label ids, `names` the owner's own labels."""

    conversation: str
    number: int
    message_id: str
    raw: bytes
    labels: tuple[str, ...]
    names: tuple[str, ...]
    received: datetime


@dataclass(frozen=True)
class _Draft:
    """A letter with everything resolved that a later one may quote."""

    letter: Letter
    writer: Figure
    when: datetime
    subject: str
    message_id: str
    written: Written


def message_id(conversation: str, number: int, domain: str) -> str:
    """The Message-ID of a letter: opaque, the same every day."""
    digest = sha256(f"{conversation} {number}".encode()).hexdigest()
    return f"<{digest[:8]}.{digest[8:24]}@{domain}>"


def post(conversation: Conversation, days: Days) -> Iterator[Posted]:
    """The mails of one conversation, oldest first."""
    drafts: list[_Draft] = []
    for number, letter in enumerate(conversation.letters):
        answered = _answered(conversation, letter, drafts)
        draft, invited = _draft(conversation, number, letter, answered, days)
        drafts.append(draft)
        chain = [earlier.message_id for earlier in drafts[:-1]] if answered else []
        yield Posted(
            conversation.key,
            number,
            draft.message_id,
            _raw(draft, answered, chain, invited, days),
            _labels(letter, draft.writer),
            letter.labels,
            draft.when,
        )


def _answered(conversation: Conversation, letter: Letter, drafts: list[_Draft]) -> _Draft | None:
    if not drafts:
        return None
    return drafts[letter.answers]


def _draft(
    conversation: Conversation, number: int, letter: Letter, answered: _Draft | None, days: Days
) -> tuple[_Draft, Invitation | None]:
    writer = senders()[letter.sender]
    language = letter.language or writer.language
    client = letter.client or writer.client
    letter = replace(letter, client=client, language=language)
    quoted = _quoted(answered, writer, days) if answered and letter.quote else None
    invited = invitation(letter.invite[0], letter.invite[1], writer, days) if letter.invite else None
    body = invited.text if invited else days.fill(letter.body, days.at(letter.when).date(), language)
    subject = invited.subject if invited else _subject(conversation, letter, answered, days)
    domain = "calendar.example" if invited else writer.domain
    draft = _Draft(
        letter,
        writer,
        days.at(letter.when),
        subject,
        message_id(conversation.key, number, domain),
        dress(body, client, "" if invited else writer.signature, language, quoted),
    )
    return draft, invited


def _subject(conversation: Conversation, letter: Letter, answered: _Draft | None, days: Days) -> str:
    first = letter if letter.subject else conversation.letters[0]
    plain = days.fill(letter.subject or conversation.subject, days.at(first.when).date(), letter.language)
    if letter.subject or not answered:
        return f"Fwd: {plain}" if letter.forward else plain
    reply = REPLIES["de"] if letter.language == "de" and letter.client == "outlook" else REPLIES["en"]
    return reply + plain


def _quoted(answered: _Draft, reader: Figure, days: Days) -> Quoted:
    return Quoted(
        name=answered.writer.name,
        address=answered.writer.address,
        when=answered.when.astimezone(_zone(reader, days)),
        to=_shown(answered.letter.to),
        cc=_shown(answered.letter.cc),
        subject=answered.subject,
        written=answered.written,
    )


def _shown(keys: tuple[str, ...]) -> str:
    return "; ".join(f"{senders()[key].name} <{senders()[key].address}>" for key in keys)


def _zone(figure: Figure, days: Days) -> ZoneInfo:
    return ZoneInfo(figure.zone or days.zone)


def _labels(letter: Letter, writer: Figure) -> tuple[str, ...]:
    if writer.key == OWNER:
        return ("SENT", *(flag.upper() for flag in letter.flags if flag in ("starred", "important")))
    flags = tuple(flag.upper() for flag in letter.flags if flag != "archived")
    place = () if "archived" in letter.flags or "spam" in letter.flags else ("INBOX",)
    return (*place, *flags, f"CATEGORY_{writer.category.upper()}")


def _raw(draft: _Draft, answered: _Draft | None, chain: list[str], invited: Invitation | None, days: Days) -> bytes:
    letter, writer = draft.letter, draft.writer
    headers = [*_route(draft, days), ("MIME-Version", "1.0")]
    headers += [
        ("From", mime.address(letter.name or writer.name, writer.address)),
        ("Date", format_datetime(draft.when.astimezone(_zone(writer, days)))),
        ("Message-ID", draft.message_id),
        ("Subject", draft.subject),
        ("To", _addresses(letter.to)),
    ]
    if letter.cc:
        headers.append(("Cc", _addresses(letter.cc)))
    if answered and not letter.forward and not letter.headers.get("X-Failed-Recipients"):
        headers += [("In-Reply-To", answered.message_id), ("References", " ".join(chain))]
    headers += [*CLIENTS[letter.client].headers, *letter.headers.items()]
    if invited:
        headers.append(("Sender", "Google Calendar <calendar-notification@calendar.example>"))
    return mime.message(headers, _content(draft, invited, days))


def _addresses(keys: tuple[str, ...]) -> str:
    return ", ".join(mime.address(senders()[key].name, senders()[key].address) for key in keys)


def _route(draft: _Draft, days: Days) -> list[tuple[str, str]]:
    """What the receiving side adds on top; a sent mail has none of it."""
    if draft.writer.key == OWNER:
        return []
    arrived = format_datetime(draft.when.astimezone(days.clock) + timedelta(seconds=2))
    host = f"mail.{draft.writer.domain}"
    return [
        ("Delivered-To", senders()[OWNER].address),
        ("Received", f"from {host} (192.0.2.25) by mx.northwind.example with ESMTPS; {arrived}"),
        ("Return-Path", f"<{draft.writer.address}>"),
    ]


def _content(draft: _Draft, invited: Invitation | None, days: Days) -> mime.Part:
    letter, seed = draft.letter, draft.message_id
    body = _body(draft, invited, days)
    files = [_file(name, source, draft, days) for name, source in letter.attach]
    if invited:
        files.append(mime.attachment("invite.ics", "application/ics", invited.calendar.replace("\n", "\r\n").encode()))
    return mime.multipart("mixed", [body, *files], seed) if files else body


def _body(draft: _Draft, invited: Invitation | None, days: Days) -> mime.Part:
    letter = draft.letter
    rich = days.fill(letter.html, draft.when.date(), letter.language) or (
        page(draft.written, letter.client) if CLIENTS[letter.client].page else ""
    )
    parts = [] if letter.only_html else [mime.text(draft.written.text + "\n", charset=letter.charset)]
    if rich:
        parts.append(mime.text(rich, "html"))
    if invited:
        parts.append(mime.text(invited.calendar, "calendar", parameters=f"; method={invited.method}"))
    return parts[0] if len(parts) == 1 else mime.multipart("alternative", parts, draft.message_id)


def _file(name: str, source: str, draft: _Draft, days: Days) -> mime.Part:
    text = (DATA / "attachments" / source).read_text("utf-8")
    kind, data = built(name, days.fill(text, draft.when.date(), draft.letter.language))
    return mime.attachment(name, kind, data)
