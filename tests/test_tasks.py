"""Tasks, read: through the real gateway, broker and server, and against services that answer otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed import fresh
from app.tasks.keys import VaultKeys, client_secret
from app.tasks.local import file_of, local_tasks
from auth.capability import Capability, operation
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.wire import Cut, Wire
from tests.auth.signed import Rows
from tests.loopback import Got, Hostile, Line, Play
from tests.tasks.office import Office, opened, vault_in
from tools.base import Finding, ToolContext
from tools.errands.findings import TaskFinding, TasksFinding
from tools.errors import (
    AccessRefused,
    BadArgument,
    NotFound,
    RateLimited,
    ServiceDown,
    ToolError,
    Unanswered,
    Unreadable,
)
from tools.tasks import NODE, READ, list_tasks, read_task
from tools.view import Facts, Table

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, 20, tzinfo=ZONE)
MAIL = {"kind": "mail", "id": "m1", "label": "The lease", "link": "https://mail.google.com/mail/#all/m1"}
CAPABILITY = Capability("tasks", READ.capability, frozenset(READ.scopes), READ.operations, "read")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db") as office:
        office.sign_in()
        office.create("Sign the lease", due="2026-03-11T17:00:00+01:00", source=MAIL, notes="two copies")
        office.create("Call the notary", due="2026-03-10")
        office.create("Book the train", due="2026-03-13")
        office.create("Renew the cards")
        office.create(
            "Send the deck", due="2026-03-09", done=True, source={**MAIL, "id": "m2", "link": "https://evil.example/x"}
        )
        yield office


@contextmanager
def context(office: Office, audit: Rows | None = None) -> Iterator[ToolContext]:
    """What the graph hands the tools, with a token of the tool's own scope."""
    token = Office(office.origin, secret=office.secret).sign_in("tasks:read")["access_token"]
    with called_at(office.origin, token, audit or Rows()) as ready:
        yield ready


@contextmanager
def called_at(origin: str, token: str, audit: Rows) -> Iterator[ToolContext]:
    wire = Wire()
    gateway = Gateway(wire, audit, origins={"tasks.valet.invalid": origin})
    lease = Lease("me", "", READ.capability, frozenset(READ.scopes), 1e12, Secret(token))
    transport = gateway.open(lease, CAPABILITY, cut=Cut(), renew=lambda dead: None)
    try:
        yield ToolContext(transport, NOW, ZONE, "", lambda done, total, what: None)
    finally:
        wire.close()


def listed(office: Office, **given: Any) -> TasksFinding:
    with context(office) as ready:
        found = list_tasks.function(ready, **list_tasks.arguments.model_validate(given).model_dump())
    assert isinstance(found, TasksFinding)
    return found


def titles(found: TasksFinding) -> list[str]:
    return [task.title for task in found.tasks]


def name(finding: Finding) -> Any:
    names = {ref.id: f"{ref.kind}:{number}" for number, ref in enumerate(finding.refs(), 1)}
    return lambda ref: names[ref.id]


def test_open_tasks_by_due_time_with_what_is_overdue(office: Office) -> None:
    found = listed(office)
    assert titles(found) == ["Call the notary", "Sign the lease", "Book the train", "Renew the cards"]
    assert found.lead(name(found)) == (
        "4 open tasks, 1 of them overdue. The first: “Call the notary”, overdue since yesterday."
    )
    assert found.text(name(found)).splitlines()[2:] == [
        "- task:2 “Sign the lease” · due today 17:00 · from mail “The lease”",
        "- task:3 “Book the train” · due Fri 13 Mar",
        "- task:4 “Renew the cards” · no due time",
    ]
    assert type(found).model_validate(found.model_dump()) == found
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_filters_windows_and_topics(office: Office) -> None:
    day = NOW.replace(hour=0, minute=0)
    assert titles(listed(office, only="overdue")) == ["Call the notary"]
    assert titles(listed(office, only="done")) == ["Send the deck"]
    assert len(listed(office, only="all").tasks) == 5
    assert titles(listed(office, query="LEASE")) == ["Sign the lease"]
    assert titles(listed(office, query="copies")) == ["Sign the lease"]
    assert titles(listed(office, start=day + timedelta(days=1))) == ["Book the train"]
    today = listed(office, start=day, end=day + timedelta(days=1))
    assert titles(today) == ["Call the notary", "Sign the lease"]
    assert today.lead(name(today)).startswith("2 open tasks due today or before, 1 of them overdue.")
    nothing = listed(office, start=day + timedelta(days=9), end=day + timedelta(days=10))
    assert nothing.lead(str) == "No open tasks due Fri 20 Mar."
    with pytest.raises(BadArgument):
        listed(office, start=day, end=day)


