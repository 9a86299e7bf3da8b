"""Days in the demo data agree with each other, whatever the day it is dated to: every weekday, and clock changes."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from app.demo.seed.chats_script import dated, scripts
from app.demo.seed.days import Days, languages
from app.demo.seed.material import conversations
from app.demo.seed.post import post

ZONE = "Europe/Zurich"
CLOCKS_CHANGE = (date(2026, 10, 25), date(2027, 3, 28))
"""Sundays. The data reaches some weeks back and ahead, so that the change lies before, in and after it."""
TODAYS = [
    *(date(2026, 11, 23) + timedelta(days=count) for count in range(7)),
    *(change + timedelta(days=count) for change in CLOCKS_CHANGE for count in (-9, -3, -1, 0, 1, 5)),
]
DAY = re.compile(r"\{(?P<day>[a-z0-9.+-]+)\|(?P<form>[a-z]+)(?::[a-z]{2})?\}")
SLOT = re.compile(r"\{[a-z0-9.+-]+\|")
WEEKDAY = re.compile(r"\b(?:{})\b".format("|".join(languages()["en"].weekdays)), re.IGNORECASE)
PINNED = re.compile(r"w-?\d+\.")
GENERAL = {
    "aurora-gonogo",  # a night nobody else speaks of
    "one-on-one-notes",  # their one-to-one is on Mondays
    "weekend-page",  # "this Saturday", of a Friday at the latest
    "inject-allclear",
    "inject-hidden",
    "inject-invisible",
}
"""Conversations that say a weekday themselves, and may: nothing else depends on it."""


def spoken(today: date) -> Iterator[tuple[str, date, str]]:
    """Every text with slots: where it stands, the day it is written on, and the text as it is in the data."""
    days = Days(today, ZONE)
    for found in conversations():
        yield f"{found.key} subject", days.at(found.letters[0].when).date(), found.subject
        for letter in found.letters:
            yield found.key, days.at(letter.when).date(), f"{letter.subject}\n{letter.body}"
    for script in scripts():
        for line in script:
            yield f"{line.place} {line.key or line.text}", days.at(line.when).date(), line.text


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_a_weekday_alone_is_the_nearest(today: date) -> None:
    """Who reads "by Wednesday" counts from the day of the letter; what is a week ahead is said with its date."""
    days = Days(today, ZONE)
    for where, written, text in spoken(today):
        for slot in DAY.finditer(text):
            if slot["form"] != "weekday":
                continue
            ahead = (days.on(slot["day"]) - written).days
            said = days.fill(slot[0], written)
            assert ahead > -7, where
            assert bool(re.search(r"\d", said)) == (ahead >= 7), (where, said)


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_a_date_with_a_weekday_is_in_the_calendar(today: date) -> None:
    english = languages()["en"]
    named = re.compile(rf"\b({'|'.join(english.weekdays)}),? (\d+) ({'|'.join(english.months)})\b")
    found = 0
    for text in _mails(today) + _chats(today):
        assert not SLOT.search(text), text
        for weekday, number, month in named.findall(text):
            dates = [date(year, english.months.index(month) + 1, int(number)) for year in (2026, 2027)]
            assert weekday in [english.weekdays[one.weekday()] for one in dates], (weekday, number, month)
            found += 1
    assert found > 20


def test_a_weekday_is_written_out_only_where_nothing_depends_on_it() -> None:
    """A letter dated by working days moves through the week; one pinned to a weekday does not."""
    for found in conversations():
        for letter in found.letters:
            said = WEEKDAY.findall(DAY.sub("", f"{letter.subject or found.subject}\n{letter.body}"))
            free = PINNED.match(letter.when) or found.key in GENERAL
            assert free or not said, (found.key, said)


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_subject_and_letters_name_the_same_weekdays(today: date) -> None:
    for found in conversations():
        first = next(iter(post(found, Days(today, ZONE))))
        message = message_from_bytes(first.raw, policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain", "html"))
        in_subject = {word.lower() for word in WEEKDAY.findall(str(message["Subject"]))}
        in_body = {word.lower() for word in WEEKDAY.findall(body.get_content() if body else "")}
        assert not in_body or in_subject <= in_body, (found.key, in_subject, in_body)


def _mails(today: date) -> list[str]:
    """Subjects and plain texts of all mails."""
    messages = [
        message_from_bytes(mail.raw, policy=default)
        for found in conversations()
        for mail in post(found, Days(today, ZONE))
    ]
    texts = [str(message["Subject"]) for message in messages]
    for message in messages:
        texts += [part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"]
    return texts


def _chats(today: date) -> list[str]:
    return [said.text for said in dated(scripts(), Days(today, ZONE))]
