"""What the tools get right of imported data does not fall below what was once measured, less a modest margin."""

from __future__ import annotations

import pytest

from tests.scored.chats import chats
from tests.scored.corpus import NOW, table
from tests.scored.imported import Imported, read
from tests.scored.letters import conversations, letters
from tests.scored.score import Share, all_marks, fresh_marks, last_marks, shares, strange_marks, written_marks

FLOORS = {
    "urgent: precision": 0.85,
    "urgent: recall": 0.75,
    "owed: precision": 0.9,
    "owed: recall": 0.85,
    "deadline right": 0.75,
    "no deadline invented": 0.75,
    "own promises, with their day": 0.6,
    "category right": 0.93,
    "facts kept in a summary": 0.9,
    "action items: precision": 0.95,
    "action items: recall": 0.8,
    "who is right": 0.95,
    "what is right": 0.9,
    "by when is right": 0.9,
    "done told from open": 0.85,
    "decisions of documents kept": 0.85,
    "to-dos of documents kept": 0.6,
    "named decisions and to-dos that are some": 0.85,
    "dates of documents kept": 0.9,
}
WRITTEN_FLOORS = {
    "urgent: precision": 0.88,
    "urgent: recall": 0.85,
    "owed: precision": 0.9,
    "owed: recall": 0.9,
    "deadline right": 0.83,
    "no deadline invented": 0.9,
    "own promises: precision": 0.85,
    "own promises, with their day": 0.8,
    "claims that stand in a mail": 1.0,
}
STRANGE_FLOORS = {
    "urgent: precision": 0.9,
    "urgent: recall": 0.9,
    "owed: precision": 0.9,
    "owed: recall": 0.9,
    "deadline right": 0.9,
    "no deadline invented": 0.9,
    "of high importance": 0.9,
    "claims that stand in a mail": 1.0,
}
FRESH_FLOORS = {
    "urgent: precision": 0.97,
    "urgent: recall": 0.8,
    "owed: precision": 0.97,
    "owed: recall": 0.95,
    "deadline right": 0.93,
    "no deadline invented": 0.93,
    "of high importance": 0.85,
    "claims that stand in a mail": 1.0,
}
LAST_FLOORS = {
    "urgent: precision": 0.8,
    "urgent: recall": 0.5,
    "owed: precision": 0.85,
    "owed: recall": 0.85,
    "deadline right": 0.75,
    "no deadline invented": 0.9,
    "of high importance": 0.8,
    "claims that stand in a mail": 1.0,
}
FAITHFUL = ("claims that stand in a mail", "claims that stand in a message", "claims that stand in a document")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return read(tmp_path_factory.mktemp("scored"))


@pytest.fixture(scope="module")
def found(imported: Imported) -> dict[str, Share]:
    return shares(all_marks(imported))


def test_everything_is_taken_and_read(imported: Imported) -> None:
    assert not imported.troubles
    assert {mails[-1].id for mails in conversations().values()} <= imported.digests.keys()
    assert imported.actions.channels == len({chat.channel for chat in chats()})
    assert len(imported.summaries) == len(table("documents", "truth.toml")["document"])


@pytest.mark.parametrize("measure", FLOORS)
def test_no_measure_falls(found: dict[str, Share], measure: str) -> None:
    assert found[measure].share >= FLOORS[measure], found[measure]


@pytest.fixture(scope="module")
def told() -> dict[str, Share]:
    return shares(written_marks())


@pytest.mark.parametrize("measure", WRITTEN_FLOORS)
def test_no_measure_of_the_written_letters_falls(told: dict[str, Share], measure: str) -> None:
    assert told[measure].of > 10
    assert told[measure].share >= WRITTEN_FLOORS[measure], told[measure]


@pytest.fixture(scope="module")
def of_strangers() -> tuple[tuple[dict[str, Share], dict[str, float]], ...]:
    told = ((strange_marks(), STRANGE_FLOORS), (fresh_marks(), FRESH_FLOORS), (last_marks(), LAST_FLOORS))
    return tuple((shares(marks), floors) for marks, floors in told)


@pytest.mark.parametrize("measure", LAST_FLOORS)
def test_no_measure_of_strangers_letters_falls(
    of_strangers: tuple[tuple[dict[str, Share], dict[str, float]], ...], measure: str
) -> None:
    for found, floors in of_strangers:
        assert found[measure].share >= floors[measure], found[measure]


@pytest.mark.parametrize("measure", FAITHFUL)
def test_nothing_is_said_that_no_source_says(found: dict[str, Share], measure: str) -> None:
    assert found[measure].of > 20
    assert found[measure].right == found[measure].of, "see python -m tests.scored.score -v"


def test_both_halves_hold_some_of_everything(imported: Imported) -> None:
    marks = all_marks(imported)
    sides = [{mark.measure for mark in marks if mark.tuned is half} for half in (True, False)]
    assert sides[0] == sides[1] >= FLOORS.keys()


def test_the_material_is_sound() -> None:
    mails, said = letters(), chats()
    truth = table("mail", "truth.toml")["thread"]
    assert len({mail.id for mail in mails}) == len({mail.at for mail in mails}) == len(mails)
    assert {row["id"] for row in truth} == {one[-1].id for one in conversations().values()}
    assert len({chat.key for chat in said}) == len(said)
    assert all(mail.at < NOW for mail in mails)
    assert all(float(chat.ts) < NOW.timestamp() for chat in said)
