"""The services behind the connections: the tenant is an app of the demo's own Google and Slack.

Law: a refresh token of theirs is kept as its fingerprint; what is handed out is a token that works there.
"""

from collections.abc import Callable

from app.demo.auth0.tenant import DOMAIN, Tenant
from app.demo.auth0.upstream import Fresh, UpstreamRefused
from app.demo.consent import Agreed, Question
from app.demo.google_app import IDENTITY, GoogleApp, canonical, known_scopes, words
from app.demo.grant_store import ACCESS_SECONDS, Asked, GrantRefused, GrantStore, challenge_of
from app.demo.slack import grants as slack
from app.demo.slack.lookup import SlackLookup
from app.demo.slack.refusals import SlackRefused
from app.demo.slack.scope_words import USER_SCOPES
from app.demo.slack.scope_words import words as slack_words
from app.demo.slack_store import TEAM_NAME
from app.demo.wire import fingerprint
from app.demo.workspace import Workspace

REDIRECT = f"https://{DOMAIN}/login/callback"
GOOGLE_CLIENT, SLACK_CLIENT = "auth0-tenant.apps.example", "1000000000001.3000000000003"
APP = "Valet, through Auth0,"
_VERIFIER = "verifier-of-the-tenant-" + "0" * 30


class GoogleUpstream:
    """Google behind the connection google-oauth2."""

    def __init__(
        self, workspace: Workspace, grants: GrantStore, app: Callable[[], GoogleApp], tenant: Callable[[], Tenant]
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._app = app
        self._tenant = tenant

    def question(self, scopes: tuple[str, ...], hint: str) -> Question:
        wanted = canonical([scope for scope in scopes if scope != "offline_access"])
        if unknown := [scope for scope in wanted if scope not in known_scopes()]:
            raise UpstreamRefused(f"Some requested scopes were invalid: {' '.join(unknown)}. (invalid_scope)")
        if self._app().blocked:
            raise UpstreamRefused(f"This app cannot be used with your account. ({self._app().blocked})")
        people = {person.address: person.name for person in self._workspace.people()}
        known = {address.lower(): address for address in people}
        person = known.get(hint.lower(), self._workspace.owner.address)
        told = {scope: words().get(scope, scope) for scope in wanted}
        return Question("Google", APP, people, person, told, IDENTITY)

    def link(self, agreed: Agreed) -> Fresh:
        challenge = challenge_of(_VERIFIER)
        asked = Asked(GOOGLE_CLIENT, agreed.person, agreed.scopes, REDIRECT, challenge, agreed.lifetime)
        code = self._grants.new_code(asked)
        issued = self._grants.redeem(code, client=GOOGLE_CLIENT, redirect=REDIRECT, verifier=_VERIFIER)
        lasting = self._tenant().has("connection:offline_access")
        kept = fingerprint(issued.refresh) if issued.refresh and lasting else ""
        return Fresh(issued.access, ACCESS_SECONDS, issued.scopes, kept)

    def refresh(self, kept: str) -> Fresh:
        if self._app().rapt:
            raise UpstreamRefused("invalid_rapt")
        try:
            issued = self._grants.refresh_kept(kept, client=GOOGLE_CLIENT)
        except GrantRefused as error:
            raise UpstreamRefused(str(error)) from error
        return Fresh(issued.access, ACCESS_SECONDS, issued.scopes, kept)

    def takes(self, token: str) -> bool:
        return self._grants.look_up(token) is not None


class SlackUpstream:
    """Slack behind the connection sign-in-with-slack."""

    def __init__(self, workspace: Workspace, grants: slack.SlackGrants, tenant: Callable[[], Tenant]) -> None:
        self._workspace = workspace
        self._grants = grants
        self._tenant = tenant

    def question(self, scopes: tuple[str, ...], hint: str) -> Question:
        wanted = tuple(scope for scope in scopes if scope not in ("openid", "profile", "email", "offline_access"))
        if not wanted or any(scope not in USER_SCOPES for scope in wanted):
            raise UpstreamRefused("Invalid permissions requested. (invalid_scope)")
        people = SlackLookup(self._workspace.database, self._workspace.slack.owner).people()
        person = hint.lower() if hint.lower() in people else self._workspace.owner.address.lower()
        told = {scope: slack_words(scope) for scope in wanted}
        return Question(f"Slack ({TEAM_NAME})", APP, people, person, told, frozenset(wanted))

    def link(self, agreed: Agreed) -> Fresh:
        asked = slack.Asked("v2_user", SLACK_CLIENT, agreed.person, agreed.scopes, REDIRECT, challenge_of(_VERIFIER))
        issued = self._grants.redeem(
            self._grants.new_code(asked),
            family="v2_user",
            client=SLACK_CLIENT,
            redirect=REDIRECT,
            verifier=_VERIFIER,
            rotating=self._tenant().has("slack:token_rotation"),
        )
        return _of_slack(issued)

    def refresh(self, kept: str) -> Fresh:
        try:
            return _of_slack(self._grants.refresh_kept(kept, client=SLACK_CLIENT))
        except SlackRefused as error:
            raise UpstreamRefused(str(error)) from error

    def takes(self, token: str) -> bool:
        try:
            self._grants.look_up(token)
        except SlackRefused:
            return False
        return True


def _of_slack(issued: slack.Issued) -> Fresh:
    kept = fingerprint(issued.refresh) if issued.refresh else ""
    return Fresh(issued.access, issued.expires_in or slack.ACCESS_SECONDS, issued.scopes, kept)
