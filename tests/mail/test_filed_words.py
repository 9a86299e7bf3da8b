"""A change of labels in words, and conversations named a few at a time."""

from __future__ import annotations

import pytest

from tools.mail.filed_words import Moved, few, rows, said, which

NAMES = {"Label_7": "Offers", "INBOX": "INBOX"}


@pytest.mark.parametrize(
    ("add", "remove", "words"),
    [
        ({"INBOX"}, {"TRASH"}, "from the bin into the inbox"),
        ({"TRASH"}, {"INBOX"}, "from the inbox into the bin"),
        ({"INBOX"}, set(), "into the inbox"),
        (set(), {"INBOX"}, "out of the inbox"),
        (set(), {"TRASH", "UNREAD"}, "out of the bin, marked as read"),
        ({"UNREAD"}, {"STARRED"}, "marked as unread, star taken off"),
        ({"Label_7"}, {"Label_8"}, "label “Offers” put on, label “Label_8” taken off"),
        (set(), set(), "nothing changes"),
    ],
)
def test_a_change_is_said_as_a_person_would(add: set[str], remove: set[str], words: str) -> None:
    assert said(add, remove, NAMES) == words


def test_a_few_are_named_and_the_rest_counted() -> None:
    assert few([]) == ""
    assert few(["a"]) == "a"
    assert few(["a", "b"]) == "a and b"
    assert few(["a", "b", "c"]) == "a, b and c"
    assert few(["a", "b", "c", "d"]) == "a, b, c and 1 other"
    assert few([str(number) for number in range(15)]) == "0, 1, 2 and 12 others"


def test_every_conversation_stands_on_the_card_under_what_becomes_of_it() -> None:
    gone, away = frozenset({"INBOX"}), frozenset({"UNREAD"})
    moved = [Moved(f"Offer {number}", "Ana", 1 + number, remove=gone) for number in range(5)]
    alone = Moved("Plan", "Li", 1, remove=away)
    first, second = rows([*moved, alone], NAMES)
    assert first.label == "5 conversations"
    assert first.value.split("\n")[:3] == ["out of the inbox:", "“Offer 0” from Ana", "“Offer 1” from Ana, 2 mails"]
    assert first.value.count("\n") == 5
    assert (second.label, second.value) == ("conversation", "“Plan” from Li: marked as read")


def test_a_title_names_the_first_by_a_short_subject() -> None:
    long = Moved("word " * 30, "Ana", 1)
    assert which([long, long, long]).endswith("…” from Ana and 2 others")
    assert len(which([long, long, long])) < 90
