"""Puts a mail into the drafts and sends it from there, so that it goes out once, and finds out what became of it.

Law: a draft is made first and its id noted before anything is sent; it is sent by that id alone, which works once.
The mail bears a Message-ID made of the write's key, by which it is found again among drafts and in what was sent.
Gmail knows no key for making a draft: one whose making was not answered may appear beside the one that is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.base import Ref, ToolContext
from tools.clients import gmail, run
from tools.errors import NotFound, ServiceDown, ToolError, Unreadable
from tools.mail.digest import web_link
from tools.mail.listing import SERVICE
from tools.mail.outgoing import Outgoing, message_id
from tools.mail.payload import headers_of
from tools.write import Act, InPart, Receipt, Unsure

NEWEST = 10
"""Drafts and sent mails looked at one by one where the search, whose index may lag, knows nothing."""
KEPT = "It lies among your drafts, unsent."
_MAY_BE_KEPT = "It may lie among your drafts, unsent."
_CHECK = "Look into Sent at Gmail before you send it again."


def draft_of(act: Act, mail: Outgoing) -> str:
    """The id of the draft of this write, made unless an earlier attempt has. Raises ToolError."""
    if noted := act.notes.get("draft"):
        return noted
    try:
        draft = begun_draft(act, message_id(act.key, mail.sender)) or _created(act, mail)
    except (ServiceDown, Unreadable) as error:
        error.next = f"{error.next} {_MAY_BE_KEPT}"
        raise
    act.note(draft=draft)
    return draft


def begun_draft(act: Act, wanted: str) -> str:
    """The draft of an attempt that ended before it could note one, "" for none. Raises ToolError."""
    return found_draft(act.context, wanted) if act.notes.get("began") else ""


def _created(act: Act, mail: Outgoing) -> str:
    act.note(began="draft")
    message = {"raw": mail.raw(act.key), **({"threadId": mail.thread} if mail.thread else {})}
    request = gmail().users().drafts().create(userId="me", body={"message": message})
    return _named(run(request, act.context.transport, service=SERVICE), "id")


def send_draft(act: Act, left: Ref) -> str:
    """Send a draft by its id; the thread it then stands in.

    Raises ServiceDown where it may have been sent all the same: then it must be looked for; InPart where it was not.
    """
    request = gmail().users().drafts().send(userId="me", body={"id": left.id})
    try:
        answer = run(request, act.context.transport, service=SERVICE)
    except NotFound as error:
        raise ServiceDown("The draft is gone: it may have been sent already.", _CHECK) from error
    except (ServiceDown, Unreadable) as error:
        error.next = f"{error.next} {_MAY_BE_KEPT}"
        raise
    except ToolError as error:
        raise InPart(f"{error.what} {KEPT}", error.next, (left,)) from error
    return _named(answer, "threadId")


def kept(left: Ref) -> InPart:
    """What is said where a mail was not sent and its draft stands."""
    return InPart(KEPT, "Send that draft, or discard it.", (left,))


def draft_ref(draft: str, subject: str, people: Iterable[str]) -> Ref:
    """What a draft is named by."""
    return Ref(kind="draft", id=draft, label=subject, people=tuple(people))


def found_draft(context: ToolContext, wanted: str) -> str:
    """The draft that bears a Message-ID (without brackets), "" for none. Raises ToolError."""
    drafts = gmail().users().drafts()
    for query in ({"q": f"rfc822msgid:{wanted}"}, {}):
        answer = run(drafts.list(userId="me", maxResults=NEWEST, **query), context.transport, service=SERVICE)
        for one in _items(answer, "drafts"):
            draft = str(one.get("id", ""))
            shown = _shown(context, drafts.get(userId="me", id=draft, format="metadata"))
            if _bears(shown.get("message"), wanted):
                return draft
    return ""


def found_sent(context: ToolContext, wanted: str) -> dict[str, Any] | None:
    """The sent mail that bears a Message-ID (without brackets). Raises ToolError."""
    messages = gmail().users().messages()
    for query in ({"q": f"rfc822msgid:{wanted}"}, {}):
        request = messages.list(userId="me", labelIds=["SENT"], includeSpamTrash=True, maxResults=NEWEST, **query)
        for one in _items(run(request, context.transport, service=SERVICE), "messages"):
            shown = _shown(context, messages.get(userId="me", id=str(one.get("id", "")), format="metadata"))
            if _bears(shown, wanted):
                return shown
    return None


def _shown(context: ToolContext, request: Any) -> dict[str, Any]:
    """One of a list; nothing where it has gone meanwhile."""
    try:
        return run(request, context.transport, service=SERVICE)
    except NotFound:
        return {}


def stands(context: ToolContext, draft: str) -> bool:
    """Whether the draft is still there."""
    return bool(_shown(context, gmail().users().drafts().get(userId="me", id=draft, format="metadata")))


def outcome(act: Act, draft: str, wanted: str) -> str | None:
    """What became of a draft that was to be sent: the thread it stands in; None where it surely was not sent.

    Raises Unsure where the draft is gone and no sent mail bears its Message-ID.
    """
    sent = found_sent(act.context, wanted) if wanted else None
    if sent is not None:
        return str(sent.get("threadId", ""))
    if not draft or stands(act.context, draft):
        return None
    again = found_sent(act.context, wanted) if wanted else None  # it may have gone between the two looks
    if again is not None:
        return str(again.get("threadId", ""))
    raise Unsure("The draft is gone, and no sent mail with its Message-ID was found.", _CHECK)


def sent_receipt(act: Act, thread: str, subject: str, addresses: Iterable[str]) -> Receipt:
    people = tuple(addresses)
    what = f"The mail “{subject}” was sent to {', '.join(people)}"
    ref = Ref(kind="mail", id=thread, label=subject, people=people)
    link = web_link(act.context.account, thread)
    return Receipt(what=what, id=thread, at=act.context.now, link=link, ref=ref)


def _named(answer: dict[str, Any], field: str) -> str:
    """An id of an answer. Raises Unreadable: the write may have taken place."""
    found = answer.get(field)
    if not isinstance(found, str) or not found:
        raise Unreadable(f"{SERVICE} answered without saying what it did.", _CHECK)
    return found


def _items(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in answer.get(name) or () if isinstance(one, dict)]


def _bears(message: object, wanted: str) -> bool:
    """Whether a message has this Message-ID, or had it when it was handed in."""
    stated = headers_of(message.get("payload")) if isinstance(message, dict) else {}
    names = ("message-id", "x-google-original-message-id")
    return any(stated.get(name, "").strip().strip("<>") == wanted for name in names)
