"""The mailbox: ids, conversations, labels, what it refuses to file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.demo.mail_lookup import MailLookup
from app.demo.workspace import Workspace
from app.demo.workspace_error import WorkspaceError
from tests.demo.little_office import DANA, Clock, file, letter, open_office


def thread(workspace: Workspace, message: str) -> str:
    found = MailLookup(workspace.mail()).message(message)
    assert found
    return found.thread


def test_the_same_mail_has_the_same_id_in_every_workspace(office: Workspace, tmp_path: Path) -> None:
    twin = open_office(tmp_path / "twin.sqlite", Clock())
    assert file(office, letter()) == file(twin, letter(), days=3)
    twin.close()


def test_the_same_mail_twice_is_two_messages(office: Workspace) -> None:
    first, second = file(office, letter()), file(office, letter())
    assert first != second
    assert len(first) == len(second) == 16


def test_replies_join_the_conversation_in_any_order(office: Workspace) -> None:
    late = file(office, letter(subject="Re: Plan", number=3, References="<1@mail.example> <2@mail.example>"))
    middle = file(office, letter(subject="AW: Plan", number=2, In_Reply_To="<1@mail.example>"), days=1)
    first = file(office, letter(subject="Plan", number=1), days=2)
    assert thread(office, late) == thread(office, middle) == thread(office, first) == late


def test_a_new_subject_begins_a_new_conversation(office: Workspace) -> None:
    first = file(office, letter(subject="Plan", number=1))
    other = file(office, letter(subject="Lunch?", number=2, References="<1@mail.example>"))
    assert thread(office, other) == other
    reply = file(office, letter(subject="Re: Lunch?", number=3, References="<1@mail.example> <2@mail.example>"))
    assert thread(office, reply) == other
    assert thread(office, first) == first


@pytest.mark.parametrize(
    ("sender", "days", "joins"),
    [(f"Dana <{DANA}>", 6, True), (f"Dana <{DANA}>", 8, False), ("eve@shop.example", 1, False)],
)
def test_without_references_subject_people_and_a_week_decide(
    office: Workspace, sender: str, days: float, joins: bool
) -> None:
    first = file(office, letter(subject="Daily report", number=1), days=days)
    second = file(office, letter(sender, "Daily report", number=2))
    assert (thread(office, second) == first) is joins


def test_mail_without_a_subject_is_not_lumped_together(office: Workspace) -> None:
    first, second = file(office, letter(subject="", number=1)), file(office, letter(subject="", number=2))
    assert thread(office, first) != thread(office, second)


def test_a_thread_can_be_given(office: Workspace) -> None:
    message = file(office, letter(), thread="1234567890abcdef")
    assert thread(office, message) == "1234567890abcdef"


def test_what_cannot_be_filed_is_refused_with_the_reason(office: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Label_7"):
        file(office, letter(), "INBOX", "Label_7")
    with pytest.raises(WorkspaceError, match="thread id"):
        file(office, letter(), thread="my thread")
    with pytest.raises(WorkspaceError, match="zone"):
        office.add_message(letter(), labels=[], received=datetime(2026, 3, 1))  # noqa: DTZ001
    assert MailLookup(office.mail()).latest_history() == 100_000


def test_labels_are_made_once(office: Workspace) -> None:
    assert [office.add_label(name) for name in ("A", "B", "A")] == ["Label_1", "Label_2", "Label_1"]


def test_relabelling_what_is_already_so_changes_nothing(office: Workspace) -> None:
    message = file(office, letter(), "INBOX")
    before = MailLookup(office.mail()).latest_history()
    office.mail().relabel(message, add=["INBOX"], remove=["UNREAD"])
    assert MailLookup(office.mail()).latest_history() == before
    with pytest.raises(WorkspaceError, match="No message"):
        office.mail().relabel("1234567890abcdef", add=["INBOX"])


def test_a_deleted_message_is_gone_from_the_search_as_well(office: Workspace) -> None:
    office.mail().delete(file(office, letter(body="unmistakable")))
    assert office.database.value("SELECT count(*) FROM message_words") == 0
    assert office.database.value("SELECT count(*) FROM message_labels") == 0


def half_filed(office: Workspace) -> None:
    with office.transaction():
        file(office, letter())
        file(office, letter(), "Label_7")


def test_many_messages_go_in_with_one_commit_or_not_at_all(office: Workspace) -> None:
    with pytest.raises(WorkspaceError):
        half_filed(office)
    assert office.database.value("SELECT count(*) FROM messages") == 0
    with office.transaction():
        for number in range(300):
            file(office, letter(subject=f"S{number}", number=number))
    assert office.database.value("SELECT count(*) FROM messages") == 300
