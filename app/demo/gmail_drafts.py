"""The Gmail API's drafts, and sending: from a draft by its id, or a mail at once."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.demo.gmail_asked import found_in, mailbox_of, page_size, place_of, wanted_of
from app.demo.gmail_changes import brief
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, not_found
from app.demo.mail_drafts import DraftStore, belongs
from app.demo.mail_lookup import MailLookup, labelled
from app.demo.mail_outgoing import completed, send
from app.demo.mail_store import StoredMessage
from app.demo.mail_text import read_facts
from app.demo.page_token import next_page
from app.demo.wire import Response
from app.demo.workspace import Workspace

Shown = Callable[[Call, MailLookup, StoredMessage], dict[str, Any]]
LARGEST = 35 * 1024 * 1024
_BASE64 = re.compile(r"[A-Za-z0-9_-]*={0,2}")
_THREAD = re.compile(r"[0-9a-f]{1,16}")


def gmail_drafts(workspace: Workspace, shown: Shown) -> dict[str, Callable[[Call], Any]]:
    """The endpoints; `shown` says a message in the format that is asked for."""
    drafts = _Drafts(workspace, shown)
    return {
        "gmail.users.drafts.create": drafts.create,
        "gmail.users.drafts.get": drafts.get,
        "gmail.users.drafts.list": drafts.list_drafts,
        "gmail.users.drafts.update": drafts.update,
        "gmail.users.drafts.delete": drafts.delete,
        "gmail.users.drafts.send": drafts.send,
        "gmail.users.messages.send": drafts.send_message,
    }


class _Drafts:
    def __init__(self, workspace: Workspace, shown: Shown) -> None:
        self._workspace = workspace
        self._shown = shown

    def list_drafts(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        ids = DraftStore(mail.store).ids()
        condition = wanted_of(call, mail) & labelled("DRAFT")
        found, more = mail.messages(condition, page_size(call), place_of(call))
        answer: dict[str, Any] = {"resultSizeEstimate": mail.count(condition)}
        if found:
            answer["drafts"] = [
                {"id": ids[message], "message": {"id": message, "threadId": thread}}
                for message, thread in found
                if message in ids
            ]
        if more:
            answer["nextPageToken"] = next_page(call, [more.received, more.id])
        return answer

    def get(self, call: Call) -> dict[str, Any]:
        mail, draft, message = self._draft(call, call.path["id"])
        return {"id": draft, "message": self._shown(call, mail, message)}

    def create(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        raw = self._completed(call, mail, _raw_of(call, call.body.get("message") or {}))
        thread = _thread_of(mail, raw, call.body.get("message") or {})
        with self._workspace.transaction():
            draft = DraftStore(mail.store).create(raw, thread)
            self._workspace.freeze()
        return self._brief(mail, draft)

    def update(self, call: Call) -> dict[str, Any]:
        stated = call.body.get("message") or {}
        with self._workspace.transaction():
            mail, draft, old = self._draft(call, call.path["id"])
            raw = self._completed(call, mail, _raw_of(call, stated))
            DraftStore(mail.store).replace(draft, old.id, raw, _thread_of(mail, raw, stated) or old.thread)
            self._workspace.freeze()
        return self._brief(mail, draft)

    def delete(self, call: Call) -> Response:
        with self._workspace.transaction():
            mail, draft, message = self._draft(call, call.path["id"])
            DraftStore(mail.store).remove(draft, message.id)
            self._workspace.freeze()
        return Response(204)

    def send(self, call: Call) -> dict[str, Any]:
        """The draft ends, and a mail with an id of its own stands in Sent; a second time there is no draft: 404."""
        stated = call.body.get("message") or {}
        with self._workspace.transaction():
            mail, draft, old = self._draft(call, str(call.body.get("id") or ""))
            raw = mail.raw(old.number) if not stated.get("raw") and call.media is None else _raw_of(call, stated)
            message = send(self._workspace, mail.store, self._completed(call, mail, raw, anew=True), old.thread)
            DraftStore(mail.store).remove(draft, old.id)
            self._workspace.freeze()
        return brief(mail, found_in(mail.message(message)))

    def send_message(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        raw = self._completed(call, mail, _raw_of(call, call.body))
        with self._workspace.transaction():
            message = send(self._workspace, mail.store, raw, _thread_of(mail, raw, call.body))
            self._workspace.freeze()
        return brief(mail, found_in(mail.message(message)))

    def _draft(self, call: Call, draft: str) -> tuple[MailLookup, str, StoredMessage]:
        mail = mailbox_of(self._workspace, call)
        message = DraftStore(mail.store).message_of(draft)
        if message is None:
            raise not_found()
        return mail, draft, found_in(mail.message(message))

    def _brief(self, mail: MailLookup, draft: str) -> dict[str, Any]:
        message = DraftStore(mail.store).message_of(draft)
        return {"id": draft, "message": brief(mail, found_in(mail.message(message or "")))}

    def _completed(self, call: Call, mail: MailLookup, raw: bytes, *, anew: bool = False) -> bytes:
        name = next((p.name for p in self._workspace.people() if p.address == call.account), "")
        moment = datetime.fromtimestamp(self._workspace.clock(), UTC)
        return completed(raw, address=mail.store.mailbox, name=name, moment=moment, dated_anew=anew)


def _raw_of(call: Call, message: dict[str, Any]) -> bytes:
    """The mail of a call: uploaded, or as base64url in its body. Raises GoogleError."""
    if call.media is not None:
        raw = call.media.data
    else:
        text = str(message.get("raw") or "")
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if _BASE64.fullmatch(text) else b""
        except NotBase64 as error:
            raise GoogleError(400, "invalidArgument", "Invalid value at 'raw' (TYPE_BYTES)") from error
    if not raw:
        wanted = "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        raise GoogleError(400, "invalidArgument", wanted)
    if len(raw) > LARGEST:
        raise GoogleError(413, "uploadTooLarge", "Request Entity Too Large")
    return raw


def _thread_of(mail: MailLookup, raw: bytes, message: dict[str, Any]) -> str | None:
    """The thread a mail asks to join, where it may; an unknown one is not found."""
    wanted = str(message.get("threadId") or "").lower()
    if not wanted:
        return None
    if not _THREAD.fullmatch(wanted):
        raise GoogleError(400, "invalidArgument", "Invalid thread_id value")
    if not mail.thread(wanted):
        raise not_found()
    return wanted if belongs(mail.store, read_facts(raw), wanted) else None
