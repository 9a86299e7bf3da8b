"""A conversation at a desk whose mailbox is the demo server's: writes go through the whole graph and real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from app.demo.mail_lookup import MailLookup
from app.demo.server import Running
from app.demo.workspace import Workspace
from auth.wire import Wire
from tests.demo.little_office import ALEX, NOW, sign_in
from tests.mail.desk import deliver
from tests.mail.made import ZURICH
from tests.write_world import Desk, SignsIn, desk
from tools import gmail_drafts, gmail_labels, gmail_send, gmail_summary

ME = f"Alex Rivera <{ALEX}>"
ROTH = "Daniel Roth <daniel.roth@contoso.example>"
MODULES = (gmail_summary, gmail_drafts, gmail_send, gmail_labels)


@contextmanager
def post(folder: Path, running: Running, wire: Wire | None = None) -> Iterator[Desk]:
    broker = SignsIn(lambda scopes: str(sign_in(running, *scopes)["access_token"]), ALEX)
    origins = {"gmail.googleapis.com": running.origin}
    with desk(folder, MODULES, origins, broker, now=NOW, zone=ZURICH, wire=wire) as world:
        yield world


async def listed(world: Desk, count: int = 50) -> None:
    """Look at the inbox, so that its conversations have handles, newest first."""
    from langchain_core.messages import AIMessage

    from tests.scripted import calling

    world.say(calling(("summarise_inbox", {"limit": count})), AIMessage("There."))
    await world.ask("what is in my inbox?")


def mails(office: Workspace, label: str, mailbox: str = "") -> list[Message]:
    """The mails under a label, oldest first."""
    mail = MailLookup(office.mail(mailbox))
    return [message_from_bytes(mail.raw(n)) for n, labels in _numbers(office, mailbox) if label in labels]


def labels(office: Workspace, message: str) -> list[str]:
    mail = MailLookup(office.mail())
    found = mail.message(message)
    assert found is not None
    return mail.labels_of(found.number)


def _numbers(office: Workspace, mailbox: str) -> list[tuple[int, list[str]]]:
    store = office.mail(mailbox)
    rows = office.database.rows("SELECT number FROM messages WHERE mailbox = ? ORDER BY number", store.mailbox)
    return [(number, MailLookup(store).labels_of(number)) for (number,) in rows]


def text_of(message: Message) -> str:
    payload: Any = message.get_payload(decode=True)
    return str(payload.decode().replace("\r\n", "\n"))


def asked(office: Workspace, reply_to: str = "") -> None:
    """Dana asks, Daniel and Alex are in copy."""
    to, refers = f"{ME}, Priya Nair <priya@northwind.example>", "<first@x.example>"
    answers = {"Reply_To": reply_to} if reply_to else {}
    text = "Will you be there?"
    deliver(office, text, to=to, subject="Budget", Cc=f"{ROTH}, {ME}", References=refers, **answers)  # type: ignore[arg-type]  # headers


def recipients(item: dict[str, object]) -> list[tuple[str, str]]:
    people = item["recipients"]
    assert isinstance(people, list)
    return [(person["role"], person["address"]) for person in people]
