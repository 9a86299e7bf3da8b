"""Slack's writing methods, through the real client: posting, changing, taking back, and who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.demo.server import Running
from app.demo.slack_posts import slack_writes
from app.demo.workspace import Workspace
from tests.demo.little_office import Client
from tests.demo.slack.team import EVERYTHING, Team, call, sign_in, web

METADATA = {"event_type": "valet_post", "event_payload": {"key": "k1"}}
WRITING = (*EVERYTHING, "chat:write", "im:write", "reactions:write")


@pytest.fixture
def writer(running: Running, team: Team) -> WebClient:
    return web(running, sign_in(running, *WRITING)["access_token"])


def history(client: WebClient, channel: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    return found


def test_a_message_is_posted_with_what_the_app_keeps_in_it(writer: WebClient, team: Team, office: Workspace) -> None:
    posted = writer.chat_postMessage(channel=team.launch, text="Hello &amp; thanks", metadata=METADATA)
    assert posted["message"]["user"] == team.alex
    newest = history(writer, team.launch)[0]
    assert (newest["ts"], newest["text"], newest["metadata"]) == (posted["ts"], "Hello &amp; thanks", METADATA)
    plain = writer.conversations_history(channel=team.launch)["messages"][0]
    assert "metadata" not in plain
    [write] = slack_writes(office)
    assert (write.method, write.member, write.channel, write.ts) == (
        "chat.postMessage",
        team.alex,
        team.launch,
        posted["ts"],
    )
    assert office.note("frozen")


def test_a_reply_joins_the_thread_of_any_of_its_messages(writer: WebClient, team: Team) -> None:
    posted = writer.chat_postMessage(channel=team.launch, text="Done", thread_ts=team.answer, metadata=METADATA)
    assert posted["message"]["thread_ts"] == team.question
    replies = writer.conversations_replies(channel=team.launch, ts=team.question, include_all_metadata=True)["messages"]
    assert [one.get("metadata") for one in replies][-1] == METADATA
    assert posted["ts"] not in [one["ts"] for one in history(writer, team.launch)]


def test_ones_own_message_is_changed_and_taken_back(writer: WebClient, team: Team, office: Workspace) -> None:
    ts = writer.chat_postMessage(channel=team.launch, text="Frist")["ts"]
    writer.chat_update(channel=team.launch, ts=ts, text="First")
    assert (history(writer, team.launch)[0]["text"], "edited" in history(writer, team.launch)[0]) == ("First", True)
    writer.chat_delete(channel=team.launch, ts=ts)
    assert ts not in [one["ts"] for one in history(writer, team.launch)]
    with pytest.raises(SlackApiError, match="message_not_found"):
        writer.chat_delete(channel=team.launch, ts=ts)
    assert [write.method for write in slack_writes(office)] == ["chat.postMessage", "chat.update", "chat.delete"]


def test_a_direct_conversation_is_opened_once(writer: WebClient, team: Team) -> None:
    lee = writer.conversations_open(users=team.lee)["channel"]["id"]
    again = writer.conversations_open(users=team.lee)
    assert (again["channel"]["id"], again["already_open"]) == (lee, True)
    assert writer.conversations_open(users=team.dana)["channel"]["id"] == team.dana_im
    assert writer.chat_postMessage(channel=lee, text="Hi")["channel"] == lee
    assert writer.chat_postMessage(channel=team.dana, text="Hi")["channel"] == team.dana_im


def test_a_reaction_is_given_once(writer: WebClient, team: Team) -> None:
    writer.reactions_add(channel=team.launch, timestamp=team.question, name="tada")
    with pytest.raises(SlackApiError, match="already_reacted"):
        writer.reactions_add(channel=team.launch, timestamp=team.question, name="tada")


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "launch", "text": " "}, "no_text"),
        ("chat.postMessage", {"channel": "launch", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "others", "text": "hello"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "secret", "text": "hello"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "launch", "text": "hello", "thread_ts": "1.000000"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "launch", "text": "hello", "metadata": "{"}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "launch", "text": "hello", "metadata": "{}"}, "invalid_metadata_schema"),
        ("chat.update", {"channel": "launch", "ts": "question", "text": "other"}, "cant_update_message"),
        ("chat.delete", {"channel": "launch", "ts": "question"}, "cant_delete_message"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    ],
)
def test_what_may_not_be_written_is_refused(
    running: Running, team: Team, office: Workspace, method: str, arguments: dict[str, str], error: str
) -> None:
    client = Client(running, sign_in(running, *WRITING)["access_token"])
    named = {name: getattr(team, value, value) for name, value in arguments.items()}
    assert call(client, method, **named).json["error"] == error
    assert slack_writes(office) == []
    client.close()


def test_a_burst_passes_and_then_a_channel_is_slowed_down(running: Running, team: Team) -> None:
    running.slack_app = type(running.slack_app)(tiers=True)
    client = Client(running, sign_in(running, *WRITING)["access_token"])
    answers = [call(client, "chat.postMessage", channel=team.launch, text=f"{n}") for n in range(61)]
    assert [answer.status for answer in answers] == [200] * 60 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert json.loads(answers[-1].body)["error"] == "ratelimited"
    assert call(client, "chat.postMessage", channel=team.general, text="elsewhere").status == 200
    client.close()
