"""Which lines at a card ask for something else, and which are about it: with the planner that reads them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.aside import asks_else
from app.models import ChatModels, Endpoint
from tools.registry import discover

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
REQUESTS = """
what is urgent?
what's urgent in my inbox?
what’s on today?
what conflicts do I have this week?
do I have conflicts tomorrow?
when could I meet Priya for an hour this week?
is Priya free on Friday?
am I free tomorrow at 3?
what is 2+2?
how many days until Christmas?
what is the weather in Berlin?
show my tasks
list my tasks
show me my inbox
search my mail for the report
what did Tom write in #launch?
any mail from Priya?
brief me
summarise my inbox
which mails need a reply?
are there free slots tomorrow
/threads
"""
ABOUT = """
make it shorter
make it longer and friendlier
say Monday instead
move it to Friday at 3
tomorrow at 10
at 10 instead
no, on Friday
make it 30 minutes
from 3 to 4
due on Friday
what about Friday?
how about 3 pm?
in #random instead
add Priya
also invite Priya
in German please
could you say it in German?
can it be on Friday?
ask him what is urgent
say "what is urgent?"
tell her what is on my agenda
say that the report is late
use the address from Bob's last mail
find a better time
list the documents too
show the numbers in it
summarise it in two sentences
is it too long?
check the calendar first
leave out the last sentence
the meeting is on Tuesday
create a task to call Bob
"""


@pytest.fixture(scope="module")
def models() -> ChatModels:
    """With another model than the planner set."""
    return ChatModels("openai:any", Endpoint("", None), discover(), lambda: NOW, ZoneInfo("UTC"))


@pytest.mark.parametrize(("lines", "else_"), [(REQUESTS, True), (ABOUT, False)], ids=["requests", "about"])
def test_requests_are_told_from_words_about_a_card(models: ChatModels, lines: str, else_: bool) -> None:
    def reads(line: str) -> bool:
        return asyncio.run(models.reads(line))

    assert [line for line in lines.strip().splitlines() if asks_else(line, reads) is not else_] == []


def test_the_planner_is_not_asked_about_what_is_not_worded_as_a_request() -> None:
    def never(line: str) -> bool:
        raise AssertionError(line)

    assert not asks_else("make it shorter", never)
    assert asks_else("/thread x", never)
