"""Danger told by its situation alone: urgent where it is live and the reader's, never where it is past or staged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import Post, judged
from tools.mail.digest import Digest
from tools.mail.lexicon import DANGERS, phrases_of
from tools.mail.phrases import openings, parse

KIM = "Kim Berger <kim.berger@gmx.example>"


def told(text: str, subject: str = "hi") -> Digest:
    return judged(Post(f"Hi Alex,\n\n{text}\n\nKim", by=KIM, subject=subject))


LIVE = [
    "The water is coming through the ceiling of the shop.",
    "The ambulance took mum an hour ago.",
    "The supplier has stopped our account.",
    "The cows have got out and they're on the main road.",
    "Somebody has put our whole customer list on the internet.",
    "Nobody can get into the building.",
    "The freezer is dead and the fish is thawing.",
    "Our son has been hit by a car.",
    "The March invoice was never paid and the bank has frozen our account.",
    "Im Laden tropft es von der Decke, die Regale sind schon nass.",
    "Papa liegt im Krankenhaus, Herzinfarkt.",
    "Der Lieferant hat unser Konto gesperrt.",
    "La cave est inondée.",
    "L'ambulance vient d'emmener maman.",
    "Le fournisseur ne nous livre plus.",
    "Entra agua por el techo de la tienda.",
    "Se han llevado a papá en ambulancia.",
    "Esce fumo dal quadro elettrico.",
    "Hanno portato papà in ospedale.",
    "Está a cair água do teto da loja.",
    "Levaram o pai para o hospital.",
    "De kelder staat onder water.",
    "De leverancier heeft onze rekening geblokkeerd.",
]

QUIET = [
    "The water in the lake is warm, we went in twice.",
    "My sister works at the hospital now and loves it.",
    "Dad is out of hospital and eats like a horse.",
    "The supplier has confirmed our account.",
    "She fell in love with the house at once.",
    "We had a leak in the kitchen, the plumber came and it's dry again.",
    "Water came through the ceiling last winter, do look at the photos some day.",
    "In February the pipe burst and water came through the ceiling.",
    "If water comes through the ceiling, the valve is behind the door.",
    "The police choir sings on Sunday.",
    "Water through the ceiling at two, fire brigade at three. Everybody's fine.",
    "Nobody has fallen off the roof.",
    "Opa ist umgezogen und fühlt sich im neuen Heim wohl.",
    "Der Aufzug steht seit dem Umbau im Hof.",
    "Mon frère travaille aux urgences.",
    "Mi hermana trabaja en urgencias.",
    "Mia sorella lavora in ospedale.",
    "A minha irmã trabalha no hospital.",
    "Mijn zus werkt in het ziekenhuis.",
]


@pytest.mark.parametrize("text", LIVE)
def test_a_live_danger_is_urgent_though_nothing_is_asked(text: str) -> None:
    found = told(text)
    assert (found.urgency, found.owed) == ("urgent", True), found.reasons
    assert any(reason.startswith("a danger is told: “") for reason in found.reasons)


@pytest.mark.parametrize("text", QUIET)
def test_what_only_sounds_like_danger_is_not(text: str) -> None:
    found = told(text)
    assert found.urgency in ("normal", "low"), found.reasons


def test_a_story_or_a_drill_is_none_wherever_it_is_said_to_be_one() -> None:
    text = "The ambulance takes the mother away and the shop is on fire."
    assert told(text).urgency == "urgent"
    assert told(text, subject="Chapter 9").urgency == "normal"
    assert told(f"{text} It is only a drill.").urgency == "normal"


def test_what_somebody_sees_to_already_is_left_to_them() -> None:
    leak = "There's water coming through the ceiling of the shop."
    assert told(leak).owed
    assert not told(f"{leak} The plumber is already here.").owed
    assert told(f"{leak} The plumber is already here, he needs your signature.").owed


def test_a_halt_of_a_thing_is_urgent_only_where_the_reader_is_drawn_in() -> None:
    assert told("The printer in the library is dead.").urgency == "normal"
    assert told("The printer at your desk is dead and the forms are due.").owed
    assert told("The printer is dead and the visitors come at ten tomorrow.").owed


def test_an_old_danger_and_one_told_to_others_is_not_the_readers() -> None:
    text = "The water is coming through the ceiling of the shop."
    assert judged(Post(text, by=KIM, ago=timedelta(days=3))).urgency == "normal"
    assert (
        judged(Post(text, by=KIM, to="Ben <ben@northwind.example>", cc="alex.rivera@northwind.example")).urgency
        == "normal"
    )
    assert judged(Post(text, by=KIM, to="shop@northwind.example")).urgency == "soon"


def test_every_phrase_of_danger_can_be_read_and_begun() -> None:
    for concept, phrases in phrases_of(DANGERS).items():
        assert phrases, concept
        for phrase in phrases:
            assert openings(parse(phrase)), f"{concept}: {phrase!r}"
