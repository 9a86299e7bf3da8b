"""Importing folders: every file is accounted for by name, and what was taken is served like anything else."""

import importlib.util
import os
from collections import Counter
from pathlib import Path

import pytest

from app.demo.quota import Limits
from app.demo.server import serve
from app.demo.workspace import Person, Workspace
from tests.demo.imports import IMPORTS, KIM, OWN, only, take
from tests.demo.little_office import CALENDAR, READONLY, Client, sign_in

PATIENT = Limits(gmail_units_per_minute=None, calendar_requests_per_minute=None)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w.db", owner=Person(KIM, "Kim Doe"), zone="Europe/Lisbon")


def test_every_file_is_accounted_for(workspace: Workspace) -> None:
    report = take(workspace, IMPORTS)
    files = [Path(folder) / name for folder, _, names in os.walk(IMPORTS) for name in names]
    assert sorted(found.path for found in report.files) == sorted(files)
    for found in report.files:
        assert (found.outcome == "refused") == bool(found.reason), found
        assert (found.outcome == "partly") <= bool(found.left_out), found
    fates = Counter((found.path.suffix, found.outcome) for found in report.files)
    assert fates[".eml", "loaded"] == 13
    assert fates[".html", "loaded"] == 9
    assert fates[".ics", "loaded"] > 30


def test_reasons_of_refusal(workspace: Workspace, tmp_path: Path) -> None:
    report = take(workspace, IMPORTS, tmp_path / "absent.eml")
    reasons = {found.path.name: found.reason for found in report.of("refused")}
    assert reasons["LICENSE-BSD.rst"] == "not a kind Valet can import yet"
    assert reasons["takeout.zip"] == "not a kind Valet can import yet: unpack it and import the folder"
    assert reasons["empty.eml"] == "the file is empty"
    assert reasons["words.eml"] == "message 1: it has no mail headers"
    assert reasons["letter.txt"] == "there is no message in it"
    assert reasons["absent.eml"].startswith("it cannot be read: No such file")


def test_what_is_no_file_is_not_waited_for(workspace: Workspace, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mbox"
    os.mkfifo(pipe)
    assert only(take(workspace, pipe)).reason == "it cannot be read: it is not a regular file"


def test_a_file_named_twice_is_read_once(workspace: Workspace) -> None:
    report = take(workspace, OWN / "takeout.mbox", OWN, OWN / "takeout.mbox")
    assert [found.path.name for found in report.files].count("takeout.mbox") == 1


def test_a_mail_is_known_by_its_content(workspace: Workspace, tmp_path: Path) -> None:
    disguised = tmp_path / "note.txt"
    disguised.write_bytes((IMPORTS / "mail" / "replies" / "gmail.eml").read_bytes())
    report = only(take(workspace, disguised))
    assert (report.kind, report.outcome, report.loaded) == ("mail", "loaded", 1)


def test_utf16_calendar(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "wide.ics"
    source.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:w\nDTSTART:20260303\nEND:VEVENT\nEND:VCALENDAR\n", "utf-16")
    report = only(take(workspace, source))
    assert (report.kind, report.loaded) == ("calendar", 1)


def test_raw_messages_of_the_standard_library(workspace: Workspace) -> None:
    package = importlib.util.find_spec("test.test_email")
    if package is None or package.origin is None:
        pytest.skip("this Python comes without its own tests")
    folder = Path(package.origin).parent / "data"
    if not folder.is_dir():
        pytest.skip("this Python comes without its own tests")
    report = take(workspace, folder)
    mails = {found.path.name: found for found in report.files if found.path.suffix == ".txt"}
    assert len(mails) > 40
    assert {found.outcome for found in mails.values()} == {"loaded"}
    documents = [name for name, found in mails.items() if found.kind == "document"]
    assert documents == ["msg_19.txt"]  # a text without headers
    assert mails["msg_43.txt"].kind == "mbox"
    assert {found.outcome for found in report.files if found.path.suffix != ".txt"} == {"refused"}


def test_what_was_imported_is_served(workspace: Workspace) -> None:
    folders = [IMPORTS]
    package = importlib.util.find_spec("test.test_email")
    if package and package.origin:
        folders.append(Path(package.origin).parent / "data")
    report = take(workspace, *folders)
    with serve(workspace, limits=PATIENT) as running:
        client = Client(running, sign_in(running, READONLY, CALENDAR)["access_token"])
        listed = client.mail("messages", maxResults=500, includeSpamTrash="true").json["messages"]
        assert len(listed) == report.messages
        for form in ("full", "raw", "metadata"):
            for message in listed:
                assert client.mail(f"messages/{message['id']}", format=form).status == 200
        for calendar in client.calendar("users/me/calendarList").json["items"]:
            window = {"timeMin": "2014-01-01T00:00:00Z", "timeMax": "2027-01-01T00:00:00Z", "maxResults": 2500}
            path = f"calendars/{calendar['id']}/events"
            assert client.calendar(path, singleEvents="true", orderBy="startTime", **window).status == 200
            assert client.calendar(path, maxResults=2500).status == 200
        client.close()


def test_a_link_out_of_the_folder_is_refused_by_name(workspace: Workspace, tmp_path: Path) -> None:
    outside, folder = tmp_path / "secret.txt", tmp_path / "mine"
    outside.write_text("not meant for the import")
    folder.mkdir()
    (folder / "note.txt").write_text("meant for it")
    (folder / "link.txt").symlink_to(outside)
    (folder / "same.txt").symlink_to(folder / "note.txt")
    report = take(workspace, folder)
    reasons = {found.path.name: found.reason for found in report.of("refused")}
    assert list(reasons) == ["link.txt"]
    assert "outside the folder" in reasons["link.txt"]
    assert report.documents == 1
