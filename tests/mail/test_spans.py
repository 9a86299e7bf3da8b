"""Spans, hours without a day, and what a program's mail announces, each against the moment the mail was written."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.mail.made import NOW, ZURICH, Post, judged
from tools.mail.due import read_all_times
from tools.mail.lexicon import Words


def deadline(*sentences: str) -> str:
    """The first deadline of these sentences, which all ask: "2025-11-28 23:59", "" for none."""
    found = read_all_times([Words(text) for text in sentences], NOW, [True] * len(sentences))
    dues = [when for whens in found for when in whens if when.kind == "deadline"]
    return f"{dues[0].at:%Y-%m-%d %H:%M}" if dues else ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Send it within 10 days of the date of this letter.", "2025-11-28"),
        ("Please pay within two weeks.", "2025-12-02"),
        ("Please answer within 3 working days.", "2025-11-21"),
        ("Book a slot in the next two weeks.", "2025-12-02"),
        ("Bitte antworten Sie innerhalb einer Woche.", "2025-11-25"),
        ("Merci de répondre sous quinzaine.", "2025-12-03"),
        ("Responda en un plazo de, dentro de cinco días.", "2025-11-23"),
        ("I need the form by the end of November.", "2025-11-30"),
        ("Bitte bis Ende November.", "2025-11-30"),
        ("Tell me by Monday week.", "2025-12-01"),
        ("Please tell me by early afternoon.", "2025-11-18"),
    ],
)
def test_the_day_of_a_span(text: str, day: str) -> None:
    assert deadline(text).startswith(day)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("If I get a yes before 11 you have it back tonight.", "2025-11-18 11:00"),
        ("Get it into tomorrow's release (cut is 5pm).", "2025-11-19 17:00"),
        ("Dígame algo antes de las doce.", "2025-11-18 12:00"),
        ("We need it by 11 people.", ""),
        ("In two weeks I am away, can you cover?", ""),
    ],
)
def test_an_hour_without_a_day(text: str, moment: str) -> None:
    assert deadline(text) == moment


def test_a_span_is_counted_back_from_the_day_named_beside_it() -> None:
    assert deadline("We start on Monday, 1 December.", "I should have it a week before that.").startswith("2025-11-24")


NAMECASE = "Namecase <support@namecase.example>"
ENDS = "Dear customer,\n\nyour domain a.example expires on 19 November 2025. After that your site stops working."


def test_what_runs_out_tomorrow_is_urgent_though_a_program_says_so() -> None:
    digest = judged(Post(ENDS, by=NAMECASE, subject="Your domain"))
    assert (digest.category, digest.urgency) == ("notification", "urgent")
    assert digest.due is not None
    assert digest.due.at.date() == datetime(2025, 11, 19, tzinfo=ZURICH).date()
    assert not digest.owed


def test_a_mass_mailing_sets_no_deadline() -> None:
    headers = {"List-Unsubscribe": "<mailto:out@namecase.example>"}
    digest = judged(Post(ENDS, by=NAMECASE, subject="Your domain", headers=headers))
    assert digest.due is None
    assert digest.urgency != "urgent"


def test_a_parcel_that_comes_on_a_day_sets_none() -> None:
    text = "Hello,\n\nyour parcel is on its way and will be with you by Thursday."
    assert judged(Post(text, by="Parcels <no-reply@parcels.example>")).due is None


@pytest.mark.parametrize(("to", "owed"), [("Team <team@northwind.example>", True), ("Bo Ek <bo@x.example>", False)])
def test_what_is_asked_of_a_group_is_asked_of_its_members(to: str, owed: bool) -> None:
    assert judged(Post("Please tell me which day suits you.", to=to)).owed is owed


def test_an_alarm_assigned_to_the_person_is_urgent_until_it_is_old() -> None:
    alarm = Post("Incident 5 was triggered.\nIt is assigned to Alex Rivera.", by="Pager <alerts@pager.example>")
    assert judged(alarm).urgency == "urgent"
    old = Post(alarm.text, by=alarm.by, ago=timedelta(days=1))
    assert judged(old).urgency in ("low", "normal")


def test_who_says_it_is_settled_presses_nobody() -> None:
    text = "The certificate had expired overnight. I renewed it, and there is nothing to do for anyone."
    digest = judged(Post(text, subject="URGENT: certificate expired"))
    assert digest.urgency in ("low", "normal")
    assert not any("urgent" in reason for reason in digest.reasons)
