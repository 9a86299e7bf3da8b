"""The office's Slack team, its owner's clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import Client
from tests.demo.slack.team import EVERYTHING, Team, make_team, sign_in, web


@pytest.fixture
def team(office: Workspace) -> Team:
    return make_team(office)


@pytest.fixture
def slack(running: Running, team: Team) -> WebClient:
    """The owner, who may read everything."""
    return web(running, sign_in(running, *EVERYTHING)["access_token"])


@pytest.fixture
def plain(running: Running, team: Team) -> Iterator[Client]:
    """The same by http.client."""
    client = Client(running, sign_in(running, *EVERYTHING)["access_token"])
    yield client
    client.close()
