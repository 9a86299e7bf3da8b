"""What asks in its words and not in earnest, beside what asks in earnest with much the same words."""

from __future__ import annotations

import pytest

from tests.mail.made import ALEX, Post, judged

KIM = "Kim Berger <kim.berger@gmx.example>"
TEAM = "Office <office@northwind.example>"


def owed(text: str, *, to: str = ALEX, greeting: str = "Hi Alex") -> bool:
    return judged(Post(f"{greeting},\n\n{text}\n\nKim", by=KIM, subject="hi", to=to)).owed


HOLLOW = [
    "Let me know if you get stuck with the alarm.",
    "If you want me to run it again, just let me know.",
    "Should anything be unclear, call me.",
    "If you can't make it, let me know.",
    "Falls Sie verhindert sind, geben Sie uns bitte Bescheid.",
    "Wenn etwas fehlt, ruf mich an.",
    "Si vous avez une question, appelez-moi.",
    "Si necesita cambiar algo, llámeme.",
    "Se hai domande, chiamami.",
    "Why is freight up? Because the canal was shut.",
    "What are we doing about it? Nothing, it reopened on the 3rd.",
    "Was macht ihn so besonders? Ein langer Herbst und viel Geduld.",
    "How do you do it?",
    "Please give my love to the children.",
    "How are the kids? Big hug!",
    "El técnico viene el martes y puede entrar con mi llave.",
    "O técnico pode entrar com a minha chave.",
    "The contract is signed. Would you believe it took nine months?",
    "It is in the folder Finance. Does that answer your question?",
    "Ihre Bewilligung liegt vor. Sie können sie jederzeit abholen.",
    "Su pedido está listo. Puede recogerlo cualquier día.",
    "Votre vélo est prêt, vous pouvez venir le chercher.",
    "Wir liefern am Freitag. Bitte antworten Sie nicht auf diese Mail.",
    "Bis Donnerstag trage ich die Reisekosten nach. Danach ist es fertig, du bekommst es dann von mir.",
]
EARNEST = [
    "Let me know if you can make it.",
    "Let me know if any of these times suit you.",
    "Please check if anything is missing.",
    "Please look through the draft and let me know if anything is missing.",
    "If that's fine with you, please sign page 2 and send it back.",
    "If you want the room, tell me by Thursday.",
    "Falls du einverstanden bist, unterschreib bitte und schick es mir zurück.",
    "Si cela te convient, renvoie-moi le contrat signé.",
    "Dime si te va bien el martes.",
    "What is the budget? We present on Friday.",
    "Why was it rejected? I cannot find the reason.",
    "Please give my draft a last look.",
    "Können Sie sie am Montag abholen?",
    "¿Puede recogerlo el martes?",
    "Puede enviarme el contrato hasta el jueves.",
    "How are the kids getting to the match, can you drive them?",
]


@pytest.mark.parametrize("text", HOLLOW)
def test_nothing_is_owed_for_what_asks_in_words_alone(text: str) -> None:
    assert not owed(text)


@pytest.mark.parametrize("text", EARNEST)
def test_what_asks_in_earnest_is_owed(text: str) -> None:
    assert owed(text)


def test_in_a_mail_to_many_a_name_at_the_head_asks_its_bearer_alone() -> None:
    assert not owed("Pierre, can you check the quantities by noon?", to=TEAM, greeting="Hi all")
    assert owed("Alex, can you check the quantities by noon?", to=TEAM, greeting="Hi all")
    assert owed("Otherwise, can you all tell me what you need?", to=TEAM, greeting="Hi all")


def test_a_rule_of_the_house_is_owed_by_nobody() -> None:
    assert not owed("Please do not use the lift on the left.", to=TEAM, greeting="Hi all")
    assert owed("Please don't forget to send me your timesheets.", to=TEAM, greeting="Hi all")
    assert owed("Please do not sign the contract from Halden.")


def test_a_group_greeted_by_its_name_is_no_other_person() -> None:
    text = "Could every family please tell me by Monday what they will bake?"
    assert owed(text, to="Parents 4C <parents-4c@school.example>", greeting="Dear parents")


def test_a_greeting_in_a_paragraph_of_its_own_needs_no_comma() -> None:
    found = judged(Post("Sehr geehrte Mieterinnen und Mieter\n\nDas Dach wird im Januar neu gedeckt.", by=KIM))
    assert found.summary.startswith("Das Dach")
