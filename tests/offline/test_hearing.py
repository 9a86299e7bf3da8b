"""What the trained model hears, made into calls: the cuts, the values, the things meant, and who has the say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage, HumanMessage
from pydantic import Field

from app.offline import followup, recall
from app.offline.asks import Asks
from app.offline.clause import Clause
from app.offline.heard import makers, pieces
from app.offline.heard.making import Making
from app.offline.heard.pieces import Pieces
from app.offline.heard.said import Said, lost_times
from app.offline.learnt import Learnt
from app.offline.orders.order import Missing
from app.offline.plan import Plan, Step
from app.offline.reading import Reader
from app.offline.thread import Thread
from app.offline.trained import examples
from app.offline.trained.model import model as trained
from app.offline.trained.tagging import Span
from app.offline.window import Moment
from app.offline.words import Line, tokens
from tests.offline.cases import EVERY_TOOL, HOMES, NOW, planner, said, turn, writes
from tools.base import Finding, ToolContext, ToolNode, tool

MAILS, TODAY, TASKS, FILES, SLACK = (
    "check my mail", "what's on today", "my tasks", "find documents about the launch", "what did I miss on slack",
)  # fmt: skip
_MARK = re.compile(r"\[([a-z_]+)(?:=([a-z]+))?:([^\[\]]*)\]")
Calls = list[tuple[str, dict[str, Any]]]


@cache
def shown(*before: str) -> tuple[BaseMessage, ...]:
    """A conversation in which this was asked for."""
    messages: list[BaseMessage] = []
    for request in before:
        turn(messages, request, planner(EVERY_TOOL))
    return tuple(messages)


@dataclass(frozen=True)
class Place:
    """A request behind others: its words, how they are read, and what is known."""

    text: str
    before: tuple[str, ...] = ()

    @property
    def thread(self) -> Thread:
        return recall.read([*shown(*self.before), HumanMessage(self.text)])

    @property
    def reader(self) -> Reader:
        known = planner(EVERY_TOOL).learnt.from_tools(EVERY_TOOL)
        topic = followup.topic(self.thread, known.skills)
        return Reader(known, followup.view(self.thread, topic))

    def clause(self) -> Clause:
        reader, line = self.reader, Line(tokens(self.text))
        return reader.knowledge.clause(self.text, line, Moment(NOW, 1, None), shown=bool(reader.view.lists))

    def pieces(self) -> list[tuple[str, str]]:
        """What is asked for, and by which words."""
        reader, line = self.reader, Line(tokens(self.text))
        skills = reader.knowledge.every
        kind = pieces.context(self.thread, skills).rstrip("s") if self.before else ""
        cut = Pieces(line, trained(), skills, lambda start, end: kind)
        found = cut.found(pieces.context(self.thread, skills))
        assert all(0 < piece.share <= 1 for piece in found)
        return [(p.name, self.text[line.tokens[p.start].start : line.tokens[p.end - 1].end]) for p in found]


def heard(name: str, marked: str, *before: str) -> Calls:
    """The calls that these words come to, marked as in the examples, once the tool is known."""
    place = Place(_MARK.sub(r"\3", marked), before)
    reader = place.reader
    request = Said(reader.knowledge.every[name], place.clause(), _spans(marked), reader)
    steps = makers.steps(Making(request, place.thread, Plan(), reader.view.hand))
    return [(step.name, _args(step)) for step in steps]


def _args(step: Step) -> dict[str, Any]:
    return {key: value for key, value in step.args.items() if value}


def _spans(marked: str) -> list[Span]:
    found = []
    for match in _MARK.finditer(marked):
        start = len(tokens(_MARK.sub(r"\3", marked[: match.start()])))
        found.append(Span(start, start + len(tokens(match[3])), match[1], match[2] or ""))
    return found


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("unread mail, then my tasks", [("summarise_inbox", "unread mail"), ("list_tasks", "my tasks")]),
        (
            "mail from Ana about the lease and what's on tomorrow",
            [("search_mail", "mail from Ana about the lease"), ("agenda", "what's on tomorrow")],
        ),
    ],
)
def test_requests_are_cut_apart(text: str, cut: list[tuple[str, str]]) -> None:
    assert Place(text).pieces() == cut


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mail from Ana and Tom", "search_mail"),
        ("post in #launch: we ship, and then we rest", "post_message"),
        ("reply to the first that I come, and bring the cake", "send_reply"),
        ("email ana@example.org that we come by car and bring the cake", "send_mail"),
    ],
)
def test_what_is_one_request_is_not_cut(text: str, name: str) -> None:
    assert Place(text).pieces() == [(name, text)]


@pytest.mark.parametrize(
    ("before", "text", "name"),
    [
        (MAILS, "open the third", "read_conversation"), (MAILS, "delete the first", "move_to_trash"),
        (TODAY, "open the third", "read_event"), (TODAY, "drop the first", "cancel_event"),
        (TASKS, "open the third", "read_task"), (TASKS, "delete the first", "delete_tasks"),
        (SLACK, "open the third", "read_thread"), (FILES, "bin the first", "trash_document"),
        (MAILS, "summarise the third", "read_conversation"), (TASKS, "read me the last", "read_task"),
    ],
)  # fmt: skip
def test_what_is_pointed_at_is_of_the_kind_shown(before: str, text: str, name: str) -> None:
    assert Place(text, (before,)).pieces() == [(name, text)]


@pytest.mark.parametrize(
    ("name", "text", "flag"),
    [
        ("send_reply", "reply to [reply_all=true:all] on [thing:the first]: [text:count me in]", True),
        ("draft_reply", "draft [reply_all=true:everybody] a reply to [thing:the first]: [text:noted]", True),
        ("send_reply", "reply [reply_all=true:back] to [thing:the first]: [text:we all agree]", False),
        ("send_reply", "reply to [thing:the first]: [text:thanks to everybody]", False),
    ],
)
def test_everybody_gets_an_answer_only_by_a_word_for_everybody(name: str, text: str, flag: bool) -> None:
    [(_, args)] = heard(name, text, MAILS)
    assert args.get("reply_all", False) is flag
    assert args["conversation"] == "mail:1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tell [person:Priya] on slack [text:please look] at it, then call Tom", "Please look at it, then call Tom."),
        ("tell [person:Priya] [text:we are late], on slack", "We are late."),
        ("tell [text:we are late] to [person:Priya] on slack", "We are late."),
        ('slack [person:Priya] [text:"on my way"]', "on my way"),
        ("could you tell [person:Priya] [text:the room is booked]?", "The room is booked."),
        ("slack [person:Priya]: [text:can you come]?", "Can you come?"),
        ("thank [person:Priya] on slack for [text:the notes]", "Thank you for the notes."),
        ("ask [person:Priya] on slack [text:when the lease ends]", "Could you tell me when the lease ends?"),
        ("ask [person:Priya] on slack to [text:send the keys]", "Could you send the keys?"),
        ("ask [person:Priya] on slack for [text:the keys]", "May I ask you for the keys?"),
    ],
)
def test_a_text_is_sent_as_typed_in_the_frame_of_the_order(text: str, told: str) -> None:
    assert heard("message_person", text) == [("message_person", {"person": "Priya", "text": told})]


@pytest.mark.parametrize(
    ("name", "text", "calls"),
    [
        ("search_mail", "mail about [query:the lease]", [{"query": "lease"}]),
        ("find_documents", "find [query:the budget spreadsheet]", [{"query": "budget", "kind": "spreadsheet"}]),
        (
            "search_mail", "did [sender:Ulla], [sender:Bengt] or [sender:Jo] send [query:the plan]",
            [{"sender": name, "query": "plan"} for name in ("Ulla", "Bengt", "Jo")],
        ),
        ("search_mail", "mail from [sender:Ana and Tom]", [{"sender": "Ana"}, {"sender": "Tom"}]),
        ("search_mail", "[sender:Ana's] mail", [{"sender": "Ana"}]),
        ("catch_up", "news of [channel:#a] and [channel:#b]", [{"channel": "a"}, {"channel": "b"}]),
        ("list_tasks", "tasks that are [only=overdue:past their date]", [{"only": "overdue"}]),
    ],
)  # fmt: skip
def test_words_stand_for_values(name: str, text: str, calls: list[dict[str, Any]]) -> None:
    assert heard(name, text) == [(name, args) for args in calls]


@pytest.mark.parametrize(
    ("before", "words", "query"),
    [
        (("did Ana write about the lease?",), "it", "lease"),
        ((MAILS,), "the second one", "Contract draft v3"),
        ((MAILS, "open the second one"), "it", "Contract draft v3"),
    ],
)
def test_it_is_the_topic_of_before(before: tuple[str, ...], words: str, query: str) -> None:
    found = heard("find_documents", f"and documents about [query:{words}]", *before)
    assert found == [("find_documents", {"query": query})]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agenda", "what's on [time:half past never]"), ("agenda", "what's on [time:once the weather clears]"),
        ("catch_up", "what did I miss [time:since the offsite]"), ("list_tasks", "tasks due [time:before the move]"),
        ("forecast", "weather in [place:Oslo] [time:on the twelfth of never]"),
        ("search_mail", "mail from [sender:Ana] [time:before the wedding]"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_told_is_not_passed_over(name: str, text: str) -> None:
    marked = [one for one in _spans(text) if one.argument == "time"]
    assert len(lost_times(Place(_MARK.sub(r"\3", text)).clause(), marked)) == 1


def test_what_is_not_said_is_asked_for() -> None:
    for name, text in (("archive", "archive [thing:it]"), ("move_event", "move [thing:it] to [newtime:whenever]")):
        with pytest.raises(Missing):
            heard(name, text)


def test_several_things_are_acted_on_together() -> None:
    both = heard("archive", "archive [thing:the first] and [thing:the third]", MAILS)
    assert both == [("archive", {"conversations": ["mail:1", "mail:3"]})]
    items = [{"title": "buy ink", "due": "2026-03-13"}, {"title": "call Ada", "due": "2026-03-13"}]
    made = heard("create_tasks", "tasks [time:for Friday]: [title:buy ink] and [title:call Ada]")
    assert made == [("create_tasks", {"items": items})]


@tool(asks=("what's on at the cinema tomorrow", "what is playing at the cinema", "cinema programme tonight"))
def cinema(context: ToolContext, town: Annotated[str, Field(description="Where.")] = "") -> Finding:
    """What the cinemas show."""
    raise NotImplementedError


@pytest.mark.parametrize("text", ["what's on at the cinema tomorrow", "what is playing at the cinema tonight?"])
def test_a_tool_that_the_model_does_not_know_is_reached(text: str) -> None:
    node = ToolNode(effect="read", brief="", tools=(cinema,), name="strange")
    known = Learnt({**HOMES, "cinema": node}, Asks())
    assert "cinema" not in trained().names
    assert [name for name, _ in said(planner((*EVERY_TOOL, cinema), known), text).calls] == ["cinema"]


NO_ORDERS = {
    MAILS: "did you archive the second one?; should I archive the second one?; is it wise to delete the first?; "
    "what happens if I archive the second one?; which of these should be archived?; has it been archived; "
    "archive the second one if it is spam; archive it once Ana has answered; don't archive the second one; "
    "delete the first unless Ana objects; never archive the bank one; nothing to archive here; "
    "leave the second one where it is; you don't have to reply to the first; I already replied to the first; "
    "not the second, don't reply to it; who archived the second one; Tom replied to the first",
    TODAY: "don't cancel the dentist; was the second one cancelled?; who moved the second one to Friday; "
    "did I accept the second; must I accept the second; has Tom accepted; if it rains cancel the dentist; "
    "when Ana says no, cancel the budget review; Ana moved the second one",
    TASKS: "don't tick the first one off yet; none of these is done; is the first one done?; "
    "when did I finish the second; Ana says the first is done; I'll do the first tomorrow",
    FILES: "who deleted the first; don't delete the first; should we trash the second; was the second changed",
    "hello": "Ana told me to cancel the dentist; I will archive the mail from the bank later; don't send Ana a mail; "
    "Tom cancelled the stand-up; if the bank writes archive it; she asked whether we move the stand-up; "
    "did I send Ana the contract?; has the draft been sent?; every time a newsletter comes delete it; "
    "how do I cancel a meeting?; maybe I should cancel the dentist; don't tell Ana that I am late",
}


@pytest.mark.parametrize(("before", "text"), [(a, b) for a, some in NO_ORDERS.items() for b in some.split("; ")])
def test_what_orders_nothing_proposes_no_change(before: str, text: str) -> None:
    assert not writes(turn([*shown(before)], text, planner(EVERY_TOOL)))


@cache
def _words() -> tuple[str, ...]:
    """Words of the examples."""
    some = list(examples.lines(lambda context, names: context))[::40]
    return tuple(sorted({token.text for line in some for one in line.requests for token in one.tokens}))


_OTHERS = ("今日の予定", "почта Анны", "ما الجديد", "📅", "ﬁ", "…", "“", "'s", "--", "[x:y]", "mail:2", "\u200b")
SIGNS = st.characters(codec="utf-8")
TYPED = st.lists(
    st.one_of(st.deferred(lambda: st.sampled_from(_words())), st.sampled_from(_OTHERS), SIGNS), max_size=30
).map(lambda some: " ".join(some)[:200])


@settings(max_examples=70, deadline=None)
@given(TYPED, st.sampled_from([(), (MAILS,), (TODAY, "open the second"), (SLACK,), (TASKS, "tick off the first")]))
@example("", ())
@example(" , and ; then . ", (MAILS,))
def test_whatever_is_typed_is_planned_the_same_twice(text: str, before: tuple[str, ...]) -> None:
    first, again = (turn([*shown(*before)], text, planner(EVERY_TOOL)) for _ in range(2))
    assert first == again
    assert first.outcome in {"answered", "talk", "unknown", "ask", "cannot"}
