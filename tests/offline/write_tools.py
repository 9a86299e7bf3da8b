"""The write nodes that the planner is scored on."""

from __future__ import annotations

from tools.calendar_events import NODE as EVENTS
from tools.drive_documents import NODE as DOCUMENTS
from tools.gmail_drafts import NODE as DRAFTS
from tools.gmail_labels import NODE as LABELS
from tools.gmail_send import NODE as SEND
from tools.slack_post import NODE as SLACK
from tools.task_changes import NODE as TASKS

NODES = (DRAFTS, SEND, LABELS, EVENTS, SLACK, DOCUMENTS, TASKS)
