"""One mail as Valet understands it: who, when, to whom, and the text its author wrote, cleaned.

Law: everything here except labels and times is the words of others, made safe to show and nothing more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from tools.mail.addresses import Person, decoded, read_people, read_person
from tools.mail.invitation import Invitation, read_invitation
from tools.mail.menus import without_menus
from tools.mail.page import Link, Page, read_page
from tools.mail.payload import Attachment, Body, headers_of, read_body
from tools.mail.quotes import part
from tools.mail.signature import without_signature
from tools.text.characters import disguised, one_line, visible

TEXT_LIMIT = 20_000
"""Characters of cleaned text kept of one mail."""
ATTACHMENT_LIMIT = 30

_URL_BEHIND = re.compile(r"(?<=\S)\s?<(?:https?://|mailto:)[^>\s]{1,2000}>")
_ANGLE_URL = re.compile(r"<(https?://[^>\s]{1,2000})>")
_URL = re.compile(r"https?://([^\s/<>\"'\])]{1,255})(/[^\s<>\"'\])]{0,4000})?")
_CID = re.compile(r"\[(?:cid|image):[^\]]{0,200}\]")
_MARKUP = re.compile(r"<(?:html|body|div|table|p|br|td)\b|\{[^{}]*:[^{}]*;\s*\}", re.IGNORECASE)
_SEE_HTML = re.compile(
    r"\bhtml\b|view (?:this|it) (?:email |message )?(?:online|in)|im browser|navegador|navigateur", re.IGNORECASE
)
SHORT_URL = 60


@dataclass(frozen=True)
class Message:
    """One mail. `at` is when the service received it (aware, UTC). `text` is what is new in it, `reply` the same with
    the signature; `forwarded` a mail passed on. `hidden` is the beginning of text a reader would not see."""

    id: str
    at: datetime
    labels: frozenset[str]
    sender: Person
    to: tuple[Person, ...]
    copied: tuple[Person, ...]
    subject: str
    headers: Mapping[str, str]
    text: str
    reply: str
    forwarded: str
    quoted: bool
    hidden: str
    disguised: bool
    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]
    invitation: Invitation | None
    truncated: bool
    snippet: str
    offset: timedelta | None

    @property
    def is_draft(self) -> bool:
        return "DRAFT" in self.labels

    @property
    def unread(self) -> bool:
        return "UNREAD" in self.labels

    @property
    def new_words(self) -> str:
        """What its author wrote; the service's own excerpt only where nothing older can stand in it."""
        return self.text or ("" if self.quoted or self.forwarded else self.snippet)

    @property
    def readers(self) -> tuple[Person, ...]:
        return self.to + self.copied


def read_message(resource: Mapping[str, Any]) -> Message:
    """Read a `users.messages` resource of format=full. Never raises: what is missing or broken stays empty."""
    payload = resource.get("payload")
    headers = headers_of(payload)
    body = read_body(payload)
    page = _join([read_page(html) for html in body.html])
    subject = one_line(decoded(headers.get("subject", "")), 200)
    sender = read_person(headers.get("from", ""))
    parted = part(_body_text(body, page, bulk="list-unsubscribe" in headers), subject)
    forwarded = parted.forwarded or _enclosed_text(body)
    return Message(
        id=str(resource.get("id", "")),
        at=_received(resource, headers),
        labels=frozenset(str(label) for label in resource.get("labelIds") or ()),
        sender=sender,
        to=read_people(headers.get("to", "")),
        copied=read_people(headers.get("cc", "")),
        subject=subject,
        headers=headers,
        text=without_signature(parted.new, sender.names)[:TEXT_LIMIT],
        reply=parted.new[:TEXT_LIMIT],
        forwarded=forwarded[:TEXT_LIMIT],
        quoted=parted.quoted,
        hidden=page.hidden,
        disguised=any(disguised(text) for text in (*body.plain, *body.html, headers.get("subject", ""))),
        links=tuple(page.links),
        attachments=tuple(body.attachments[:ATTACHMENT_LIMIT]),
        invitation=read_invitation(body.calendar),
        truncated=body.truncated or page.truncated or len(parted.new) > TEXT_LIMIT or len(forwarded) > TEXT_LIMIT,
        snippet=one_line(unescape(str(resource.get("snippet") or "")), 200),
        offset=_offset(headers.get("date", "")),
    )


def _body_text(body: Body, page: Page, *, bulk: bool = False) -> str:
    """The plain text, unless it only stands in for the HTML."""
    plain = visible("\n".join(body.plain))
    if body.html and _is_stub(plain, page.text):
        return without_menus(page.text, (link.text for link in page.links)) if bulk else page.text
    plain = _ANGLE_URL.sub(r"\1", _URL_BEHIND.sub("", _CID.sub("", plain)))
    return _URL.sub(_short_url, plain)


def _is_stub(plain: str, rich: str) -> bool:
    words, rich_words = len(plain.split()), len(rich.split())
    if words < 3 or _MARKUP.search(plain[:2_000]):
        return rich_words > 0
    return rich_words > 3 * words and (rich_words > 60 or bool(_SEE_HTML.search(plain)))


def _short_url(found: re.Match[str]) -> str:
    """An address short enough to read as it is; of a long one the host."""
    return found.group() if len(found.group()) <= SHORT_URL else f"[{found[1]}]"


def _join(pages: list[Page]) -> Page:
    if len(pages) == 1:
        return pages[0]
    return Page(
        text="\n\n".join(page.text for page in pages),
        hidden=" ".join(page.hidden for page in pages),
        links=[link for page in pages for link in page.links],
        truncated=any(page.truncated for page in pages),
    )


def _enclosed_text(body: Body) -> str:
    """The text of mails attached as a whole, each under its headers."""
    found = []
    for inner in body.enclosed:
        page = _join([read_page(html) for html in inner.html])
        head = [
            f"{name}: {one_line(decoded(inner.headers[name]), 200)}"
            for name in ("from", "date", "subject")
            if name in inner.headers
        ]
        found.append("\n".join((*head, "", _body_text(inner, page))))
    return "\n\n".join(found)


def _received(resource: Mapping[str, Any], headers: Mapping[str, str]) -> datetime:
    try:
        return datetime.fromtimestamp(int(resource["internalDate"]) / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return _dated(headers.get("date", "")) or datetime.fromtimestamp(0, UTC)


def _dated(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _offset(header: str) -> timedelta | None:
    """How far the author's clock stands from UTC."""
    found = _dated(header)
    return found.utcoffset() if found else None
