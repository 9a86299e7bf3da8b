"""The consent of the Google broker: PKCE, a state of its own, and nothing redeemed that nobody agreed to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from auth.lease import Lease
from auth.local.google import EMAIL, REDIRECT
from auth.need import Connect, Need, Reauth, Unavailable
from tests.auth.local.google_world import (
    ACCESS,
    ANA,
    READ,
    READ_SCOPE,
    REFRESH,
    SEND_SCOPE,
    Make,
    form,
    issue,
    of,
    refuse,
    token,
)


def test_without_a_grant_or_anyone_to_ask_the_account_is_to_be_connected(world_of: Make) -> None:
    world = world_of(issue())
    assert world.broker().lease("me", "", READ) == Connect("google", READ.scopes, "read your mail")
    assert world.broker().account("me", "google") == ANA


Pages = list[dict[str, str]]


def consent(pages: Pages, **answer: str) -> Callable[[str], str]:
    """Someone who agrees; what is given here replaces what Google would send back."""

    def agree(page: str) -> str:
        pages.append({name: values[0] for name, values in parse_qs(urlsplit(page).query).items()})
        return f"{REDIRECT}?{urlencode({'state': pages[-1]['state'], 'code': '4/canary-code'} | answer)}"

    return agree


def test_a_consent_is_asked_with_pkce_and_its_code_redeemed(world_of: Make) -> None:
    world, pages = world_of(of(ANA, issue(refresh_token=REFRESH))), Pages()
    assert token(world.broker(consent(pages)).lease("me", "", READ)) == ACCESS
    (page,), (redeemed, _, refreshed) = pages, map(form, world.server.got)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(redeemed["code_verifier"].encode()).digest()).rstrip(b"=")
    assert (page["code_challenge"], page["code_challenge_method"]) == (challenge.decode(), "S256")
    assert page["scope"].split() == [READ_SCOPE, EMAIL, "openid"], "with the identity, under its canonical names"
    assert (page["access_type"], page["login_hint"], "include_granted_scopes" in page) == ("offline", ANA, False)
    assert (redeemed["code"], redeemed["redirect_uri"]) == ("4/canary-code", page["redirect_uri"])
    assert (refreshed["grant_type"], refreshed["refresh_token"]) == ("refresh_token", REFRESH)


def test_calls_that_meet_at_the_first_consent_share_what_it_links(world_of: Make) -> None:
    world, pages = world_of(of(ANA, issue(refresh_token=REFRESH))), Pages()
    second = Event()

    def agree(page: str) -> str:
        second.wait(5)  # the first consent lasts until another call is under way
        return consent(pages)(page)

    def late() -> Lease | Need:
        second.set()
        return broker.lease("me", "", READ)

    broker = world.broker(agree, "")
    with ThreadPoolExecutor(2) as pool:
        leases = [pool.submit(broker.lease, "me", "", READ), pool.submit(late)]
        assert {token(lease.result()) for lease in leases} == {ACCESS}
    assert len(pages) == 1


@pytest.mark.parametrize("state", ["", "another", "ümlaut", "\x00"])
def test_an_answer_to_another_consent_is_refused(world_of: Make, state: str) -> None:
    world = world_of(issue())
    need = world.broker(consent([], state=state)).lease("me", "", READ)
    assert need == Reauth("google", "the answer to the consent carries another state")
    assert world.server.got == [], "its code is not redeemed"


def test_no_two_consents_share_their_secrets(world_of: Make) -> None:
    pages = Pages()
    broker = world_of(refuse("invalid_grant")).broker(consent(pages))
    for _ in range(2):
        broker.lease("me", "", READ)
    assert len({page["state"] for page in pages}) == len({page["code_challenge"] for page in pages}) == 2


def test_someone_who_declines_leaves_the_account_unconnected(world_of: Make) -> None:
    world = world_of(issue())
    pages = Pages()

    def decline(page: str) -> str:
        return consent(pages)(page).replace("code=", "error=access_denied&was=")

    assert isinstance(world.broker(decline).lease("me", "", READ), Connect)
    assert world.server.got == []


def test_someone_who_ticks_nothing_of_it_links_nothing(world_of: Make) -> None:
    world = world_of(of(ANA, issue(refresh_token=REFRESH, scope=f"openid {EMAIL} {SEND_SCOPE}")))
    need = world.broker(consent([])).lease("me", "", READ)
    assert need == Reauth("google", "nothing of what was asked for was ticked")
    assert world.server.got[-1].path == "/revoke", "and what came instead is given back"


def test_a_consent_that_yields_nothing_lasting_is_unavailable(world_of: Make) -> None:
    assert isinstance(world_of(issue()).broker(consent([])).lease("me", "", READ), Unavailable)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"aud": "another.apps.example", "sub": "1", "email": ANA},
        {"aud": "valet.apps.example", "email": ANA},
        {"aud": "valet.apps.example", "sub": "1", "email": ""},
        {"aud": "valet.apps.example", "sub": 1, "email": ANA},
    ],
)
def test_a_consent_of_nobody_known_links_nothing(world_of: Make, facts: dict[str, object]) -> None:
    tokens = issue(refresh_token=REFRESH)
    world = world_of(lambda got, line: line.reply(200, facts) if got.path == "/tokeninfo" else tokens(got, line))
    assert isinstance(world.broker(consent([])).lease("me", "", READ), Unavailable)
    assert world.grants.of("me") == ()
