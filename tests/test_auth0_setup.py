"""Auth0 from the command line: the doctor's checklist, asking through it, and the settings of a tenant of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.auth0_doctor import examine_auth0
from app.auth0_setup import auth0_brokers, own_tenant, tasks_issuer
from app.commands import run
from app.connections import World
from app.doctor_connections import connections
from app.settings import Settings, SettingsError, load
from app.tasks.addresses import AUDIENCE
from app.wiring import local_user
from auth.auth0.tenant import Tenant
from auth.capability import Capability
from auth.gateway import Gateway
from auth.local.grants import Client, MemoryGrants
from auth.need import Misconfigured
from auth.wire import Wire
from tests.auth.signed import Rows

OWN = {
    "VALET_ACCOUNTS": "own",
    "VALET_BROKER": "auth0",
    "VALET_AUTH0_DOMAIN": "name.eu.auth0.com",
    "VALET_AUTH0_CLIENT_ID": "client",
    "VALET_AUTH0_CLIENT_SECRET": "canary-secret",
}


def settings(tmp_path: Path, **given: str) -> Settings:
    return load({"VALET_HOME": str(tmp_path / "home"), **given}, cwd=tmp_path)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VALET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VALET_BROKER", "auth0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_request_is_answered_through_the_token_vault(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {check.name: check for check in examine_auth0(demo)}
    assert before["signed in"].state == "note"
    assert all(check.state != "missing" for check in before.values())
    assert run(["ask", "what is urgent in my inbox?", "--json"]) == 0
    capsys.readouterr()
    assert run(["grants", "--json"]) == 0
    linked = json.loads(capsys.readouterr().out)["grants"]
    assert [one["connection"] for one in linked] == ["auth0", "google"]
    after = {check.name: check for check in examine_auth0(demo)}
    assert after["signed in"].state == after["refresh token policy"].state == after["connection google"].state == "ok"
    assert run(["disconnect", "google"]) == 0
    assert "Deleted at Auth0" in capsys.readouterr().out
    assert run(["disconnect", "auth0"]) == 0
    assert "Signed out here and at Auth0" in capsys.readouterr().out
    assert run(["doctor", "auth0", "--json"]) == 0
    assert {one["name"]: one["state"] for one in json.loads(capsys.readouterr().out)["checks"]}["callbacks"] == "ok"


def test_the_doctor_says_when_auth0_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALET_HOME", str(tmp_path))
    [check] = examine_auth0(tmp_path)
    assert (check.state, check.next) == ("missing", "Set VALET_BROKER=auth0.")
    monkeypatch.setenv("VALET_BROKER", "auth0")
    monkeypatch.setenv("VALET_ACCOUNTS", "own")
    [check] = examine_auth0(tmp_path)
    assert check.what == "VALET_AUTH0_DOMAIN is not set."
    monkeypatch.setenv("VALET_BROKER", "elsewhere")
    [check] = examine_auth0(tmp_path)
    assert "it is local or auth0" in check.what


def test_a_tenant_of_ones_own_is_what_the_settings_name(tmp_path: Path) -> None:
    tenant = own_tenant(settings(tmp_path, **OWN, VALET_AUTH0_CONNECTIONS="google=g, slack=s,gmail.read=mail"))
    assert isinstance(tenant, Tenant)
    assert tenant.issuer == "https://name.eu.auth0.com/"
    assert tenant.connections == {"google": "g", "slack": "s", "gmail.read": "mail"}
    assert "canary-secret" not in repr(tenant)
    assert tenant.api is None


def test_a_native_application_exchanges_access_tokens(tmp_path: Path) -> None:
    public = OWN | {"VALET_AUTH0_CLIENT_SECRET": "", "VALET_AUTH0_VAULT_API": "https://vault.example"}
    missing = own_tenant(settings(tmp_path, **public))
    assert isinstance(missing, Misconfigured)
    assert missing.missing == "VALET_AUTH0_VAULT_CLIENT_ID is not set"
    more = {"VALET_AUTH0_VAULT_CLIENT_ID": "api", "VALET_AUTH0_VAULT_CLIENT_SECRET": "canary"}
    tenant = own_tenant(settings(tmp_path, **public, **more))
    assert isinstance(tenant, Tenant)
    assert tenant.api is not None
    assert (tenant.client.secret, tenant.api.client.id) == ("", "api")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VALET_BROKER", "remote"),
        ("VALET_AUTH0_DOMAIN", "https://name.eu.auth0.com"),
        ("VALET_AUTH0_DOMAIN", "nodots"),
        ("VALET_AUTH0_CONNECTIONS", "google"),
        ("VALET_AUTH0_CONNECTIONS", "google=,slack=x"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(tmp_path, **{name: value})


def test_an_unset_tenant_is_told_to_whoever_needs_it(tmp_path: Path) -> None:
    nothing: dict[str, Capability] = {}
    world = World(Wire(), Rows(), lambda: 0.0, str, lambda name: MemoryGrants(), lambda name: nothing)
    gateway = Gateway(world.wire, world.audit)
    brokers = auth0_brokers(settings(tmp_path, VALET_ACCOUNTS="own", VALET_BROKER="auth0"), world, "", gateway)
    need = brokers.lease("me", "", Capability("slack", "read", frozenset({"s"}), (), "read"))
    assert isinstance(need, Misconfigured)
    assert (need.connection, need.missing) == ("slack", "VALET_AUTH0_DOMAIN is not set")
    world.wire.close()


def test_tasks_are_read_and_written_with_the_tenants_tokens(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "what are my tasks?", "--json"]) == 0
    assert "Renew the library cards of the children" in capsys.readouterr().out
    assert run(["ask", "add a task to call Lee tomorrow", "--json"]) == 3
    capsys.readouterr()
    assert run(["approvals", "--json"]) == 0
    [waiting] = json.loads(capsys.readouterr().out)["approvals"]
    assert (waiting["tool"], waiting["account"]) == ("create_tasks", "tasks at demo.auth0.invalid")
    assert run(["approve", waiting["id"], "--yes"]) == 0
    assert run(["ask", "what are my tasks?", "--json"]) == 0
    assert "call Lee" in capsys.readouterr().out
    assert run(["grants", "--json"]) == 0
    linked = json.loads(capsys.readouterr().out)["grants"]
    assert {(one["connection"], one["account"]) for one in linked} == {("tasks", "tasks at demo.auth0.invalid")}
    assert len(linked) == 2
    assert {check.name: check.state for check in examine_auth0(demo)}["tasks API"] == "ok"
    told = {check.name: check.what for check in connections(load(cwd=demo), local_user())}
    assert told["tasks"].startswith("tasks at demo.auth0.invalid: tasks.")
    assert told["google"].startswith("nothing is linked yet")
    assert run(["disconnect", "tasks"]) == 0
    assert "Revoked at the provider" in capsys.readouterr().out
    assert [path.name for path in (demo / "home" / "tasks").glob("*.db")] == ["demo-demo@elsewhere.db"]


def test_the_tasks_of_a_tenant_of_ones_own_are_set(tmp_path: Path) -> None:
    by_sign_in = own_tenant(settings(tmp_path, **OWN))
    assert isinstance(by_sign_in, Tenant)
    assert by_sign_in.own is not None
    assert (by_sign_in.own.audience, by_sign_in.own.client) == (AUDIENCE, None)
    named = {"VALET_AUTH0_TASKS_API": "https://tasks.example", "VALET_AUTH0_TASKS_CLIENT_ID": "native"}
    own = settings(tmp_path, **OWN, **named)
    by_client = own_tenant(own)
    assert isinstance(by_client, Tenant)
    assert by_client.own is not None
    assert by_client.own.client == Client("native", "")
    issuer = tasks_issuer(own, "")
    assert issuer is not None
    assert (issuer.issuer, issuer.audience) == ("https://name.eu.auth0.com/", "https://tasks.example")
    assert issuer.jwks == "https://name.eu.auth0.com/.well-known/jwks.json"
    assert tasks_issuer(settings(tmp_path), "") is None, "the embedded issuer's, where no tenant is set"
