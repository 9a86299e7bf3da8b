"""The tenant with each step of its set-up left out: the operator is told which one, and nobody is asked in a circle."""

from __future__ import annotations

import pytest

from app.demo.auth0.tenant import ITEMS
from auth.auth0.checklist import STEPS, Checklist
from auth.consent import Declined
from auth.need import Misconfigured, Reauth, told
from tests.auth.auth0.tenant_world import BY_SIGN_IN, CHAT, MAIL, World, browse, link, opened, settled
from tests.auth.local.linking import ME

CONNECT = "/connected-accounts/connect"
BEFORE_ANYBODY_IS_ASKED = {
    "grant:authorization_code": "grant type Authorization Code",
    "grant:refresh_token": "grant type Refresh Token",
    "grant:token_vault": "may not use the Token Vault",
    "client:confidential": "only a confidential one",
    "client:first_party": "may not use the Token Vault",
    "client:oidc_conformant": "may not use the Token Vault",
    "client:callbacks": "does not lead back to Valet",
    "my_account:activated": "My Account API is not activated",
    "my_account:client_grant": "no grant for it",
    "my_account:skip_consent": "wants a consent of its own",
    "refresh_token:non_rotating": "refresh tokens rotate",
    "mfa:not_always": "second factor always",
}
AFTER_THE_SIGN_IN = {
    "connection:connected_accounts": "cannot be used for connected accounts",
    "connection:enabled": "cannot be used for connected accounts",
    "mrrt:policy": "not good for the My Account API",
    "domain:consistent": "under another name",
}
AFTER_THE_CONNECT = {
    "connection:offline_access": "keeps no refresh token for google-oauth2",
    "slack:token_rotation": "no refresh token for sign-in-with-slack",
}
AT_THE_PROVIDER = {"provider:redirect_uri"}
FOR_THE_TASKS = {item for item in ITEMS if item.startswith("tasks_api:")}
"""See test_auth0_tasks.py."""


def test_every_step_of_the_double_is_here() -> None:
    accounts = {*BEFORE_ANYBODY_IS_ASKED, *AFTER_THE_SIGN_IN, *AFTER_THE_CONNECT, *AT_THE_PROVIDER}
    assert accounts | FOR_THE_TASKS == {*ITEMS}


def test_every_step_says_what_is_wrong_and_what_to_do() -> None:
    texts = [Checklist(BY_SIGN_IN).texts(step) for step in STEPS]
    assert len(set(texts)) == len(STEPS)
    assert all(what and following.endswith(".") and "{" not in what + following for what, following in texts)


@pytest.mark.parametrize("item", BEFORE_ANYBODY_IS_ASKED)
def test_what_can_be_seen_from_outside_is_told_before_anybody_is_asked(world: World, item: str) -> None:
    world.without(item)
    need = world.broker().ask(ME, "", MAIL)
    assert isinstance(need, Misconfigured), need
    assert BEFORE_ANYBODY_IS_ASKED[item] in need.missing
    assert need.next
    assert need.next in told(need)[1]
    assert world.asked(CONNECT) == 0


@pytest.mark.parametrize("item", AFTER_THE_SIGN_IN)
def test_what_a_sign_in_shows_is_told_before_an_account_is_asked_for(world: World, item: str) -> None:
    world.without(item)
    broker = world.broker()
    asking = opened(broker)
    page = browse(asking.page)
    need = settled(broker, asking)
    assert isinstance(need, Misconfigured), need
    assert AFTER_THE_SIGN_IN[item] in need.missing
    assert "set up wrongly" in page.text
    assert world.asked(CONNECT) == 0
    again = broker.ask(ME, "", MAIL)
    if item != "domain:consistent":  # where nobody could be signed in at all
        assert again == need, "and the second time nobody is asked at all"


@pytest.mark.parametrize("item", AFTER_THE_CONNECT)
def test_an_account_without_a_lasting_token_is_not_asked_for_again_and_again(world: World, item: str) -> None:
    world.without(item)
    broker, wanted = world.broker(), CHAT if item.startswith("slack") else MAIL
    asking = opened(broker, wanted)
    browse(asking.page)
    need = settled(broker, asking)
    assert isinstance(need, Misconfigured), need
    assert AFTER_THE_CONNECT[item] in need.missing
    assert broker.grants(ME)[1:] == (), "nothing is linked but the sign-in"


def test_a_provider_that_does_not_lead_back_is_named_where_nobody_came_back(world: World) -> None:
    world.without("provider:redirect_uri")
    world.open_seconds = 0.2
    broker = world.broker()
    link_sign_in(world)
    asking = opened(broker)
    assert browse(asking.page).status == 400
    outcome = settled(broker, asking)
    assert isinstance(outcome, Declined)
    assert "https://demo.auth0.invalid/login/callback" in outcome.why


def link_sign_in(world: World) -> None:
    """Sign in, while the tenant is set up rightly."""
    broken, world.running.auth0 = world.running.auth0, type(world.running.auth0)()
    patient, world.open_seconds = world.open_seconds, 20.0
    broker = world.broker()
    link(broker)
    broker.disconnect(ME, "google", "")
    world.running.auth0, world.open_seconds = broken, patient


def test_the_demos_person_is_told_too(world: World) -> None:
    world.without("provider:redirect_uri")
    need = world.broker(at_once=True).lease(ME, "", MAIL)
    assert isinstance(need, Misconfigured)
    assert "does not lead back to the tenant" in need.missing
    world.without("mrrt:policy")
    need = world.broker(at_once=True).lease(ME, "", MAIL)
    assert isinstance(need, Misconfigured)
    assert "My Account API" in need.missing
    assert world.asked(CONNECT) <= 1


@pytest.mark.parametrize("item", ["mrrt:policy", "my_account:activated", "my_account:client_grant"])
def test_what_breaks_after_the_linking_asks_nobody(world: World, item: str) -> None:
    broker = world.broker()
    link(broker)
    world.without(item)
    again = world.broker()
    assert not isinstance(again.lease(ME, "", MAIL), Misconfigured), "the exchange does not need it"
    need = again.ask(ME, "", MAIL)
    assert isinstance(need, Misconfigured), need


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("grant:token_vault", "may not use the Token Vault"),
        ("client:confidential", "may not use the Token Vault"),
        ("refresh_token:non_rotating", "refresh tokens rotate"),
        ("mfa:not_always", "second factor always"),
        ("connection:connected_accounts", "cannot be used for connected accounts"),
    ],
)
def test_a_lease_names_the_step_that_was_undone(world: World, item: str, expected: str) -> None:
    link(world.broker())
    world.without(item)
    need = world.broker().lease(ME, "", MAIL)
    assert isinstance(need, Misconfigured), need
    assert expected in need.missing


def test_a_second_factor_that_is_asked_of_an_old_sign_in_leads_to_a_new_one(world: World) -> None:
    link(world.broker())
    world.clock.forward(hours=2)
    world.without("mfa:not_always")
    assert world.broker().lease(ME, "", MAIL) == Reauth("google", "Auth0 wants you to sign in again")