def test_what_there_is_no_room_for_is_said(office: Office) -> None:
    found = listed(office, limit=1)
    assert (len(found.tasks), found.left_out) == (1, 3)
    assert "more not shown" in found.text(name(found))


def test_many_tasks_are_read_page_by_page(office: Office) -> None:
    for number in range(220):
        office.create(f"t{number}")
    assert len(listed(office, limit=200).tasks) == 200
    assert listed(office, limit=200).left_out == 24


def test_the_screen_links_to_known_services_only(office: Office) -> None:
    found = listed(office, only="all")
    (table,) = found.view(name(found))
    assert isinstance(table, Table)
    assert {cell.link for row in table.rows for cell in row if cell.link} == {MAIL["link"]}
    assert {source.trust for source in found.sources() if source.label in ("Sign the lease", "Send the deck")} == {
        "untrusted"
    }


def test_one_task_in_full(office: Office) -> None:
    first = listed(office, query="lease").tasks[0]
    with context(office) as ready:
        found = read_task.function(ready, first.id)
    assert isinstance(found, TaskFinding)
    assert found.lead(name(found)) == (
        "“Sign the lease”: due today 17:00. It came from mail “The lease”. Notes: two copies"
    )
    facts, note = found.view(name(found))
    assert isinstance(facts, Facts)
    assert (facts.title, note.block) == ("task:1", "note")
    with context(office) as ready, pytest.raises(NotFound):
        read_task.function(ready, "no such task?")


def test_lines_of_a_briefing_weigh_by_how_near_they_are(office: Office) -> None:
    office.create("Water the plants", due="2026-03-12")
    lines = {line.text: line for line in listed(office).lines()}
    assert [line.weight for line in lines.values()] == [80, 72, 50, 35, 15]
    late = lines["Call the notary (overdue since yesterday)"]
    assert (late.kind, late.reasons, late.at) == ("task", ("overdue",), datetime(2026, 3, 11, tzinfo=ZONE))
    assert lines["Sign the lease (due today 17:00)"].words == ("sign", "lease")


def test_every_request_stays_within_the_declared_operations(office: Office) -> None:
    audit = Rows()
    with context(office, audit) as ready:
        found = list_tasks.function(ready)
        assert isinstance(found, TasksFinding)
        read_task.function(ready, found.tasks[0].id)
    assert [told for told, _ in audit.outcomes] == [operation(text).pattern for text in READ.operations]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AccessRefused),
        (403, AccessRefused),
        (404, NotFound),
        (429, RateLimited),
        (503, ServiceDown),
        (502, Unanswered),
        (504, Unanswered),
        (400, BadArgument),
    ],
)
def test_refusals_become_errors_of_tools(status: int, error: type[ToolError]) -> None:
    with pytest.raises(error):
        played(lambda got, line: line.reply(status, {"detail": "No.", "status": status}))


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"tasks": [{"id": 7}], "next": null}', b"[" * 9000])
def test_broken_answers_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        played(lambda got, line: line.reply(200, body))


def test_no_answer_is_a_service_that_is_down() -> None:
    def play(got: Got, line: Line) -> None:
        line.reset()

    with pytest.raises(ServiceDown):
        played(play)


def played(play: Play) -> Any:
    """One call to a service that answers as the test says."""
    with Hostile(play) as hostile, called_at(hostile.origin, "a-token", Rows()) as ready:
        return list_tasks.function(ready)


def test_the_node_says_what_it_offers() -> None:
    assert {tool.access for tool in NODE.tools} == {READ}
    assert all(len(set(tool.asks)) >= 12 for tool in NODE.tools)
    assert read_task.handles == {"task": NODE.mints[0]}


def test_the_demos_tasks_are_dated_with_the_workspace_until_something_is_written(tmp_path: Path) -> None:
    def tasks(day: date) -> tuple[Office, list[str]]:
        fresh(tmp_path / "demo.db", today=day, zone="Europe/Berlin").close()
        with vault_in(tmp_path) as vault, local_tasks(tmp_path, "me", vault, workspace=tmp_path / "demo.db") as server:
            office = Office(server.origin, secret=client_secret(VaultKeys(vault)))
            office.sign_in()
            page = office.send("GET", "/v1/tasks?limit=200").json["tasks"]
            assert all(task["source"]["link"].startswith("https://") for task in page if task["source"])
            if day.day == 12:
                office.create("of my own")
            return office, [task["due"] for task in page]

    _, first = tasks(date(2026, 3, 11))
    _, second = tasks(date(2026, 3, 12))
    _, third = tasks(date(2026, 3, 13))
    assert first[0] < second[0]
    assert third[: len(second)] == second
    assert len(third) == len(second) + 1 >= 13
    assert file_of(tmp_path, "demo") != file_of(tmp_path, "")
