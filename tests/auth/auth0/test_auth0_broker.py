"""Leases and consents through the tenant, from the first sign-in to the parting."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.demo.consent import Consent
from auth.consent import ConsentError, Declined, Linked
from auth.lease import Lease
from auth.local.grants import Grant
from auth.need import Connect, Misconfigured, Reauth, StepUp
from tests.auth.auth0.tenant_world import (
    BY_ACCESS_TOKEN,
    CHAT,
    FREE,
    FREE_BUSY,
    MAIL,
    READONLY,
    World,
    browse,
    leased,
    link,
    linked,
    opened,
    settled,
    stopped_before_callback,
    tenant,
)
from tests.auth.local.linking import ME, fetch
from tests.demo.little_office import ALEX, DANA

BOTH = frozenset({READONLY, FREE_BUSY})


def reveal(lease: Lease) -> str:
    assert lease.token is not None
    return lease.token.reveal()


def test_one_tab_signs_in_connects_and_the_lease_works(world: World) -> None:
    broker = world.broker()
    found = broker.lease(ME, "", MAIL)
    assert found == Connect("google", MAIL.scopes, "read your mail")
    asking = opened(broker)
    assert asking.page.startswith("http://127.0.0.1:1848")
    assert "demo.auth0" not in repr(asking)
    page = browse(asking.page)
    assert page.status == 200
    assert "is linked" in page.text
    assert settled(broker, asking) == Linked("google", ALEX, frozenset({READONLY}))
    lease = leased(broker)
    assert (lease.account, lease.scopes) == (ALEX, frozenset({READONLY}))
    profile = fetch(f"{world.running.origin}/gmail/v1/users/me/profile", authorization=f"Bearer {reveal(lease)}")
    assert json.loads(profile.text)["emailAddress"] == ALEX
    assert world.running.remarks.listed("violation") == [], "no scope is sent with an exchange"


def test_a_lease_that_is_held_costs_no_request(world: World) -> None:
    broker = world.broker()
    link(broker)
    first = leased(broker)
    before = len(world.running.log)
    assert reveal(leased(broker)) == reveal(first)
    assert len(world.running.log) == before


def test_a_second_capability_asks_for_the_union_and_loses_nothing(world: World) -> None:
    broker = world.broker()
    link(broker)
    assert isinstance(broker.lease(ME, "", FREE), Connect), "what nobody agreed to is asked for"
    assert link(broker, FREE).scopes == {FREE_BUSY}
    lease = leased(broker)
    assert lease.scopes == BOTH
    _, kind, facts = world.audit.rows[-1]
    assert (kind, facts["scopes"], facts["excess"]) == ("lease", READONLY, FREE_BUSY), "what is too wide is recorded"
    asked = [facts for _, kind, facts in world.audit.rows if kind == "call" and "tokeninfo" in facts["operation"]]
    assert asked, "whose token it is was asked with the token itself"
    assert {facts["outcome"] for facts in asked} == {"taken"}


def test_a_consent_that_was_overtaken_takes_no_scope_away(world: World) -> None:
    broker = world.broker()
    link(broker, CHAT)
    mail, free = opened(broker, MAIL), opened(broker, FREE)
    browse(free.page)
    assert isinstance(settled(broker, free), Linked)
    browse(mail.page)
    assert isinstance(settled(broker, mail), Linked)
    assert leased(broker, FREE).scopes == BOTH
    assert leased(broker, MAIL).scopes == BOTH


def test_slack_is_connected_with_the_same_sign_in(world: World) -> None:
    broker = world.broker()
    link(broker)
    outcome = link(broker, CHAT)
    assert "@" in outcome.account
    assert leased(broker, CHAT).scopes == {"channels:read"}
    assert broker.accounts(ME, "auth0") == (ALEX,)
    assert [(facts.connection, facts.capability) for facts in broker.grants(ME)] == [
        ("auth0", "sign-in"),
        ("google", "gmail.read"),
        ("slack", "slack.read"),
    ]


def test_the_demos_person_goes_through_all_of_it_at_once(world: World) -> None:
    broker = world.broker(at_once=True)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda wanted: broker.lease(ME, "", wanted), (MAIL, FREE, CHAT, MAIL)))
    assert all(isinstance(one, Lease) for one in found), found
    assert leased(broker, MAIL).scopes == BOTH
    assert world.asked("/connected-accounts/connect") == 3


def test_what_was_not_ticked_stays_off(world: World) -> None:
    world.running.consent = Consent("partial", frozenset({READONLY}))
    wide = type(MAIL)("google", "wide", BOTH, (), "read", "read and plan")
    broker = world.broker()
    outcome = linked(broker, wide)
    assert outcome == Linked("google", ALEX, frozenset({READONLY}), frozenset({FREE_BUSY}))
    assert broker.lease(ME, "", wide) == StepUp("google", frozenset({FREE_BUSY}), "read and plan")


def test_a_no_links_nothing(world: World) -> None:
    broker = world.broker()
    link(broker, CHAT)
    world.running.consent = Consent("deny")
    outcome = linked(broker)
    assert outcome == Declined("google", "the consent was declined")
    assert isinstance(broker.lease(ME, "", MAIL), Connect)


def test_a_no_to_the_sign_in_links_nothing(world: World) -> None:
    broker = world.broker()
    asking = opened(broker)
    world.running.consent = Consent("deny")
    browse(asking.page)
    assert settled(broker, asking) == Declined("google", "the consent was declined")
    assert broker.grants(ME) == ()


def test_another_account_than_the_one_asked_for_is_given_back(world: World) -> None:
    broker = world.broker()
    link(broker, CHAT)
    world.running.consent = Consent(account=DANA)
    outcome = linked(broker, MAIL, ALEX)
    assert outcome == Declined("google", f"you chose {DANA}, and not {ALEX}")
    world.running.consent = Consent()
    assert link(broker, MAIL, ALEX).account == ALEX


def test_somebody_else_does_not_take_the_sign_in_over(world: World) -> None:
    broker = world.broker()
    link(broker)
    world.kept["auth0"].keep(ME, "sign-in", _dead(world))
    world.running.consent = Consent(account=DANA)
    asking = opened(broker)
    browse(asking.page)
    outcome = settled(broker, asking)
    assert isinstance(outcome, Declined)
    assert f"you signed in as {DANA}" in outcome.why
    assert world.asked("/oauth/revoke") == 1, "the sign-in that nobody keeps is ended"
    assert broker.account(ME, "auth0") == ALEX


def _dead(world: World) -> Grant:
    [kept] = world.kept["auth0"].of(ME)
    return replace(kept.grant, refresh_token=None, dead="it ended")


def test_two_accounts_of_one_connection_are_told_apart(world: World) -> None:
    broker = world.broker()
    link(broker)
    world.running.consent = Consent(account=DANA)
    assert link(broker, MAIL, DANA).account == DANA
    tokens = {reveal(leased(broker, MAIL, who)) for who in (ALEX, DANA)}
    assert len(tokens) == 2
    assert broker.accounts(ME, "google") == (ALEX, DANA)
    named = broker.ask(ME, "work", MAIL)
    assert isinstance(named, Misconfigured)
    assert "addresses" in named.missing


def test_the_pasted_address_does_for_both_steps(world: World) -> None:
    broker = world.broker()
    asking = opened(broker)
    with pytest.raises(ConsentError, match=r"first of two steps; open http://127\.0\.0\.1"):
        broker.paste(ME, asking.id, stopped_before_callback(asking.page))
    broker.paste(ME, asking.id, stopped_before_callback(asking.page))
    assert settled(broker, asking) == Linked("google", ALEX, frozenset({READONLY}))


def test_an_address_of_the_sign_in_counts_once(world: World) -> None:
    broker = world.broker()
    asking = opened(broker)
    back = stopped_before_callback(asking.page)
    assert fetch(back).status == 302
    assert fetch(back).status == 404, "the question waits for its second step now"
    browse(asking.page)
    assert isinstance(settled(broker, asking), Linked)


def test_another_computer_needs_the_sign_in_alone(world: World) -> None:
    link(world.broker())
    pages = world.asked("/connected-accounts/connect")
    world.kept.clear()
    elsewhere = world.broker()
    assert link(elsewhere).account == ALEX
    assert world.asked("/connected-accounts/connect") == pages
    assert leased(elsewhere).scopes == {READONLY}


def test_access_tokens_are_exchanged_where_the_sign_in_is_public(world: World) -> None:
    broker = world.broker(BY_ACCESS_TOKEN)
    link(broker)
    first = world.kept["auth0"].of(ME)[0].grant.refresh_token
    world.clock.forward(days=2)
    fetched = leased(world.broker(BY_ACCESS_TOKEN))
    assert fetched.scopes == {READONLY}
    following = world.kept["auth0"].of(ME)[0].grant.refresh_token
    assert first is not None
    assert following is not None
    assert first.reveal() != following.reveal(), "its refresh tokens rotate, and the next one was kept"


def test_connections_may_be_set_for_single_bundles(world: World) -> None:
    broker = world.broker(tenant(connections={"gmail.read": "google-oauth2", "slack": "sign-in-with-slack"}))
    assert link(broker).account == ALEX
    need = broker.ask(ME, "", FREE)
    assert isinstance(need, Misconfigured)
    assert "VALET_AUTH0_CONNECTIONS" in need.next


def test_disconnecting_ends_it_at_the_tenant(world: World) -> None:
    broker = world.broker()
    link(broker)
    link(broker, FREE)
    one = broker.disconnect(ME, "google", "", "gmail.read")
    assert (one.capabilities, one.revoked) == (("gmail.read",), False)
    assert isinstance(broker.lease(ME, "", MAIL), Connect)
    leased(broker, FREE)
    whole = broker.disconnect(ME, "google", ALEX)
    assert (whole.capabilities, whole.revoked) == (("calendar.free",), True)
    assert "myaccount.google.com" in whole.note
    assert broker.disconnect(ME, "google", ALEX).capabilities == ()
    asking = opened(broker)
    assert world.asked("/connected-accounts/connect") == 2
    browse(asking.page)
    assert isinstance(settled(broker, asking), Linked)
    assert world.asked("/connected-accounts/connect") == 3, "the tenant has forgotten it: it is asked for anew"


def test_signing_out_keeps_what_is_connected_for_the_next_sign_in(world: World) -> None:
    broker = world.broker()
    link(broker)
    done = broker.disconnect(ME, "auth0", "")
    assert (done.account, done.capabilities, done.revoked) == (ALEX, ("sign-in",), True)
    assert broker.lease(ME, "", MAIL) == Reauth("google", "you are not signed in at Auth0")
    link(broker)
    leased(broker)


def test_disconnecting_without_a_sign_in_says_what_is_left(world: World) -> None:
    broker = world.broker()
    link(broker)
    broker.disconnect(ME, "auth0", "")
    done = broker.disconnect(ME, "google", "")
    assert not done.revoked
    assert "still kept at Auth0" in done.note
