"""The action items of #launch in the terminal's words, each line against what was written there by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed import fresh
from app.demo.server import serve
from tests.channels.office import SCOPES
from tests.demo import chat_truth
from tests.demo.slack.team import sign_in
from tests.saying import text
from tests.signing import LoopbackTransport
from tools.base import ToolContext
from tools.channels.actions_finding import ActionsFinding
from tools.channels.facts import ActionItem
from tools.slack_action_items import slack_action_items
from tools.view import Table

DAYS = [
    (date(2026, 11, 22), "Etc/UTC"),
    (date(2026, 3, 6), "Europe/Zurich"),
    (date(2026, 7, 9), "America/New_York"),
    (date(2027, 1, 15), "Asia/Kathmandu"),
]
OPEN_TO_DOUBT = {"aurora-launch#marcus-video", "aurora-launch#wen-nights", "aurora-launch#camille-promise"}


@dataclass(frozen=True)
class Shown:
    """What was found, the truth of the channel by message id."""

    found: ActionsFinding
    truth: dict[str, chat_truth.Told]
    zone: ZoneInfo

    def told(self) -> list[tuple[chat_truth.Told, ActionItem]]:
        """Every row that asks for something with its item; those of the same matter share one."""
        items = {covered: item for item in self.found.items for covered in item.covers}
        return [(row, items[key]) for key, row in self.truth.items() if row.action and key in items]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    today, name = request.param
    zone = ZoneInfo(name)
    now = datetime.combine(today, time(18), zone)
    workspace = fresh(tmp_path_factory.mktemp("actions") / "workspace.db", today=today, zone=name)
    with serve(workspace, clock=now.timestamp) as running:
        transport = LoopbackTransport(running.origin, sign_in(running, *SCOPES)["access_token"])
        context = ToolContext(transport, now, zone, "alex.rivera@northwind.example", lambda *_: None)
        found = slack_action_items.function(context, since=now - timedelta(days=14), channel="launch", only="all")
    workspace.close()
    assert isinstance(found, ActionsFinding)
    rows = [row for row in chat_truth.told(today, name) if row.name.startswith("aurora-launch#")]
    return Shown(found, {f"{row.channel} {row.ts}": row for row in rows}, zone)


def test_all_that_was_asked_is_listed_once_and_nothing_else(shown: Shown) -> None:
    asked = {key for key, row in shown.truth.items() if row.action and row.name not in OPEN_TO_DOUBT}
    listed = [covered for item in shown.found.items for covered in item.covers]
    assert asked <= set(listed)
    assert len(listed) == len(set(listed))
    doubtful = {key for key, row in shown.truth.items() if row.unclear or row.name in OPEN_TO_DOUBT}
    still_open = {covered for item in shown.found.items if not item.done for covered in item.covers}
    assert still_open - asked - doubtful == set()


def test_who_has_to_and_what_became_of_it(shown: Shown) -> None:
    for row, item in shown.told():
        if row.unclear:
            continue
        assert bool(item.done) == (row.state == "done"), row.name
        assert item.mine == ("alex" in row.who), row.name
        assert item.waiting == (row.asker == "alex" and "alex" not in row.who), row.name
        who = item.who.casefold().replace("ã", "a").replace("á", "a")
        named = all(key in who or (key == "alex" and who == "you") for key in row.who)
        assert named or row.mentions == "group" or item.done, row.name


def test_a_line_alone_says_what_is_to_be_done(shown: Shown) -> None:
    for row, item in shown.told():
        said = item.what.casefold()
        if row.unclear or item.done:
            continue
        missing = [word for phrase in row.what for word in phrase.split() if word not in said]
        assert not missing, (row.name, item.what)
        assert not said.endswith((" on", " by", " before", " at", " until", "link")), item.what


def test_by_when_is_the_day_and_the_hour_that_were_named(shown: Shown) -> None:
    for row, item in shown.told():
        if row.unclear or (item.done and row.due is None):
            continue
        assert (item.due is not None) == (row.due is not None), row.name
        if row.due is not None and item.due is not None:
            assert item.due.at.astimezone(shown.zone).date() == row.due.astimezone(shown.zone).date(), row.name
            assert row.whole_day or (item.due.has_time and item.due.at == row.due), row.name


def test_every_line_leads_to_its_message(shown: Shown) -> None:
    tables = [block for block in shown.found.view(lambda ref: ref.id) if isinstance(block, Table)]
    cells = [row[0] for table in tables for row in table.rows if row[0].link]
    assert len(cells) >= len(shown.found.items)
    for cell in cells:
        channel, ts = cell.text.split()
        assert f"/archives/{channel}/p{ts.replace('.', '')}" in str(cell.link)
    assert text(shown.found)
