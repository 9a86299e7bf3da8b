"""What each write tool is asked to do under the crash test, and the day before it. A tool without a sample fails.

"@event:Choir" stands for the newest handle of that kind whose label begins so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Calls = list[tuple[str, dict[str, Any]]]
_PLACE = re.compile(r"@([a-z]+):(.*)", re.DOTALL)
_ANA = "ana.moreira@northwind.example"


@dataclass(frozen=True)
class Samples:
    """Requests over a workspace that was made on the day of `now` (aware)."""

    now: datetime

    def _at(self, days: int, hour: int) -> str:
        moment = (self.now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
        return moment.isoformat()

    def before(self) -> list[Calls]:
        """The turns after which every sample has something to change."""
        docs: Calls = [
            ("create_document", {"title": f"Doc {n}", "content": f"# Doc {n}"}) for n in ("one", "bin", "back")
        ]
        events: Calls = [
            ("create_event", {"title": name, "start": self._at(40, hour), "people": ["Ana Moreira"]})
            for name, hour in (("Choir", 9), ("Chess", 11), ("Judo", 14))
        ]
        drafts: Calls = [
            ("draft_mail", {"to": [_ANA], "subject": name, "body": f"{name}."}) for name in ("Ready", "Rejected")
        ]
        tasks = [{"title": f"Task {name}"} for name in ("one", "two", "done one", "done two", "gone one", "gone two")]
        return [
            [
                ("summarise_inbox", {"unread_only": True, "limit": 6}),
                ("agenda", {"start": self._at(0, 0), "end": self._at(14, 0)}),
            ],
            [*docs, *events, *drafts],
            [
                ("create_tasks", {"items": tasks}),
                ("mark_read", {"conversations": ["mail:3"]}),
                ("post_message", {"channel": "random", "text": "The cake is in the kitchen."}),
            ],
            [
                ("cancel_event", {"event": "@event:Judo"}),
                ("trash_document", {"document": "@file:Doc back"}),
                ("complete_tasks", {"tasks": ["@task:Task done one", "@task:Task done two"]}),
                ("delete_tasks", {"tasks": ["@task:Task gone one", "@task:Task gone two"]}),
            ],
        ]

    def table(self) -> dict[str, dict[str, Any]]:
        """Arguments by the name of the tool."""
        return {**self._google(), **self._mail(), **self._slack_and_tasks()}

    def _google(self) -> dict[str, dict[str, Any]]:
        return {
            "create_event": {"title": "Crash", "start": self._at(41, 15), "people": ["Ana Moreira"]},
            "move_event": {"event": "@event:Choir", "start": self._at(42, 16)},
            "cancel_event": {"event": "@event:Chess"},
            "answer_invitation": {"event": "@event:Chartly", "answer": "declined"},
            "restore_event": {"event": "@event:Judo"},
            "create_document": {"title": "Crash", "content": "# Crash\n\nOnce."},
            "update_document": {"document": "@file:Doc one", "content": "Once more.", "mode": "append"},
            "create_folder": {"title": "Crash"},
            "trash_document": {"document": "@file:Doc bin"},
            "restore_document": {"document": "@file:Doc back"},
        }

    def _mail(self) -> dict[str, dict[str, Any]]:
        two = ["mail:1", "mail:2"]
        return {
            "draft_reply": {"conversation": "mail:1", "body": "Yes."},
            "draft_mail": {"to": [_ANA], "subject": "Crash", "body": "Once."},
            "discard_draft": {"draft": "@draft:Rejected"},
            "label_conversations": {"conversations": two, "label": "Crash"},
            "archive": {"conversations": two},
            "mark_read": {"conversations": two},
            "mark_unread": {"conversations": ["mail:3"]},
            "move_to_trash": {"conversations": two},
            "restore_labels": {"change": "@relabelling:"},
            "send_reply": {"conversation": "mail:1", "body": "Yes."},
            "send_mail": {"to": [_ANA], "subject": "Crash", "body": "Once."},
            "send_draft": {"draft": "@draft:Ready"},
        }

    def _slack_and_tasks(self) -> dict[str, dict[str, Any]]:
        tasks = ["@task:Task one", "@task:Task two"]
        return {
            "post_message": {"channel": "random", "text": "Once."},
            "reply_in_thread": {"message": "@message:", "text": "Once."},
            "message_person": {"person": "Ana Moreira", "text": "Once."},
            "delete_message": {"message": "@message:"},
            "create_tasks": {"items": [{"title": "Crash one"}, {"title": "Crash two"}]},
            "complete_tasks": {"tasks": tasks},
            "reopen_tasks": {"tasks": ["@task:Task done one", "@task:Task done two"]},
            "change_task": {"task": "@task:Task one", "title": "Task one, changed"},
            "delete_tasks": {"tasks": tasks},
            "restore_tasks": {"tasks": ["@task:Task gone one", "@task:Task gone two"]},
        }


def named(value: Any, handles: Mapping[str, Mapping[str, Any]]) -> Any:
    """The same with each stand-in replaced by its handle. Raises KeyError where there is none."""
    if isinstance(value, dict):
        return {name: named(inner, handles) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [named(inner, handles) for inner in value]
    stands = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if stands is None:
        return value
    kind, start = stands.groups()
    found = [h for h, thing in handles.items() if h.startswith(f"{kind}:") and str(thing["label"]).startswith(start)]
    if not found:
        raise KeyError(f"no {kind} was made whose label begins with {start!r}")
    return max(found, key=lambda handle: int(handle.partition(":")[2]))
