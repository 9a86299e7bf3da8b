"""Which accounts are linked: the wrong one refused, several side by side, ended here and at the provider."""

from __future__ import annotations

import dataclasses

import pytest

from app.demo.consent import Consent
from app.demo.google_app import GoogleApp
from auth.capability import Capability
from auth.consent import Declined, Disconnected, Linked
from auth.lease import Lease, Secret
from auth.local.slack import SlackBroker
from auth.need import Connect, Reauth
from tests.auth.local.linking import CHAT, LABELS, MAIL, ME, Desk
from tests.demo.little_office import ALEX, DANA

SORT = dataclasses.replace(MAIL, name="gmail.labels", scopes=frozenset({LABELS}))


def as_dana(desk: Desk) -> None:
    desk.running.consent = Consent(account=DANA)


def test_another_account_than_the_linked_one_is_refused_and_given_back(desk: Desk) -> None:
    desk.linked()
    as_dana(desk)
    outcome = desk.linked(SORT)
    assert outcome == Declined("google", f"you chose {DANA}, and {ALEX} is another account; choose that one")
    assert desk.posts("/revoke") == 1
    assert isinstance(desk.brokers.lease(ME, "", SORT), Connect)
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease), "what was linked before still works"


def test_an_account_that_is_named_is_the_one_to_be_chosen(desk: Desk) -> None:
    as_dana(desk)
    assert desk.linked(MAIL, ALEX) == Declined("google", f"you chose {DANA}, and not {ALEX}")
    assert desk.brokers.accounts(ME, "google") == ()


def test_several_accounts_stand_side_by_side_and_are_chosen_by_name(desk: Desk) -> None:
    desk.linked()
    as_dana(desk)
    desk.clock.forward(minutes=1)
    assert desk.linked(MAIL, "home") == Linked("google", "home", MAIL.scopes)
    assert desk.brokers.accounts(ME, "google") == (ALEX, "home")
    assert desk.brokers.account(ME, "google") == ALEX, "the first linked"
    leases = [desk.brokers.lease(ME, account, MAIL) for account in ("", "home")]
    assert [lease.account for lease in leases if isinstance(lease, Lease)] == [ALEX, "home"]
    assert isinstance(desk.brokers.lease(ME, "elsewhere", MAIL), Connect)
    meant = dataclasses.replace(desk, default_account="home")
    assert meant.brokers.accounts(ME, "google") == ("home", ALEX)
    assert [facts.account for facts in meant.brokers.grants(ME) if facts.default] == ["home"]


def test_the_same_person_is_not_linked_under_two_names(desk: Desk) -> None:
    desk.linked()
    outcome = desk.linked(MAIL, "work")
    assert outcome == Declined("google", f"{ALEX} is linked already, under the name {ALEX}")
    assert desk.posts("/revoke") == 0, "which would have ended what is linked"
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease)


def test_nobody_sees_or_ends_what_another_person_linked(desk: Desk) -> None:
    desk.linked()
    assert desk.brokers.grants("someone") == ()
    done = desk.brokers.disconnect("someone", "google", ALEX)
    assert (done.capabilities, done.revoked) == ((), False)
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease)


def test_one_permission_is_forgotten_here_alone(desk: Desk) -> None:
    desk.linked()
    desk.linked(SORT)
    done = desk.brokers.disconnect(ME, "google", "", "gmail.labels")
    assert (done.account, done.capabilities, done.revoked) == (ALEX, ("gmail.labels",), False)
    assert "Google revokes all or nothing" in done.note
    assert desk.posts("/revoke") == 0
    assert isinstance(desk.brokers.lease(ME, "", SORT), Connect)
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease)


@pytest.mark.parametrize(("capability", "path"), [(MAIL, "/revoke"), (CHAT, "/api/auth.revoke")])
def test_a_whole_account_is_revoked_at_the_provider(desk: Desk, capability: Capability, path: str) -> None:
    desk.linked(capability)
    lease = desk.brokers.lease(ME, "", capability)
    assert isinstance(lease, Lease)
    done = desk.brokers.disconnect(ME, capability.connection, "")
    assert done == Disconnected(
        capability.connection, lease.account, (capability.name,), True, "Revoked at the provider, and forgotten here."
    )
    assert desk.posts(path) == 1
    assert isinstance(desk.brokers.lease(ME, "", capability), Connect), "the lease in memory too is gone"
    assert desk.brokers.accounts(ME, capability.connection) == ()


