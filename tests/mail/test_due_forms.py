"""The forms a deadline is said in, in seven languages, and the days beside a request that are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.mail.made import ZURICH, Post, judged

ASKED = [
    ("Friday is the last day for changes. Would you like any?", 21),
    ("Closing date: 28 November. Please send two references.", 28),
    ("Here is the form.\n\nDeadline: 28 November\n\nCould you fill it in?", 28),
    ("We file the accounts on the 26th, and I still need your signature on page 4.", 26),
    ("Please reply by return, Monday at the outside.", 24),
    ("Your access expires in 5 days, please confirm.", 23),
    ("The board sits on Friday. I'd need your slides the evening before.", 20),
    ("I have to tell the caterer on Monday how many we are. Are you coming?", 24),
    ("Can we have your choice of menu? The kitchen orders on Thursday.", 20),
    ("The deadline for abstracts was moved to 25 November; please send me yours.", 25),
    ("Can you send me the list this week?", 21),
    ("Stichtag ist der 28. November. Bitte reichen Sie die Belege ein.", 28),
    ("Bitte antworten Sie bis einschließlich 27. November.", 27),
    ("Wir müssen bis Freitag wissen, ob Sie kommen.", 21),
    ("Das muss am Donnerstag beim Amt sein. Kannst du es unterschreiben?", 20),
    ("Il me le faut d'ici vendredi.", 21),
    ("Pouvez-vous me l'envoyer dans les trois jours ?", 21),
    ("Il faudrait me répondre avant le 24.", 24),
    ("¿Puedes enviármelo antes del 25?", 25),
    ("¿Puedes contestar de aquí al viernes?", 21),
    ("Tiene usted diez días para responder. ¿Qué le digo?", 28),
    ("La scadenza è il 28 novembre. Può firmare?", 28),
    ("Puoi confermare entro e non oltre il 28?", 28),
    ("Avrei bisogno della risposta al più tardi giovedì.", 20),
    ("Tem até sexta para responder.", 21),
    ("Ik hoor het graag uiterlijk donderdag.", 20),
    ("Ik moet het voor vrijdag weten.", 21),
    ("Can you get it to me first thing on Monday?", 24),
    ("I need it by the middle of next week.", 26),
    ("Please have it ready by early next week.", 24),
    ("Could you send your expenses by month end?", 30),
    ("Could you sign before the week is out?", 21),
    ("I need your numbers in three days at the latest.", 21),
    ("We need your vote the day before the meeting on 27 November.", 26),
    ("I'll wait for your answer until Friday, shall I?", 21),
    ("Bitte bis Mitte nächster Woche unterschreiben.", 26),
    ("Gib mir bitte bis heute in einer Woche Bescheid.", 25),
    ("Bitte bis Monatsende einreichen.", 30),
    ("Ich brauche deine Folien am Tag vor der Sitzung vom 27. November.", 26),
    ("Am Freitag ist Notenabgabe, und mir fehlt noch Ihr Gutachten.", 21),
    ("Merci de répondre d'ici une semaine.", 25),
    ("Merci de répondre dans un délai de sept jours.", 25),
    ("Il me le faut pour le milieu de la semaine prochaine.", 26),
    ("¿Puedes firmarlo antes de que acabe la semana?", 21),
    ("Mi mandi la lista per giovedì?", 20),
    ("Me lo dici entro giovedì della prossima settimana?", 27),
    ("Dimmi entro le sei se vieni.", 18),
]

NONE = [
    "The exhibition runs until 15 January. Have you seen it?",
    "I'm on leave from the 24th until the 28th. Can you send it to Ben?",
    "My lease ran until the end of October. Where shall I send the keys?",
    "I hope to be back by Friday. How are things?",
    "The trains will be running again by Monday. How did you get home?",
    "Since today the road is closed. Can you send me another way?",
    "Er bleibt bis Freitag. Kommst du auch?",
    "Ich bin bis Freitag in Rom. Wie geht es dir?",
    "Je suis à Lyon jusqu'à jeudi. Tu vas bien ?",
    "Estoy en Madrid hasta el jueves. ¿Cómo estás?",
    "Sono a Roma fino a giovedì. Come stai?",
    "Estou em Lisboa até sexta. Como estás?",
    "Ik ben tot vrijdag in Rome. Hoe gaat het?",
    "Bis zum 30. November bin ich auf Madeira. Wie geht es dir?",
    "They want to know whether you would come to the opening on 12 December. Yes or no?",
    "Ihr Kredit wird per 1. Januar angepasst. Haben Sie Fragen zum neuen Zins?",
    "Ho comprato un tavolo per quattro. Ti piace?",
]


@pytest.mark.parametrize(("text", "day"), ASKED)
def test_a_deadline_in_its_many_forms(text: str, day: int) -> None:
    due = judged(Post(text)).due
    assert due is not None
    last = due.at.astimezone(ZURICH) - timedelta(minutes=1 if due.before else 0)
    wanted = date(2025, 11, day)
    assert wanted in (last.date(), due.at.astimezone(ZURICH).date()), due


@pytest.mark.parametrize("text", NONE)
def test_a_stay_a_beginning_and_a_forecast_are_none(text: str) -> None:
    assert judged(Post(text)).due is None


def test_the_subject_of_a_single_mail_may_name_it() -> None:
    due = judged(Post("Please send the signed form back to me.", subject="Consent form, due Thursday")).due
    assert due is not None
    assert (due.at.day, due.phrase) == (20, "due Thursday")
    assert judged(Post("The form is in the drawer.", subject="Consent form, due Thursday")).due is None


def test_an_offer_is_held_until_a_day_though_nothing_is_asked() -> None:
    offer = judged(Post("Our quote is attached. The price stands until 28 November.", by="Farrow <n@farrow.example>"))
    assert offer.due is not None
    assert offer.due.at.day == 28
    assert judged(Post("The old rule stands until 28 November.", by="Farrow <n@farrow.example>")).due is None
