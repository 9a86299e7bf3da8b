"""Requests without a request's usual words, their terms in the sentence beside them, and reports without "done"."""

from __future__ import annotations

import pytest

from tests.channels.talk import OPS, Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.mark.parametrize(
    ("said", "who", "what"),
    [
        ("{ben} {alex} one of you has to let the caterer in on Friday at 11:00", "you", "let the caterer in"),
        ("{ben} so please repaint the sign in green instead", "Ben Okafor", "repaint the sign"),
        ("{ben} then order two more boxes", "Ben Okafor", "order two more boxes"),
        ("{alex} I need the visa letter today, otherwise they refuse the booking", "you", "visa letter"),
        ("{here} meldet bitte bis Freitag eure Gäste an", "everyone in #launch", "bis Freitag eure Gäste"),
        ("{ben} du wolltest noch die Lampen abholen, oder?", "Ben Okafor", "die Lampen abholen"),
        ("{ben} you were going to call the printer, right?", "Ben Okafor", "call the printer"),
        ("{ben} bringst du den Beamer am Montag mit?", "Ben Okafor", "den Beamer"),
        ("{ben} don't forget to return the van keys", "Ben Okafor", "return the van keys"),
        ("It would be great if you could proofread the flyer, {ben}", "Ben Okafor", "proofread the flyer"),
        ("Who can bring a ladder on Saturday?", "anyone", "bring a ladder"),
        ("Everyone, please enter your hours for March", "everyone in #launch", "enter your hours"),
        ("{ben} as discussed: order the tables by Monday", "Ben Okafor", "order the tables"),
        ("{ben} are you able to drive the van on Saturday?", "Ben Okafor", "drive the van"),
        ("{alex} I still haven't got the invoice from you", "you", "the invoice"),
        ("Could somebody please water the plants?", "anyone", "water the plants"),
        ("I can do the shopping on Saturday", "Ana Torres", "do the shopping"),
        ("leave the sound desk to me", "Ana Torres", "the sound desk"),
        ("I promise to bake two cakes for Sunday", "Ana Torres", "bake two cakes"),
        ("Ich besorge die Blumen bis Freitag", "Ana Torres", "die Blumen"),
    ],
)
def test_a_request_in_the_words_of_chat(talk: Talk, said: str, who: str, what: str) -> None:
    talk.say("ana", said)
    item = talk.only()
    assert item.who.split(", ")[0] == who
    assert what in item.what


@pytest.mark.parametrize(
    "said",
    [
        "I need a coffee today",
        "I need to leave early today, otherwise I miss the train",
        "we all wanted to see that film",
        "{ben} kommst du heute ins Büro?",
        "{ben} bitte schön, gern geschehen",
        "{ben} please note the new opening hours",
        "Somebody has eaten my yoghurt",
        "who would have thought that?",
        "They need more light in that room",
        "Tell me if you need a reviewer.",
        "Only the catering is open, I'll ask.",
        "I need a holiday by Thursday noon. This is not a request, it is a diagnosis.",
        "Who can resist this cake?",
    ],
)
def test_talk_that_looks_alike_asks_nothing(talk: Talk, said: str) -> None:
    talk.say("ana", said)
    assert talk.items() == []


