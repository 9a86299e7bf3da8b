"""Importing mail: mbox in its dialects, single mails, labels, times, conversations, each message once."""

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.demo.importing import load, open_for, owner_of
from app.demo.importing.labels import takeout_labels
from app.demo.importing.mbox import envelope_time, messages
from app.demo.importing.opening import NOBODY
from app.demo.workspace import Person, Workspace
from tests.demo.imports import IMPORTS, KIM, OWN, filed, labels, only, take

BOTH = pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["lf", "crlf"])


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w.db", owner=Person(KIM, "Kim Doe"), zone="Europe/Lisbon")


def test_takeout_keeps_labels_times_and_conversations(workspace: Workspace) -> None:
    report = only(take(workspace, OWN / "takeout.mbox"))
    assert (report.outcome, report.kind, report.loaded, report.duplicates) == ("loaded", "mbox", 3, 1)
    assert labels(workspace) == {
        "The hut": {"INBOX", "IMPORTANT", "CATEGORY_PERSONAL", "Trips, long ones"},
        "Re: The hut": {"SENT", "Übersicht"},
        "Only today": {"SPAM", "UNREAD"},
    }
    thread, received = filed(workspace)["<hut-1@friend.example>"]
    assert thread == filed(workspace)["<hut-2@home.example>"][0] == f"{1788000000000000001:016x}"
    assert datetime.fromtimestamp(received / 1000, UTC) == datetime(2026, 3, 3, 9, 12, tzinfo=UTC)


def test_from_lines_in_the_text_stay_in_the_text(workspace: Workspace) -> None:
    take(workspace, OWN / "takeout.mbox")
    raw = next(row[0] for row in workspace.database.rows("SELECT raw FROM message_bytes") if b"two hours" in row[0])
    assert b"\nFrom here it is two hours by train.\n>From there, three.\n\nFrom the station you walk.\n" in raw


def test_thunderbird_marks_and_a_forgotten_blank_line(workspace: Workspace) -> None:
    report = only(take(workspace, OWN / "thunderbird.mbox"))
    assert (report.outcome, report.loaded) == ("partly", 3)
    assert [(left.what, left.why) for left in report.left_out] == [("message 2", "it was deleted in Thunderbird")]
    assert labels(workspace) == {
        "Read": {"INBOX"},
        "Starred": {"INBOX", "UNREAD", "STARRED"},
        "No blank line before": {"INBOX", "UNREAD"},
    }


def test_what_the_owner_wrote_is_sent_mail(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, OWN / "Sent.mbox")
    mail = tmp_path / "mine.eml"
    mail.write_bytes(b"From: Kim <KIM@home.example>\nTo: ana@office.example\nSubject: By me\n\nHello\n")
    take(workspace, mail)
    assert labels(workspace) == {"Mine": {"SENT"}, "By me": {"SENT"}}


