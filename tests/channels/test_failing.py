"""What a scan of Slack says when a part of it, or all of it, cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.demo.faults import Fault
from app.demo.slack.oauth import SlackApp
from tests.agenda.signed import Kept
from tests.channels.office import SCOPES, context
from tests.channels.served import Served, namer, opened
from tests.demo.slack.team import sign_in
from tests.signing import Got, LoopbackTransport
from tools.channels.turns import unread
from tools.errors import AccessRefused, RateLimited, ServiceDown, ToolError


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path) as office:
        yield office


def test_a_limit_midway_leaves_the_rest_and_names_what_was_not_read(served: Served) -> None:
    served.office.say("trio", "ben", "Alex, can you book the meeting room?", 2)
    served.office.say("launch", "ana", "{alex} please sign the order form", 5)
    served.running.slack_app = SlackApp("unlisted")
    found = served.act()
    (gap,) = found.gaps
    assert "could not be read: Slack asks to slow down. Try again in 60 seconds." in gap
    assert gap.count("#") + gap.count("DM") == 5
    assert len(found.refs()) <= 1
    assert gap in found.lead(namer(found))


def test_what_a_limit_left_unread_comes_first_the_next_time(tmp_path: Path) -> None:
    minutes = [0]
    with opened(tmp_path, seconds=lambda: 1000.0 + 61 * minutes[0]) as served:
        served.context = replace(served.context, memory=Kept())
        every = set(served.office.where.values()) - {served.office.where[name] for name in ("elsewhere", "attic")}
        served.running.slack_app = SlackApp("unlisted")
        read: list[str] = []
        for _ in every:
            minutes[0] += 1
            assert served.act().channels == 1
            read += every - set(unread(served.context))
        assert sorted(read) == sorted(every)
        minutes[0] += 1
        served.running.slack_app = SlackApp()
        assert served.act().channels == len(every)
        assert unread(served.context) == []


def test_a_limit_on_everything_is_an_error_with_the_seconds(served: Served) -> None:
    served.running.slack_app = SlackApp("unlisted")
    served.act()
    with pytest.raises(RateLimited) as caught:
        served.act()
    assert caught.value.seconds == 60


@pytest.mark.parametrize("fault", ["503", "truncate", "garbage", "reset"])
def test_a_failing_service_is_said_so(served: Served, fault: str) -> None:
    served.running.faults.parse(f"slack:{fault}*99")
    with pytest.raises(ToolError) as caught:
        served.act()
    assert caught.value.next.startswith("Try again")
    if fault != "garbage":
        assert isinstance(caught.value, ServiceDown)


def test_one_conversation_that_fails_leaves_the_others(served: Served) -> None:
    served.office.say("launch", "ana", "{alex} please sign the order form", 5)
    served.running.faults.add(Fault("POST /api/conversations.history"))
    found = served.act()
    assert len(found.gaps) == 1
    assert "Slack failed on its side" in found.gaps[0]
    assert found.channels == 5


@pytest.mark.parametrize(
    ("lacking", "said"), [("im:history", "DM Ana Torres could"), ("usergroups:read", "user groups")]
)
def test_a_scope_that_lacks_for_a_part_is_named_and_the_rest_is_read(tmp_path: Path, lacking: str, said: str) -> None:
    with opened(tmp_path, *(scope for scope in SCOPES if scope != lacking)) as less:
        less.office.say("launch", "ana", "{alex} please sign the order form", 5)
        found = less.act()
    (gap,) = found.gaps
    assert said in gap
    assert lacking in gap
    assert len(found.mine) == 1


def test_without_the_scopes_or_the_sign_in_nothing_is_read(tmp_path: Path) -> None:
    with opened(tmp_path, "users:read") as less:
        with pytest.raises(AccessRefused, match="channels:read"):
            less.act()
        less.context = context(LoopbackTransport(less.running.origin, "xoxp-nobody"))
        with pytest.raises(AccessRefused, match="Connect Slack again"):
            less.act()


class Strangers(LoopbackTransport):
    """Slack as it is where authors are of another workspace: the list of members does not have them."""

    def request(self, method: str, url: str, **more: Any) -> Got:
        if url.endswith("/users.list"):
            return Got(200, {}, b'{"ok": true, "members": [{"id": "../etc"}, {"name": 7}]}')
        return super().request(method, url, **more)


def test_authors_of_another_workspace_are_looked_up(tmp_path: Path) -> None:
    with opened(tmp_path) as served:
        token = sign_in(served.running, *SCOPES)["access_token"]
        served.context = context(Strangers(served.running.origin, token))
        served.office.say("acme", "cleo", "{alex} please return the signed contract", 4)
        (item,) = served.act().mine
    assert item.said.author == "Cleo Marsh"


class Endless(LoopbackTransport):
    """Slack as it is for somebody in more conversations than are looked at."""

    def request(self, method: str, url: str, **more: Any) -> Got:
        answer = super().request(method, url, **more)
        if not url.endswith("/users.conversations") or b'"channels"' not in answer.body:
            return answer
        told = {**json.loads(answer.body), "response_metadata": {"next_cursor": "bmV4dA=="}}
        return Got(200, {}, json.dumps(told).encode())


def test_conversations_that_were_not_looked_at_are_said(tmp_path: Path) -> None:
    with opened(tmp_path) as served:
        token = sign_in(served.running, *SCOPES)["access_token"]
        served.context = context(Endless(served.running.origin, token))
        found = served.act()
    assert found.gaps == ("Only the first 6 of your conversations were looked at.",)


@pytest.mark.parametrize(("counted", "read"), [(True, 15), (False, 45)])
def test_a_long_channel_is_read_from_its_newest_end_and_said_so(tmp_path: Path, counted: bool, read: int) -> None:
    with opened(tmp_path) as served:
        for number in range(50):
            served.office.say("launch", "ben", f"{{alex}} please sign form {number}", 100 - number)
        served.running.slack_app = SlackApp("unlisted", tiers=counted)
        found = served.act(channel="launch", limit=100)
    assert {item.what for item in found.mine} >= {"sign form 49", "sign form 35"}
    assert found.messages == read
    assert "Only the newest messages of #launch were read." in found.gaps
