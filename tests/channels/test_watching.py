"""The channels a person watches: read first and whole, of the others what names them, and never more requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from app.demo.seed import fresh
from app.demo.server import serve
from app.demo.slack.oauth import SlackApp
from tests.agenda.signed import Kept
from tests.channels.office import SCOPES, ZONE, context
from tests.channels.served import Served, opened, whole
from tests.demo.slack.team import sign_in
from tests.signing import LoopbackTransport
from tools.slack_action_items import slack_action_items


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path) as office:
        yield office


class Counting(LoopbackTransport):
    """Counts what is asked, by method, and notes which conversations were read, in what order."""

    def __init__(self, origin: str, token: str) -> None:
        super().__init__(origin, token)
        self.asked: Counter[str] = Counter()
        self.read: list[str] = []

    def request(self, method: str, url: str, **more: Any) -> Any:
        called = url.rpartition("/")[2]
        self.asked[called] += 1
        answer = super().request(method, url, **more)
        if called == "conversations.history" and answer.status == 200:
            self.read += parse_qs(more["body"].decode())["channel"]
        return answer


def watching(served: Served, *names: str) -> Counting:
    """From now on these are watched, and what is asked is counted."""
    transport = Counting(served.running.origin, sign_in(served.running, *SCOPES)["access_token"])
    served.context = replace(context(transport), watched=names, memory=Kept())
    return transport


def busy(served: Served) -> None:
    """Requests, trouble and machines in #ops and in #random, and a direct one."""
    say = served.office.say
    for channel in ("ops", "random"):
        say(channel, "ana", f"{{ben}} please restart the runner of {channel}", 9)
        say(channel, "ana", "{alex} please sign the card for " + channel, 8)
        say(channel, "ben", f"{{here}} please fill in the survey of {channel}", 7)
        say(channel, "ben", f"Customers are blocked, {channel} is down", 6)
        say(channel, "ci", "Build 114 passed", 5)
    say("random", "alex", "{ana} please order the cake", 4)
    say("dm-ana", "ana", "please approve my travel request today", 3)


def test_watched_ones_are_told_whole_and_of_others_what_names_one(served: Served) -> None:
    busy(served)
    watching(served, "#ops")
    found = served.act()
    assert {(item.what, item.said.where) for item in found.items} == {
        ("restart the runner of ops", "#ops"),
        ("sign the card for ops", "#ops"),
        ("fill in the survey of ops", "#ops"),
        ("sign the card for random", "#random"),
        ("order the cake", "#random"),
        ("approve my travel request", "DM Ana Torres"),
    }
    assert {key.said.text for key in found.keys if key.said.where == "#ops"} > {"Customers are blocked, ops is down"}
    assert [key.said.text for key in found.keys if key.said.where == "#random"] == [
        "@Alex Rivera please sign the card for random"
    ]
    assert [one.where for one in found.automatic] == ["#ops"]
    said = whole(found)
    assert said.startswith("6 messages in 3 conversations (since Wed 18 Mar; you watch #ops; of 3 other channels only")


def test_catching_up_tells_the_same_of_each(served: Served) -> None:
    busy(served)
    served.office.say("acme", "cleo", "the weather is fine", 2)
    watching(served, "ops")
    found = served.catch_up()
    assert {place.where for place in found.places} == {"#ops", "#random", "DM Ana Torres"}
    (random,) = (place for place in found.places if place.where == "#random")
    assert [item.what for item in random.items] == ["sign the card for random", "order the cake"]
    assert random.keys == ()
    assert "you watch #ops; of 3 other channels only what names you" in whole(found)


def test_a_channel_that_is_named_is_read_whole_whatever_is_watched(served: Served) -> None:
    busy(served)
    watching(served, "ops")
    found = served.act(channel="random")
    assert "restart the runner of random" in {item.what for item in found.items}
    assert "watch" not in whole(found)


@pytest.mark.parametrize("typed", ["ops", "#ops", "Ops", "#OPS", "id"])
def test_a_name_with_or_without_its_sign_or_an_id(served: Served, typed: str) -> None:
    watching(served, served.office.where["ops"] if typed == "id" else typed)
    found = served.act()
    assert "you watch #ops;" in found.scope
    assert found.gaps == ()


def test_a_name_that_fits_nothing_is_said_with_the_nearest(served: Served) -> None:
    busy(served)
    served.office.channel("customer-support", "alex", "ana")
    watching(served, "lanch", "ops", "elsewhere", "C0NOWHERE0", "support")
    found = served.act()
    no_such = "is watched, but there is no such conversation you are in:"
    assert found.gaps[0] == f"#lanch {no_such} did you mean #launch?"
    assert found.gaps[1].startswith(f"#elsewhere {no_such} join it in Slack")
    assert found.gaps[2].startswith(f"C0NOWHERE0 {no_such}")
    assert found.gaps[3].endswith("did you mean #customer-support?")
    assert f"{found.gaps[0]} {found.gaps[1]}" in whole(found)


