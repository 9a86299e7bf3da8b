"""Hostile input: whatever bytes a file holds, the import says what became of it and never fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.demo.importing import ImportReport, load
from app.demo.importing.owner import owner_of
from app.demo.workspace import Person, Workspace

WORDS = [
    b"From ", b"From a@b.example Tue Mar  3 10:00:00 2026\n", b">From ", b"\n", b"\r\n", b"\n\n", b": ",
    b"=?utf-8?b?", b"?=", b"Subject: x", b"From: \xff\xfe <a@b.example>", b"Message-ID: <1@x>",
    b"Date: Tue, 03 Mar 9999 10:00 +9999", b"Date: Fri, 32 Foo 2026", b"Received: x; \xff",
    b"X-GM-THRID: 18446744073709551616", b'X-Gmail-Labels: "a,\\",b',
    b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/plain; charset=nonsense", b"--b",
    b"--b--", b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"=\n=ZZ",
    b"\x00", b"\xed\xa0\x80", b"References: <<<>>>", b"To: undisclosed-recipients:;",
    b"Content-Disposition: attachment; filename*=x''%ff", b"Content-Type: message/rfc822", b"Status: RO",
    b"X-Mozilla-Status: zz",
]  # fmt: skip
LINES = [
    b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VTIMEZONE", b"END:VTIMEZONE",
    b"TZID:X", b"BEGIN:STANDARD", b"END:STANDARD", b"TZOFFSETFROM:+0100", b"TZOFFSETTO:+9999",
    b"DTSTART:20260303T100000Z", b"DTSTART;TZID=X:20260303T100000", b"DTSTART;VALUE=DATE:20260303",
    b"DTSTART:00010101T000000", b"DTSTART:99991231", b"DTEND:20260303T110000", b"DTEND:20250101",
    b"DURATION:-P9999999W", b"DURATION:P1D", b"RRULE:FREQ=DAILY;COUNT=0", b"RRULE:FREQ=SECONDLY",
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", b"RRULE:FREQ=WEEKLY;INTERVAL=0",
    b"RRULE:FREQ=WEEKLY;UNTIL=nonsense", b"RRULE:FREQ=MONTHLY;BYDAY=99MO", b"EXDATE:x",
    b"RDATE;VALUE=PERIOD:20260303T100000/PT1H", b"RECURRENCE-ID:20260303T100000Z",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260303", b"UID:1", b"UID:2", b" folded \xe4", b"SUMMARY:\x00\xff",
    b"ATTENDEE:mailto:a@b.example", b'ATTENDEE;CN="x":nobody', b'ORGANIZER;CN="a,b":MAILTO:A@B.example',
    b"SEQUENCE:99999999999", b"BEGIN:VALARM", b"TRIGGER:-PT15M", b"TRIGGER:x", b"END:VALARM",
    b"X-WR-CALNAME:a\\,b", b"X-WR-TIMEZONE:../../etc", b"STATUS:CANCELLED", b"BEGIN:VTODO", b"END:VTODO",
    b"CREATED:20260101", b"GARBAGE",
]  # fmt: skip
NAMES = st.sampled_from(["a.eml", "a.mbox", "a.ics", "Sent", "x.txt", "cur:2,FS", "a.html"])
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.create(tmp_path / "w.db", owner=Person("me@home.example", "Me"), zone="Europe/Lisbon")
    yield made
    made.close()


def taken(workspace: Workspace, folder: Path, name: str, data: bytes) -> ImportReport:
    source = folder / "in" / name
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data)
    owner_of([source])
    report = load(workspace, [source], progress=lambda done, total, what: None)
    source.unlink()
    found = report.files[0]
    assert found.outcome in ("loaded", "partly", "refused")
    assert (found.outcome == "refused") == bool(found.reason)
    assert (found.outcome == "loaded") == (not found.left_out_count and not found.reason)
    return report


@given(data=st.binary(max_size=2000), name=NAMES)
@FEW
def test_random_bytes(workspace: Workspace, tmp_path: Path, data: bytes, name: str) -> None:
    taken(workspace, tmp_path, name, data)


@given(pieces=st.lists(st.sampled_from(WORDS) | st.binary(max_size=20), max_size=40), name=NAMES)
@FEW
def test_pieces_of_mail(workspace: Workspace, tmp_path: Path, pieces: list[bytes], name: str) -> None:
    taken(workspace, tmp_path, name, b"Subject: s\n" + b"".join(pieces))
    taken(workspace, tmp_path, name, b"From a@b.example Tue Mar  3 10:00:00 2026\nSubject: s\n" + b"\n".join(pieces))


@given(lines=st.lists(st.sampled_from(LINES), max_size=30), name=NAMES)
@FEW
def test_pieces_of_calendars(workspace: Workspace, tmp_path: Path, lines: list[bytes], name: str) -> None:
    body = b"\r\n".join([b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", *lines, b"END:VEVENT", b"END:VCALENDAR", b""])
    taken(workspace, tmp_path, name, body)
    taken(workspace, tmp_path, name, b"\n".join(lines))
