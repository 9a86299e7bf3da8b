"""Drafts of mail: a reply in its conversation, a new mail; nothing is sent. A draft is taken back into the bin."""

from __future__ import annotations

from functools import partial

from tools.base import ToolContext, ToolNode
from tools.mail import delivering, draft_reading
from tools.mail.arguments import (
    All,
    Body,
    Cc,
    DraftHandle,
    Subject,
    Thread,
    To,
    conversation_basis,
    mail_plan,
    new_mail,
    reply_plan,
)
from tools.mail.digest import web_link
from tools.mail.outgoing import Outgoing, message_id, unread_addresses
from tools.mail.permissions import DRAFT, LOOK, RELABEL
from tools.mail.relabelling import relabelled, relabelled_before
from tools.write import REF, Act, Plan, Receipt, Undo, always, write


def _perform(act: Act, plan: Plan) -> Receipt:
    mail = Outgoing.model_validate(plan.body["mail"])
    return _receipt(act, mail, delivering.draft_of(act, mail))


def _find(act: Act, plan: Plan) -> Receipt | None:
    mail = Outgoing.model_validate(plan.body["mail"])
    draft = act.notes.get("draft") or delivering.begun_draft(act, message_id(act.key, mail.sender))
    return _receipt(act, mail, draft) if draft else None


def _receipt(act: Act, mail: Outgoing, draft: str) -> Receipt:
    people = tuple(box.address for box in mail.everybody)
    link = web_link(act.context.account, mail.thread) if mail.thread else draft_reading.FOLDER
    return Receipt(
        what=f"A draft “{mail.subject}” to {', '.join(people)} lies in Drafts, unsent",
        id=draft,
        at=act.context.now,
        link=link,
        ref=delivering.draft_ref(draft, mail.subject, people),
        undo=Undo(tool="discard_draft", args={"draft": REF}),
    )


_drafting = partial(write, access=DRAFT, look=LOOK, perform=_perform, find=_find)


@_drafting(
    basis=conversation_basis,
    asks=(
        "draft a reply to the second one that I will be there",
        "draft an answer to Fatima saying that Tuesday works",
        "save a draft reply to that mail",
        "put an answer to mail:3 into my drafts",
        "prepare a reply to Ana, I will send it later",
        "draft a response to all of them",
        "write a draft answer to the first mail",
    ),
)
def draft_reply(
    context: ToolContext,
    conversation: Thread,
    body: Body,
    reply_all: All = False,
    cc: Cc = [],  # noqa: B006 - pydantic copies it
) -> Plan:
    """Save a reply to one conversation as a draft, in the conversation; it is not sent."""
    title = "Save a draft of a reply"
    return reply_plan(context, title, conversation, body, cc, everybody=reply_all, effect="nothing is sent")


@_drafting(
    asks=(
        "draft a mail to Dana about the budget",
        "prepare an email to ana@example.org",
        "save a draft to Priya saying the offer is ready",
        "write a draft mail to Li and Ana",
        "start a new mail to Daniel and leave it in my drafts",
    ),
)
def draft_mail(context: ToolContext, to: To, subject: Subject, body: Body, cc: Cc = []) -> Plan:  # noqa: B006 - pydantic copies it
    """Save a new mail as a draft; it is not sent."""
    mail = new_mail(context, to, cc, subject, body)
    return mail_plan("Save a draft of a new mail", mail, ("nothing is sent", *unread_addresses(mail.everybody)), {})


def _draft_basis(act: Act, plan: Plan) -> dict[str, str]:
    return draft_reading.basis(act.context, plan.body)


@write(
    access=RELABEL,
    look=LOOK,
    perform=relabelled,
    find=relabelled_before,
    basis=_draft_basis,
    keyed=always,
    asks=("discard that draft", "throw the draft away", "bin the draft to Dana", "delete the draft I just made"),
)
def discard_draft(context: ToolContext, draft: DraftHandle) -> Plan:
    """Move a draft to the bin, from where it can be brought back."""
    found = draft_reading.read_draft(context, draft)
    return found.discarding()


NODE = ToolNode(
    effect="write",
    brief="say that the draft lies in Drafts and was not sent, to whom it is addressed, and its handle.",
    tools=(draft_reply, draft_mail, discard_draft),
    mints=("draft",),
)
