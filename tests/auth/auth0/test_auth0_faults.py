"""What the tenant refuses and what breaks: each error has its own outcome, and none of them shows a secret."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import quote

import pytest

from app.demo.auth0.tenant import Tenant as DemoTenant
from app.demo.faults import Fault
from auth.auth0.checklist import Checklist
from auth.auth0.refusals import At, Refusals
from auth.consent import Linked
from auth.lease import Lease, Secret
from auth.local.grants import Client, Grant
from auth.local.token_endpoint import TokenEndpoint, TokenError
from auth.need import Connect, Misconfigured, Need, Reauth, Unavailable, told
from auth.wire import Wire
from tests.auth.auth0.tenant_world import (
    BY_ACCESS_TOKEN,
    CHAT,
    MAIL,
    World,
    leased,
    link,
    linked,
    opened,
    tenant,
)
from tests.auth.local.linking import ME
from tests.loopback import Hostile

REFUSALS = Refusals(Checklist(tenant()))
TABLE: list[tuple[At, str, type[Need], str]] = [
    ("exchange", "federated_connection_refresh_token_not_found", Connect, ""),
    ("exchange", "federated_connection_refresh_token_flow_failed", Reauth, "revoked, or too old"),
    ("exchange", "unauthorized_client", Misconfigured, "Token Vault"),
    ("exchange", "invalid_grant", Reauth, "sign-in at Auth0 has ended"),
    ("exchange", "invalid_client", Misconfigured, "secret"),
    ("exchange", "access_denied", Misconfigured, "secret"),
    ("exchange", "invalid_request", Misconfigured, "rotate"),
    ("exchange", "mfa_required", Reauth, "sign in again"),
    ("exchange", "unmet_authentication_requirements", Reauth, "sign in again"),
    ("exchange", "too_many_requests", Unavailable, "too_many_requests"),
    ("exchange", "server_error", Unavailable, "server_error"),
    ("exchange", "a_word_nobody_knows", Unavailable, "a_word_nobody_knows"),
    ("exchange_access", "access_denied", Misconfigured, "not the one of the API"),
    ("exchange_access", "unauthorized_client", Misconfigured, "Token Vault"),
    ("own", "access_denied", Misconfigured, "no API"),
    ("own", "invalid_scope", Misconfigured, "does not give all"),
    ("own", "consent_required", Misconfigured, "consent of its own"),
    ("own_client", "invalid_client", Misconfigured, "VALET_AUTH0_TASKS_CLIENT_ID"),
    ("own_client", "unauthorized_client", Misconfigured, "lacks a grant type"),
    ("authorize", "unauthorized_client", Misconfigured, "Authorization Code"),
    ("authorize", "login_required", Reauth, "sign in again"),
    ("my_account", "invalid_scope", Misconfigured, "no grant for the My Account API"),
    ("my_account", "access_denied", Misconfigured, "no grant for the My Account API"),
    ("my_account", "consent_required", Misconfigured, "consent of its own"),
    ("refresh", "unauthorized_client", Misconfigured, "Refresh Token"),
    ("redeem", "unauthorized_client", Misconfigured, "Authorization Code"),
]


@pytest.mark.parametrize(("at", "code", "kind", "word"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_every_error_of_the_table_has_its_own_outcome(at: At, code: str, kind: type[Need], word: str) -> None:
    need = REFUSALS.need(at, "google", TokenError(code, "any words", 7.0), fresh=False)
    assert type(need) is kind
    assert word in " ".join(told(need))
    assert getattr(need, "retry_after", 7.0) == 7.0
    assert getattr(need, "connection", "") == "google"


def test_only_the_code_is_judged() -> None:
    worded = TokenError("invalid_grant", "Federated connection Refresh Token not found. Grant type not allowed")
    assert isinstance(REFUSALS.need("exchange", "google", worded, fresh=False), Reauth)


def test_a_wrong_secret_is_the_operators(world: World) -> None:
    need = world.broker(tenant(Client("demo-web-client", "wrong"))).ask(ME, "", MAIL)
    assert isinstance(need, Misconfigured)
    assert "VALET_AUTH0_CLIENT_SECRET" in need.next
    unknown = world.broker(tenant(Client("who", "wrong"))).ask(ME, "", MAIL)
    assert isinstance(unknown, Misconfigured)


def test_a_grant_revoked_at_the_provider_asks_to_reconnect(world: World) -> None:
    broker = world.broker()
    link(broker)
    leased(broker)
    world.running.google_app = replace(world.running.google_app, rapt=True)
    world.clock.forward(hours=2)
    need = broker.lease(ME, "", MAIL)
    assert isinstance(need, Reauth)
    assert "no longer takes what Auth0 keeps" in need.why
    assert [facts.dead for facts in broker.grants(ME)] == ["", need.why]
    before = len(world.running.log)
    assert broker.lease(ME, "", MAIL) == need
    assert len(world.running.log) == before, "a dead account is not tried again"
    world.running.google_app = replace(world.running.google_app, rapt=False)
    assert isinstance(linked(broker), Linked)
    leased(broker)


def test_a_token_the_service_refuses_is_not_handed_out_again(world: World) -> None:
    broker = world.broker()
    link(broker)
    lease = leased(broker)
    broker.invalidate(lease)
    need = broker.lease(ME, "", MAIL)
    assert need == Reauth("google", "the service no longer takes the token that Auth0 keeps")


def test_an_account_deleted_at_the_tenant_is_connected_anew(world: World) -> None:
    broker = world.broker()
    link(broker)
    [kept] = world.kept["auth0.google"].of(ME)
    assert broker.disconnect(ME, "google", "").revoked
    world.kept["auth0.google"].keep(ME, kept.capability, kept.grant)  # as another computer still has it
    assert isinstance(broker.lease(ME, "", MAIL), Connect)
    assert isinstance(linked(broker), Linked)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_sign_in_that_ended_asks_for_it_and_for_nothing_else(world: World, how: str) -> None:
    broker = world.broker()
    link(broker)
    pages = world.asked("/connected-accounts/connect")
    if how == "expired":
        world.clock.forward(days=31)
    else:
        [kept] = world.kept["auth0"].of(ME)
        world.kept["auth0"].keep(ME, "sign-in", replace(kept.grant, refresh_token=Secret("v1.demo-no-such-token")))
    broker = world.broker()
    assert broker.lease(ME, "", MAIL) == Reauth("google", "your sign-in at Auth0 has ended")
    assert isinstance(linked(broker), Linked)
    assert world.asked("/connected-accounts/connect") == pages, "the account was connected all the time"
    leased(broker)


def test_a_lost_renewal_of_a_rotating_sign_in_is_told_so(world: World) -> None:
    link(world.broker(BY_ACCESS_TOKEN))
    world.clock.forward(days=2)
    world.running.faults.add(Fault("/oauth/token", kind="reset", after=True))
    assert isinstance(world.broker(BY_ACCESS_TOKEN).lease(ME, "", MAIL), Unavailable)
    need = world.broker(BY_ACCESS_TOKEN).lease(ME, "", MAIL)
    assert isinstance(need, Reauth)
    assert "the answer to a renewal of your sign-in at Auth0 was lost" in need.why


def test_a_lost_renewal_within_the_leeway_is_recovered(world: World) -> None:
    link(world.broker(BY_ACCESS_TOKEN))
    world.clock.forward(days=2)
    world.running.auth0 = DemoTenant(leeway=60)
    world.running.faults.add(Fault("/oauth/token", kind="reset", after=True))
    assert isinstance(world.broker(BY_ACCESS_TOKEN).lease(ME, "", MAIL), Unavailable)
    leased(world.broker(BY_ACCESS_TOKEN))


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault("/oauth/token", status=429, retry_after=9), 9.0),
        (Fault("/oauth/token", status=503), None),
        (Fault("/oauth/token", kind="truncate"), None),
        (Fault("/oauth/token", kind="garbage"), None),
    ],
    ids=["429", "503", "truncated", "garbage"],
)
def test_a_tenant_out_of_order_is_no_consent(world: World, fault: Fault, wait: float | None) -> None:
    link(world.broker())
    world.running.faults.add(fault)
    broker = world.broker()
    need = broker.lease(ME, "", MAIL)
    assert isinstance(need, Unavailable), need
    assert need.retry_after == wait
    leased(broker)


def test_the_my_account_api_out_of_order_is_no_consent(world: World) -> None:
    broker = world.broker()
    link(broker, CHAT)
    world.running.faults.add(Fault("/me/v1/*", status=429, retry_after=3))
    assert broker.ask(ME, "", MAIL) == Unavailable("google", "Auth0 says HTTP 429", 3.0)
    world.running.faults.add(Fault("/me/v1/*", status=503))
    assert isinstance(broker.ask(ME, "", MAIL), Unavailable)
    opened(broker)


def test_a_short_token_is_used_and_asked_for_again_once(world: World) -> None:
    broker = world.broker()
    link(broker)
    world.clock.forward(seconds=3599 - 100)
    exchanges = world.asked("/oauth/token")
    first = leased(broker)
    assert first.expires == pytest.approx(world.clock.now + 100, abs=2)
    leased(broker)
    leased(broker)
    leased(broker)
    assert world.asked("/oauth/token") == exchanges + 2
    world.clock.forward(seconds=90)
    assert leased(broker).expires > world.clock.now
    world.clock.forward(seconds=30)
    assert leased(broker).expires > world.clock.now + 3000


def test_many_threads_make_one_exchange(world: World) -> None:
    link(world.broker())
    broker = world.broker()
    exchanges = world.asked("/oauth/token")
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: broker.lease(ME, "", MAIL), range(24)))
    assert all(isinstance(one, Lease) for one in found)
    assert world.asked("/oauth/token") == exchanges + 1


def test_no_secret_stands_in_anything_that_is_said(world: World) -> None:
    broker = world.broker()
    link(broker)
    link(broker, CHAT)
    secrets = [kept.grant.refresh_token for kept in world.kept["auth0"].of(ME)]
    secrets += [leased(broker).token, leased(broker, CHAT).token, Secret("demo-web-not-a-secret")]
    world.without("grant:token_vault")
    said = [repr(broker.lease(ME, "", one)) for one in (MAIL, CHAT)]
    said += [
        repr(broker.grants(ME)),
        repr(world.audit.rows),
        repr(vars(broker)),
        repr(world.broker().ask(ME, "", MAIL)),
    ]
    for secret in secrets:
        assert secret is not None
        assert all(secret.reveal() not in text for text in said)


def test_a_sign_in_is_kept_as_a_grant_of_its_own(world: World) -> None:
    link(world.broker())
    [kept] = world.kept["auth0"].of(ME)
    assert isinstance(kept.grant, Grant)
    assert (kept.capability, kept.grant.identity.partition("|")[0]) == ("sign-in", "auth0")
    [account] = world.kept["auth0.google"].of(ME)
    assert account.grant.refresh_token is not None
    assert account.grant.refresh_token.reveal().startswith("cac_"), "an id, which opens nothing"


@pytest.mark.parametrize("secret", ["demo-web-not-a-secret", "v1.demo-opaque-refresh-token", "an/odd+one=="])
def test_an_error_that_quotes_what_it_was_sent_is_not_repeated(secret: str) -> None:
    """An opaque token has no form to be known by; what was sent is known."""
    words = {"error": "invalid_grant", "error_description": f"You sent {secret} and {quote(secret, safe='')}"}
    wire = Wire()
    with Hostile(lambda got, line: line.reply(400, words)) as double, pytest.raises(TokenError) as caught:
        TokenEndpoint(wire, f"{double.origin}/oauth/token", "client", secret).ask(refresh_token=secret)
    wire.close()
    assert caught.value.description == "You sent [token removed] and [token removed]"