@pytest.mark.parametrize(
    ("said", "what", "due"),
    [
        ("{ben} would you host that visit? The guests need a reply by Thursday noon.", "host that visit", "26T12:00"),
        ("The printer needs the file by Thursday. {ben} can you export it?", "export it", "26T23:59"),
        ("{ben} are you up for the interview? They want an answer by Thursday.", "up for the interview", "26T23:59"),
        ("{ben} please order the chairs. Ideally on Thursday.", "order the chairs", "26T23:59"),
        (
            "{ben} keep it or strike it? Without your answer I strike it on Thursday.",
            "keep it or strike it",
            "26T23:59",
        ),
        ("{ben} send them the page!!! Thursday 09:00 is their deadline", "send them the page", "26T09:00"),
        ("{ben} room 6 or 7 for Nadia? I have to give it to Cleo by Thursday.", "room 6 or 7 for Nadia", "26T23:59"),
        ("{ben} can you move the tour? Need to know by Thursday.", "move the tour", "26T23:59"),
        ("{ana} is not in here, so {ben}: could you close the books by Thursday?", "close the books", "26T23:59"),
        ("{ben} one of you must meet the plumber on Thursday at 14:00", "meet the plumber", "26T14:00"),
    ],
)
def test_a_sentence_of_terms_lends_its_deadline_and_is_no_request(talk: Talk, said: str, what: str, due: str) -> None:
    talk.say("ana", said)
    item = talk.only()
    assert item.who == "Ben Okafor"
    assert what in item.what
    assert item.due is not None
    assert item.due.at.isoformat().startswith(f"2026-03-{due}")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("I'll write the plan and post it here on Thursday.", "write the plan and post it here"),
        (
            "The report is in: two findings. {ben} please fix the two.",
            "fix the two — “The report is in: two findings.”",
        ),
        ("Morning! {ben} the shop asks about b9. Can you confirm today?", "confirm today — “the shop asks about b9.”"),
        ("{ben} please read the plan before Thursday: <https://wiki.example/plan>", "read the plan"),
    ],
)
def test_an_item_is_understood_alone(talk: Talk, said: str, what: str) -> None:
    talk.say("ana", said)
    assert talk.only().what == what


def test_what_one_asks_for_oneself_by_a_day_is_a_request(talk: Talk) -> None:
    talk.say("ana", "We need the seating chart by Thursday")
    assert talk.only().what == "We need the seating chart"


@pytest.mark.parametrize(
    ("reply", "done"),
    [
        ("Asked. They lend us theirs", "Ben Okafor said so"),
        ("gladly! I've written to them", "Ben Okafor said so"),
        ("They agreed, so that's settled", "Ben Okafor said so"),
        ("Hab ich gestern gefragt.", "Ben Okafor said so"),
        ("Swamped. will do", ""),
        ("I've started, the rest tomorrow", ""),
        ("I've written to them, but no answer", ""),
        ("hab ich noch nicht gefragt", ""),
        ("Interested!", ""),
    ],
)
def test_a_participle_of_who_was_asked_settles_it(talk: Talk, reply: str, done: str) -> None:
    thread = talk.say("ana", "{ben} please ask the museum for their projector")
    talk.say("ben", reply, thread=thread)
    assert talk.items()[0].done == done


@pytest.mark.parametrize(
    ("who", "later", "done"),
    [
        ("ben", "The new opening hours are on the website :white_check_mark:", "Ben Okafor said so"),
        ("ben", "Website has the opening times now", "Ben Okafor said so"),
        ("ben", "I've changed the hours on the website", "Ben Okafor said so"),
        ("ben", "The website is slow again", ""),
        ("ben", "I've watered the flowers", ""),
        ("ana", "Website has the opening times now", ""),
    ],
)
def test_a_report_much_later_in_the_channel_settles_what_it_is_about(
    talk: Talk, who: str, later: str, done: str
) -> None:
    thread = talk.say("ana", "{alex} the shop opens at nine from May")
    talk.say("alex", "{ben} can you put the new opening hours on the website?", thread=thread)
    for number in range(20):
        talk.say("ana", f"visitor {number} today")
    talk.say(who, later)
    assert talk.only().done == done


def test_a_report_in_another_channel_settles_nothing(talk: Talk) -> None:
    talk.say("ana", "{ben} can you put the new opening hours on the website?")
    talk.say("ben", "Website has the opening hours now", OPS)
    assert talk.only().done == ""


def test_whoever_of_several_takes_it_on_has_it_and_thanks_come_before_the_day(talk: Talk) -> None:
    thread = talk.say("ana", "{alex} {ben} one of you has to meet the plumber on Friday at 14:00")
    talk.say("ben", "I can do it", thread=thread)
    talk.say("ana", "Thanks {ben}", thread=thread)
    item = talk.only()
    assert (item.who, item.done, item.promised) == ("Ben Okafor", "", True)
