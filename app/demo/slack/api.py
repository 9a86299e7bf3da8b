"""Slack's Web API under /api/: each method with its scopes and its tier (Slack API reference).

Law: a method answers HTTP 200 with `ok`, whatever it has to say; only a rate limit has a status of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.demo.quota import Limits
from app.demo.slack.call import SlackCall, read_arguments
from app.demo.slack.conversations import ConversationMethods
from app.demo.slack.grants import Access, SlackGrants
from app.demo.slack.lookup import TEAM, SlackLookup
from app.demo.slack.oauth import SlackApp
from app.demo.slack.people import PeopleMethods
from app.demo.slack.posting import PostingMethods
from app.demo.slack.refusals import SlackRefused, failure, rate_limited
from app.demo.slack.search import SearchMethods
from app.demo.slack.tiers import SPECIAL, Tiers
from app.demo.wire import Request, Response, json_response
from app.demo.workspace import Workspace

BELOW = "/api/"
HISTORIES = frozenset({"conversations.history", "conversations.replies"})
WRITES = frozenset(
    {
        *(f"chat.{verb}" for verb in ("scheduleMessage", "postEphemeral", "meMessage")),
        *(f"conversations.{verb}" for verb in ("join", "leave", "mark", "create", "archive", "invite")),
        *("reactions.remove", "users.profile.set", "files.getUploadURLExternal", "pins.add"),
    }
)
Work = Callable[[SlackCall, SlackLookup], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """`scopes` are needed all; a method over conversations asks for more by their kinds."""

    work: Work
    tier: int
    scopes: tuple[str, ...] = ()


class SlackApi:
    """The service at slack.com/api. `app` is how Slack treats the app now."""

    name = "slack"

    def __init__(self, workspace: Workspace, grants: SlackGrants, limits: Limits, app: Callable[[], SlackApp]) -> None:
        self._workspace = workspace
        self._grants = grants
        self._app = app
        self._tiers = Tiers(limits)
        self._methods = {
            **_methods(PeopleMethods(workspace), ConversationMethods(app), SearchMethods(workspace)),
            **_writing(PostingMethods(workspace, limits, app)),
        }
        self.routes = tuple(f"{BELOW}{name}" for name in self._methods)

    def answer(self, request: Request) -> Response:
        name = request.path.removeprefix(BELOW)
        provided: tuple[str, ...] = ()
        try:
            arguments = read_arguments(request)
            access = self._access(request, arguments)
            provided = access.scopes
            method = self._methods[name]
            if wait := self._charge(name, method.tier, access.client):
                return rate_limited(wait)
            told = self._run(name, method, arguments, access)
        except SlackRefused as refused:
            return _with_scopes(refused.response(), provided)
        return _with_scopes(json_response(200, {"ok": True, **told}), provided)

    def failure(self, status: int) -> Response:
        return failure(status)

    def _access(self, request: Request, arguments: dict[str, str]) -> Access:
        token = request.bearer or arguments.pop("token", "")
        if not token:
            raise SlackRefused("not_authed")
        return self._grants.look_up(token)

    def _charge(self, name: str, tier: int, client: str) -> int:
        if not self._app().tiers:
            return 0
        slow = name in HISTORIES and self._app().kind == "unlisted"
        return self._tiers.charge(1 if slow else tier, name, TEAM, client)

    def _run(self, name: str, method: Method, arguments: dict[str, str], access: Access) -> dict[str, Any]:
        database = self._workspace.database
        member = SlackLookup(database, "").member_of_address(access.account)
        if member is None or (member.deleted and member.id != self._workspace.slack.owner):
            raise SlackRefused("account_inactive")
        lookup = SlackLookup(database, member.id)
        call = SlackCall(name, arguments, access, lookup.me, TEAM)
        call.need(*method.scopes)
        return method.work(call, lookup)


class SlackElse:
    """The rest of slack.com/api: methods that do not exist, and those that write, which this workspace has not."""

    name = "slack-else"
    routes = (BELOW,)

    def answer(self, request: Request) -> Response:
        method = request.path.removeprefix(BELOW)
        more = {"detail": "The demo workspace cannot be written to with this method."} if method in WRITES else {}
        return SlackRefused("unknown_method", req_method=method, **more).response()

    def failure(self, status: int) -> Response:
        return failure(status)


def _methods(people: PeopleMethods, conversations: ConversationMethods, search: SearchMethods) -> dict[str, Method]:
    return {
        "auth.test": Method(people.test, SPECIAL),
        "team.info": Method(people.team, 3, ("team:read",)),
        "users.list": Method(people.users, 2, ("users:read",)),
        "users.info": Method(people.user, 4, ("users:read",)),
        "users.lookupByEmail": Method(people.by_address, 3, ("users:read.email",)),
        "usergroups.list": Method(people.usergroups, 2, ("usergroups:read",)),
        "users.conversations": Method(conversations.of_user, 3),
        "conversations.list": Method(conversations.all, 2),
        "conversations.info": Method(conversations.info, 3),
        "conversations.members": Method(conversations.members, 4),
        "conversations.history": Method(conversations.history, 3),
        "conversations.replies": Method(conversations.replies, 3),
        "chat.getPermalink": Method(conversations.permalink, SPECIAL),
        "reactions.get": Method(conversations.reactions, 3, ("reactions:read",)),
        "search.messages": Method(search.messages, 2, ("search:read",)),
    }


def _writing(posting: PostingMethods) -> dict[str, Method]:
    return {
        "chat.postMessage": Method(posting.post, SPECIAL, ("chat:write",)),
        "chat.update": Method(posting.update, 3, ("chat:write",)),
        "chat.delete": Method(posting.delete, 3, ("chat:write",)),
        "conversations.open": Method(posting.open, 3),
        "reactions.add": Method(posting.react, 3, ("reactions:write",)),
    }


def _with_scopes(response: Response, scopes: tuple[str, ...]) -> Response:
    headers = (*response.headers, ("X-OAuth-Scopes", ",".join(scopes))) if scopes else response.headers
    return Response(response.status, response.body, response.media_type, headers, scopes)
