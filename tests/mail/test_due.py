"""Deadline phrases in six languages and two scripts, relative to Tuesday 18 November 2025, 09:12 in Zurich."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.made import NOW, Post, judged
from tools.mail.due import When, read_times
from tools.mail.lexicon import Words


def read(text: str, *, asks: bool = False, month_first: bool = False) -> list[When]:
    return read_times(Words(text), NOW, asks=asks, month_first=month_first)


def said(when: When) -> str:
    clock = f" {when.at:%H:%M}" if when.has_time else ""
    return f"{'before ' if when.before else ''}{when.at:%a %d %b %Y}{clock}"


DEADLINES = [
    ("Please sign by Thursday noon.", "Thu 20 Nov 2025 12:00"),
    ("I need it no later than Wednesday at 5pm.", "Wed 19 Nov 2025 17:00"),
    ("The deadline is next Friday.", "Fri 28 Nov 2025"),
    ("Due 2025-12-01.", "Mon 01 Dec 2025"),
    ("before the 3rd", "before Wed 03 Dec 2025"),
    ("before 5pm", "Tue 18 Nov 2025 17:00"),
    ("by EOD", "Tue 18 Nov 2025"),
    ("by close of business Wednesday", "Wed 19 Nov 2025"),
    ("by the end of the month", "Sun 30 Nov 2025"),
    ("by end of week", "Fri 21 Nov 2025"),
    ("by the end of next week", "Fri 28 Nov 2025"),
    ("by 3 March", "Tue 03 Mar 2026"),
    ("until December 1st, 18:00", "Mon 01 Dec 2025 18:00"),
    ("by Friday 17:00 Chicago time", "Sat 22 Nov 2025 00:00"),
    ("by noon GMT tomorrow", "Wed 19 Nov 2025 13:00"),
    ("within 24 hours", "Wed 19 Nov 2025 09:12"),
    ("by 3-Dec-25", "Wed 03 Dec 2025"),
    ("before the board on the 24th", "Mon 24 Nov 2025"),
    ("Registration closes on Sunday.", "Sun 23 Nov 2025"),
    ("Friday at the latest", "Fri 21 Nov 2025"),
    ("Bitte bis Freitag.", "Fri 21 Nov 2025"),
    ("bis morgen 12 Uhr", "Wed 19 Nov 2025 12:00"),
    ("bis Donnerstagmittag", "Thu 20 Nov 2025 12:00"),
    ("bis spätestens 3.12.", "Wed 03 Dec 2025"),
    ("bis zum 21. November um 17 Uhr", "Fri 21 Nov 2025 17:00"),
    ("spätestens am Montag", "Mon 24 Nov 2025"),
    ("bis Ende der Woche", "Fri 21 Nov 2025"),
    ("antes del viernes", "before Fri 21 Nov 2025"),
    ("antes de las 17:00", "Tue 18 Nov 2025 17:00"),
    ("para el jueves a las 10", "Thu 20 Nov 2025 10:00"),
    ("a más tardar el 3 de diciembre", "Wed 03 Dec 2025"),
    ("El plazo vence el lunes.", "Mon 24 Nov 2025"),
    ("até sexta-feira às 15h", "Fri 21 Nov 2025 15:00"),
    ("O prazo é até ao dia 28 de novembro.", "Fri 28 Nov 2025"),
    ("avant jeudi 17 h", "Thu 20 Nov 2025 17:00"),
    ("d'ici la fin de la semaine", "Fri 21 Nov 2025"),
    ("au plus tard vendredi prochain", "Fri 21 Nov 2025"),
    ("avant le 1er décembre", "before Mon 01 Dec 2025"),
    ("请在周五前回复", "Fri 21 Nov 2025"),
    ("12月3日之前", "Wed 03 Dec 2025"),
    ("明日までにお願いします", "Wed 19 Nov 2025"),
    ("11月24日（月）までに", "Mon 24 Nov 2025"),
    ("The list closes Thursday; what is not on it by then waits.", "Thu 20 Nov 2025"),
]


@pytest.mark.parametrize(("text", "expected"), DEADLINES)
def test_deadlines(text: str, expected: str) -> None:
    found = [when for when in read(text, asks=True) if when.kind == "deadline"]
    assert [said(when) for when in found][:1] == [expected]


MENTIONS = [
    "I was in Porto on Monday.",
    "Are you free on Thursday for lunch?",
    "The launch is next Wednesday at ten.",
    "Nos vemos el jueves.",
    "Am Freitag bin ich nicht da.",
]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_day_alone_is_no_deadline(text: str) -> None:
    assert [when.kind for when in read(text, asks=True)] == ["mention"]


NOTHING = [
    "By the way, it works.",
    "Until now all was well.",
    "by 5 people",
    "postponed by a week",
    "a plus tard",
    "It costs 3.50 or 4/5 of that.",
    "Stand by me.",
    "May I come in?",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_time_at_all(text: str) -> None:
    assert [when for when in read(text) if when.kind == "deadline"] == []


def test_today_is_a_deadline_only_in_a_request() -> None:
    assert [when.kind for when in read("Can you send it today?", asks=True)] == ["deadline"]
    assert [when.kind for when in read("It rained today.")] == ["mention"]


def test_whether_the_month_comes_first_follows_the_authors_clock() -> None:
    assert (
        said(read("by 11/12", month_first=True)[0]) == "Wed 12 Nov 2025"
        or said(read("by 12/11", month_first=True)[0]) == "Thu 11 Dec 2025"
    )
    assert said(read("by 3/12")[0]) == "Wed 03 Dec 2025"
    american = Post("Could you send it by 12/3?", date="Tue, 18 Nov 2025 02:00:00 -0500")
    due = judged(american).due
    assert due is not None
    assert (due.at.month, due.at.day) == (12, 3)


def test_the_phrase_is_the_mails_own() -> None:
    assert read("Please sign by Thursday noon, thanks.")[0].phrase == "by Thursday noon"


def test_by_then_makes_a_deadline_of_the_time_before_it() -> None:
    near = judged(Post("I hand it in on Thursday at 15:00. Until then you can change it. Could you look?")).due
    assert near is not None
    assert (near.at.day, near.at.hour) == (20, 15)


def test_a_deadline_long_past_is_none() -> None:
    assert judged(Post("Can you send it by Friday?", ago=timedelta(days=9))).due is None


@given(st.text("by before until 0123456789/.-:pmuhr Montagdecvier前月日まで", max_size=60), st.booleans())
def test_never_raises_and_stays_near(text: str, asks: bool) -> None:
    for when in read(text, asks=asks):
        assert isinstance(when.at, datetime)
        assert abs(when.at - NOW) < timedelta(days=500)
