"""Members, user groups and the team as the real Slack client reads them."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, DANA, NOW
from tests.demo.slack.team import Team, sign_in, web


def test_who_am_i(slack: WebClient, team: Team) -> None:
    told = slack.auth_test()
    assert (told["user_id"], told["user"], told["team"]) == (team.alex, "alex.rivera", "Northwind")
    assert slack.team_info()["team"]["domain"] == "northwind"


def test_members_are_told_with_their_zone_and_kind(slack: WebClient, team: Team) -> None:
    members = {member["id"]: member for member in slack.users_list()["members"]}
    assert members.keys() == {team.alex, team.dana, team.lee, team.bot, "USLACKBOT"}
    assert members[team.alex]["is_owner"]
    assert (members[team.dana]["tz"], members[team.dana]["tz_offset"]) == ("Europe/London", 0)
    assert members[team.alex]["tz_offset"] == 3600
    assert members[team.lee]["is_restricted"]
    assert members[team.bot]["is_bot"]
    assert members[team.dana]["profile"]["email"] == DANA


def test_the_list_of_members_is_paged(slack: WebClient) -> None:
    assert [len(page["members"]) for page in slack.users_list(limit=2)] == [2, 2, 1]


def test_addresses_are_shown_to_those_who_may_see_them(running: Running, team: Team) -> None:
    client = web(running, sign_in(running, "users:read")["access_token"])
    assert "email" not in client.users_info(user=team.dana)["user"]["profile"]


def test_one_member_by_id_or_address(slack: WebClient, team: Team) -> None:
    assert slack.users_info(user=team.lee)["user"]["real_name"] == "Lee Chan"
    assert slack.users_lookupByEmail(email=ALEX.upper())["user"]["id"] == team.alex
    with pytest.raises(SlackApiError, match="user_not_found"):
        slack.users_info(user="U0NOBODY")
    with pytest.raises(SlackApiError, match="users_not_found"):
        slack.users_lookupByEmail(email="nobody@northwind.example")


def test_somebody_of_another_company_is_a_stranger(office: Workspace, slack: WebClient, team: Team) -> None:
    pat = office.slack.add_member("pat", real_name="Pat Moss", email="pat@acme.example", company="Acme")
    joint = office.slack.add_channel("acme-joint", members=[team.alex, pat], created=NOW, shared=True)
    office.slack.add_chat(joint, pat, "Hello", NOW)
    assert pat not in {member["id"] for member in slack.users_list()["members"]}
    shown = slack.users_info(user=pat)["user"]
    assert (shown["is_stranger"], shown["team_id"] == slack.auth_test()["team_id"]) == (True, False)
    assert slack.conversations_history(channel=joint)["messages"][0]["team"] == shown["team_id"]
    with pytest.raises(SlackApiError, match="users_not_found"):
        slack.users_lookupByEmail(email="pat@acme.example")


def test_a_conversation_with_somebody_dismissed_says_so(office: Workspace, slack: WebClient, team: Team) -> None:
    gone = office.slack.add_member("gone", real_name="Gone Away", deleted=True)
    office.slack.add_channel("", members=[team.alex, gone], created=NOW, kind="im")
    found = slack.users_conversations(types="im")["channels"]
    assert {channel["user"]: channel["is_user_deleted"] for channel in found} == {team.dana: False, gone: True}


def test_user_groups(slack: WebClient, team: Team) -> None:
    (group,) = slack.usergroups_list(include_users=True)["usergroups"]
    assert (group["handle"], group["name"], group["users"]) == ("leads", "Team leads", [team.alex, team.dana])
