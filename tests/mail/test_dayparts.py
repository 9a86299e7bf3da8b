"""Parts of a day as limits, relative to Tuesday 18 November 2025, 09:12 in Zurich."""

from __future__ import annotations

import pytest

from tests.mail.made import NOW
from tools.mail.dayparts import Daypart, daypart
from tools.mail.due import When, read_times
from tools.mail.lexicon import Words

LIMITS = [
    ("Before Wednesday evening", "Wed 19"),
    ("by Wednesday evening", "Wed 19"),
    ("before tomorrow evening", "Wed 19"),
    ("before Wednesday afternoon", "Wed 19 12:00"),
    ("before tomorrow morning", "before Wed 19"),
    ("before Wednesday morning", "before Wed 19"),
    ("before Wednesday", "before Wed 19"),
    ("before tomorrow morning at 9", "Wed 19 09:00"),
    ("by tomorrow morning", "Wed 19 12:00"),
    ("by end of day", "Tue 18"),
    ("before the end of the day", "Tue 18"),
    ("before the end of the week", "Fri 21"),
    ("before the end of the month", "Sun 30"),
    ("by close of business", "Tue 18"),
    ("before close of business tomorrow", "Wed 19"),
    ("before lunch", "Tue 18 12:00"),
    ("before lunch on Thursday", "Thu 20 12:00"),
    ("first thing tomorrow", "Wed 19 12:00"),
    ("first thing in the morning", "Wed 19 12:00"),
    ("this evening", "Tue 18"),
    ("before this evening", "Tue 18"),
    ("vor Mittwochabend", "Wed 19"),
    ("vor Donnerstag Abend", "Thu 20"),
    ("bis Donnerstagnachmittag", "Thu 20"),
    ("vor Freitagmittag", "Fri 21 12:00"),
    ("vor morgen früh", "before Wed 19"),
    ("bis morgen früh", "Wed 19 12:00"),
    ("bis Dienstschluss", "Tue 18"),
    ("vor dem Mittagessen", "Tue 18 12:00"),
    ("antes del miércoles por la tarde", "Wed 19 12:00"),
    ("antes de esta noche", "Tue 18"),
    ("antes del final del día", "Tue 18"),
    ("a primera hora de mañana", "Wed 19 12:00"),
    ("antes de quarta à noite", "Wed 19"),
    ("antes do almoço", "Tue 18 12:00"),
    ("até amanhã às 4", "Wed 19 16:00"),
    ("avant mercredi soir", "Wed 19"),
    ("avant ce soir", "Tue 18"),
    ("avant la fin de la journée", "Tue 18"),
    ("avant le déjeuner", "Tue 18 12:00"),
    ("demain à la première heure", "Wed 19 12:00"),
    ("prima di mercoledì sera", "Wed 19"),
    ("entro fine giornata", "Tue 18"),
    ("prima di pranzo", "Tue 18 12:00"),
    ("voor woensdagavond", "Wed 19"),
    ("voor het einde van de dag", "Tue 18"),
    ("morgenochtend vroeg", "Wed 19 12:00"),
    ("周三晚上之前", "Wed 19"),
    ("明天早上", "Wed 19 12:00"),
    ("今晩までに", "Tue 18"),
    ("明日の朝一", "Wed 19 12:00"),
]


def said(when: When) -> str:
    clock = f" {when.at:%H:%M}" if when.has_time else ""
    return f"{'before ' if when.before else ''}{when.at:%a %d}{clock}"


@pytest.mark.parametrize(("text", "expected"), LIMITS)
def test_a_part_of_a_day_is_a_limit_on_that_day(text: str, expected: str) -> None:
    found = [when for when in read_times(Words(text), NOW, asks=True) if when.kind == "deadline"]
    assert [said(when) for when in found][:1] == [expected]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("tonight", "evening"),
        ("Nachmittag", "afternoon"),
        ("Freitagmittag", "noon"),
        ("cet après-midi", "afternoon"),
        ("demain midi", "noon"),
        ("amanhã", ""),
        ("mañana", ""),
        ("mañana por la mañana", "morning"),
        ("end of day", "end"),
        ("Friday", ""),
    ],
)
def test_the_part_of_the_day_that_words_name(words: str, part: Daypart) -> None:
    assert daypart(words) == part