def test_what_the_provider_does_not_know_any_more_counts_as_revoked(desk: Desk) -> None:
    desk.linked(CHAT)
    desk.clock.forward(days=31)
    assert desk.brokers.disconnect(ME, "slack", "").revoked


def test_an_access_token_that_expired_is_renewed_to_be_revoked(desk: Desk) -> None:
    desk.linked(CHAT)
    desk.clock.forward(days=1)
    assert desk.brokers.disconnect(ME, "slack", "").revoked
    assert desk.posts("/api/oauth.v2.user.access") == 2


@pytest.mark.parametrize(("capability", "fault"), [(MAIL, "oauth:503*"), (CHAT, "slack-oauth:503*")])
def test_a_revocation_that_fails_is_told_and_it_is_forgotten_here(
    desk: Desk, capability: Capability, fault: str
) -> None:
    desk.linked(capability)
    desk.running.faults.parse(fault)
    done = desk.brokers.disconnect(ME, capability.connection, "")
    assert not done.revoked
    assert "not revoked" in done.note
    assert isinstance(desk.brokers.lease(ME, "", capability), Connect)


def test_what_is_linked_is_listed_without_a_secret(desk: Desk) -> None:
    desk.running.google_app = GoogleApp(testing=True)
    desk.linked()
    desk.linked(CHAT)
    desk.brokers.lease(ME, "", MAIL)
    google, slack = desk.brokers.grants(ME)
    now = desk.clock()
    assert (google.account, google.capability, google.scopes) == (ALEX, "gmail.read", MAIL.scopes)
    assert (google.linked, google.used, google.expires) == (now, now, now + 604_799)
    assert (slack.connection, slack.expires, slack.used, slack.dead) == ("slack", now + 30 * 86_400, 0.0, "")
    assert google.identity
    assert not {"1//", "ya29", "xox"} & set(repr((google, slack)).split("'"))


@pytest.mark.parametrize("capability", [MAIL, CHAT])
def test_a_use_is_noted_whether_or_not_it_takes_a_renewal(desk: Desk, capability: Capability) -> None:
    desk.linked(capability)
    for _ in range(2):
        desk.clock.forward(minutes=2)
        dataclasses.replace(desk).brokers.lease(ME, "", capability)
        [grant] = desk.brokers.grants(ME)
        assert grant.used == desk.clock()


def test_a_grant_of_an_app_in_testing_dies_after_a_week_and_stays_listed(desk: Desk) -> None:
    desk.running.google_app = GoogleApp(testing=True)
    desk.linked()
    desk.clock.forward(days=8)
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Reauth)
    (facts,) = desk.brokers.grants(ME)
    assert facts.dead
    desk.running.google_app = GoogleApp()
    assert isinstance(desk.linked(), Linked)
    assert isinstance(desk.brokers.lease(ME, "", MAIL), Lease)


def slack_of(desk: Desk) -> SlackBroker:
    broker = desk.brokers.by_connection["slack"]
    assert isinstance(broker, SlackBroker)
    return broker


def test_a_pasted_token_is_leased_as_it_is(desk: Desk) -> None:
    desk.linked(CHAT)
    lease = desk.brokers.lease(ME, "", CHAT)
    assert isinstance(lease, Lease)
    assert lease.token is not None
    token = lease.token.reveal()
    fresh = dataclasses.replace(desk, slack=type(desk.google)())
    assert isinstance(slack_of(fresh).take_token(ME, "", CHAT, Secret(token)), Linked)
    pasted = fresh.brokers.lease(ME, "", CHAT)
    assert isinstance(pasted, Lease)
    assert pasted.token is not None
    assert (pasted.token.reveal(), pasted.expires) == (token, float("inf"))
    fresh.brokers.invalidate(pasted)
    assert fresh.brokers.lease(ME, "", CHAT) == Reauth("slack", "the service no longer takes the token that was pasted")


def test_a_pasted_token_nobody_knows_is_refused(desk: Desk) -> None:
    outcome = slack_of(desk).take_token(ME, "", CHAT, Secret("xoxp-canary-of-nobody"))
    assert isinstance(outcome, Declined)
    assert "canary" not in outcome.why
    assert desk.brokers.grants(ME) == ()
