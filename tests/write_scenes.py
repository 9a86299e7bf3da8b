"""One write of each write node, in a small world of its own, with what that world's own records say was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.demo.event_log import event_writes
from app.demo.mail_outgoing import sent_mail
from app.demo.server import serve
from app.demo.slack_posts import slack_writes
from app.demo.workspace import Workspace
from auth.wire import Wire
from tests.agenda.bookings import ZURICH
from tests.channels import office as team
from tests.demo.little_office import ALEX, DANA, NOW, Clock, open_office, sign_in
from tests.demo.slack.team import sign_in as slack_sign_in
from tests.documents import desk as drive_desk
from tests.documents.own import NOTES, acts, working
from tests.mail.desk import deliver
from tests.mail.post import listed, mails, post
from tests.small_graph import module
from tests.tasks.office import Office, opened
from tests.write_world import Desk, SignsIn, desk
from tools import calendar_conflicts, calendar_events, slack_action_items, slack_post, task_changes, tasks


@dataclass(frozen=True)
class Scene:
    """A person at a desk, and how often the service says that the write was done."""

    person: Desk
    count: Callable[[], int]
    looked: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Sample:
    """A call of a tool. `match` is its request that writes; `keyed`: the service knows a second one by itself."""

    tool: str
    args: dict[str, Any]
    match: str
    keyed: bool
    opened: Callable[[Path, Wire], AbstractContextManager[Scene]]


@contextmanager
def _mail(folder: Path, wire: Wire, count: Callable[[Workspace], int]) -> Iterator[Scene]:
    workspace = open_office(folder / "office.sqlite", Clock())
    deliver(workspace, "Is it you?", subject="Hello", ago=timedelta(hours=1))
    with serve(workspace) as running, post(folder, running, wire) as person:
        yield Scene(person, lambda: count(workspace), lambda: listed(person))
    workspace.close()


def _counting(count: Callable[[Workspace], int]) -> Callable[[Path, Wire], AbstractContextManager[Scene]]:
    return lambda folder, wire: _mail(folder, wire, count)


def _archived(workspace: Workspace) -> int:
    return len(workspace.database.rows("SELECT id FROM mail_history WHERE kind = 'labelsRemoved'"))


@contextmanager
def _calendar(folder: Path, wire: Wire) -> Iterator[Scene]:
    workspace = open_office(folder / "office.sqlite", Clock())
    modules = (calendar_conflicts, calendar_events)
    with serve(workspace) as running:
        broker = SignsIn(lambda scopes: str(sign_in(running, *scopes)["access_token"]), ALEX)
        origins = {"www.googleapis.com": running.origin}
        with desk(folder, modules, origins, broker, now=NOW, zone=ZURICH, wire=wire) as person:
            yield Scene(person, lambda: len(event_writes(workspace)))
    workspace.close()


@contextmanager
def _slack(folder: Path, wire: Wire) -> Iterator[Scene]:
    office = team.little(folder / "office.sqlite")
    with serve(office.workspace, clock=lambda: team.NOW.timestamp()) as running:
        broker = SignsIn(lambda scopes: str(slack_sign_in(running, *scopes)["access_token"]), ALEX)
        modules, origins = (slack_action_items, slack_post), {"slack.com": running.origin}
        with desk(folder, modules, origins, broker, now=team.NOW, zone=team.ZONE, wire=wire) as person:
            yield Scene(person, lambda: [one.method for one in slack_writes(office.workspace)].count(POSTED))
    office.workspace.close()


POSTED = "chat.postMessage"


@contextmanager
def _drive(folder: Path, wire: Wire) -> Iterator[Scene]:
    with drive_desk.opened(folder / "office.sqlite") as drive, working(folder, drive, wire=wire) as person:
        yield Scene(person, lambda: acts(drive).count("create"))


@contextmanager
def _tasks(folder: Path, wire: Wire) -> Iterator[Scene]:
    with opened(folder / "tasks.db") as office:
        office.sign_in()

        def token(scopes: tuple[str, ...]) -> str:
            return str(Office(office.origin, secret=office.secret).sign_in(" ".join(scopes))["access_token"])

        modules = [module("tasks", tasks.NODE), module("task_changes", task_changes.NODE)]
        origins = {"tasks.valet.invalid": office.origin}
        broker = SignsIn(token, "this computer")
        with desk(folder, modules, origins, broker, now=NOW, zone=ZURICH, wire=wire) as person:
            yield Scene(person, lambda: len(office.send("GET", "/v1/tasks?limit=200").json["tasks"]))


_MAIL = {"to": [DANA], "subject": "Lunch", "body": "At one?"}
_EVENT = {"title": "Lunch", "start": "2026-03-26T10:00:00+01:00", "duration_minutes": 45}
SAMPLES = (
    Sample("draft_mail", _MAIL, "POST */drafts", False, _counting(lambda office: len(mails(office, "DRAFT")))),
    Sample("send_mail", _MAIL, "POST */drafts/send", True, _counting(lambda office: len(sent_mail(office)))),
    Sample("archive", {"conversations": ["mail:1"]}, "POST */batchModify", True, _counting(_archived)),
    Sample("create_event", _EVENT, "POST */events", True, _calendar),
    Sample("post_message", {"channel": "launch", "text": "Ready"}, "POST */chat.postMessage", False, _slack),
    Sample("create_document", {"title": "Notes", "content": NOTES}, "POST */files", False, _drive),
    Sample("create_folder", {"title": "Launch"}, "POST */files", True, _drive),
    Sample("create_tasks", {"items": [{"title": "Call Ana"}]}, "POST */tasks", True, _tasks),
)
"""At least one tool of each node, and what Drive knows by an id beside what it does not."""
