"""users.*, usergroups.list, team.info and auth.test: who is in the team."""

from typing import Any

from app.demo.slack.call import SlackCall
from app.demo.slack.cursor import page_of
from app.demo.slack.lookup import TEAM, Member, SlackLookup
from app.demo.slack.refusals import SlackRefused
from app.demo.slack.shapes import ORIGIN, SLACKBOT, member_shape
from app.demo.slack_store import TEAM_DOMAIN, TEAM_NAME
from app.demo.workspace import Workspace


class PeopleMethods:
    """The methods that tell of people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def _shape(self, call: SlackCall, member: Member) -> dict[str, Any]:
        return member_shape(
            member,
            owner=member.id == self._workspace.slack.owner,
            address="users:read.email" in call.access.scopes,
            zone=self._workspace.zone,
            now=self._workspace.clock(),
        )

    def test(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        me = lookup.member(call.me)
        return {
            "url": f"{ORIGIN}/",
            "team": TEAM_NAME,
            "user": me.name if me else "",
            "team_id": TEAM,
            "user_id": call.me,
            "is_enterprise_install": False,
        }

    def team(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        team = {"id": TEAM, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "url": f"{ORIGIN}/"}
        return {"team": team | {"email_domain": self._workspace.owner.address.partition("@")[2], "icon": {}}}

    def users(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        """All members, the dismissed among them, not those of other companies; without a limit all at once."""
        members = {member.id: member for member in (*lookup.members(), SLACKBOT) if not member.company}
        limit = call.number("limit", 0, least=0) or len(members)
        page, cursor = page_of(call, list(members), limit)
        return {
            "members": [self._shape(call, members[member]) for member in page],
            "cache_ts": int(self._workspace.clock()),
            "response_metadata": {"next_cursor": cursor},
        }

    def user(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        identity = call.required("user")
        found = SLACKBOT if identity == SLACKBOT.id else lookup.member(identity)
        if found is None:
            raise SlackRefused("user_not_found")
        return {"user": self._shape(call, found)}

    def by_address(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        found = lookup.member_of_address(call.required("email"))
        if found is None or found.deleted or found.company:
            raise SlackRefused("users_not_found")
        return {"user": self._shape(call, found)}

    def usergroups(self, call: SlackCall, lookup: SlackLookup) -> dict[str, Any]:
        with_users = call.flag("include_users")
        groups = []
        for identity, handle, name, members in lookup.usergroups():
            group = {
                "id": identity,
                "team_id": TEAM,
                "is_usergroup": True,
                "name": name,
                "handle": handle,
                "description": "",
                "is_external": False,
                "date_delete": 0,
                "user_count": len(members),
            }
            groups.append(group | ({"users": members} if with_users else {}))
        return {"usergroups": groups}
