"""Where a token may go: under a host's own name, or to where the settings say it lives, and nowhere else."""

from __future__ import annotations

import pytest

from auth.errors import Refused
from auth.gateway import Gateway
from auth.lease import Lease
from auth.wire import Cut, Wire
from tests.auth.signed import GMAIL, READ, TOKEN, Rows, capability, lease_of, signed
from tests.loopback import ok


def test_a_lease_opens_its_own_capability_only() -> None:
    other = capability(f"GET {GMAIL}/gmail/v1/users/me/threads")
    gateway = Gateway(Wire(), Rows())
    lease = Lease("me", "", "calendar.read", frozenset(), 1e12, lease_of(READ, TOKEN).token)
    with pytest.raises(Refused, match=r"calendar\.read"):
        gateway.open(lease, other, cut=Cut(), renew=lambda dead: None)


@pytest.mark.parametrize(
    "origin",
    [
        "http://192.168.1.20:8080",
        "http://example.org",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80/path",
        "ftp://127.0.0.1",
        "",
    ],
)
def test_a_token_goes_in_the_clear_to_this_machine_only(origin: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Gateway(Wire(), Rows(), origins={GMAIL: origin})


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:4711", "http://localhost:80/", "http://[::1]:9", "https://demo.example"]
)
def test_hosts_may_live_on_this_machine_or_behind_https(origin: str) -> None:
    gateway = Gateway(Wire(), Rows(), origins={GMAIL: origin})
    assert gateway.locate(f"https://{GMAIL}/a?b=c") == f"{origin.rstrip('/')}/a?b=c"


def test_without_origins_a_host_is_reached_under_its_own_name() -> None:
    gateway = Gateway(Wire(), Rows())
    assert gateway.locate(f"https://{GMAIL}/a?b=c") == f"https://{GMAIL}/a?b=c"
    for url in ("http://gmail.googleapis.com/a", "https://gmail.googleapis.com@evil.example/a", "file:///etc/passwd"):
        with pytest.raises(Refused):
            gateway.locate(url)


def test_where_only_some_hosts_live_elsewhere_the_others_keep_their_names() -> None:
    gateway = Gateway(Wire(), Rows(), origins={"tasks.example": "http://127.0.0.1:4711"}, closed=False)
    assert gateway.locate("https://tasks.example/a?b=c") == "http://127.0.0.1:4711/a?b=c"
    assert gateway.locate(f"https://{GMAIL}/a") == f"https://{GMAIL}/a"
    with pytest.raises(Refused):
        gateway.locate("http://tasks.example/a")


def test_a_host_outside_the_origins_is_refused_even_if_admitted() -> None:
    with signed(ok, capability("GET elsewhere.example/**")) as world:
        with pytest.raises(Refused, match=r"elsewhere\.example is not part"):
            world.transport.request("GET", "https://elsewhere.example/a")
        assert world.server.connections == 0
        assert world.audit.outcomes == [("not admitted", "refused")]
