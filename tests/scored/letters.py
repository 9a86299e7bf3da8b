"""Writes the mails of the material as .eml files, each reply with the quotation its program would put into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from pathlib import Path
from typing import Any

from tests.scored.corpus import DATA, NAME, OWNER, moment, table

ME = f"{NAME} <{OWNER}>"
PDF = b"%PDF-1.4\n%%EOF\n"
CHARSETS = {"outlook-de": "iso-8859-1"}


@dataclass(frozen=True)
class Letter:
    """One mail as mail/*.toml has it. `id` is the Message-ID without its brackets; `reply` names a program's style."""

    conv: str
    id: str
    by: str
    to: str
    at: datetime
    subject: str
    body: str
    cc: str = ""
    reply: str = ""
    html: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    attach: tuple[str, ...] = ()
    invite: dict[str, str] = field(default_factory=dict)


def letters() -> list[Letter]:
    """All mails, those of a conversation in the order they were written."""
    names = sorted(path.name for path in (DATA / "mail").glob("*.toml") if path.name != "truth.toml")
    return [_letter(dict(row)) for name in names for row in table("mail", name)["mail"]]


def conversations() -> dict[str, list[Letter]]:
    """The mails by conversation."""
    found: dict[str, list[Letter]] = {}
    for letter in letters():
        found.setdefault(letter.conv, []).append(letter)
    return found


def _letter(row: dict[str, Any]) -> Letter:
    by = row.pop("from")
    at, body = moment(row.pop("date")), row.pop("body").strip("\n")
    row["attach"] = tuple(row.get("attach", ()))
    return Letter(**{"to": ME, **row, "by": ME if by == "me" else by, "at": at, "body": body})


def write_all(folder: Path) -> None:
    """One .eml for each mail."""
    folder.mkdir()
    for mails in conversations().values():
        for number, letter in enumerate(mails):
            (folder / f"{letter.id}.eml").write_bytes(_mail(letter, mails[:number]).as_bytes())


def _mail(letter: Letter, before: list[Letter]) -> EmailMessage:
    mail = EmailMessage()
    facts = {"From": letter.by, "To": letter.to, "Cc": letter.cc, "Subject": letter.subject}
    facts |= {"Date": format_datetime(letter.at), "Message-ID": f"<{letter.id}>", **letter.headers}
    if before:
        facts["In-Reply-To"] = f"<{before[-1].id}>"
        facts["References"] = " ".join(f"<{one.id}>" for one in before)
    for name, value in facts.items():
        if value:
            mail[name] = value
    _fill(mail, letter, before[-1] if before else None)
    for name in letter.attach:
        mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    if letter.invite:
        # Beside the text and once more as a file, as the calendars of mailing houses send it.
        mail.add_attachment(_ics(letter), subtype="calendar", filename="invite.ics", params={"method": "REQUEST"})
    return mail


def _fill(mail: EmailMessage, letter: Letter, to: Letter | None) -> None:
    if letter.html:
        mail.set_content(letter.body, subtype="html")
        return
    charset = CHARSETS.get(letter.reply, "utf-8")
    mail.set_content(_plain(letter, to), charset=charset)
    if letter.invite:
        mail.add_alternative(_ics(letter), subtype="calendar", params={"method": "REQUEST"})
    if letter.reply.startswith("gmail") and to:
        quoted = f'<div class="gmail_attr">{escape(_attribution(letter.reply, to))}<br></div>'
        quoted += f'<blockquote class="gmail_quote">{_lines(to.body)}</blockquote>'
        whole = f'<div dir="ltr">{_lines(letter.body)}</div><br><div class="gmail_quote">{quoted}</div>'
        mail.add_alternative(whole, subtype="html")


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.splitlines())


def _plain(letter: Letter, to: Letter | None) -> str:
    if to is None or not letter.reply:
        return letter.body
    if letter.reply.startswith("outlook"):
        return f"{letter.body}\n\n{_outlook(to)}\n\n{to.body}\n"
    quoted = f"{_attribution(letter.reply, to)}\n\n" + "\n".join(f"> {line}" for line in to.body.splitlines())
    # Thunderbird writes the answer below what it quotes.
    return f"{quoted}\n\n{letter.body}" if letter.reply.startswith("thunderbird") else f"{letter.body}\n\n{quoted}\n"


def _outlook(to: Letter) -> str:
    return (
        f"-----Ursprüngliche Nachricht-----\nVon: {to.by}\nGesendet: {to.at:%d.%m.%Y %H:%M}\nAn: {to.to}\n"
        f"Betreff: {to.subject}"
    )


def _attribution(style: str, to: Letter) -> str:
    name, address = parseaddr(to.by)
    return {
        "gmail-en": f"On {to.at:%a, %b %d, %Y at %I:%M %p} {name} <{address}> wrote:",
        "gmail-de": f"Am {to.at:%d.%m.%Y um %H:%M} schrieb {name} <{address}>:",
        "apple-en": f"On {to.at:%d. %b %Y, at %H:%M}, {name} <{address}> wrote:",
        "iphone-en": f"On {to.at:%d %b %Y, at %H:%M}, {name} <{address}> wrote:",
        "iphone-de": f"Am {to.at:%d.%m.%Y um %H:%M} schrieb {name} <{address}>:",
        "thunderbird-de": f"Am {to.at:%d.%m.%y um %H:%M} schrieb {name}:",
    }[style]


def _ics(letter: Letter) -> str:
    invite, address = letter.invite, parseaddr(letter.by)[1]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//scored//EN", "METHOD:REQUEST", "BEGIN:VEVENT"]
    lines += [f"UID:{letter.id}", f"SUMMARY:{invite['title']}", f"ORGANIZER:mailto:{address}"]
    lines += [f"ATTENDEE:mailto:{OWNER}", f"DTSTAMP:{letter.at:%Y%m%dT%H%M%S}"]
    lines += [f"DTSTART;TZID=Europe/Vienna:{invite['start']}", f"DTEND;TZID=Europe/Vienna:{invite['end']}"]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
