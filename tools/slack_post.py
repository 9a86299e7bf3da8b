"""Slack, written: a post in a channel, a reply in a thread, a direct message; and one's own message taken back."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from tools.base import Handle, ToolContext, ToolNode
from tools.channels import posting, proposing
from tools.channels.permissions import DELETE, DIRECT, LOOK, POST
from tools.write import Plan, always, write

Where = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[
    str,
    Field(
        description="As the person wants it said; @Name only where the person said so.",
        min_length=1,
        max_length=4000,
    ),
]
Person = Annotated[str, Field(description="A name, as typed.", max_length=120)]
Message = Annotated[str, Handle("message"), Field(description='The message, by its handle such as "message:2".')]


_posting = partial(write, look=LOOK, perform=posting.perform, find=posting.find, keyed=posting.unsent)
_in_channel = partial(_posting, access=POST, basis=posting.basis)


@_in_channel(
    asks=(
        "post that in #launch",
        "post in #random that the cake is in the kitchen",
        "write in the design channel: the mock-ups are ready",
        "tell #incidents that the rollback is done",
        "announce in #general that the office is closed on Friday",
        "say hello in #team",
    ),
)
def post_message(context: ToolContext, channel: Where, text: Text) -> Plan:
    """Post a message in a Slack channel that the person is in."""
    return proposing.plan_post(context, channel, text)


@_in_channel(
    asks=(
        "reply in the thread that I will do it",
        "answer the second slack message with: done",
        "reply to that slack message that Thursday works",
        "respond in that thread: thanks, merged",
        "tell them in the thread that it is fixed",
    ),
)
def reply_in_thread(context: ToolContext, message: Message, text: Text) -> Plan:
    """Reply in the thread of a Slack message."""
    return proposing.plan_reply(context, message, text)


@_posting(
    access=DIRECT,
    asks=(
        "message Ana on slack that I am late",
        "send Dana a slack message: lunch at noon?",
        "dm Ben that the build is green",
        "write to Priya on slack that the offer is out",
        "ping Li on slack about the invoice",
    ),
)
def message_person(context: ToolContext, person: Person, text: Text) -> Plan:
    """Send one person a direct message in Slack."""
    return proposing.plan_direct(context, person, text)


@write(
    access=DELETE,
    look=LOOK,
    perform=posting.perform_delete,
    find=posting.find_deleted,
    basis=posting.basis_of_message,
    keyed=always,
    asks=("delete my last slack message", "take that slack message back", "remove what I posted in #launch"),
)
def delete_message(context: ToolContext, message: Message) -> Plan:
    """Delete one of the person's own Slack messages."""
    return proposing.plan_delete(context, message)


NODE = ToolNode(
    effect="write",
    brief="say what was posted where, with its link, only with a receipt.",
    tools=(post_message, reply_in_thread, message_person, delete_message),
)
