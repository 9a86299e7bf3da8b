"""What the tools that write mail are given, and the plan of a mail made of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tools.base import Handle, ToolContext
from tools.errors import BadArgument
from tools.mail import answering
from tools.mail.answering import address_of, reply
from tools.mail.correspondents import resolved
from tools.mail.outgoing import Outgoing, mailboxes, written
from tools.write import Act, Plan

Thread = Annotated[str, Handle("mail"), Field(description="The conversation, by its handle such as mail:3.")]
Body = Annotated[
    str,
    Field(description="All of it, plain text, greeting and name included.", max_length=20_000),
]
All = Annotated[bool, Field(description="Answer everybody, not the sender alone.")]
To = Annotated[list[str], Field(description="Names or addresses, as typed.", min_length=1, max_length=50)]
Cc = Annotated[list[str], Field(description="Names or addresses, as typed.", max_length=50)]
Subject = Annotated[str, Field(min_length=1, max_length=250)]
DraftHandle = Annotated[str, Handle("draft"), Field(description="The draft, by its handle such as draft:1.")]


def new_mail(context: ToolContext, to: list[str], cc: list[str], subject: str, body: str) -> Outgoing:
    """A mail that begins a conversation. Raises BadArgument that asks whom a name means."""
    me = address_of(context)
    first = mailboxes(resolved(context, to, me))
    if not first:
        raise BadArgument("The mail is addressed to nobody.", "Ask whom it is for.")
    named = {box.address for box in first}
    copies = tuple(box for box in mailboxes(resolved(context, cc, me)) if box.address not in named)
    return Outgoing(sender=me, to=first, cc=copies, subject=" ".join(subject.split()), text=written(body))


def reply_plan(
    context: ToolContext, title: str, thread: str, text: str, cc: list[str], *, everybody: bool, effect: str
) -> Plan:
    """The plan of a reply, which also shows what is answered. Raises ToolError."""
    copies = resolved(context, cc, address_of(context)) if cc else ()
    mail, tip, effects = reply(context, thread, text, copies, everybody=everybody)
    plan = mail_plan(title, mail, (effect, *effects), {answering.BASIS: tip.id})
    return plan.model_copy(update={"rows": (tip.row(context.zone), *plan.rows)})


def mail_plan(title: str, mail: Outgoing, effects: tuple[str, ...], based_on: dict[str, str]) -> Plan:
    """The plan of a mail: all of it on the card, all of it in the body."""
    return Plan(
        title=title,
        rows=mail.rows(),
        recipients=mail.recipients(),
        effects=effects,
        body={"mail": mail.model_dump(mode="json")},
        based_on=based_on,
    )


def conversation_basis(act: Act, plan: Plan) -> dict[str, str]:
    return answering.basis(act.context, plan.body)
