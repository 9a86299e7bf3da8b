"""What waits for the reader though nobody asks outright, what does not work, and the hour that makes it urgent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.mail.made import NOW, ZURICH, Post, judged


@pytest.mark.parametrize(
    "text",
    [
        "I can't make out whether you want the blue frames or the grey ones.",
        "We were wondering which of the two halls would suit the children better.",
        "Nothing moves at the plant until you have released the drawing.",
        "Ohne deine Freigabe läuft hier nichts an.",
        "Sin tu visto bueno no podemos enviar nada.",
        "Tant pis pour hier, mais je ne sais pas si vous venez avec ou sans les enfants.",
        "Zonder jouw handtekening gaat de vracht niet weg.",
        "All the menus are in but yours.",
        "Two firms have bid and I like both. Your call.",
        "The foreman needs your measurements of the gate.",
    ],
)
def test_what_waits_for_the_reader_is_owed(text: str) -> None:
    assert judged(Post(text)).owed


@pytest.mark.parametrize(
    "text",
    [
        "You can't get into the building without your badge, so take care of it.",
        "Nobody needs to change a thing, the old forms stay as they are.",
        "Just so that you know: nothing you need to do about the old forms.",
        "We sold the last of the cider and went home happy.",
    ],
)
def test_what_only_tells_is_not(text: str) -> None:
    assert not judged(Post(text)).owed


@pytest.mark.parametrize(
    "text",
    [
        "The lorry comes in at 14:30. Which of the two gates do I send it to?",
        "My key won't open the store and the fitter has to be gone at eleven. Who has the other one?",
        "The board moved our slot, they brought the presentation forward to 3 pm today. Where are your slides?",
        "Our stall is double booked and doors open in forty minutes. Do we take the small one?",
        "El conductor se marcha a las doce. ¿A qué almacén lo mando?",
    ],
)
def test_an_hour_or_a_fault_makes_it_urgent(text: str) -> None:
    assert judged(Post(text, ago=timedelta(minutes=20))).urgency == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "Are you free on Thursday for lunch at noon?",
        "My old radio won't start. Would you like to have it some day?",
        "I'm in the office from 9 to 17:00 today, so come by for a chat. How was the holiday?",
        "The gym opens at 6 now. Shall we go together some time?",
        "Lunch at 12:30 today? The usual place?",
        "The plumber was here at nine and fixed the tap. What do I owe you for the parts?",
        "The train gets in at 17:30, I'll be at yours around six. Is there anything I should bring?",
        "Wir treffen uns heute um 18 Uhr zum Essen. Kommst du mit?",
        "I don't drink coffee after four. Do you have tea?",
        "The kids fell asleep in the car at nine. When do you come to us?",
        "It costs 120 a night and breakfast is at eight. Should I book it for May?",
        "The exam is at two this afternoon, wish me luck! Did you ever take it?",
        "It was in the paper today: they found the ring. Do you remember her?",
    ],
)
def test_what_can_wait_is_not(text: str) -> None:
    assert judged(Post(text)).urgency != "urgent"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Could you pick a date? We hold the room for two weeks.", NOW - timedelta(hours=2) + timedelta(days=14)),
        ("Please choose. You have ten days.", NOW - timedelta(hours=2) + timedelta(days=10)),
        ("Could you sign it? They won't take it after 11.", datetime(2025, 11, 18, 11, 0, tzinfo=ZURICH)),
        (
            "Please send your text. We finish the issue at the end of the month.",
            datetime(2025, 11, 30, 23, 59, tzinfo=ZURICH),
        ),
        ("Could you tell them by the Monday after next?", datetime(2025, 12, 1, 23, 59, tzinfo=ZURICH)),
        (
            "The vote is on 5 December. Nobody has seen a draft. Please send yours a week before.",
            datetime(2025, 11, 28, 23, 59, tzinfo=ZURICH),
        ),
    ],
)
def test_spans_and_far_days_are_deadlines(text: str, due: datetime) -> None:
    found = judged(Post(text)).due
    assert found is not None
    assert found.at == due


@pytest.mark.parametrize(
    "text",
    [
        "Could you water the plants? It stays like this until I'm back on the 27th.",
        "Can you remind me what he said? I don't get home until after six.",
    ],
)
def test_how_long_a_thing_lasts_is_no_deadline(text: str) -> None:
    assert judged(Post(text)).due is None


def test_who_says_how_to_get_no_more_of_it_advertises() -> None:
    text = "Hoy es el último día. ¿Reservamos tu plaza? Si no deseas recibir más correos, haz clic aquí."
    digest = judged(Post(text, by="Costa Viajes <hola@costa-viajes.example>"))
    assert digest.category == "marketing"
    assert not digest.owed


def test_an_absence_has_no_deadline() -> None:
    text = "I am out of the office until Monday 24 November."
    digest = judged(Post(text, headers={"Auto-Submitted": "auto-replied"}))
    assert digest.category == "automatic"
    assert digest.due is None


def test_a_harm_that_was_not_done_is_none() -> None:
    text = "The storm took the roof off. Nobody was hurt, verletzt wurde niemand. Did you hear it, too?"
    assert judged(Post(text)).urgency != "urgent"


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("Could you ring me by half past ten?", 10, 30),
        ("Kannst du mich bis halb elf anrufen?", 10, 30),
        ("Kun je me voor half elf bellen?", 10, 30),
        ("Pouvez-vous me rappeler avant 11 h 30 ?", 11, 30),
    ],
)
def test_halves_of_hours_are_read(text: str, hour: int, minute: int) -> None:
    found = judged(Post(text)).due
    assert found is not None
    assert found.at == datetime(2025, 11, 18, hour, minute, tzinfo=ZURICH)


def test_days_counted_back_take_the_place_of_what_they_are_counted_from() -> None:
    text = "Please send us your slides before the fair on 28 November. Two days ahead is what the hall asks for."
    found = judged(Post(text)).due
    assert found is not None
    assert found.at.date() == datetime(2025, 11, 26, tzinfo=ZURICH).date()
