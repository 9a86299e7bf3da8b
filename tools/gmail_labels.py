"""Files mail: labels, archive, read and unread, the bin; several conversations at once, each change with its undo."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from tools.base import Handle, ToolContext, ToolNode
from tools.errors import BadArgument
from tools.mail.filed import plan_back, plan_change
from tools.mail.permissions import LOOK, RELABEL
from tools.mail.phrases import fold
from tools.mail.relabelling import NEW, basis, names_of, read_steps, relabelled, relabelled_before
from tools.write import Plan, always, write

Threads = Annotated[
    list[str],
    Handle("mail"),
    Field(description="The conversations, by their handles such as mail:3.", min_length=1, max_length=100),
]
LabelName = Annotated[str, Field(description="Its name; made if it is not there yet.", min_length=1, max_length=100)]
Change = Annotated[
    str, Handle("relabelling"), Field(description="The change to take back, by the handle of its receipt.")
]
_STARS = {"starred": "STARRED", "star": "STARRED", "important": "IMPORTANT"}
_OTHER_TOOLS = {"inbox": "archive", "unread": "mark_unread", "read": "mark_read"} | dict.fromkeys(
    ("trash", "bin"), "move_to_trash"
)
_SERVICES_OWN = frozenset(("spam", "sent", "draft", "drafts", "chat"))
_filing = partial(
    write, access=RELABEL, look=LOOK, perform=relabelled, find=relabelled_before, basis=basis, keyed=always
)


@_filing(
    asks=(
        "label these as Offers",
        "put the label Aurora on the first two",
        "tag that mail with Taxes",
        "file the newsletters under Reading",
        "star the mail from Ana",
    ),
)
def label_conversations(context: ToolContext, conversations: Threads, label: LabelName) -> Plan:
    """Put a label on conversations; they stay where they are."""
    name = " ".join(label.split())
    wanted = _label(context, name)
    effects = (f"the label “{name}” is made",) if wanted == NEW else ()
    return plan_change(
        context,
        conversations,
        lambda mail: mail.labels | {wanted},
        title=f"Put the label “{_literal(name)}” on {{which}}",
        done=f"labelled “{name}”",
        effects=effects,
        new=name if wanted == NEW else "",
    )


def _literal(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")


def _label(context: ToolContext, name: str) -> str:
    """The id of the label, NEW for one that must be made. Raises BadArgument for what is no label of a person's."""
    plain = fold(name)
    if plain in _OTHER_TOOLS:
        raise BadArgument(f"{name!r} is no label to give.", f"Use {_OTHER_TOOLS[plain]}.")
    if plain in _SERVICES_OWN:
        raise BadArgument(f"{name!r} is a label that Gmail alone gives.", "Ask for another label.")
    if plain in _STARS:
        return _STARS[plain]
    known = {i: known for i, known in names_of(context).items() if i.startswith("Label_") or known not in (i, "")}
    whole = [i for i, title in known.items() if fold(title) == plain]
    found = whole or [i for i, title in known.items() if fold(title.rpartition("/")[2]) == plain]
    if len(found) > 1:
        meant = ", ".join(sorted(known[i] for i in found))
        raise BadArgument(f"{name!r} may be any of these labels: {meant}.", "Ask which, and give its whole name.")
    return found[0] if found else NEW


@_filing(
    asks=(
        "archive those",
        "archive the second one",
        "take these out of my inbox",
        "clear the newsletters from the inbox",
        "I am done with that mail, archive it",
    ),
)
def archive(context: ToolContext, conversations: Threads) -> Plan:
    """Take conversations out of the inbox; they stay in All Mail."""
    return plan_change(
        context,
        conversations,
        lambda mail: mail.labels - {"INBOX"},
        title="Archive {which}",
        done="archived",
        effects=("a new answer brings a conversation back into the inbox",),
    )


@_filing(
    asks=("mark the newsletters as read", "mark these as read", "set the first three to read", "I have read that one"),
)
def mark_read(context: ToolContext, conversations: Threads) -> Plan:
    """Mark every mail of conversations as read."""
    return plan_change(
        context,
        conversations,
        lambda mail: mail.labels - {"UNREAD"},
        title="Mark {which} as read",
        done="marked as read",
    )


@_filing(
    asks=("mark that as unread", "set the second one back to unread", "keep it as new"),
)
def mark_unread(context: ToolContext, conversations: Threads) -> Plan:
    """Mark the newest mail of conversations as unread, so that they stand out again."""
    return plan_change(
        context,
        conversations,
        lambda mail: mail.labels | {"UNREAD"},
        title="Mark {which} as unread",
        done="marked as unread",
        newest_only=True,
    )


@_filing(
    asks=("delete that mail", "move these to the bin", "throw the receipts away", "trash the last two"),
)
def move_to_trash(context: ToolContext, conversations: Threads) -> Plan:
    """Move conversations to the bin; nothing is deleted for good by this."""
    return plan_change(
        context,
        conversations,
        lambda mail: (mail.labels - {"INBOX"}) | {"TRASH"},
        title="Move {which} to the bin",
        done="moved to the bin",
        effects=("Gmail empties the bin of what is older than 30 days",),
    )


@_filing(
    asks=("undo that labelling", "bring them back to the inbox", "take the archiving back"),
)
def restore_labels(context: ToolContext, change: Change) -> Plan:
    """Take a change of labels back: each mail gets back exactly the labels it had."""
    return plan_back(context, read_steps(change))


NODE = ToolNode(
    effect="write",
    brief="say what was changed on how many conversations, and that it can be undone.",
    tools=(label_conversations, archive, mark_read, mark_unread, move_to_trash, restore_labels),
    mints=("relabelling",),
)
