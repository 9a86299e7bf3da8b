"""One consent for several capabilities: what each lease of it may do, and what an unticked box takes away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from app.demo.consent import Consent
from auth.capability import Capability
from auth.consent import Linked
from auth.lease import Lease
from auth.need import Connect, StepUp
from auth.wire import Cut
from tests.auth.local.linking import LABELS, MAIL, ME, READONLY, SORT, Desk
from tests.demo.little_office import ALEX

BUNDLE = Capability("google", "mail", MAIL.scopes | SORT.scopes, (), "read", "read and label your mail")
READ, LABEL = (replace(each, bundle="mail") for each in (MAIL, SORT))
ONLY_LABELS = replace(LABEL, name="gmail.labels", scopes=frozenset({LABELS}))


@pytest.fixture
def mail(desk: Desk) -> Iterator[Desk]:
    opened = Desk(desk.running, desk.clock, bundles={"mail": BUNDLE})
    yield opened
    opened.wire.close()


def leased(desk: Desk, capability: Capability) -> Lease:
    found = desk.brokers.lease(ME, "", capability)
    assert isinstance(found, Lease), found
    return found


def scopes_of(desk: Desk, lease: Lease) -> frozenset[str]:
    """What the token may do, as the provider says."""
    assert lease.token is not None
    answer = desk.wire.send(
        "POST",
        f"{desk.running.origin}/tokeninfo",
        body=urlencode({"access_token": lease.token.reveal()}).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Host": "oauth2.googleapis.com"},
        cut=Cut(),
    )
    return frozenset(json.loads(answer.body)["scope"].split())


def test_one_consent_serves_every_capability_each_with_its_own_scopes(mail: Desk) -> None:
    assert isinstance(mail.brokers.lease(ME, "", READ), Connect)
    asking = mail.asked(READ)
    assert (asking.scopes, asking.reason) == (BUNDLE.scopes, BUNDLE.reason)
    assert mail.asked(LABEL) is asking, "what else is missing of the bundle is the same question"
    assert mail.linked(LABEL) == Linked("google", ALEX, BUNDLE.scopes)
    for capability in (READ, LABEL, ONLY_LABELS):
        lease = leased(mail, capability)
        assert lease.scopes == capability.scopes == scopes_of(mail, lease)
    (facts,) = mail.brokers.grants(ME)
    assert (facts.capability, facts.scopes) == ("mail", BUNDLE.scopes)


def test_what_is_not_ticked_takes_away_what_needs_it_and_nothing_else(mail: Desk) -> None:
    mail.running.consent = Consent("partial", frozenset({READONLY}))
    assert mail.linked(READ) == Linked("google", ALEX, frozenset({READONLY}), frozenset({LABELS}))
    assert leased(mail, READ).scopes == {READONLY}
    for capability in (LABEL, ONLY_LABELS):
        assert mail.brokers.lease(ME, "", capability) == StepUp("google", frozenset({LABELS}), capability.reason)
    mail.running.consent = Consent()
    assert mail.linked(LABEL) == Linked("google", ALEX, BUNDLE.scopes)
    assert leased(mail, LABEL).scopes == LABEL.scopes


def test_a_grant_of_before_is_used_for_what_it_covers(mail: Desk) -> None:
    before = Desk(mail.running, mail.clock, google=mail.google)
    before.linked(replace(MAIL, name="mail"))
    assert leased(mail, READ).scopes == {READONLY}
    assert isinstance(mail.brokers.lease(ME, "", LABEL), StepUp)


def test_another_process_renews_nothing_that_is_still_good(mail: Desk) -> None:
    mail.linked(READ)
    for capability in (READ, LABEL):
        leased(mail, capability)
    spent = mail.posts("/token")
    other = Desk(mail.running, mail.clock, google=mail.google, bundles=mail.bundles)
    for capability in (LABEL, READ):
        assert leased(other, capability).scopes == capability.scopes
    assert mail.posts("/token") == spent
    other.brokers.invalidate(leased(other, READ))
    leased(Desk(mail.running, mail.clock, google=mail.google, bundles=mail.bundles), LABEL)
    assert mail.posts("/token") == spent, "a token that was refused takes no other with it"
    leased(other, READ)
    assert mail.posts("/token") == spent + 1


def test_at_once_they_are_asked_once(mail: Desk) -> None:
    """Several tools begin at the same moment: each waits for the one consent."""
    mail.linked(READ)
    spent = mail.posts("/token")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: leased(mail, (READ, LABEL)[number % 2]), range(16)))
    assert mail.posts("/token") == spent + 2
    assert len({id(lease) for lease in found}) == 2


def test_disconnecting_the_bundle_ends_its_leases(mail: Desk) -> None:
    mail.linked(READ)
    leased(mail, READ)
    assert mail.brokers.disconnect(ME, "google", "", "mail").capabilities == ("mail",)
    assert isinstance(mail.brokers.lease(ME, ALEX, READ), Connect)
    assert isinstance(mail.brokers.lease(ME, "", READ), Connect)
