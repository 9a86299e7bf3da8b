"""What is asked in fun is no action item, and what is meant stays one, whatever the channel and the tone."""

from __future__ import annotations

import pytest

from tests.channels.talk import LAUNCH, Talk
from tools.channels.team import Channel

RANDOM = Channel("C9", "channel", "berlin-random")
JOKE = "Could someone please tell Monday to come back later"
FOLLOWS = "Looks good. Can you bake one for us?"


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.mark.parametrize("name", ["random", "berlin-random", "off-topic", "watercooler", "memes"])
def test_to_nobody_where_people_only_chatter(talk: Talk, name: str) -> None:
    talk.say("ana", JOKE, Channel("C9", "channel", name))
    assert talk.items() == []


@pytest.mark.parametrize("name", ["launch", "random-forest", "funding", "catsitting-app"])
def test_the_same_words_where_people_work(talk: Talk, name: str) -> None:
    talk.say("ana", JOKE, Channel("C9", "channel", name))
    assert talk.only().who == "anyone"


@pytest.mark.parametrize(
    "said",
    [
        "{ben} can you send me the recipe?",
        "Ben, can you send me the recipe?",
        "Can somebody please water the plants by Thursday?",
        "One of you has to feed the fish",
        "Who can bring cups for the film night?",
        "I'll bring the cable",
    ],
)
def test_what_calls_somebody_or_names_a_day_is_meant_there_too(talk: Talk, said: str) -> None:
    talk.say("ana", said, RANDOM)
    assert len(talk.items()) == 1


@pytest.mark.parametrize("laugh", ["Ha, if I only could", "Hahaha", "<@U2> lol no", ":joy: not in this life", "jajaja"])
def test_met_with_a_laugh_by_the_one_it_follows(talk: Talk, laugh: str) -> None:
    root = talk.say("ben", "Look at this cake")
    talk.say("ana", FOLLOWS, thread=root)
    talk.say("ben", laugh, thread=root)
    assert talk.items() == []


def test_met_with_a_laughing_sign(talk: Talk) -> None:
    root = talk.say("ben", "Look at this cake")
    talk.say("ana", FOLLOWS, thread=root, reactions={"joy": ("ben",)})
    assert talk.items() == []


@pytest.mark.parametrize("answer", ["Hard to say", "Hamburg or Berlin?", "haha, I'll bring one", "Have a look first"])
def test_another_answer_leaves_it_open(talk: Talk, answer: str) -> None:
    root = talk.say("ben", "Look at this cake")
    talk.say("ana", FOLLOWS, LAUNCH, thread=root)
    talk.say("ben", answer, thread=root)
    assert len(talk.items()) == 1


def test_a_laugh_of_others_ends_nothing(talk: Talk) -> None:
    root = talk.say("ben", "Look at this cake")
    talk.say("ana", FOLLOWS, thread=root, reactions={"joy": ("alex",)})
    talk.say("alex", "haha", thread=root)
    assert len(talk.items()) == 1


def test_who_was_called_by_name_is_asked_though_they_laugh(talk: Talk) -> None:
    root = talk.say("ana", "{ben} can you send me the deck?")
    talk.say("ben", "haha, again", thread=root)
    assert talk.only().who == "Ben Okafor"
