"""The write tools that the planner is scored on."""

from __future__ import annotations

from typing import Annotated, NoReturn

from pydantic import Field

from tools.base import Access, Handle, ToolContext, ToolNode
from tools.calendar_events import NODE as EVENTS
from tools.drive_documents import NODE as DOCUMENTS
from tools.gmail_drafts import NODE as DRAFTS
from tools.gmail_labels import NODE as LABELS
from tools.gmail_send import NODE as SEND
from tools.task_changes import NODE as TASKS
from tools.write import Act, Plan, Receipt, write


def _access(connection: str, capability: str) -> Access:
    return Access(connection, capability, (), (), "for the planner's tests alone")


def _perform(act: Act, plan: Plan) -> Receipt:
    raise NotImplementedError


def _find(act: Act, plan: Plan) -> Receipt | None:
    raise NotImplementedError


def _plan() -> NoReturn:
    raise NotImplementedError("a tool of the planner's tests is never called")


_SLACK = _access("slack", "slack.post")
Text = Annotated[str, Field(description="What to say.")]


@write(access=_SLACK, look=_SLACK, perform=_perform, find=_find)
def post_message(context: ToolContext, channel: str, text: Text) -> Plan:
    """Post in a channel."""
    _plan()


@write(access=_SLACK, look=_SLACK, perform=_perform, find=_find)
def reply_in_thread(context: ToolContext, message: Annotated[str, Handle("message")], text: Text) -> Plan:
    """Reply in a thread."""
    _plan()


@write(access=_SLACK, look=_SLACK, perform=_perform, find=_find)
def message_person(context: ToolContext, person: str, text: Text) -> Plan:
    """Write to one person."""
    _plan()


SLACK = ToolNode("write", "for the planner's tests", (post_message, reply_in_thread, message_person), ("message",))
NODES = (DRAFTS, SEND, LABELS, EVENTS, SLACK, DOCUMENTS, TASKS)