def test_maildir_flags(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "Maildir" / "cur"
    folder.mkdir(parents=True)
    for flags in ("FS", "", "T", "D"):
        text = f"From: a@office.example\nTo: {KIM}\nSubject: flags {flags}\nMessage-ID: <{flags}@x>\n\nhi\n"
        (folder / f"1772697600.host:2,{flags}").write_text(text)
    take(workspace, folder.parent)
    assert labels(workspace) == {
        "flags FS": {"INBOX", "STARRED"},
        "flags ": {"INBOX", "UNREAD"},
        "flags T": {"TRASH"},
        "flags D": {"DRAFT"},
    }


def test_again_takes_nothing_twice(workspace: Workspace) -> None:
    first = take(workspace, OWN)
    again = take(workspace, OWN)
    assert first.messages > 5
    assert again.messages == again.events == 0
    assert again.duplicates == first.messages + first.events + first.duplicates
    assert workspace.database.value("SELECT count(*) FROM messages") == first.messages


def test_an_interrupted_import_is_taken_up_again(workspace: Workspace, tmp_path: Path) -> None:
    mailbox = tmp_path / "many.mbox"
    text = b"From x@y.example Tue Mar 03 09:12:00 2026\nFrom: x@y.example\nSubject: s\nMessage-ID: <%d@y>\n\nhi\n\n"
    mailbox.write_bytes(b"".join(text % number for number in range(500)))

    def interrupt(done: int, total: int | None, what: str) -> None:
        if done > 0.7 * mailbox.stat().st_size:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(workspace, [mailbox], progress=interrupt)
    kept = workspace.database.value("SELECT count(*) FROM messages")
    assert 0 < kept < 500
    report = take(workspace, mailbox)
    assert (report.messages, report.duplicates) == (500 - kept, kept)
    assert workspace.database.value("SELECT count(*) FROM messages") == 500


def test_progress_is_told_in_bytes_of_all_files(workspace: Workspace) -> None:
    told: list[tuple[int, int | None, str]] = []
    load(workspace, [OWN], progress=lambda done, total, what: told.append((done, total, what)))
    total = sum(path.stat().st_size for path in OWN.iterdir())
    assert {entry[1] for entry in told} == {total}
    assert [entry[0] for entry in told] == sorted(entry[0] for entry in told)
    assert told[-1] == (total, total, "")
    assert "takeout.mbox" in {entry[2] for entry in told}


@BOTH
def test_boundaries_of_an_mbox(ending: bytes) -> None:
    text = (
        b"From a@x.example Tue Mar  3 10:00:00 2026\nSubject: one\n\nbody\n\nFrom: not a boundary\n\n"
        b"From time to time\nSubject: prose that looks like a header\n\n"
        b"From b@x.example Tue Mar  3 10:00:00 +0100 2026\nSubject: two\n\nbody\n\n"
        b"From c@x.example\nMessage-ID: <3@x>\n\nthree\n\n"
        b"From d@x.example Tue Mar  3 10:00:00 2026\n"
    )
    found = list(messages(io.BytesIO(text.replace(b"\n", ending))))
    subjects = [(entry.raw or b"").split(ending)[0] for entry in found]
    assert subjects == [b"Subject: one", b"Subject: two", b"Message-ID: <3@x>", b""]
    assert [entry.number for entry in found] == [1, 2, 3, 4]
    assert (found[1].raw or b"").endswith(b"body" + ending)


def test_a_line_without_an_end_does_not_fill_the_memory() -> None:
    text = b"From a@x.example Tue Mar  3 10:00:00 2026\nSubject: long\n\n" + b"From x" * 200_000
    found = list(messages(io.BytesIO(text)))
    assert len(found) == 1
    assert len(found[0].raw or b"") > 1_000_000


def test_a_message_too_large_is_left_out_and_the_next_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    mailbox = tmp_path / "big.mbox"
    with mailbox.open("wb") as out:
        out.write(b"From a@x.example Tue Mar  3 10:00:00 2026\nSubject: large\n\n")
        for _ in range(51):
            out.write(b"x" * 999_999 + b"\n")
        out.write(b"\nFrom b@x.example Tue Mar  3 10:00:00 2026\nSubject: small\n\nhi\n")
    report = only(take(workspace, mailbox))
    assert [(left.what, left.why) for left in report.left_out] == [("message 1", "it is larger than 50 MB")]
    assert labels(workspace).keys() == {"small"}


def test_envelope_times() -> None:
    moment = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    assert envelope_time("From x Tue Mar  3 10:00:00 2026") == moment
    assert envelope_time("From x Tue Mar 03 12:00:00 +0200 2026") == moment
    assert envelope_time("From x Tue Mar  3 10:00:00 UTC 2026") == moment
    assert envelope_time("From x Tue Foo  3 10:00:00 2026") is None
    assert envelope_time("From x") is None


def test_labels_in_other_languages() -> None:
    assert takeout_labels("Posteingang,Ungelesen,Kategorie: „Werbung“,Reisen") == (
        {"INBOX", "UNREAD", "CATEGORY_PROMOTIONS"},
        ["Reisen"],
    )
    assert takeout_labels("=?UTF-8?Q?Recibidos,No_le=C3=ADdos,Importantes?=")[0] == {"INBOX", "UNREAD", "IMPORTANT"}
    assert takeout_labels("") == (set(), [])


def test_the_owner_is_who_the_mail_is_for(tmp_path: Path) -> None:
    assert owner_of([OWN]) == Person(KIM, "Kim Doe")
    assert owner_of([OWN / "google.ics"]) == Person(KIM, "kim")
    assert owner_of([OWN / "letter.txt", tmp_path / "absent"]) is None
    found = owner_of([IMPORTS / "mail"])
    assert found
    assert found.address == "bob@example.com"


def test_open_for_makes_the_workspace_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    made = open_for(path, [OWN], zone="Europe/Lisbon")
    assert (made.owner.address, made.owner.name, made.zone) == (KIM, "Kim Doe", "Europe/Lisbon")
    made.close()
    assert open_for(path, [], zone="UTC", owner="other@home.example").owner.address == KIM
    assert (
        open_for(tmp_path / "b.db", [OWN], zone="UTC", owner="Other@Home.example").owner.address == "other@home.example"
    )
    assert open_for(tmp_path / "c.db", [], zone="UTC").owner.address == NOBODY


@pytest.mark.parametrize(
    ("count", "kilobytes"), [(1500, 4), (60, 1000), pytest.param(10_000, 10, marks=pytest.mark.slow)]
)
def test_memory_does_not_grow_with_the_mailbox(tmp_path: Path, count: int, kilobytes: int) -> None:
    command = [sys.executable, "-m", "tests.demo.importing_bench", str(tmp_path), str(count), str(kilobytes)]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    loaded, grown = (int(word) for word in done.stdout.split())
    assert loaded == count
    assert grown < 45
