"""What a Gmail call asks about: whose mailbox, which ids, which page, which messages."""

from app.demo.google_call import Call
from app.demo.google_errors import GoogleError, forbidden, not_found
from app.demo.mail_lookup import Condition, MailLookup, Place, all_of, labelled
from app.demo.mail_search import read_search
from app.demo.mail_store import StoredMessage
from app.demo.page_token import this_page
from app.demo.workspace import Workspace

METADATA = "https://www.googleapis.com/auth/gmail.metadata"


def mailbox_of(workspace: Workspace, call: Call) -> MailLookup:
    """The caller's own mailbox; somebody else's is refused."""
    user = call.path["userId"]
    if user != "me" and user.lower() != call.account.lower():
        raise forbidden(f"Delegation denied for {call.account}")
    return MailLookup(workspace.mail(call.account))


def wanted_of(call: Call, mail: MailLookup) -> Condition:
    """The messages a list is about: its labels, its query, and by default nothing from spam and trash."""
    if METADATA in call.scopes and "q" in call.query:
        raise forbidden("Metadata scope does not support 'q' parameter")
    search = read_search(call.text("q"), mail)
    labels = call.all("labelIds")
    for label in labels:
        if mail.store.label_name(label) is None:
            raise GoogleError(400, "invalidArgument", f"Invalid label: {label}")
    buried = search.buried or call.flag("includeSpamTrash") or bool({"SPAM", "TRASH"} & set(labels))
    visible = [] if buried else [~labelled("SPAM"), ~labelled("TRASH")]
    return all_of([*(labelled(label) for label in labels), *visible, search.condition])


def page_size(call: Call) -> int:
    return max(1, call.number("maxResults", 100, 500))


def place_of(call: Call) -> Place | None:
    place = this_page(call)
    return Place(*place) if place else None


def identity_of(call: Call, name: str) -> str:
    """A message or thread id; what is no such id at all is another error than an unknown one."""
    value = call.path[name]
    if len(value) > 16 or any(digit not in "0123456789abcdef" for digit in value.lower()):
        raise GoogleError(400, "invalidArgument", "Invalid id value")
    return value.lower()


def found_in(message: StoredMessage | None) -> StoredMessage:
    if message is None:
        raise not_found()
    return message
