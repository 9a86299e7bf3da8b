"""API keys: typed once, kept in the vault, put where the service wants them and on its own hosts only."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.demo.server import Running, serve
from auth.capability import Capability, KeyUse
from auth.errors import Refused
from auth.gateway import Gateway, SignedTransport
from auth.lease import Lease, Secret
from auth.local.api_key import CAPABILITY, ApiKeyBroker
from auth.local.grants import MemoryGrants
from auth.need import Connect, Misconfigured, Reauth
from auth.wire import Cut, Wire
from tests.auth.signed import Rows
from tests.auth.vault_world import everything
from tests.canary.leaks import forms
from tests.demo.little_office import Clock, open_office
from tests.loopback import Got, Hostile, Line
from tests.terminal import piped, surroundings, terminal

ME, TEXT = "me", "demo-weather-Key/1234+5678=abcdefgh"
HOST, OPEN = "keyed.example", "open.example"
OPERATIONS = (f"GET {HOST}/v1/sky", f"GET {OPEN}/v1/sky")


def capability(place: str = "query", *, needed: bool = True) -> Capability:
    use = KeyUse(place, "apikey" if place == "query" else "X-Api-Key", frozenset({HOST}), needed)
    return Capability("weather", "weather.read", frozenset(), OPERATIONS, "read", "see the weather", key=use)


def broker() -> ApiKeyBroker:
    return ApiKeyBroker("weather", MemoryGrants(), Rows(), lambda: 1.0)


@contextmanager
def sent(place: str, play: Any) -> Iterator[tuple[ApiKeyBroker, Hostile, SignedTransport]]:
    """A transport with a linked key, to a service that answers as the test says."""
    keys, asked = broker(), capability(place)
    keys.take_key(ME, Secret(TEXT))
    wire = Wire()
    with Hostile(play) as hostile:
        gateway = Gateway(wire, Rows(), origins=dict.fromkeys((HOST, OPEN), hostile.origin))
        lease = keys.lease(ME, "", asked)
        assert isinstance(lease, Lease)
        renew: Any = keys.invalidate
        yield keys, hostile, gateway.open(lease, asked, cut=Cut(), renew=renew)
    wire.close()


def echo(got: Got, line: Line) -> None:
    line.reply(200, f"{got.target} {got.headers.get('x-api-key', '')} {TEXT}".encode(), X_Told=got.target)


@pytest.mark.parametrize("place", ["query", "header"])
def test_the_key_goes_where_the_service_wants_it_and_comes_back_nowhere(
    place: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), sent(place, echo) as (_, hostile, transport):
        answer = transport.request("GET", f"https://{HOST}/v1/sky?day=1")
        (got,) = hostile.got
    quoted = "demo-weather-Key%2F1234%2B5678%3Dabcdefgh"
    if place == "query":
        assert got.target == f"/v1/sky?day=1&apikey={quoted}"
    else:
        assert (got.target, got.headers["x-api-key"]) == ("/v1/sky?day=1", TEXT)
    assert "authorization" not in got.headers
    told = answer.body + repr(dict(answer.headers)).encode() + caplog.text.encode()
    assert "/v1/sky" in caplog.text
    assert not [form for form, needle in forms(TEXT) if needle in told]


def test_another_host_is_not_given_the_key_and_a_tool_cannot_set_it() -> None:
    with sent("query", echo) as (_, hostile, transport):
        transport.request("GET", f"https://{OPEN}/v1/sky")
        assert hostile.got[0].target == "/v1/sky"
        with pytest.raises(Refused, match="may not set 'apikey'"):
            transport.request("GET", f"https://{HOST}/v1/sky?apikey=mine")
        assert len(hostile.got) == 1


def test_a_key_that_is_refused_is_forgotten_and_told() -> None:
    with sent("query", lambda got, line: line.reply(401, {})) as (keys, _, transport):
        assert transport.request("GET", f"https://{HOST}/v1/sky").status == 401
        assert keys.lease(ME, "", capability()) == Reauth("weather", "the service refused its key")
        assert keys.grants(ME)[0].dead
        assert isinstance(keys.ask(ME, "", capability()), Misconfigured)
        keys.take_key(ME, Secret("another-key"))
        assert isinstance(keys.lease(ME, "", capability()), Lease)


def test_without_a_key_a_service_that_needs_none_is_open() -> None:
    keys = broker()
    lease = keys.lease(ME, "", capability(needed=False))
    assert isinstance(lease, Lease)
    assert (lease.token, lease.account) == (None, "")
    assert isinstance(keys.lease(ME, "", capability()), Connect)
    keys.take_key(ME, Secret(TEXT))
    assert keys.disconnect(ME, "weather", "").capabilities == (CAPABILITY,)
    assert keys.grants(ME) == ()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    with serve(workspace) as server:
        yield server
    workspace.close()


def test_weather_is_asked_with_the_key_once_it_is_linked(running: Running, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    env = surroundings(tmp_path / "home", VALET_DEMO_ORIGIN=running.origin, VALET_NOW="2026-03-25T09:00:00+00:00")

    def weather() -> tuple[int, str, bool]:
        before = len(running.log)
        done = piped("ask", "weather in Berlin", "--json", env=env)
        queries = [record.query for record in running.log[before:] if record.path.startswith("/v1/")]
        assert queries, done
        return done.returncode, done.stdout, all("apikey=" in query for query in queries)

    assert weather()[2] is False
    with terminal("connect", "weather", env=env) as screen:
        screen.expect("API key of weather: ")
        screen.enter(TEXT)
        screen.expect("Linked: weather")
        assert screen.ended() == 0
        assert TEXT not in screen.raw
    code, said, keyed = weather()
    assert (code, keyed, "Berlin" in said) == (0, True, True)
    assert json.loads(piped("grants", "--json", env=env).stdout)["grants"][-1]["connection"] == "weather"
    assert not [form for form, needle in forms(TEXT) if needle in everything(tmp_path / "home")]
    assert piped("connect", "weather", env=env, stdin="a bad key\n").returncode == 4
    assert piped("connect", "weather", env=env, stdin="wrong-key-12345\n").returncode == 0
    assert "refuses your API key" in weather()[1]
    parted = piped("disconnect", "weather", env=env)
    assert (parted.returncode, "stays good until you end it at the service" in parted.stdout) == (0, True)
    assert weather()[2] is False
