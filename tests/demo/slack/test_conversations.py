"""The real Slack client reads channels, histories and threads page by page, and is refused as Slack refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import NOW, Client
from tests.demo.slack.team import READ, Team, call, sign_in, web


def error_of(raised: pytest.ExceptionInfo[SlackApiError]) -> Any:
    return raised.value.response["error"]


def test_all_kinds_are_listed_and_only_what_one_can_see(slack: WebClient, team: Team) -> None:
    found = slack.conversations_list(types="public_channel,private_channel,mpim,im", limit=200)["channels"]
    by_id = {channel["id"]: channel for channel in found}
    assert team.secret not in by_id
    assert by_id[team.general] | {"is_member": True, "num_members": 4, "is_channel": True} == by_id[team.general]
    assert by_id[team.general]["topic"]["value"] == "All"
    assert by_id[team.others]["is_member"] is False
    assert by_id[team.launch]["is_private"]
    assert by_id[team.launch]["is_ext_shared"]
    assert by_id[team.dana_im]["user"] == team.dana
    assert [channel["name"] for channel in found if channel["is_mpim"]] == ["mpdm-alex.rivera--dana--lee-1"]


def test_a_list_is_paged_and_pages_can_be_short(slack: WebClient) -> None:
    pages = [page.data for page in slack.conversations_list(exclude_archived=True, limit=1)]
    assert [len(page["channels"]) for page in pages] == [0, 1, 1]
    assert pages[-1]["response_metadata"]["next_cursor"] == ""


def test_what_somebody_is_in(slack: WebClient, team: Team) -> None:
    mine = slack.users_conversations(types="public_channel", exclude_archived=True)["channels"]
    assert [channel["name"] for channel in mine] == ["general"]
    hers = slack.users_conversations(user=team.dana, types="public_channel,private_channel")["channels"]
    assert {channel["name"] for channel in hers} == {"general", "others", "launch"}


def test_info_and_members(slack: WebClient, team: Team) -> None:
    assert "num_members" not in slack.conversations_info(channel=team.general)["channel"]
    shown = slack.conversations_info(channel=team.general, include_num_members=True)["channel"]
    assert shown["num_members"] == 4
    pages = [page.data for page in slack.conversations_members(channel=team.general, limit=3)]
    assert [page["members"] for page in pages] == [[team.dana, team.alex, team.lee], [team.bot]]


def test_a_history_shows_parents_with_what_hangs_below(slack: WebClient, team: Team) -> None:
    (message,) = slack.conversations_history(channel=team.launch)["messages"]
    assert message["ts"] == message["thread_ts"] == team.question
    assert (message["reply_count"], message["reply_users"]) == (2, [team.alex, team.dana])
    assert message["latest_reply"] > team.answer
    assert message["user"] == team.dana
    assert message["blocks"][0]["elements"][0]["elements"][0] == {"type": "user", "user_id": team.alex}


def test_a_thread_has_its_parent_at_the_head_of_every_page(slack: WebClient, team: Team) -> None:
    whole = slack.conversations_replies(channel=team.launch, ts=team.question)["messages"]
    assert [message["text"] for message in whole[1:]] == ["Yes, on Thursday", "Thanks"]
    assert whole[1]["parent_user_id"] == team.dana
    assert whole[1]["reactions"] == [{"name": "eyes", "users": [team.dana], "count": 1}]
    pages = [page.data for page in slack.conversations_replies(channel=team.launch, ts=team.question, limit=2)]
    assert [[message["ts"] for message in page["messages"]] for page in pages] == [
        [team.question, team.answer],
        [team.question, whole[2]["ts"]],
    ]


def test_a_history_is_paged_without_a_loss_or_a_repeat(office: Workspace, slack: WebClient, team: Team) -> None:
    said = [office.slack.add_chat(team.general, team.dana, f"no {n}", NOW + timedelta(seconds=n)) for n in range(25)]
    pages = [page.data for page in slack.conversations_history(channel=team.general, limit=10)]
    assert [len(page["messages"]) for page in pages] == [10, 10, 5]
    assert [page["has_more"] for page in pages] == [True, True, False]
    assert [message["ts"] for page in pages for message in page["messages"]] == said[::-1]


@pytest.mark.parametrize(("inclusive", "expected"), [(False, [2]), (True, [3, 2, 1])])
def test_oldest_and_latest_bound_a_history(
    office: Workspace, slack: WebClient, team: Team, inclusive: bool, expected: list[int]
) -> None:
    said = [office.slack.add_chat(team.general, team.dana, str(n), NOW + timedelta(minutes=n)) for n in range(5)]
    found = slack.conversations_history(channel=team.general, oldest=said[1], latest=said[3], inclusive=inclusive)
    assert [int(message["text"]) for message in found["messages"]] == expected


def test_what_was_edited_and_deleted_says_so(office: Workspace, slack: WebClient, team: Team) -> None:
    add = office.slack.add_chat
    add(team.general, team.dana, "gone", NOW, deleted=True)
    parent = add(team.general, team.dana, "gone, with replies", NOW + timedelta(seconds=1), deleted=True)
    add(team.general, team.lee, "why?", NOW + timedelta(seconds=9), thread=parent)
    add(team.general, team.dana, "better", NOW + timedelta(seconds=2), edited=NOW + timedelta(seconds=5))
    edited, tombstone = slack.conversations_history(channel=team.general)["messages"]
    assert edited["edited"] == {"user": team.dana, "ts": f"{int(NOW.timestamp()) + 5}.000000"}
    assert (tombstone["subtype"], tombstone["user"], tombstone["reply_count"]) == ("tombstone", "USLACKBOT", 1)
    assert "gone" not in tombstone["text"]


def test_bots_and_files(office: Workspace, slack: WebClient, team: Team) -> None:
    add = office.slack.add_chat
    add(team.general, team.bot, "Build 7 passed", NOW)
    add(team.general, "", "Disk full", NOW + timedelta(seconds=1), subtype="bot_message", bot_name="Pager")
    file = {"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf"}
    add(team.general, team.lee, "", NOW + timedelta(seconds=2), files=[file])
    shared, pager, build = slack.conversations_history(channel=team.general)["messages"]
    assert shared["files"] == [file]
    assert (pager["subtype"], pager["username"], "user" in pager) == ("bot_message", "Pager", False)
    assert (build["user"], build["bot_profile"]["name"]) == (team.bot, "Build Bot")
    assert pager["bot_id"][0] == build["bot_id"][0] == "B"


def test_a_broadcast_reply_stands_in_the_channel_too(office: Workspace, slack: WebClient, team: Team) -> None:
    late = NOW + timedelta(hours=1)
    office.slack.add_chat(team.launch, team.dana, "for all", late, thread=team.question, subtype="thread_broadcast")
    newest = slack.conversations_history(channel=team.launch, limit=1)["messages"][0]
    assert (newest["text"], newest["thread_ts"]) == ("for all", team.question)


def test_permalinks(slack: WebClient, team: Team) -> None:
    link = slack.chat_getPermalink(channel=team.launch, message_ts=team.question)["permalink"]
    assert link.endswith(f"/archives/{team.launch}/p{team.question.replace('.', '')}")
    reply = slack.chat_getPermalink(channel=team.launch, message_ts=team.answer)["permalink"]
    assert f"?thread_ts={team.question}&cid={team.launch}" in reply
    with pytest.raises(SlackApiError) as raised:
        slack.chat_getPermalink(channel=team.launch, message_ts="1.000000")
    assert error_of(raised) == "message_not_found"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("conversations.history", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("conversations.history", {"channel": "secret"}, "channel_not_found"),
        ("conversations.history", {"channel": "others"}, "not_in_channel"),
        ("conversations.history", {}, "invalid_arguments"),
        ("conversations.history", {"channel": "general", "limit": "many"}, "invalid_arguments"),
        ("conversations.history", {"channel": "general", "limit": "--5"}, "invalid_arguments"),
        ("conversations.history", {"channel": "general", "limit": "9" * 5000}, "invalid_arguments"),
        ("conversations.history", {"channel": "general", "limit": "0"}, "invalid_limit"),
        ("conversations.history", {"channel": "general", "oldest": "9" * 5000}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "general", "latest": "1.-2"}, "invalid_ts_latest"),
        ("conversations.history", {"channel": "general", "cursor": "bm9uc2Vuc2U="}, "invalid_cursor"),
        ("conversations.history", {"channel": "general", "cursor": "é"}, "invalid_cursor"),
        ("conversations.history", {"channel": "general", "oldest": "monday"}, "invalid_ts_oldest"),
        ("conversations.replies", {"channel": "launch", "ts": "1.000000"}, "thread_not_found"),
        ("conversations.replies", {"channel": "launch"}, "invalid_arguments"),
        ("conversations.info", {"channel": "secret"}, "channel_not_found"),
        ("conversations.list", {"types": "public_channel,party"}, "invalid_types"),
        ("conversations.everything", {}, "unknown_method"),
        ("chat.scheduleMessage", {"channel": "general", "text": "hello"}, "unknown_method"),
        ("chat.postMessage", {"channel": "general", "text": "hello"}, "missing_scope"),
    ],
)
def test_refusals_come_with_http_200(
    plain: Client, team: Team, method: str, arguments: dict[str, str], error: str
) -> None:
    if "channel" in arguments:
        arguments = arguments | {"channel": getattr(team, arguments["channel"], arguments["channel"])}
    answer = call(plain, method, **arguments)
    assert (answer.status, answer.json["ok"], answer.json["error"]) == (200, False, error)


def test_a_cursor_of_another_question_is_refused(slack: WebClient, plain: Client, team: Team) -> None:
    cursor = slack.conversations_list(limit=1)["response_metadata"]["next_cursor"]
    answer = call(plain, "conversations.members", channel=team.general, cursor=cursor)
    assert answer.json["error"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("granted", "method", "arguments", "needed"),
    [
        (("channels:read",), "conversations.list", {"types": "public_channel,im,mpim"}, "im:read,mpim:read"),
        (
            READ,
            "conversations.history",
            {"channel": "launch"},
            "channels:history,groups:history,mpim:history,im:history",
        ),
        (("channels:history",), "conversations.history", {"channel": "launch"}, "groups:history"),
        (("im:history",), "conversations.replies", {"channel": "launch", "ts": "1.0"}, "groups:history"),
        (("channels:read",), "users.list", {}, "users:read"),
        (("users:read",), "users.lookupByEmail", {"email": "x@y.example"}, "users:read.email"),
        (("users:read",), "search.messages", {"query": "x"}, "search:read"),
    ],
)
def test_each_method_asks_for_its_scopes(
    running: Running, team: Team, granted: tuple[str, ...], method: str, arguments: dict[str, str], needed: str
) -> None:
    client = Client(running, sign_in(running, *granted)["access_token"])
    if "channel" in arguments:
        arguments = arguments | {"channel": getattr(team, arguments["channel"])}
    answer = call(client, method, **arguments)
    client.close()
    assert answer.json["error"] == "missing_scope"
    assert set(answer.json["needed"].split(",")) == set(needed.split(","))
    assert answer.json["provided"] == ",".join(granted)
    assert answer.headers["X-OAuth-Scopes"] == ",".join(granted)


def test_arguments_come_by_query_form_or_json(plain: Client, team: Team) -> None:
    by_query = plain.get("/api/conversations.history", channel=team.launch, limit=1).json
    by_json = plain.post("/api/conversations.history", {"channel": team.launch, "limit": 1}).json
    by_form = call(plain, "conversations.history", channel=team.launch, limit="1").json
    assert by_query == by_json == by_form
    assert by_query["messages"][0]["ts"] == team.question
    assert (
        plain.send("POST", "/api/auth.test", "{", {"Content-Type": "application/json"}).json["error"] == "invalid_json"
    )


def test_half_a_character_is_no_trouble(plain: Client) -> None:
    found = plain.post("/api/search.messages", {"query": "\ud800", "count": 5}).json
    assert (found["ok"], found["query"]) == (True, "?")


def test_an_async_style_get_and_a_token_in_a_form_work_too(running: Running, team: Team) -> None:
    token = sign_in(running, *READ)["access_token"]
    stranger = Client(running)
    assert call(stranger, "auth.test", token=token).json["user_id"] == team.alex
    assert call(stranger, "auth.test").json["error"] == "not_authed"
    assert web(running, token).auth_test()["team"] == "Northwind"
    stranger.close()
