"""The Gmail API as a service, and its reading methods over one person's mailbox."""

import threading
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from app.demo.gmail_asked import METADATA, found_in, identity_of, mailbox_of, page_size, place_of, wanted_of
from app.demo.gmail_changes import gmail_changes, shown_label
from app.demo.gmail_drafts import gmail_drafts
from app.demo.gmail_payload import Payload, encoded, find_attachment, headers_of, payload_of
from app.demo.google_api import GoogleApi, Shared
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, forbidden, not_found
from app.demo.mail_lookup import (
    EVERYTHING,
    HistoryRecord,
    MailLookup,
    labelled,
)
from app.demo.mail_store import SYSTEM_LABELS, StoredMessage
from app.demo.mail_text import read_message
from app.demo.page_token import next_page, this_page
from app.demo.quota import GMAIL_UNITS, Limits, Quota
from app.demo.routes import load
from app.demo.workspace import Workspace

ROUTES = ("/gmail/", "/upload/gmail/", "/resumable/upload/gmail/", "/batch", "/batch/gmail/v1")
LARGEST_KEPT = 256 * 1024  # bytes of raw mail
MOST_KEPT = 32 * 1024 * 1024
_ENTRIES = {"messageAdded": "messagesAdded", "messageDeleted": "messagesDeleted"} | {
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def gmail_api(workspace: Workspace, shared: Shared, limits: Limits) -> GoogleApi:
    """The service at gmail.googleapis.com."""
    gmail = _Gmail(workspace)
    endpoints = gmail.endpoints() | gmail_drafts(workspace, gmail.shown) | gmail_changes(workspace)
    quota = Quota(limits.gmail_units_per_minute, limits, GMAIL_UNITS)
    return GoogleApi("gmail", lambda: load("gmail.v1"), endpoints, ROUTES, shared, quota)


class _Gmail:
    """The endpoints, and the payloads last made (raw mail is only parsed when somebody looks at it)."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._payloads: OrderedDict[tuple[str, str, int, int], Payload] = OrderedDict()
        self._kept = 0
        self._lock = threading.Lock()

    def endpoints(self) -> dict[str, Callable[[Call], Any]]:
        return {
            "gmail.users.getProfile": self._profile,
            "gmail.users.messages.list": self._list_messages,
            "gmail.users.messages.get": self._get_message,
            "gmail.users.messages.attachments.get": self._get_attachment,
            "gmail.users.threads.list": self._list_threads,
            "gmail.users.threads.get": self._get_thread,
            "gmail.users.history.list": self._list_history,
            "gmail.users.labels.list": self._list_labels,
            "gmail.users.labels.get": self._get_label,
        }

    def _profile(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        return {
            "emailAddress": call.account,
            "messagesTotal": mail.count(EVERYTHING),
            "threadsTotal": mail.count(EVERYTHING, threads=True),
            "historyId": str(mail.latest_history()),
        }

    def _list_messages(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        condition = wanted_of(call, mail)
        found, more = mail.messages(condition, page_size(call), place_of(call))
        answer: dict[str, Any] = {"resultSizeEstimate": mail.count(condition)}
        if found:
            answer["messages"] = [{"id": message, "threadId": thread} for message, thread in found]
        if more:
            answer["nextPageToken"] = next_page(call, [more.received, more.id])
        return answer

    def _list_threads(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        condition = wanted_of(call, mail)
        found, more = mail.threads(condition, page_size(call), place_of(call))
        answer: dict[str, Any] = {"resultSizeEstimate": mail.count(condition, threads=True)}
        if found:
            answer["threads"] = [
                {"id": head.id, "snippet": head.snippet, "historyId": str(head.history)} for head in found
            ]
        if more:
            answer["nextPageToken"] = next_page(call, [more.received, more.id])
        return answer

    def _get_message(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        return self.shown(call, mail, found_in(mail.message(identity_of(call, "id"))))

    def _get_thread(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        messages = mail.thread(identity_of(call, "id"))
        if not messages:
            raise not_found()
        return {
            "id": messages[0].thread,
            "historyId": str(max(message.history for message in messages)),
            "messages": [self.shown(call, mail, message) for message in messages],
        }

    def shown(self, call: Call, mail: MailLookup, message: StoredMessage) -> dict[str, Any]:
        """A message in the format that was asked for."""
        form = call.text("format") or "full"
        if form in ("full", "raw") and METADATA in call.scopes:
            raise forbidden(f"Metadata scope doesn't allow format {form.upper()}")
        shown: dict[str, Any] = {
            "id": message.id,
            "threadId": message.thread,
            "labelIds": mail.labels_of(message.number),
            "snippet": message.snippet,
            "sizeEstimate": message.size,
            "historyId": str(message.history),
            "internalDate": str(message.received),
        }
        if form == "raw":
            shown["raw"] = urlsafe_b64encode(mail.raw(message.number)).decode()
        elif form == "metadata":
            wanted = call.all("metadataHeaders")
            shown["payload"] = headers_of(read_message(_head(mail.raw(message.number))), wanted)
        elif form == "full":
            shown["payload"] = self._payload(mail, message)
        return shown

    def _payload(self, mail: MailLookup, message: StoredMessage) -> Payload:
        key = (mail.store.mailbox, message.id, message.received, message.size)
        with self._lock:
            if key in self._payloads:
                self._payloads.move_to_end(key)
                return self._payloads[key]
        payload = payload_of(read_message(mail.raw(message.number)), message.id)
        if message.size <= LARGEST_KEPT:
            self._keep(key, payload)
        return payload

    def _keep(self, key: tuple[str, str, int, int], payload: Payload) -> None:
        """Remember a payload, and forget the ones not looked at for longest; the key ends in the mail's size."""
        with self._lock:
            if key not in self._payloads:
                self._kept += key[-1]
            self._payloads[key] = payload
            while self._kept > MOST_KEPT:
                forgotten, _ = self._payloads.popitem(last=False)
                self._kept -= forgotten[-1]

    def _get_attachment(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        message = found_in(mail.message(identity_of(call, "messageId")))
        data = find_attachment(read_message(mail.raw(message.number)), message.id, call.path["id"])
        if data is None:
            raise GoogleError(400, "invalidArgument", "Invalid attachment token")
        return {"size": len(data), "data": encoded(data)}

    def _list_history(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        if not call.query.get("startHistoryId"):
            raise GoogleError(400, "required", "Missing/invalid parameter: startHistoryId")
        start = int(call.text("startHistoryId"))
        latest = mail.latest_history()
        if not mail.oldest_history() <= start <= latest:
            raise not_found()
        limit = call.number("maxResults", 100, 500)
        kinds = [_ENTRIES[kind] for kind in call.all("historyTypes")]
        records = mail.history(max(start, this_page(call) or 0), kinds, limit + 1)
        shown = [_history_entry(record) for record in records[:limit] if _concerns(record, call.text("labelId"))]
        answer: dict[str, Any] = {"historyId": str(latest)}
        if shown:
            answer["history"] = shown
        if len(records) > limit:
            answer["nextPageToken"] = next_page(call, records[limit - 1].id)
        return answer

    def _list_labels(self, call: Call) -> dict[str, Any]:
        made = mailbox_of(self._workspace, call).user_labels()
        return {"labels": [shown_label(name, name) for name in SYSTEM_LABELS] + [shown_label(*label) for label in made]}

    def _get_label(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        label = call.path["id"]
        name = mail.store.label_name(label)
        if name is None:
            raise not_found("Label not found")
        condition, unread = labelled(label), labelled(label) & labelled("UNREAD")
        return shown_label(label, name) | {
            "messagesTotal": mail.count(condition),
            "messagesUnread": mail.count(unread),
            "threadsTotal": mail.count(condition, threads=True),
            "threadsUnread": mail.count(unread, threads=True),
        }


def _head(raw: bytes) -> bytes:
    """The header block alone: enough for format=metadata, however large the message is."""
    ends: Iterable[int] = (place for gap in (b"\r\n\r\n", b"\n\n") if (place := raw.find(gap)) >= 0)
    return raw[: min(ends, default=len(raw))] + b"\r\n\r\n"


def _concerns(record: HistoryRecord, label: str) -> bool:
    return not label or label in record.label_ids or label in record.labels


def _history_entry(record: HistoryRecord) -> dict[str, Any]:
    message = {"id": record.message, "threadId": record.thread}
    change: dict[str, Any] = {"message": message | {"labelIds": list(record.label_ids)}}
    if record.labels:
        change["labelIds"] = list(record.labels)
    return {"id": str(record.id), "messages": [message], record.kind: [change]}
