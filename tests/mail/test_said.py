"""Times, deadlines and sizes in a few words."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from tests.mail.made import NOW
from tools.mail import said
from tools.mail.digest import Due, FileFact, InviteFact

DAY = timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=5), "today 09:07"),
        (DAY, "yesterday 09:12"),
        (4 * DAY, "Fri 14 Nov"),
        (400 * DAY, "Mon 14 Oct 2024"),
        (-DAY, "tomorrow 09:12"),
    ],
)
def test_moments(ago: timedelta, words: str) -> None:
    assert said.moment((NOW - ago).astimezone(UTC), NOW) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(at=NOW + DAY, has_time=True, phrase=""), "by tomorrow 09:12"),
        (Due(at=NOW + 3 * DAY, has_time=False, phrase=""), "by Fri 21 Nov"),
        (Due(at=NOW + 3 * DAY, has_time=False, before=True, phrase=""), "before Fri 21 Nov"),
        (Due(at=NOW - DAY, has_time=True, phrase=""), "was due yesterday 09:12"),
        (Due(at=NOW - DAY, has_time=False, before=True, phrase=""), "was due before yesterday"),
        (Due(at=MIDNIGHT + 3 * DAY, has_time=True, phrase=""), "by Thu 20 Nov 24:00"),
        (Due(at=MIDNIGHT + DAY, has_time=True, before=True, phrase=""), "before today 24:00"),
        (Due(at=MIDNIGHT, has_time=True, phrase=""), "was due yesterday 24:00"),
        (Due(at=MIDNIGHT + DAY, has_time=False, before=True, phrase=""), "before tomorrow"),
    ],
)
def test_deadlines(due: Due, words: str) -> None:
    assert said.due(due, NOW) == words


def test_sizes_counts_and_files() -> None:
    assert [said.size(count) for count in (12, 2_400, 3_600_000)] == ["12 B", "2 KB", "3.6 MB"]
    assert said.file(FileFact(name="a.pdf", kind="application/pdf", size=0)) == "a.pdf"
    assert (said.many(1, "reply"), said.many(2, "reply"), said.many(3, "mail")) == ("1 reply", "2 replies", "3 mails")


def test_invitations() -> None:
    invite = InviteFact(method="request", title="Review", start=NOW + DAY, place="Room 3")
    assert said.invited(invite, NOW) == "invitation: Review, tomorrow 09:12, Room 3"
    gone = InviteFact(method="cancel", title="Offsite", start=NOW + 3 * DAY, all_day=True)
    assert said.invited(gone, NOW) == "cancelled: Offsite, Fri 21 Nov"