def test_a_list_that_fits_nothing_hides_nothing(served: Served) -> None:
    busy(served)
    plain = served.act()
    watching(served, "lanch")
    found = served.act()
    assert (found.items, found.keys, found.scope) == (plain.items, plain.keys, plain.scope)
    assert len(found.gaps) == 1


def test_threads_of_other_channels_are_read_where_they_name_one(served: Served) -> None:
    say = served.office.say
    for channel in ("ops", "random"):
        idle = say(channel, "ben", "the venue", 20)
        say(channel, "ana", "{ben} please book it", 19, thread=idle)
        called = say(channel, "ben", "the catering", 18)
        say(channel, "ana", f"{{alex}} please taste the menu of {channel}", 17, thread=called)
        headed = say(channel, "ben", f"{{alex}}: the band of {channel}", 16)
        say(channel, "ana", "please confirm them by Friday", 15, thread=headed)
        mine = say(channel, "alex", "the flowers", 14)
        say(channel, "ana", "nice", 13, thread=mine)
    everything = watching(served).asked
    served.act()
    asked = watching(served, "ops").asked
    whats = {item.what for item in served.act().items}
    assert {"taste the menu of ops", "taste the menu of random"} <= whats
    assert (everything["conversations.replies"], asked["conversations.replies"]) == (8, 7)
    assert (everything["conversations.history"], asked["conversations.history"]) == (6, 6)


@pytest.mark.parametrize("watched", [("aurora-launch",), ("aurora-launch", "product", "support-escalations")])
def test_a_busy_workspace_costs_fewer_requests(tmp_path: Path, watched: tuple[str, ...]) -> None:
    now = datetime.combine(date(2026, 3, 4), time(9), ZONE)
    workspace = fresh(tmp_path / "workspace.db", today=now.date(), zone=ZONE.key)
    asked: list[Counter[str]] = []
    with serve(workspace, clock=now.timestamp) as running:
        running.slack_app = SlackApp(tiers=False)
        for names in ((), watched):
            transport = Counting(running.origin, sign_in(running, *SCOPES)["access_token"])
            at = replace(context(transport), now=now, watched=names)
            slack_action_items.function(at, since=now - timedelta(days=14))
            asked.append(transport.asked)
    workspace.close()
    everything, some = asked
    assert all(some[method] <= count for method, count in everything.items())
    assert some.keys() <= everything.keys()
    assert some["conversations.replies"] < everything["conversations.replies"]


def test_a_long_channel_beside_takes_one_page_and_says_so(served: Served) -> None:
    for number in range(50):
        served.office.say("random", "ben", f"talk {number}", 100 - number)
    served.running.slack_app = SlackApp("unlisted", tiers=False)
    everything = watching(served).asked
    served.act()
    asked = watching(served, "ops").asked
    found = served.act()
    assert everything["conversations.history"] - asked["conversations.history"] == 2
    assert "Only the newest messages of #random were read." in found.gaps


def test_where_one_read_a_minute_is_admitted_the_watched_come_first_and_again(tmp_path: Path) -> None:
    minutes = [0]
    with opened(tmp_path, seconds=lambda: 1000.0 + 61 * minutes[0]) as served:
        watched = {served.office.where[name]: f"#{name}" for name in ("ops", "random")}
        transport = watching(served, *watched)
        served.running.slack_app = SlackApp("unlisted")
        for _ in range(8):
            minutes[0] += 1
            scope = served.act().scope
            for identity, label in watched.items():
                assert (f"{label} (unread)" in scope) == (identity != transport.read[-1])
    assert len(transport.read) == 8
    assert set(transport.read[:2]) == set(watched)
    assert [identity in watched for identity in transport.read[2:]] == [False, True] * 3
    assert len(set(transport.read) - set(watched)) == 3


def test_another_list_of_watched_ones_begins_anew(tmp_path: Path) -> None:
    minutes = [0]
    with opened(tmp_path, seconds=lambda: 1000.0 + 61 * minutes[0]) as served:
        watching(served)
        served.running.slack_app = SlackApp("unlisted")
        served.act()
        for name in ("launch", "acme"):
            minutes[0] += 1
            served.context = replace(served.context, watched=(name,))
            (gap,) = served.act().gaps
            assert f"#{name}" not in gap
