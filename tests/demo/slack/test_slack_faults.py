"""Rate limits by tier and clock, an unlisted app's small pages, and faults on demand, as the real client meets them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.demo.faults import FaultError
from app.demo.quota import Limits
from app.demo.server import Running, serve
from app.demo.slack.oauth import SlackApp
from app.demo.workspace import Workspace
from tests.demo.little_office import NOW, Client
from tests.demo.slack.team import EVERYTHING, Team, call, refresh, sign_in, web


@dataclass
class Seconds:
    """The clock of the quotas, moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def running(office: Workspace, seconds: Seconds) -> Iterator[Running]:
    with serve(office, limits=Limits(clock=seconds)) as server:
        yield server


def test_a_tier_counts_each_method_by_itself_and_says_when_to_come_back(slack: WebClient, seconds: Seconds) -> None:
    for _ in range(20):
        slack.conversations_list()
    seconds.now += 10
    with pytest.raises(SlackApiError) as raised:
        slack.conversations_list()
    assert raised.value.response.status_code == 429
    assert raised.value.response.headers["Retry-After"] == "50"
    assert raised.value.response.data == {"ok": False, "error": "ratelimited"}
    assert slack.users_list()["ok"]
    seconds.now += 50
    assert slack.conversations_list()["ok"]


def test_counting_can_be_switched_off(running: Running, plain: Client) -> None:
    running.slack_app = SlackApp(tiers=False)
    assert {call(plain, "conversations.list").status for _ in range(25)} == {200}


def test_an_unlisted_app_reads_fifteen_messages_once_a_minute(
    office: Workspace, running: Running, slack: WebClient, team: Team, seconds: Seconds
) -> None:
    for n in range(20):
        office.slack.add_chat(team.general, team.dana, str(n), NOW + timedelta(seconds=n))
    running.slack_app = SlackApp("unlisted")
    page = slack.conversations_history(channel=team.general, limit=100)
    assert (len(page["messages"]), page["has_more"]) == (15, True)
    cursor = page["response_metadata"]["next_cursor"]
    with pytest.raises(SlackApiError, match="ratelimited"):
        slack.conversations_history(channel=team.general, cursor=cursor)
    assert slack.conversations_replies(channel=team.launch, ts=team.question)["ok"]
    assert slack.conversations_info(channel=team.general)["ok"]
    seconds.now += 60
    assert len(slack.conversations_history(channel=team.general, cursor=cursor)["messages"]) == 5


def test_a_failing_service_answers_with_a_status(running: Running, slack: WebClient) -> None:
    running.faults.parse("slack:503,slack:429")
    with pytest.raises(SlackApiError) as raised:
        slack.conversations_list()
    assert (raised.value.response.status_code, raised.value.response["ok"]) == (503, False)
    with pytest.raises(SlackApiError) as raised:
        slack.conversations_list()
    assert raised.value.response.status_code == 429
    assert raised.value.response["error"] == "ratelimited"
    assert raised.value.response.headers["Retry-After"] == "1"
    assert slack.conversations_list()["ok"]


def test_a_reset_and_a_cut_answer_reach_the_client(running: Running, slack: WebClient, plain: Client) -> None:
    running.faults.parse("slack:reset")
    with pytest.raises(ConnectionError):
        slack.conversations_list()
    running.faults.parse("slack:truncate")
    with pytest.raises(http.client.IncompleteRead):
        call(plain, "conversations.list")
    plain.connection.close()
    running.faults.parse("slack:garbage")
    with pytest.raises(json.JSONDecodeError):
        _ = call(plain, "conversations.list").json
    assert slack.conversations_list()["ok"]


def test_a_failing_api_leaves_the_tokens_alone_and_the_reverse(running: Running, stranger: Client, team: Team) -> None:
    running.faults.parse("slack:503*")
    tokens = sign_in(running, *EVERYTHING)
    assert refresh(stranger, tokens["refresh_token"])["ok"]
    running.faults.clear()
    running.faults.parse("slack-oauth:503")
    answer = stranger.form("/api/oauth.v2.user.access", grant_type="refresh_token")
    assert (answer.status, answer.json["error"]) == (503, "service_unavailable")
    assert web(running, tokens["access_token"]).auth_test()["ok"]


def test_an_unknown_service_is_told_of_slack(running: Running) -> None:
    with pytest.raises(FaultError, match="slack"):
        running.faults.parse("slak:503")
