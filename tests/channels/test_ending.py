"""What ends a request without a word that it is done: a refusal, an answer in a group, what a third said when asked."""

from __future__ import annotations

import pytest

from tests.channels.talk import OPS, TRIO, Talk, told
from tools.channels.saying import kind_of
from tools.channels.team import Channel


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("Ben is fine with the new invoice.", "you said so"),
        ("Ben says no to the new invoice", "you said so"),
        ("Ben is not fine with the new invoice yet", ""),
        ("Ben is on holiday, the new invoice waits", ""),
        ("I think Ben is fine with the new invoice", ""),
        ("If Ben is fine with the new invoice, we go", ""),
        ("Is Ben fine with the new invoice?", ""),
        ("Ben is fine with lunch", ""),
    ],
)
@pytest.mark.parametrize("place", [TRIO, OPS], ids=lambda place: place.kind)
def test_what_the_one_said_who_was_to_be_asked_ends_a_promise_to_ask(
    talk: Talk, said: str, done: str, place: Channel
) -> None:
    talk.say("alex", "I'll talk to Ben about the new invoice and tell you tomorrow.", place)
    talk.say("alex", said, place)
    assert talk.items()[0].done == done


def test_only_who_promised_to_ask_can_report_it(talk: Talk) -> None:
    talk.say("alex", "I'll talk to Ben about the new invoice and tell you tomorrow.", TRIO)
    talk.say("ana", "Ben is fine with the new invoice", TRIO)
    assert talk.only().done == ""


@pytest.mark.parametrize(
    ("reply", "done"),
    [
        ("Not today and not before the launch. Ask again in the week after.", "Ben Okafor refused it"),
        ("Sorry, that is not happening", "Ben Okafor refused it"),
        ("We don't do that any more", "Ben Okafor refused it"),
        ("Not today, I'm on a train. Ask me again tomorrow", ""),
        ("Not before lunch", ""),
        ("Not today. Ask Ana again", ""),
        ("Not me, sorry", ""),
        ("No.", ""),
        ("I can't do that", ""),
        ("Is it off the table?", ""),
    ],
)
def test_who_refuses_the_thing_itself_closes_it_for_everyone(talk: Talk, reply: str, done: str) -> None:
    thread = talk.say("ana", "{here} Who can do the launch video today?")
    talk.say("ben", reply, thread=thread)
    (item,) = [item for item in talk.items() if "video" in item.what]
    assert (item.done, item.refused) == (done, bool(done))


@pytest.mark.parametrize(
    ("who", "after", "done"),
    [
        ("ana", "But we need it, please", ""),
        ("ana", "Ok, understood", "Ben Okafor refused it"),
        ("alex", "I can do it", ""),
    ],
)
def test_a_refusal_does_not_hold_where_the_asker_insists_or_somebody_takes_it(
    talk: Talk, who: str, after: str, done: str
) -> None:
    thread = talk.say("ana", "{here} Who can do the launch video today?")
    talk.say("ben", "Not today. Ask again next week.", thread=thread)
    talk.say(who, after, thread=thread)
    assert talk.items()[0].done == done


@pytest.mark.parametrize(
    ("reply", "done"),
    [
        ("I can't do that", "you refused it"),
        ("Sorry, I have to pass", "you refused it"),
        ("I can't do it today", ""),
        ("I'll pass it on to Ana", ""),
        ("I can't do it before Friday", ""),
    ],
)
def test_who_was_asked_by_name_may_decline_for_themselves(talk: Talk, reply: str, done: str) -> None:
    thread = talk.say("ana", "{alex} please write the report by Friday")
    talk.say("alex", reply, thread=thread)
    assert talk.items()[0].done == done


def test_one_of_two_who_declines_leaves_it_to_the_other(talk: Talk) -> None:
    thread = talk.say("ana", "{alex} {ben} please write the report by Friday")
    talk.say("ben", "I can't do that", thread=thread)
    assert talk.only().done == ""


def test_what_each_of_a_group_is_asked_is_open_until_the_person_answers(talk: Talk) -> None:
    thread = talk.say("ben", "Between the four of us: if support stays open, would you still go?", TRIO)
    talk.say("ana", "No.", TRIO, thread)
    item = talk.only()
    assert (item.question, item.mine, item.done) == (True, True, "")
    talk.say("alex", "Then let's not have the gap.", TRIO)
    assert talk.only().done == "you answered"


def test_a_request_to_a_group_is_not_done_by_talking(talk: Talk) -> None:
    talk.say("ben", "can you all send me your travel dates?", TRIO)
    talk.say("alex", "Nice weather in Lisbon", TRIO)
    assert told(talk.items()) == [("everyone in DM Ana Torres, Ben Okafor", "send me your travel dates", "")]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("if it rains, would you still go?", "question"),
        ("Would you rather fly?", "question"),
        ("If you have time, would you still review the deck?", "request"),
        ("Would you send the deck?", "request"),
    ],
)
def test_an_opinion_is_no_deed(talk: Talk, said: str, kind: str) -> None:
    talk.say("ben", said)
    assert [kind_of(sentence) for sentence in talk.chats[0].sentences] == [kind]
