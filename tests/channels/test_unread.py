"""What is said of a request whose answers could not be read: that it may be done, wherever it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.faults import Fault
from tests.channels.office import ZONE
from tests.channels.served import Served, namer, opened, whole
from tests.channels.talk import NOW, TEAM, Talk
from tools.channels.finding import NOT_READ
from tools.channels.judging import Judge
from tools.channels.reading import THREADS

REPLIES = "POST /api/conversations.replies"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path) as office:
        yield office


def answered(served: Served, text: str, hours: float, channel: str = "launch") -> str:
    """A request of Ana's that Alex has done, as the thread says."""
    ts = served.office.say(channel, "ana", text, hours)
    served.office.say(channel, "alex", "Done, it is in the folder", hours - 0.5, thread=ts)
    return ts


def test_what_was_done_in_a_thread_that_could_not_be_read_is_said_to_be_open_as_far_as_was_read(served: Served) -> None:
    answered(served, "{alex} please send the slides by Tuesday noon", 40)
    served.office.say("launch", "ana", "{alex} please sign the order form", 5)
    assert [item.what for item in served.act().mine] == ["sign the order form"]
    served.running.faults.add(Fault(REPLIES))
    found = served.act()
    assert [(item.what, item.unread) for item in found.mine] == [
        ("sign the order form", False),
        ("send the slides", True),
    ]
    assert "2 things for you (1 of them may be done: answers not read)" in found.lead(namer(found))
    assert whole(found).count(NOT_READ) >= 3
    (line,) = [line for line in found.lines() if "send the slides" in line.text]
    assert line.reasons[0] == "its answers were not read: it may be done"
    served.running.faults.add(Fault(REPLIES))
    (place,) = served.catch_up(channel="launch", since=NOW - timedelta(days=3)).places
    assert [item.unread for item in place.items] == [False, True]


def test_more_threads_than_are_read_leave_out_those_that_name_nobody_here(served: Served) -> None:
    answered(served, "{alex} please send the slides by Monday", 90)
    for number in range(THREADS):
        ts = served.office.say("ops", "ben", f"{{ana}} please restart worker {number} by Monday", 80 - number)
        served.office.say("ops", "ana", "Done", 79.5 - number, thread=ts)
    found = served.act(only="all", limit=100)
    assert found.gaps == (
        f"Only {THREADS} of {THREADS + 1} threads were read, those that may name you first, then the newest.",
    )
    assert found.mine == []
    assert [(item.what, item.unread) for item in found.others] == [("restart worker 0", True)]


def test_what_is_known_to_be_done_by_its_sign_needs_no_thread() -> None:
    talk = Talk()
    ts = talk.say("ana", "{alex} please sign the form", reactions={"white_check_mark": ["alex"]})
    (item,) = Judge(TEAM, NOW.astimezone(ZONE), unread=frozenset({f"C1 {ts}"})).items(talk.chats)
    assert item.done
    assert not item.unread
