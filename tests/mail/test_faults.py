"""The mail tools when the service fails: passing faults lose and swap nothing, lasting ones are said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.demo.faults import Fault
from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.workspace import Workspace
from tests.demo.little_office import CALENDAR
from tests.mail.desk import Desk, deliver
from tests.saying import lead
from tools.errors import AccessRefused, RateLimited, ServiceDown, ToolError
from tools.mail.fetch import BATCHES
from tools.mail.inbox_finding import InboxFinding

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(running: Running) -> Desk:
    return Desk(running)


def many(office: Workspace, count: int) -> None:
    with office.transaction():
        for number in range(count):
            deliver(office, f"This is mail number {number}.", subject=f"Topic {number}", ago=number * HOUR / 60)


def test_a_hundred_conversations_in_few_requests(office: Workspace, desk: Desk) -> None:
    many(office, 100)
    found = desk.call("summarise_inbox", limit=100)
    assert [digest.subject for digest in found.digests] == [f"Topic {number}" for number in range(100)]
    assert desk.transport is not None
    assert len(desk.transport.sent) == 1 + 2 * BATCHES
    assert desk.progress[-1] == (100, 100, "reading conversations")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST /batch/gmail/v1", status=503),
        Fault("POST /batch/gmail/v1", kind="reset"),
        Fault("POST /batch/gmail/v1", kind="truncate"),
        Fault("POST /batch/gmail/v1", kind="garbage"),
        Fault("GET /gmail/v1/users/me/threads/*", status=429, times=7),
        Fault("GET /gmail/v1/users/me/threads/*", status=500, times=3),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.match[:4]}",
)
def test_passing_faults_lose_nothing_and_swap_nothing(
    office: Workspace, running: Running, desk: Desk, fault: Fault
) -> None:
    many(office, 30)
    running.faults.add(fault)
    found = desk.call("summarise_inbox")
    assert not found.gaps
    assert [(digest.subject, digest.summary) for digest in found.digests] == [
        (f"Topic {number}", f"This is mail number {number}.") for number in range(30)
    ]


def test_what_stays_unread_is_counted_and_not_invented(office: Workspace, running: Running, desk: Desk) -> None:
    many(office, 6)
    gone = desk.call("search_mail", query="subject:(Topic 3)").digests[0].id
    running.faults.add(Fault(f"GET /gmail/v1/users/me/threads/{gone}", status=503, times=None))
    found = desk.call("summarise_inbox")
    assert len(found.digests) == 5
    assert found.gaps == (
        "1 conversation could not be read: Gmail failed on its side (HTTP 503). Try again in a few minutes.",
    )
    assert found.gaps[0] in lead(found)
    running.faults.clear()
    running.faults.add(Fault(f"GET /gmail/v1/users/me/threads/{gone}", status=404, times=None))
    assert desk.call("summarise_inbox").gaps == ("1 conversation could not be read: gone meanwhile",)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("GET /gmail/v1/users/me/threads", status=503, times=None), ServiceDown),
        (Fault("GET /gmail/v1/users/me/threads", status=429, retry_after=60, times=None), RateLimited),
        (Fault("POST /batch/gmail/v1", kind="garbage", times=None), ServiceDown),
        (Fault("POST /batch/gmail/v1", kind="reset", times=None), ServiceDown),
        (Fault("POST /batch/gmail/v1", status=429, retry_after=60, times=None), RateLimited),
    ],
    ids=lambda value: getattr(value, "kind", getattr(value, "__name__", "")),
)
def test_lasting_faults_are_errors_with_a_next_step(
    office: Workspace, running: Running, desk: Desk, fault: Fault, error: type[ToolError]
) -> None:
    many(office, 3)
    running.faults.add(fault)
    with pytest.raises(error) as raised:
        desk.call("summarise_inbox")
    assert raised.value.what
    assert raised.value.next


def test_a_permission_that_does_not_reach_is_refused(office: Workspace, desk: Desk) -> None:
    many(office, 1)
    desk.scope = CALENDAR
    with pytest.raises(AccessRefused):
        desk.call("summarise_inbox")


def test_the_quota_of_the_minute_is_said_and_not_waited_for(office: Workspace) -> None:
    many(office, 30)
    with serve(office, limits=Limits(gmail_units_per_minute=10 + 20 * 40)) as running:
        found = Desk(running).call("summarise_inbox")
    assert isinstance(found, InboxFinding)
    assert len(found.digests) == 20
    assert "10 conversations could not be read: Gmail asks to slow down." in lead(found)
