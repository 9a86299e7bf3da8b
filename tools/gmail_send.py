"""Sends mail: a reply, a new mail, a draft. A draft is made first and sent by its id, so that it goes out once."""

from __future__ import annotations

from functools import partial

from tools.base import Ref, ToolContext, ToolNode
from tools.errors import BadArgument
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
from tools.mail.outgoing import Outgoing, message_id, unread_addresses
from tools.mail.permissions import LOOK, SEND
from tools.write import Act, Plan, Receipt, always, write

FINAL = "the mail goes out at once and cannot be called back"


def _perform(act: Act, plan: Plan) -> Receipt:
    mail = Outgoing.model_validate(plan.body["mail"])
    return _receipt(act, mail, delivering.send_draft(act, _kept(mail, delivering.draft_of(act, mail))))


def _find(act: Act, plan: Plan) -> Receipt | None:
    """Only a draft whose id was noted is ever sent: without a note, nothing was."""
    mail, draft = Outgoing.model_validate(plan.body["mail"]), act.notes.get("draft", "")
    wanted = message_id(act.key, mail.sender)
    thread = delivering.outcome(act, draft, wanted) if draft else None
    if thread is not None:
        return _receipt(act, mail, thread)
    if act.final and (left := draft or delivering.begun_draft(act, wanted)):
        raise delivering.kept(_kept(mail, left))
    return None


def _receipt(act: Act, mail: Outgoing, thread: str) -> Receipt:
    return delivering.sent_receipt(act, thread, mail.subject, _people(mail))


def _kept(mail: Outgoing, draft: str) -> Ref:
    return delivering.draft_ref(draft, mail.subject, _people(mail))


def _people(mail: Outgoing) -> tuple[str, ...]:
    return tuple(box.address for box in mail.everybody)


def _perform_draft(act: Act, plan: Plan) -> Receipt:
    body = plan.body
    act.note(draft=body["draft"])
    thread = delivering.send_draft(act, delivering.draft_ref(body["draft"], body["subject"], body["addresses"]))
    return delivering.sent_receipt(act, thread, body["subject"], body["addresses"])


def _find_draft(act: Act, plan: Plan) -> Receipt | None:
    body = plan.body
    thread = delivering.outcome(act, body["draft"], body["message_id"])
    if thread is not None:
        return delivering.sent_receipt(act, thread, body["subject"], body["addresses"])
    if act.final:
        raise delivering.kept(delivering.draft_ref(body["draft"], body["subject"], body["addresses"]))
    return None


def _draft_basis(act: Act, plan: Plan) -> dict[str, str]:
    return draft_reading.basis(act.context, plan.body)


_sending = partial(write, access=SEND, look=LOOK, keyed=always)
_writing = partial(_sending, perform=_perform, find=_find)


@_writing(
    basis=conversation_basis,
    asks=(
        "reply to the second one that I will be there",
        "answer Ana that Thursday works",
        "tell Dana yes",
        "write back to mail:3 that we accept",
        "reply to all that the meeting is moved",
        "send an answer to Priya: the contract is signed",
        "respond to that mail and thank them",
    ),
)
def send_reply(
    context: ToolContext,
    conversation: Thread,
    body: Body,
    reply_all: All = False,
    cc: Cc = [],  # noqa: B006 - pydantic copies it
) -> Plan:
    """Send a reply to one conversation: to its newest mail's sender, or to everybody in it."""
    return reply_plan(context, "Send a reply", conversation, body, cc, everybody=reply_all, effect=FINAL)


@_writing(
    asks=(
        "send a mail to Dana about the budget",
        "email ana@example.org that I am late",
        "write to Priya that the offer is ready",
        "send Li an email with the subject Lunch",
        "mail Daniel and Ana the new date",
        "send a message to jonas@example.com saying hello",
    ),
)
def send_mail(context: ToolContext, to: To, subject: Subject, body: Body, cc: Cc = []) -> Plan:  # noqa: B006 - pydantic copies it
    """Send a new mail."""
    mail = new_mail(context, to, cc, subject, body)
    return mail_plan("Send a new mail", mail, (FINAL, *unread_addresses(mail.everybody)), {})


@_sending(
    perform=_perform_draft,
    find=_find_draft,
    basis=_draft_basis,
    asks=("send it", "send that draft", "send the draft to Dana", "the draft is fine, send it", "send draft:1"),
)
def send_draft(context: ToolContext, draft: DraftHandle) -> Plan:
    """Send a draft as it stands."""
    found = draft_reading.read_draft(context, draft)
    if not found.people:
        raise BadArgument("The draft is addressed to nobody.", "Ask whom it is for, and write the mail anew.")
    return Plan(
        title="Send a draft",
        rows=found.rows(),
        recipients=found.recipients(),
        effects=(FINAL, *found.remarks),
        body=found.body(),
        based_on={draft_reading.BASIS: found.message},
    )


NODE = ToolNode(
    effect="write",
    brief="say what was sent to whom only with a receipt; otherwise what is to be checked, and where.",
    tools=(send_reply, send_mail, send_draft),
)
