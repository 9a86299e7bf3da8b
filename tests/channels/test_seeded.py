"""Action items against the hand-made truth of the seeded team: what is asked is found, chatter is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed import fresh
from app.demo.server import serve
from app.demo.slack.oauth import SlackApp
from tests.channels.office import SCOPES
from tests.demo import chat_truth
from tests.demo.slack.team import sign_in
from tests.signing import LoopbackTransport
from tools.base import ToolContext
from tools.channels.facts import ActionItem
from tools.channels.judging import Judge
from tools.channels.reading import Reading, Window, read_since

TODAY, ZONE = date(2026, 3, 4), ZoneInfo("Europe/Zurich")
NOW = datetime.combine(TODAY, time(9), ZONE)


@dataclass(frozen=True)
class Judged:
    """What was read and found, and the rows of the truth about what was read and is clear."""

    reading: Reading
    items: dict[str, ActionItem]
    truth: list[chat_truth.Told]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    workspace = fresh(tmp_path_factory.mktemp("seed") / "workspace.db", today=TODAY, zone=ZONE.key)
    with serve(workspace, clock=NOW.timestamp) as running:
        running.slack_app = SlackApp(tiers=False)
        transport = LoopbackTransport(running.origin, sign_in(running, *SCOPES)["access_token"])
        context = ToolContext(transport, NOW, ZONE, "", lambda *_: None)
        reading = read_since(context, Window(NOW - timedelta(days=14)), "")
    workspace.close()
    read = {chat.id for chat in reading.chats}
    found = {
        covered: item
        for item in Judge(reading.team, NOW, unread=reading.unread).items(reading.chats)
        for covered in item.covers
    }
    truth = [row for row in chat_truth.told(TODAY, ZONE.key) if not row.unclear and name(row) in read]
    return Judged(reading, found, truth)


def name(row: chat_truth.Told) -> str:
    return f"{row.channel} {row.ts}"


def test_what_is_asked_is_found_and_chatter_is_not(judged: Judged) -> None:
    asked = {name(row) for row in judged.truth if row.action}
    found = {name(row) for row in judged.truth if name(row) in judged.items}
    assert len(asked) >= 40
    assert len(asked & found) / len(asked) >= 0.93
    assert len(asked & found) / len(found) >= 0.97


def test_open_ones_are_told_from_done_ones(judged: Judged) -> None:
    known = [row for row in found_in(judged) if not judged.items[name(row)].unread]
    wrong = [row.name for row in known if bool(judged.items[name(row)].done) != (row.state == "done")]
    assert len(known) >= 50
    assert wrong == []


def test_a_named_day_is_the_day_it_is_due(judged: Judged) -> None:
    rows = [(row.due, judged.items[name(row)].due) for row in found_in(judged) if row.due]
    right = [due is not None and due.at.date() == told.astimezone(ZONE).date() for told, due in rows]
    assert sum(right) / len(right) >= 0.7


def test_what_is_the_persons_own_is_known_to_be(judged: Judged) -> None:
    rows = [(row, judged.items[name(row)]) for row in found_in(judged) if len(row.who) == 1 and row.state == "open"]
    wrong = [row.name for row, item in rows if item.mine != (row.who == ("alex",))]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    ("row", "mine", "done"),
    [
        ("mpim-launch#mpim-promise", True, "you said so"),
        ("aurora-launch#marcus-video", True, "Priya Raman refused it"),
        ("product#roadmap-page", True, ""),
        ("contoso#roth-page", True, ""),
    ],
)
def test_what_talk_has_ended_is_closed_and_an_order_in_three_words_is_one(
    judged: Judged, row: str, mine: bool, done: str
) -> None:
    (told,) = [one for one in chat_truth.told(TODAY, ZONE.key) if one.name == row]
    item = judged.items[name(told)]
    assert (item.mine, item.done) == (mine, done)
    assert item.due is not None
    assert told.due is not None
    assert item.due.at.astimezone(ZONE).date() == told.due.astimezone(ZONE).date()


def found_in(judged: Judged) -> list[chat_truth.Told]:
    return [row for row in judged.truth if row.action and name(row) in judged.items]
