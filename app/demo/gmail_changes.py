"""The Gmail API's methods that change labels: modify, trash and untrash, of messages and threads, and new labels."""

from collections.abc import Callable, Collection
from typing import Any

from app.demo.gmail_asked import found_in, identity_of, mailbox_of
from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, not_found
from app.demo.mail_lookup import MailLookup
from app.demo.mail_store import SYSTEM_LABELS, StoredMessage
from app.demo.wire import Response
from app.demo.workspace import Workspace

UNTOUCHABLE = frozenset({"SENT", "DRAFT", "CHAT"})
"""Labels that the service alone gives and takes (API guide, "Managing labels")."""
MOST_AT_ONCE = 1000


def gmail_changes(workspace: Workspace) -> dict[str, Callable[[Call], Any]]:
    """The endpoints."""
    changes = _Changes(workspace)
    return {
        "gmail.users.messages.modify": changes.modify_message,
        "gmail.users.messages.batchModify": changes.modify_many,
        "gmail.users.messages.trash": changes.trash_message,
        "gmail.users.messages.untrash": changes.untrash_message,
        "gmail.users.threads.modify": changes.modify_thread,
        "gmail.users.threads.trash": changes.trash_thread,
        "gmail.users.threads.untrash": changes.untrash_thread,
        "gmail.users.labels.create": changes.create_label,
    }


class _Changes:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def modify_message(self, call: Call) -> dict[str, Any]:
        return self._one(call, *_asked(call))

    def trash_message(self, call: Call) -> dict[str, Any]:
        return self._one(call, ["TRASH"], ["INBOX"])

    def untrash_message(self, call: Call) -> dict[str, Any]:
        return self._one(call, [], ["TRASH"])

    def modify_thread(self, call: Call) -> dict[str, Any]:
        return self._thread(call, *_asked(call))

    def trash_thread(self, call: Call) -> dict[str, Any]:
        return self._thread(call, ["TRASH"], ["INBOX"])

    def untrash_thread(self, call: Call) -> dict[str, Any]:
        return self._thread(call, [], ["TRASH"])

    def modify_many(self, call: Call) -> Response:
        """Nothing is said of ids that do not exist, as the service does."""
        mail = mailbox_of(self._workspace, call)
        ids = call.body.get("ids") or []
        if not ids:
            raise GoogleError(400, "invalidArgument", "No message ids specified.")
        if len(ids) > MOST_AT_ONCE:
            raise GoogleError(400, "invalidArgument", f"Too many message ids. Max: {MOST_AT_ONCE}")
        found = [message for name in ids if (message := mail.message(str(name).lower()))]
        self._relabel(mail, found, *_asked(call))
        return Response(204)

    def _one(self, call: Call, add: Collection[str], remove: Collection[str]) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        message = found_in(mail.message(identity_of(call, "id")))
        self._relabel(mail, [message], add, remove)
        return brief(mail, message)

    def _thread(self, call: Call, add: Collection[str], remove: Collection[str]) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        messages = mail.thread(identity_of(call, "id"))
        if not messages:
            raise not_found()
        self._relabel(mail, messages, add, remove)
        return {"id": messages[0].thread, "messages": [brief(mail, message) for message in messages]}

    def _relabel(
        self, mail: MailLookup, messages: Collection[StoredMessage], add: Collection[str], remove: Collection[str]
    ) -> None:
        for label in (*add, *remove):
            if label in UNTOUCHABLE or mail.store.label_name(label) is None:
                raise GoogleError(400, "invalidArgument", f"Invalid label: {label}")
        with self._workspace.transaction():
            for message in messages:
                mail.store.relabel(message.id, add=add, remove=remove)
            self._workspace.freeze()

    def create_label(self, call: Call) -> dict[str, Any]:
        mail = mailbox_of(self._workspace, call)
        name = str(call.body.get("name") or "").strip()
        if not name:
            raise GoogleError(400, "invalidArgument", "Invalid label name")
        if name.upper() in SYSTEM_LABELS:
            raise GoogleError(400, "invalidArgument", f"Invalid label name: {name}")
        if any(made.casefold() == name.casefold() for _, made in mail.user_labels()):
            raise GoogleError(409, "aborted", "Label name exists or conflicts")
        with self._workspace.transaction():
            label = mail.store.add_label(name)
            self._workspace.freeze()
        return shown_label(label, name)


def _asked(call: Call) -> tuple[list[str], list[str]]:
    """Labels to put on and to take off. Raises GoogleError where there is nothing to do, or a contradiction."""
    add, remove = call.body.get("addLabelIds") or [], call.body.get("removeLabelIds") or []
    if not add and not remove:
        raise GoogleError(400, "invalidArgument", "No label add or removes specified")
    if set(add) & set(remove):
        raise GoogleError(400, "invalidArgument", "Cannot both add and remove the same label")
    return add, remove


def brief(mail: MailLookup, message: StoredMessage) -> dict[str, Any]:
    """A message as the answer to a change shows it."""
    return {"id": message.id, "threadId": message.thread, "labelIds": mail.labels_of(message.number)}


def shown_label(label: str, name: str) -> dict[str, Any]:
    if label not in SYSTEM_LABELS:
        return {"id": label, "name": name, "type": "user"} | {
            "messageListVisibility": "show",
            "labelListVisibility": "labelShow",
        }
    shown: dict[str, Any] = {"id": label, "name": name, "type": "system"}
    if label.startswith("CATEGORY_"):
        shown |= {"messageListVisibility": "hide", "labelListVisibility": "labelHide"}
    return shown
