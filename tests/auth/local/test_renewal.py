"""Renewing: one process at a time, kept before it is used, and what a kill in between leaves behind."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.demo.google_app import GoogleApp
from app.demo.slack.oauth import SlackApp
from auth.capability import Capability
from auth.lease import Lease
from auth.local.google import SIGN_IN_AGAIN
from auth.local.grants import MemoryGrants
from auth.local.keys import Environment, Ladder
from auth.local.local_broker import HALF_DONE
from auth.local.vault import Vault
from auth.local.vault_grants import VaultGrants
from auth.need import Connect, Need, Reauth, Unavailable
from tests.auth.local.linking import CHAT, MAIL, ME, Desk

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
TOKENS = {"google": "/token", "slack": "/api/oauth.v2.user.access"}
LEASE = """
import sys
from pathlib import Path
from auth.lease import Lease
from tests.auth.local.linking import CHAT, MAIL, ME, Desk
from tests.auth.local.test_renewal import vaulted
from types import SimpleNamespace
origin, file, now, connection = sys.argv[1:]
with vaulted(Path(file)) as grants:
    desk = Desk(SimpleNamespace(origin=origin), lambda: float(now), grants("google"), grants("slack"))
    print("ready", flush=True)
    sys.stdin.readline()
    found = desk.brokers.lease(ME, "", {"google": MAIL, "slack": CHAT}[connection])
    print(found.token.reveal()[-6:] if isinstance(found, Lease) else found)
