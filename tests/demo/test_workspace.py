"""The workspace file: private, versioned, its facts and people."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from app.demo.mail_lookup import EVERYTHING, MailLookup
from app.demo.workspace import Person, Workspace
from app.demo.workspace_error import WorkspaceError
from tests.demo.little_office import ALEX, DANA, ZONE, file, letter


def test_what_was_kept_is_there_when_it_is_opened_again(office: Workspace) -> None:
    message = file(office, letter())
    office.note("anchor", "2026-03-25")
    again = Workspace.open(office.path)
    assert (again.owner, again.zone) == (office.owner, ZONE)
    assert again.people() == [office.owner, Person(DANA, "Dana Okafor", "Europe/London", ("08:00", "16:00"))]
    assert again.note("anchor") == "2026-03-25"
    assert again.note("unknown") is None
    assert MailLookup(again.mail()).message(message)
    again.close()


def test_only_its_owner_can_read_the_file(office: Workspace) -> None:
    file(office, letter())
    modes = {path.name: path.stat().st_mode & 0o777 for path in office.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3, "the journal and the shared memory are there while it is open"


def test_a_workspace_is_not_made_over_another(office: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="exists already"):
        Workspace.create(office.path, owner=office.owner, zone=ZONE)


def test_a_zone_must_exist(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Europe/Zurich"):
        Workspace.create(tmp_path / "w", owner=Person(ALEX, "Alex"), zone="Middle/Earth")
    assert not (tmp_path / "w").exists()


def test_what_is_no_workspace_is_not_opened(tmp_path: Path) -> None:
    for name, content in (("text", b"hello" * 300), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WorkspaceError, match="not a demo workspace"):
            Workspace.open(tmp_path / name)
    with pytest.raises(WorkspaceError, match="no demo workspace at"):
        Workspace.open(tmp_path / "absent")


@pytest.mark.parametrize(("version", "age"), [(99, "newer"), (0, "older")])
def test_another_version_is_not_opened(office: Workspace, version: int, age: str) -> None:
    office.close()
    other = sqlite3.connect(office.path)
    other.execute(f"PRAGMA user_version = {version}")
    other.close()
    with pytest.raises(WorkspaceError, match=age):
        Workspace.open(office.path)


def test_a_damaged_file_is_named(office: Workspace) -> None:
    office.close()
    content = bytearray(office.path.read_bytes())
    content[4096:] = b"\xab" * (len(content) - 4096)
    office.path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="is damaged"):
        Workspace.open(office.path)


def test_tables_of_a_service_that_joined_later_are_made_when_it_is_opened(office: Workspace) -> None:
    office.database.run("DROP TABLE google_grants")
    office.close()
    again = Workspace.open(office.path)
    assert again.database.rows("SELECT * FROM google_grants") == []
    again.close()


def test_many_threads_may_use_it_at_once(office: Workspace) -> None:
    def work(part: int) -> None:
        for number in range(20):
            file(office, letter(subject=f"{part}-{number}", number=part * 100 + number))
            MailLookup(office.mail()).count(EVERYTHING)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert MailLookup(office.mail()).count(EVERYTHING) == 120
    assert MailLookup(office.mail()).latest_history() == 100_120


def test_two_processes_may_have_it_open(office: Workspace) -> None:
    other = Workspace.open(office.path)
    message = file(office, letter())
    assert MailLookup(other.mail()).message(message)
    file(other, letter(subject="Other", number=2))
    assert MailLookup(office.mail()).count(EVERYTHING) == 2
    other.close()
