"""Whether a reply is owed, in mails of several languages written for this test."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import Post, conversation, judged, mine
from tools.mail.asks import is_closing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

OWED = [
    "Hi Alex,\n\ncould you have a look at the draft and tell me what is missing?\n\nThanks\nAna",
    "Alex, which of the two venues do you prefer?",
    "I still need the signed form from you before we can book the tickets.",
    "Please let me know whether the numbers on page 3 are final.",
    "Any thoughts on the attached?",
    "Would Thursday afternoon suit you for the handover?",
    "Hallo Alex,\n\nkannst du mir bitte die Zahlen für Oktober schicken?\n\nViele Grüße\nJonas",
    "Passt dir Donnerstag um zehn?",
    "Wir warten noch auf Ihre Freigabe des Angebots.",
    "Hola Alex:\n\n¿Me puedes confirmar si vienes a la cena?\n\nUn abrazo",
    "Necesitamos que nos envíe el contrato firmado.",
    "Olá Alex, podes enviar-me a morada nova? Obrigada",
    "Precisamos da sua assinatura no formulário em anexo.",
    "Bonjour Alex, peux-tu relire le texte et me dire ce que tu en penses ?",
    "Merci de nous confirmer votre présence.",
    "Alex 你好，麻烦你确认一下合同的版本，好吗？",
    "お疲れ様です。見積書をお送りいただけますでしょうか。",
    "Just checking in on my question from last week, any news?",
]

NOT_OWED = [
    "Thanks, that is all I needed.",
    "FYI, the office is closed on Monday. No reply needed.",
    "Please find attached the minutes. Let me know if you have any questions.",
    "I have booked the room and told the others.",
    "Never mind my question, I found it myself.",
    "Great, see you there!",
    "Zur Info: der Aufzug wird am Montag gewartet.",
    "Vielen Dank, hat sich erledigt.",
    "Gracias, recibido. No hace falta responder.",
    "Merci, bien reçu.",
    "Obrigado, já está resolvido.",
    "收到，谢谢。",
    "ありがとうございました。承知しました。",
    "How are you? I hope all is well. The parcel arrived today.",
]


@pytest.mark.parametrize("text", OWED)
def test_a_reply_is_owed(text: str) -> None:
    found = judged(Post(text))
    assert found.owed, found
    assert found.wants
    assert found.owed_why == "asked by Ana Moreira"


@pytest.mark.parametrize("text", NOT_OWED)
def test_no_reply_is_owed(text: str) -> None:
    found = judged(Post(text))
    assert not found.owed, found.wants


ASK = "Could you send me the figures?"


def test_an_answer_ends_it_and_a_new_question_begins_it_again() -> None:
    asked, answered = Post(ASK, ago=3 * DAY), mine("Here they are.", 2 * DAY)
    assert not judged(asked, answered).owed
    assert judged(asked, answered).last_mine
    assert judged(asked, answered, Post("And the ones for May?", ago=HOUR)).owed


def test_taking_it_back_ends_it() -> None:
    assert not judged(Post(ASK, ago=DAY), Post("Never mind, I found them.", ago=HOUR)).owed


def test_somebody_else_answered() -> None:
    both = f"{Post('').to}, Li <li@northwind.example>"
    answer = Post(
        "Sent you the sheet just now.", by="Li <li@northwind.example>", to=Post("").by, cc=Post("").to, ago=HOUR
    )
    assert judged(Post(ASK, to=both, ago=DAY)).owed
    assert not judged(Post(ASK, to=both, ago=DAY), answer).owed


LI = "Li Wei <li@northwind.example>"
TO_BOTH = f"Alex Rivera <alex.rivera@northwind.example>, {LI}"


@pytest.mark.parametrize(
    ("text", "to", "cc", "owed"),
    [
        ("Hi Li,\n\ncan you take this one?", TO_BOTH, "", False),
        ("Hi Alex,\n\ncan you take this one?", TO_BOTH, "", True),
        ("Li, can you check the logs? Alex, can you tell Contoso?", TO_BOTH, "", True),
        ("Li, can you check the logs?", TO_BOTH, "", False),
        ("Can you check the logs, Li?", TO_BOTH, "", False),
        ("@Alex can you check the logs?", TO_BOTH, "", True),
        ("Can you check the logs?", LI, "Alex Rivera <alex.rivera@northwind.example>", False),
        ("Alex, can you check the logs?", LI, "Alex Rivera <alex.rivera@northwind.example>", True),
        ("Hi all, does anybody have the key?", "everybody@northwind.example", "", False),
        ("What do you think?", ", ".join(f"p{n}@northwind.example" for n in range(9)) + f", {TO_BOTH}", "", False),
    ],
)
def test_whom_it_is_asked_of(text: str, to: str, cc: str, owed: bool) -> None:
    assert judged(Post(text, to=to, cc=cc)).owed is owed


def test_machines_are_owed_nothing() -> None:
    robot = Post("Could you rate your stay?", by="Hotel <no-reply@hotel.example>")
    list_mail = Post("Can you believe these prices? Order now!", headers={"List-Unsubscribe": "<mailto:x@y.example>"})
    assert not judged(robot).owed
    assert not judged(list_mail).owed


def test_closing_words_with_a_question_close_nothing() -> None:
    assert is_closing(conversation(Post("Perfect, thank you!")).last)
    assert not is_closing(conversation(Post("Perfect, thank you! And could you send the other one?")).last)


def test_only_the_new_words_count() -> None:
    below = "On Mon, 17 Nov 2025 at 10:00, Li <li@northwind.example> wrote:\n> Could you send it by noon?"
    found = judged(Post(f"Thanks, all clear.\n\n{below}"))
    assert not found.owed
    assert found.due is None
    assert "noon" not in found.summary
