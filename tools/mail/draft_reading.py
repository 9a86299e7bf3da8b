"""A draft as it stands in the mailbox, whole: what sending it would send. Law: what cannot be shown is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.base import ToolContext
from tools.clients import gmail, run
from tools.errors import NotFound
from tools.mail.addresses import Person, decoded, read_people
from tools.mail.listing import SERVICE
from tools.mail.page import read_page
from tools.mail.payload import headers_of, read_body
from tools.mail.relabelling import Step, body_of
from tools.write import Plan, Recipient, Row

BASIS = "the draft"
"""What a plan about a draft is based on: the id of its message, which every change replaces."""
FOLDER = "https://mail.google.com/mail/#drafts"
_ROLES = ("to", "cc", "bcc")


@dataclass(frozen=True)
class Draft:
    """One draft. `message` is its message's id; `message_id` has no brackets; `remarks` say what the text lacks."""

    id: str
    message: str
    thread: str
    message_id: str
    sender: str
    subject: str
    text: str
    people: tuple[tuple[str, Person], ...]
    remarks: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(person.address for _, person in self.people)

    def rows(self) -> tuple[Row, ...]:
        rows = (Row(label="from", value=self.sender), Row(label="subject", value=self.subject))
        return (*rows, Row(label="body", value=self.text))

    def recipients(self) -> tuple[Recipient, ...]:
        return tuple(Recipient(address=p.address, name=p.name, role=role) for role, p in self.people)

    def body(self) -> dict[str, Any]:
        """What is needed to send it, or to bin it."""
        return {
            "draft": self.id,
            "message": self.message,
            "message_id": self.message_id,
            "subject": self.subject,
            "addresses": list(self.addresses),
        }

    def discarding(self) -> Plan:
        """The plan to bin it."""
        steps = (Step(add=("TRASH",), messages=(self.message,)),)
        return Plan(
            title="Move a draft to the bin",
            rows=(*self.rows(), Row(label="folder", value="Bin", before="Drafts")),
            recipients=(),
            effects=("the draft is not sent; it can be brought back from the bin", *self.remarks),
            body={**body_of(steps, what=f"The draft “{self.subject}” is in the bin"), **self.body()},
            based_on={BASIS: self.message},
        )


def read_draft(context: ToolContext, draft: str) -> Draft:
    """The draft with this id. Raises NotFound."""
    request = gmail().users().drafts().get(userId="me", id=draft, format="full")
    try:
        message = run(request, context.transport, service=SERVICE).get("message") or {}
    except NotFound as error:
        raise NotFound("That draft is not there any more.", "It was sent or discarded; look into Drafts.") from error
    headers = headers_of(message.get("payload"))
    read = read_body(message.get("payload"))
    text = "\n".join(read.plain) or "\n\n".join(read_page(html).text for html in read.html)
    return Draft(
        id=draft,
        message=str(message.get("id", "")),
        thread=str(message.get("threadId", "")),
        message_id=headers.get("message-id", "").strip().strip("<>"),
        sender=decoded(headers.get("from", "")),
        subject=" ".join(decoded(headers.get("subject", "")).split()),
        text=text.replace("\r\n", "\n").strip(),
        people=tuple((role, person) for role in _ROLES for person in read_people(headers.get(role, ""))),
        remarks=_remarks(read.html, [file.name for file in read.attachments], truncated=read.truncated),
    )


def basis(context: ToolContext, body: Mapping[str, Any]) -> dict[str, str]:
    """The message a draft is now."""
    request = gmail().users().drafts().get(userId="me", id=str(body["draft"]), format="metadata")
    message = run(request, context.transport, service=SERVICE).get("message") or {}
    return {BASIS: str(message.get("id", ""))}


def _remarks(html: list[str], files: list[str], *, truncated: bool) -> tuple[str, ...]:
    found = [f"with {len(files)} file{'s' if len(files) > 1 else ''}: {', '.join(files)}"] if files else []
    found += ["it is formatted (HTML); its text is shown"] if html else []
    return (*found, *(["only the beginning of its text is shown"] if truncated else []))