"""


@contextmanager
def vaulted(file: Path) -> Iterator[object]:
    vault = Vault.open(file, Ladder((Environment(KEY),)))
    try:
        yield lambda connection: VaultGrants(vault, "demo", connection)
    finally:
        vault.close()


@pytest.mark.parametrize("capability", [MAIL, CHAT])
def test_two_processes_make_one_renewal(desk: Desk, tmp_path: Path, capability: Capability) -> None:
    file = tmp_path / "vault.db"
    with vaulted(file) as grants:
        kept = dataclasses.replace(desk, google=grants("google"), slack=grants("slack"))  # type: ignore[operator]
        kept.linked(capability)
    desk.clock.forward(days=1)
    spent = desk.posts(TOKENS[capability.connection])
    command = [sys.executable, "-c", LEASE, desk.running.origin, str(file), str(desk.clock()), capability.connection]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda child: child.communicate("go\n", timeout=60)[0], children))
    assert len(set(said)) == 1, said
    assert len(said[0].strip()) == 6, said
    assert desk.posts(TOKENS[capability.connection]) - spent == 1


@dataclasses.dataclass
class Watched(MemoryGrants):
    """Grants that note what is asked of them, and can die before they keep."""

    def __post_init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.dies = False

    def begin(self, user: str, account: str, capability: str) -> None:
        self.said.append("begin")
        super().begin(user, account, capability)

    def keep(self, user: str, capability: str, grant: object) -> None:
        if self.dies:
            raise SystemExit("killed")
        self.said.append("keep")
        super().keep(user, capability, grant)  # type: ignore[arg-type]

    def cancel(self, user: str, account: str, capability: str) -> None:
        self.said.append("cancel")
        super().cancel(user, account, capability)


def watched(desk: Desk) -> tuple[Desk, Watched]:
    grants = Watched()
    desk = dataclasses.replace(desk, slack=grants)
    desk.linked(CHAT)
    grants.said.clear()
    desk.clock.forward(days=1)
    return desk, grants


def test_a_rotated_token_is_marked_spent_kept_and_only_then_used(desk: Desk) -> None:
    desk, grants = watched(desk)
    assert isinstance(desk.brokers.lease(ME, "", CHAT), Lease)
    assert grants.said == ["begin", "keep"]


def test_a_kill_between_receiving_and_keeping_is_told_as_such(desk: Desk) -> None:
    desk, grants = watched(desk)
    grants.dies = True
    with pytest.raises(SystemExit):
        desk.brokers.lease(ME, "", CHAT)
    grants.dies = False
    desk.clock.forward(days=1)
    again = dataclasses.replace(desk)
    need = again.brokers.lease(ME, "", CHAT)
    assert isinstance(need, Reauth)
    assert need.why.startswith(HALF_DONE)
    assert again.brokers.grants(ME)[0].dead == need.why
    assert isinstance(again.brokers.lease(ME, "", CHAT), Reauth)


def test_an_answer_that_was_lost_within_slack_s_grace_costs_nothing(desk: Desk) -> None:
    desk, grants = watched(desk)
    grants.dies = True
    with pytest.raises(SystemExit):
        desk.brokers.lease(ME, "", CHAT)
    grants.dies = False
    assert isinstance(dataclasses.replace(desk).brokers.lease(ME, "", CHAT), Lease)


@pytest.mark.parametrize(
    "fault", ["slack-oauth:503", "slack-oauth:reset", "slack-oauth:truncate", "slack-oauth:garbage"]
)
def test_an_outage_of_slack_leaves_the_grant_as_it_was(desk: Desk, fault: str) -> None:
    desk, _ = watched(desk)
    desk.running.faults.parse(fault)
    assert isinstance(desk.brokers.lease(ME, "", CHAT), Unavailable)
    desk.running.faults.clear()
    assert isinstance(desk.brokers.lease(ME, "", CHAT), Lease)


@pytest.mark.parametrize("nested", [False, True])
def test_both_shapes_of_slack_s_answer_are_read(desk: Desk, nested: bool) -> None:
    desk.running.slack_app = SlackApp(nested=nested)
    desk, _ = watched(desk)
    lease = desk.brokers.lease(ME, "", CHAT)
    assert isinstance(lease, Lease)
    assert lease.scopes == CHAT.scopes


def test_a_refusal_with_http_200_that_spends_nothing_is_taken_back(desk: Desk) -> None:
    desk, grants = watched(desk)
    broken = dataclasses.replace(desk)
    desk.running.faults.parse("slack-oauth:429")
    need = broken.brokers.lease(ME, "", CHAT)
    assert isinstance(need, Unavailable)
    assert isinstance(broken.brokers.lease(ME, "", CHAT), Lease)
    assert grants.said[-1] == "keep"


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_is_wrong_harms_nothing(desk: Desk, hours: int) -> None:
    """Only spans are taken from the services; the moments are this machine's own."""
    desk.linked()
    skewed = dataclasses.replace(desk, clock=lambda: desk.clock() + hours * 3600)  # type: ignore[arg-type]
    for capability in (MAIL,):
        first = skewed.brokers.lease(ME, "", capability)
        assert isinstance(first, Lease)
        assert skewed.brokers.lease(ME, "", capability) is first


def test_a_session_to_be_renewed_is_told_and_then_tried_no_more(desk: Desk) -> None:
    desk.linked()
    desk.running.google_app = GoogleApp(rapt=True)
    spent = desk.posts("/token")
    for _ in range(2):
        assert desk.brokers.lease(ME, "", MAIL) == Reauth("google", SIGN_IN_AGAIN)
    assert desk.posts("/token") - spent == 1


def test_threads_of_two_brokers_make_one_renewal(desk: Desk) -> None:
    desk.linked(CHAT)
    desk.clock.forward(days=1)
    together = threading.Barrier(4)

    def lease(broker: Desk) -> Lease | Need:
        together.wait()
        return broker.brokers.lease(ME, "", CHAT)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lease, [dataclasses.replace(desk) for _ in range(4)]))
    assert all(isinstance(lease, Lease) for lease in found)
    assert desk.posts(TOKENS["slack"]) == 2


def test_what_was_disconnected_meanwhile_is_not_renewed(desk: Desk) -> None:
    desk.linked(CHAT)
    desk.clock.forward(days=1)
    dataclasses.replace(desk).brokers.disconnect(ME, "slack", "", "slack.read")
    assert isinstance(desk.brokers.lease(ME, "", CHAT), Connect)
