"""The briefing: the calls it takes, the page it makes, and what it says of what is missing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from langchain_core.messages import AIMessage, ToolMessage
from pydantic import AwareDatetime

from graphs.briefing import Gap, Told, composed
from graphs.briefing_page import markdown, text
from graphs.context import Context
from tests.scripted import calling
from tests.small_graph import NOW, World, module
from tools.base import Finding, Line, Name, Ref, ToolContext, ToolNode, tool
from tools.errors import ServiceDown


def line(text: str, weight: int = 50, kind: Any = "mail", hours: float | None = None, **facts: Any) -> Told:
    at = NOW + timedelta(hours=hours) if hours is not None else None
    return Told(line=Line(kind=kind, text=text, weight=weight, at=at, **facts), handle=facts.pop("handle", ""))


def meeting(text: str, hours: float, *words: str, people: tuple[str, ...] = ()) -> Told:
    until = NOW + timedelta(hours=hours + 1)
    return line(text, 40, "meeting", hours, until=until, words=words, people=people)


def test_the_urgent_comes_first_and_the_day_in_its_order() -> None:
    page = composed(
        [
            meeting("Review at 14:00", 4.5, "aurora"),
            meeting("Stand-up at 10:00", 0.5),
            line("quiet", 20),
            line("fire", 95),
            line("smoke", 75),
        ],
        [],
        NOW,
    )
    assert [i.text for i in page.first] == ["fire", "smoke"]
    assert [i.text for i in page.meetings] == ["Stand-up at 10:00", "Review at 14:00"]
    assert [i.text for i in page.also] == ["quiet"]


def test_what_belongs_to_a_meeting_stands_with_it() -> None:
    review = meeting("Aurora review", 1, "aurora", "review", people=("ana@x.example",))
    page = composed(
        [
            review,
            meeting("Dentist", 3, "dentist"),
            line("Aurora plan changed", words=("aurora", "plan"), people=("ana@x.example",), kind="document"),
            line("Ana asks about lunch", words=("lunch",), people=("ana@x.example",)),
            line("Aurora is blocked", 90, words=("aurora", "review")),
        ],
        [],
        NOW,
    )
    assert [i.text for i in page.meetings[0].belongs] == ["Aurora plan changed"]
    assert page.meetings[1].belongs == ()
    assert [i.text for i in page.first] == ["Aurora is blocked (for the 10:30 meeting)"]
    assert [i.text for i in page.also] == ["Ana asks about lunch"], "a person alone does not make a thing belong"


def test_past_meetings_and_those_of_other_days_are_not_today() -> None:
    page = composed([meeting("over", -3), meeting("running", -0.5), meeting("tomorrow", 26)], [], NOW)
    assert [i.text for i in page.meetings] == ["running"]
    assert "Meetings today" in text(page)


def test_when_the_day_is_over_the_next_one_with_meetings_is_shown() -> None:
    page = composed([meeting("over", -3), meeting("first", 26), meeting("second", 28), meeting("later", 50)], [], NOW)
    assert [i.text for i in page.meetings] == ["first", "second"]
    assert "Meetings Thursday 19 November" in text(page)


def test_it_fits_a_screen_and_counts_what_it_left_out() -> None:
    many = [line(f"mail {n}", 60 - n % 7) for n in range(40)] + [line("note", 1, "document")]
    page = composed([*many, *(line(f"urgent {n}", 80) for n in range(9))], [], NOW)
    assert len(text(page).splitlines()) <= 30
    assert sum(page.left_out.values()) + len(page.also) + len(page.first) == 50
    assert "note" in {i.text for i in page.also}
    assert "Left out for room: 39 mails." in text(page)


def test_no_kind_is_drowned_by_another() -> None:
    mails = [line(f"mail {n}", 60) for n in range(20)]
    page = composed([*mails, line("plan changed", 5, "document"), line("who brings cake", 20, "message")], [], NOW)
    assert {"plan changed", "who brings cake"} <= {i.text for i in page.also}


def test_a_gap_is_told_and_nothing_is_put_in_its_place() -> None:
    page = composed([], [Gap(tool="agenda", what="Calendar did not answer.", next="Try again in a minute.")], NOW)
    assert text(page).splitlines() == [
        "Briefing, Wednesday 18 November, 09:30",
        "",
        "Nothing needs you right now.",
        "",
        "Not read, agenda: Calendar did not answer. Try again in a minute.",
    ]


def test_a_part_that_was_not_read_is_told_beside_the_rest() -> None:
    page = composed([line("note")], [Gap(tool="slack", what="Slack: Only 40 of 46 threads were read.", next="")], NOW)
    assert text(page).splitlines()[-1] == "Not all was read. Slack: Only 40 of 46 threads were read."


def test_a_reason_that_only_repeats_its_line_is_left_out() -> None:
    plan = line("“Plan” changed Fri 10:15 by Ana", reasons=("changed by Ana", "you have not seen it since"))
    task = line("Read the draft (overdue since Thu)", 60, reasons=("overdue",))
    assert text(composed([plan, task], [], NOW)).splitlines()[-2:] == [
        "- Read the draft (overdue since Thu)",
        "- “Plan” changed Fri 10:15 by Ana [you have not seen it since]",
    ]


def test_markdown_links_each_line_to_its_source() -> None:
    told = Told(line=Line(kind="mail", text="Sign", weight=90, link="https://mail.example/1"), handle="mail:1")
    assert "- Sign ([mail:1](https://mail.example/1))" in markdown(composed([told], [], NOW))


class Post(Finding):
    since: datetime

    def lead(self, name: Name) -> str:
        return f"post since {self.since:%d %b}"

    def refs(self) -> tuple[Ref, ...]:
        return (Ref(kind="post", id="p1", label="Sign"),)

    def lines(self) -> tuple[Line, ...]:
        return (Line(kind="mail", text="Ana needs a signature", weight=80, ref=self.refs()[0]),)


@tool()
def read_post(context: ToolContext, since: AwareDatetime | None = None) -> Post:
    """Read the post."""
    assert since is not None
    return Post(since=since)


@tool()
def read_sky(context: ToolContext) -> Post:
    """Look at the sky."""
    raise ServiceDown("The sky did not answer.", "Try again in a minute.")


POST = module("post", ToolNode("read", "x", (read_post,), ("post",), (("read_post", {"since": "last working day"}),)))
SKY = module("sky", ToolNode("read", "x", (read_sky,), (), (("read_sky", {}),)))


def ask(*replies: Any, context: Context | None = None) -> tuple[World, list[Any]]:
    world = World.of(*replies, modules=(POST, SKY))
    return world, asyncio.run(world.ask("brief me", context))


def test_a_model_that_asks_for_the_briefing_gets_every_nodes_part_and_is_not_asked_again() -> None:
    world, messages = ask(calling(("brief_me", {})))
    assert [c["name"] for c in messages[1].tool_calls] == ["read_post", "read_sky"]
    assert messages[1].tool_calls[0]["args"] == {"since": "2026-11-17T00:00:00+00:00"}
    assert len(world.model.seen) == 1
    assert "- Ana needs a signature (post:1)" in messages[-1].text
    assert "Not read, read sky: The sky did not answer. Try again in a minute." in messages[-1].text
    assert "brief_me" in {entry["function"]["name"] for entry in world.model.menus[0]}


def test_the_briefing_can_be_had_without_any_model_and_twice_in_a_thread() -> None:
    world, first = ask(context=Context(briefing=True))
    second = asyncio.run(world.ask("again", Context(briefing=True)))
    assert world.model.seen == []
    assert second[-1].text == first[-1].text
    calls = [m.tool_call_id for m in second if isinstance(m, ToolMessage)]
    assert len(set(calls)) == 4


def test_a_request_for_more_than_the_briefing_is_answered_by_the_model() -> None:
    both = calling(("brief_me", {}), ("read_sky", {}))
    world, messages = ask(both, AIMessage("All of it."))
    assert messages[-1].text == "All of it."
    assert len(world.model.seen) == 2


def test_monday_looks_back_to_friday() -> None:
    monday = datetime.fromisoformat("2026-11-23T09:00+00:00")
    world = World.of(calling(("brief_me", {})), modules=(POST,), clock=lambda: monday)
    messages: list[Any] = list(asyncio.run(world.ask("brief me")))
    assert messages[1].tool_calls[0]["args"]["since"].startswith("2026-11-20T00:00")
    assert replace(world.parts).now() == monday
