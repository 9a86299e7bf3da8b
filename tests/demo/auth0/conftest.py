"""A person signed in at the tenant, and their client of the My Account API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.demo.server import Running
from tests.demo.auth0.tenant_client import me, sign_in
from tests.demo.little_office import Client


@pytest.fixture
def lasting(stranger: Client) -> str:
    """Alex's refresh token of the web application."""
    return str(sign_in(stranger)["refresh_token"])


@pytest.fixture
def mine(running: Running, lasting: str) -> Iterator[Client]:
    client = me(running, lasting)
    yield client
    client.close()
