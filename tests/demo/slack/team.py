"""A small Slack team in the little office, and its clients: the real one, and a plain one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_sdk import WebClient

from app.demo.server import Running
from app.demo.slack.oauth import REDIRECTS, SLACK_CLIENT_ID
from app.demo.workspace import Workspace
from tests.demo.little_office import DANA, NOW, VERIFIER, Answer, Client, Clock, callback, challenge, open_office

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
EVERYTHING = (
    *READ,
    *HISTORY,
    *("users:read", "users:read.email", "usergroups:read", "team:read", "search:read", "reactions:read"),
)


@dataclass(frozen=True)
class Team:
    """The ids of what there is."""

    alex: str
    dana: str
    lee: str
    bot: str
    general: str
    launch: str
    others: str
    secret: str
    dana_im: str
    question: str
    answer: str


@contextmanager
def team_office(folder: Path, clock: Clock) -> Iterator[Workspace]:
    """The little office in a file of this folder, with its team."""
    workspace = open_office(folder / "office.sqlite", clock)
    make_team(workspace)
    yield workspace
    workspace.close()


def make_team(workspace: Workspace) -> Team:
    """Alex, Dana, Lee and a bot; a thread in #launch; a public and a private channel Alex is not in."""
    slack = workspace.slack
    dana = slack.add_member("dana", real_name="Dana Okafor", email=DANA, zone="Europe/London")
    lee = slack.add_member("lee", real_name="Lee Chan", email="lee@partner.example", restricted=True)
    bot = slack.add_member("builds", real_name="Build Bot", bot=True)
    alex = slack.owner
    old = NOW - timedelta(days=90)
    general = slack.add_channel("general", members=[dana, alex, lee, bot], created=old, topic="All", purpose="News")
    launch = slack.add_channel("launch", members=[alex, dana], created=old, kind="private", shared=True)
    others = slack.add_channel("others", members=[dana, lee], created=old)
    secret = slack.add_channel("secret", members=[dana, lee], created=old, kind="private")
    slack.add_channel("ancient", members=[alex], created=old - timedelta(days=9), archived=True)
    dana_im = slack.add_channel("", members=[alex, dana], created=old, kind="im")
    slack.add_channel("", members=[alex, dana, lee], created=old, kind="mpim")
    question = slack.add_chat(launch, dana, f"<@{alex}> can you review the *launch* plan by Friday?", NOW)
    later = NOW + timedelta(minutes=5)
    answer = slack.add_chat(launch, alex, "Yes, on Thursday", later, thread=question, reactions={"eyes": [dana]})
    slack.add_chat(launch, dana, "Thanks", NOW + timedelta(minutes=6), thread=question)
    slack.add_usergroup("leads", "Team leads", [alex, dana])
    return Team(alex, dana, lee, bot, general, launch, others, secret, dana_im, question, answer)


def authorize(
    client: Client, scopes: tuple[str, ...], path: str = "/oauth/v2_user/authorize", **changes: str
) -> Answer:
    """Open the consent page; `changes` replace parameters ("" leaves one out)."""
    asked = {
        "client_id": SLACK_CLIENT_ID,
        "redirect_uri": REDIRECTS[0],
        ("user_scope" if path.endswith("v2/authorize") else "scope"): ",".join(scopes),
        "state": "state-of-the-client",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    return client.get(path, **{name: value for name, value in asked.items() if value})


def redeem(client: Client, code: str, path: str = "/api/oauth.v2.user.access", **changes: str) -> Answer:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECTS[0],
        "client_id": SLACK_CLIENT_ID,
        "code_verifier": VERIFIER,
        **changes,
    }
    return client.form(path, **asked)


def refresh(client: Client, token: str, **changes: str) -> Any:
    asked = {"grant_type": "refresh_token", "refresh_token": token, "client_id": SLACK_CLIENT_ID}
    answer = client.form("/api/oauth.v2.user.access", **{**asked, **changes})
    assert answer.status == 200
    return answer.json


def sign_in(running: Running, *scopes: str) -> dict[str, Any]:
    client = Client(running)
    answer = redeem(client, callback(authorize(client, scopes))["code"])
    client.close()
    tokens: dict[str, Any] = answer.json
    assert tokens["ok"], tokens
    return tokens


def web(running: Running, token: str) -> WebClient:
    """The real client; it repeats nothing by itself."""
    return WebClient(base_url=f"{running.origin}/api/", token=token, retry_handlers=[])


def call(client: Client, method: str, **arguments: str) -> Answer:
    """A method of the Web API, by a form."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.send("POST", f"/api/{method}", urlencode(arguments), form)
