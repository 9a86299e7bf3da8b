"""In which order conversations are listed: by urgency, then by when, then by what weighs in them."""

from __future__ import annotations

from datetime import timedelta

from tests.mail.made import NOW, ZURICH, Post, judged
from tests.saying import lead
from tools.mail.inbox_finding import InboxFinding, Only

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POSTS = {
    "calm": Post("Which of the two pictures do you like better?"),
    "next week": Post("Could you send me the list by Tuesday 25 November?"),
    "friday": Post("Could you send me the list by Friday?"),
    "tomorrow": Post("URGENT!!! We are waiting for you. Could you send me the list by tomorrow?", ago=HOUR),
    "late": Post("URGENT!!! LAUNCH VIDEO\n\nCan you do it TODAY?", ago=DAY),
    "within a day": Post("I need one page from you by tomorrow 09:00, please."),
    "afternoon": Post("Could you confirm the room by 15:00?"),
    "noon": Post("Could you confirm the menu by 12:00?"),
}
SOONEST_FIRST = ["noon", "afternoon", "within a day", "late", "tomorrow", "friday", "next week", "calm"]


def found(only: Only, *named: str) -> InboxFinding:
    digests = tuple(judged(POSTS[name]).model_copy(update={"id": name, "author": name}) for name in named)
    return InboxFinding(
        now=NOW, zone=ZURICH, gaps=(), scope="", only=only, digests=digests, estimate=len(digests), more=False
    )


def test_what_is_owed_soonest_comes_first() -> None:
    listed = found("owed", *POSTS)
    assert [digest.id for digest in listed.shown()] == SOONEST_FIRST
    assert [digest.id for digest in found("owed", *SOONEST_FIRST).shown()] == SOONEST_FIRST


def test_the_sentence_names_the_same_ones_first() -> None:
    said = lead(found("owed", *POSTS))
    assert said.startswith("You owe 8 replies: noon by today 12:00 (mail:1), afternoon by today 15:00 (mail:2), ")
    assert said.index("within a day") < said.index("late was due yesterday") < said.index("tomorrow by tomorrow")


def test_what_is_urgent_by_no_day_is_for_today() -> None:
    security = Post("Somebody stole the laptop with our customers' passwords. Please call me immediately!", ago=HOUR)
    undated = judged(security).model_copy(update={"id": "undated"})
    assert (undated.urgency, undated.due) == ("urgent", None)
    listed = found("urgent", "late", "tomorrow", "afternoon")
    every = listed.model_copy(update={"digests": (*listed.digests, undated)})
    assert [digest.id for digest in every.shown()] == ["afternoon", "undated", "late", "tomorrow"]
    lines = sorted(every.lines(), key=lambda line: (-line.weight, line.at or NOW))
    heard = [str(line.text).partition(",")[0].partition(":")[0] for line in lines]
    assert heard[:2] == ["afternoon", undated.author]


def test_of_a_part_of_the_inbox_no_whole_is_claimed() -> None:
    listed = found("owed", "noon", "afternoon").model_copy(update={"estimate": 120, "more": True})
    assert lead(listed).startswith("You owe at least 2 replies: noon by today 12:00 (mail:1), ")


def test_a_briefing_hears_what_ends_within_a_day_first() -> None:
    lines = found("all", "late", "tomorrow", "within a day").lines()
    ordered = sorted(lines, key=lambda line: (-line.weight, line.at or NOW))
    assert [line.text.partition(",")[0] for line in ordered] == ["within a day", "late", "tomorrow"]
