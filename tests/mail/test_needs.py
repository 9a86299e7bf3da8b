"""What mail asks without asking, what sets its deadline, and what makes it urgent, in mails written for this test."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mail.made import NOW, Post, judged, mine
from tests.mail.test_due import said
from tools.mail.due import read_times
from tools.mail.lexicon import Words
from tools.mail.said import matter

DAY = timedelta(days=1)

OWED = [
    "The deposit slip is still missing.",
    "We have not received your tax number, so the account stays blocked.",
    "I need the measurements by Thursday.",
    "We need a name for the badge, otherwise the door stays shut for you.",
    "Call me when you get in.",
    "The form is filled in, so sign it and drop it off.",
    "I'd be grateful for a word from you.",
    "Yes or no?",
    "Uns fehlt noch die Kopie des Ausweises.",
    "Wir benötigen das Original bis Montag.",
    "Über eine baldige Rückmeldung würden wir uns freuen.",
    "Schreib mir kurz, ob es klappt.",
    "Nos falta tu número de cuenta.",
    "Mándame la dirección nueva.",
    "Hace falta tu firma.",
    "Falta-nos a tua morada.",
    "Liga-me quando chegares.",
    "Il nous manque votre RIB.",
    "Rappelle-moi ce soir.",
    "Ci manca ancora il suo codice fiscale.",
    "Bel me even.",
    "We missen nog je handtekening.",
]

NOT_OWED = [
    "They call me every day and I let it ring.",
    "We need more rain this year.",
    "If anything is missing, the shop sends it free of charge.",
    "Nothing more is needed from you.",
    "Who would have thought it?",
    "How can anybody sleep in this heat?",
    "The film is on otherwise we would have stayed.",
    "Wir brauchen dringend mehr Sonne in diesem Land.",
    "Wer hätte gedacht, dass es so schnell geht?",
    "Ihre Ware ist sofort lieferbar.",
    "¿Quién lo diría?",
    "Il fallait bien que ça arrive.",
    "Qui l'aurait cru ?",
    "Het was een lange dag.",
]


@pytest.mark.parametrize("text", OWED)
def test_what_is_needed_missing_wished_or_ordered_is_owed(text: str) -> None:
    assert judged(Post(text)).wants


@pytest.mark.parametrize("text", NOT_OWED)
def test_what_only_looks_so_is_not(text: str) -> None:
    assert judged(Post(text)).wants == ()


DUE = [
    ("I still need your chapter. It goes to the printer on Thursday at noon.", "Thu 20 Nov 2025 12:00"),
    ("Your photo is missing. I'm ordering the passes tomorrow at four.", "Wed 19 Nov 2025 16:00"),
    ("Could you sign? Otherwise the slot lapses on the 24th.", "Mon 24 Nov 2025"),
    ("Mir fehlt dein Text. Am Freitag um zehn Uhr gebe ich alles in den Druck.", "Fri 21 Nov 2025 10:00"),
    ("Wir brauchen Ihren Entscheid. Die Option läuft am Donnerstag ab.", "Thu 20 Nov 2025"),
    ("Me falta tu firma. El jueves presento el expediente.", "Thu 20 Nov 2025"),
    ("Ton accord me manque. J'envoie le dossier vendredi à 9 h.", "Fri 21 Nov 2025 09:00"),
    ("Mi manca la tua foto. Venerdì mando tutto in stampa.", "Fri 21 Nov 2025"),
    ("Kun je het voor 28 november sturen?", "before Fri 28 Nov 2025"),
    ("Ci serve la delega entro giovedì alle 10.", "Thu 20 Nov 2025 10:00"),
    ("Precisamos do original até segunda-feira ao meio-dia.", "Mon 24 Nov 2025 12:00"),
    ("We missen je akkoord. Uiterlijk donderdag moet het binnen zijn.", "Thu 20 Nov 2025"),
]


@pytest.mark.parametrize(("text", "expected"), DUE)
def test_the_asker_or_what_hangs_on_it_sets_the_day(text: str, expected: str) -> None:
    due = judged(Post(text)).due
    assert due is not None
    clock = f" {due.at:%H:%M}" if due.has_time else ""
    assert f"{'before ' if due.before else ''}{due.at:%a %d %b %Y}{clock}" == expected
    assert due.phrase in text


@pytest.mark.parametrize(
    "text",
    [
        "I'm signed off until Monday. Could you water the plants?",
        "The shop is closed until Friday. Do you have the key?",
        "Ich bin bis Donnerstag krankgeschrieben. Kannst du den Hund nehmen?",
        "Je suis absente jusqu'à vendredi. Peux-tu répondre au client ?",
        "Estoy de baja hasta el lunes. ¿Puedes mirar el correo?",
    ],
)
def test_how_long_a_state_lasts_is_no_deadline(text: str) -> None:
    found = judged(Post(text))
    assert found.owed
    assert found.due is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¿Podemos verlo el sábado por la mañana?", "Sat 22 Nov 2025 12:00"),
        ("before three o'clock", "Tue 18 Nov 2025 15:00"),
        ("tomorrow morning at seven", "Wed 19 Nov 2025 07:00"),
        ("bis morgen Mittag", "Wed 19 Nov 2025 12:00"),
        ("at four this afternoon", "Tue 18 Nov 2025 16:00"),
    ],
)
def test_hours_in_words_and_mornings(text: str, expected: str) -> None:
    assert said(read_times(Words(text), NOW, asks=True)[0]) == expected


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Your results are dangerously high. Please ring me.", "dangerously"),
        ("Please come over as soon as you read this.", "as soon as you read this"),
        ("There is water running down my wall. Call me.", "water running"),
        ("Der Keller ist überschwemmt. Rufen Sie mich an.", "überschwemmt"),
        ("El servidor no arranca. Llámame.", "no arranca"),
        ("Il y a une fuite d'eau. Rappelez-moi.", "fuite"),
    ],
)
def test_harm_and_haste_are_urgent_and_quoted(text: str, quoted: str) -> None:
    found = judged(Post(text, subject=""))
    assert found.urgency == "urgent"
    assert any(f"“{quoted}”" in reason for reason in found.reasons), found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Grandma is out of hospital and the fever is gone.",
        "We had an accident on the way but nobody was hurt. Back on Sunday.",
        "Am Samstag stand das Wasser im Keller, jetzt ist alles trocken.",
    ],
)
def test_harm_that_is_only_told_is_not(text: str) -> None:
    assert judged(Post(text)).urgency != "urgent"


def test_what_hangs_on_it_is_quoted() -> None:
    found = judged(Post("The fitter comes tomorrow at nine. Will you be in? If nobody can open he leaves again."))
    assert found.urgency == "urgent"
    assert "something hangs on it: “nobody can”" in found.reasons


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I'm dropping it off on Saturday.", 22),
        ("You get the list on Friday.", 21),
        ("Die Unterlagen gehen am Donnerstag an Sie raus.", 20),
        ("Sí, el jueves te lo llevo.", 20),
        ("Levo-te o livro no domingo.", 23),
        ("Je te rapporte les clés vendredi.", 21),
        ("Ti porto le chiavi sabato.", 22),
        ("Ik breng het donderdag.", 20),
    ],
)
def test_an_act_beside_a_day_ahead_is_a_promise(text: str, day: int) -> None:
    (promise,) = judged(Post("Alex?", ago=2 * DAY), mine(text, timedelta(hours=2))).promises
    assert promise.due is not None
    assert promise.due.at.day == day


@pytest.mark.parametrize("text", ["I'm in Lyon on Friday.", "I gave it to Ben on Monday.", "We are dropping the idea."])
def test_a_day_alone_or_an_act_alone_is_none(text: str) -> None:
    assert judged(Post("Alex?", ago=2 * DAY), mine(text, timedelta(hours=2))).promises == ()


def test_a_list_named_after_its_sender_is_a_newsletter() -> None:
    headers = {"List-Id": "The Page <letters.page.example>", "List-Unsubscribe": "<mailto:x@page.example>"}
    ours = judged(Post("This week: three novels.", by="The Page <letters@page.example>", headers=headers))
    talk = judged(Post("Has anybody tried it?", by="Li <li@else.example>", headers={"List-Id": "<talk.page.example>"}))
    assert (ours.category, talk.category) == ("newsletter", "list")


def test_changed_terms_are_a_notification() -> None:
    text = "We are updating our terms of service on 1 June. You do not need to do anything."
    assert judged(Post(text, by="Cloud <hello@cloud.example>")).category == "notification"
    assert judged(Post(text, by="Ana Moreira <ana@northwind.example>")).category == "colleague"


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        (
            "I can't get Leo from swimming on Wednesday. Can you be there at 17:45?",
            "Can you be there at 17:45? (Wednesday)",
        ),
        ("It rained. Can you be there at 17:45?", "Can you be there at 17:45?"),
        ("I am away on Wednesday. Can you be there on Friday at 17:45?", "Can you be there on Friday at 17:45?"),
        ("I am away on Wednesday.\n\nCan you call at 17:45?", "Can you call at 17:45?"),
    ],
)
def test_an_hour_is_asked_with_the_day_that_stands_before_it(text: str, matters: str) -> None:
    assert matter(judged(Post(text))) == matters
