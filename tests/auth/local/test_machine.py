"""A service account against a token service: what it signs, how its leases live, and what each refusal means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from auth.consent import Linked
from auth.lease import Lease, Secret
from auth.local.grants import Grant
from auth.local.machine import Given
from auth.local.machine_proof import JWT_BEARER, ServiceAccount, service_account
from auth.need import Connect, Misconfigured, Unavailable
from tests.auth.local.google_world import ACCESS, ANA, READ, READ_SCOPE, SEND_SCOPE, Make, form, issue, refuse, token
from tests.auth.local.machine_world import Machines, machines
from tests.loopback import Play, once_each

ROBOT = "robot@project.example"
DELEGATED = ServiceAccount(ROBOT, "key-1", "", ANA, "1234")


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048)


@pytest.fixture
def proof(key: RSAKey) -> ServiceAccount:
    return replace(DELEGATED, pem=key.as_pem(private=True).decode())


Build = Callable[[Play], Machines]


@pytest.fixture
def linked(proof: ServiceAccount, world_of: Make) -> Build:
    def make(play: Play) -> Machines:
        world = world_of(play)
        broker = machines(world, "google", lambda url: world.server.origin + urlsplit(url).path)
        assert broker.take("me", proof) == Linked("google", ANA, frozenset())
        return Machines(world, broker)

    return make


def test_it_signs_for_one_person_one_service_and_the_capability_alone(linked: Build, key: RSAKey) -> None:
    world, broker = linked(issue(scope=None))
    lease = broker.lease("me", "", READ)
    assert token(lease) == ACCESS
    assert isinstance(lease, Lease)
    assert (lease.account, lease.scopes) == (ANA, READ.scopes)
    sent = form(world.server.got[0])
    assert (set(sent), sent["grant_type"]) == ({"grant_type", "assertion"}, JWT_BEARER)
    signed = jwt.decode(sent["assertion"], key, algorithms=["RS256"])
    assert signed.header["kid"] == "key-1"
    assert signed.claims == {
        "iss": ROBOT,
        "sub": ANA,
        "aud": "https://oauth2.googleapis.com/token",
        "scope": READ_SCOPE,
        "iat": int(world.now),
        "exp": int(world.now) + 600,
    }


def test_without_a_person_it_acts_for_itself(proof: ServiceAccount, world_of: Make, key: RSAKey) -> None:
    world = world_of(issue())
    given = Given(replace(proof, person=""), "VALET_GOOGLE_CLIENT")
    broker = machines(world, "google", lambda url: world.server.origin + urlsplit(url).path, given)
    lease = broker.lease("me", "", READ)
    assert isinstance(lease, Lease)
    assert lease.account == ROBOT
    assert "sub" not in jwt.decode(form(world.server.got[0])["assertion"], key, algorithms=["RS256"]).claims


def test_a_lease_is_kept_while_it_lives_and_until_it_is_refused(linked: Build) -> None:
    world, broker = linked(once_each(issue(), issue(access_token="ya29.second"), issue(access_token="ya29.third")))
    first = broker.lease("me", "", READ)
    assert isinstance(first, Lease)
    assert broker.lease("me", ANA, READ) is first
    broker.invalidate(first)
    assert token(broker.lease("me", "", READ)) == "ya29.second"
    world.now += 3600
    assert token(broker.lease("me", "", READ)) == "ya29.third"


TIME = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and…"


@pytest.mark.parametrize(
    ("code", "said", "what", "following"),
    [
        ("invalid_scope", "Invalid OAuth scope.", f"does not know what {ROBOT} asks for ({READ_SCOPE})", "report it"),
        ("unauthorized_client", "Client is unauthorized", f"{ROBOT} may not act for {ANA}", "client id 1234"),
        ("access_denied", "no", f"{ROBOT} may not act for {ANA}", f"domain-wide delegation for {READ_SCOPE}"),
        ("invalid_grant", TIME, "by the clock of this machine it is 15 Jan 2027 08:00 UTC", "Set the clock right"),
        ("invalid_grant", "Invalid JWT Signature.", "does not take the key key-1", "Make a new key"),
        ("invalid_grant", "Invalid grant: account not found", "does not know the service account", "Make a new key"),
        ("invalid_grant", "Invalid email or User ID", f"to act for {ANA}, whom Google does not know", "--account"),
        ("invalid_grant", "something new", "(something new)", "Make a new key"),
        ("invalid_client", "The OAuth client was deleted.", "(invalid_client: The OAuth client was", "Make a new key"),
    ],
)
def test_each_refusal_has_a_sentence_and_an_action_of_its_own_and_is_no_consent(
    linked: Build, code: str, said: str, what: str, following: str
) -> None:
    world, broker = linked(refuse(code, 401, said))
    need = broker.lease("me", "", READ)
    assert isinstance(need, Misconfigured)
    assert what in need.missing
    assert following in need.next
    assert [kind for _, kind, _ in world.audit.rows] == ["decision", "need"]
    assert broker.grants("me")[0].dead == need.missing


def test_what_was_refused_is_tried_again_and_heals(linked: Build) -> None:
    _, broker = linked(once_each(refuse("unauthorized_client", 401), issue()))
    assert isinstance(broker.lease("me", "", READ), Misconfigured)
    assert token(broker.lease("me", "", READ)) == ACCESS
    facts = broker.grants("me")[0]
    assert (facts.dead, facts.used, facts.identity) == ("", 1_800_000_000.0, ROBOT)


@pytest.mark.parametrize("play", [refuse("internal_failure", 503), refuse("slow", 429), issue(access_token=None)])
def test_an_outage_is_unavailable_and_no_fault_of_the_account(linked: Build, play: Play) -> None:
    broker = linked(play).broker
    assert isinstance(broker.lease("me", "", READ), Unavailable)
    assert broker.grants("me")[0].dead == ""


def test_it_acts_for_nobody_else_and_takes_no_wider_token(linked: Build) -> None:
    world, broker = linked(issue(scope=f"{READ_SCOPE} {SEND_SCOPE}"))
    assert isinstance(broker.lease("me", "ben@example.org", READ), Connect)
    assert isinstance(broker.lease("somebody else", "", READ), Connect)
    assert world.server.got == []
    need = broker.lease("me", "", READ)
    assert isinstance(need, Misconfigured)
    assert "other scopes than it asked for" in need.missing


def pem_of(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def test_a_key_that_is_none_is_not_linked(proof: ServiceAccount, world_of: Make, key: RSAKey) -> None:
    world = world_of(issue())
    broker = machines(world, "google", str)
    public, weak = key.as_pem(private=False).decode(), pem_of(rsa.generate_private_key(65537, 1024))  # noqa: S505 - refused below
    other = ECKey.generate_key("P-256").as_pem(private=True).decode()
    for pem in ("", "pem", weak, public, other):
        need = broker.take("me", replace(proof, pem=pem))
        assert isinstance(need, Misconfigured)
        assert "no private RSA key of at least 2048 bits" in need.missing
    assert (broker.grants("me"), world.server.got) == ((), [])


def test_what_is_kept_comes_out_again_and_shows_nothing(linked: Build, proof: ServiceAccount, key: RSAKey) -> None:
    world, broker = linked(issue())
    kept = world.grants.find("me", ANA, "service-account")
    assert kept is not None
    assert kept.fixed
    secret = key.as_pem(private=True).decode().splitlines()[1]
    assert secret not in f"{kept} {broker.grants('me')} {proof} {world.audit.rows} {broker.need_of('me', proof, READ)}"


def test_a_record_of_another_valet_is_told(linked: Build) -> None:
    world, broker = linked(issue())
    world.grants.keep("me", "service-account", Grant(ANA, frozenset(), Secret("bm8="), fixed=True))
    need = broker.lease("me", "", READ)
    assert isinstance(need, Misconfigured)
    assert (need.missing, need.next) == ("what proves the program cannot be read by this Valet", "Link it again.")


def test_unlinked_it_leases_nothing_more(linked: Build) -> None:
    world, broker = linked(issue())
    broker.lease("me", "", READ)
    done = broker.disconnect("me", "google", ANA)
    assert (done.capabilities, done.revoked, "where it was made" in done.note) == (("service-account",), False, True)
    assert isinstance(broker.lease("me", ANA, READ), Connect)
    assert broker.disconnect("me", "google", ANA).capabilities == ()
    assert [facts.get("what") for _, kind, facts in world.audit.rows if kind == "decision"] == [
        "linked",
        "disconnected",
    ]


def test_a_key_file_is_read_whole_or_not_at_all() -> None:
    facts = {"type": "service_account", "client_email": ROBOT, "private_key_id": "key-1", "private_key": "pem"}
    assert service_account(facts, ANA) == replace(DELEGATED, pem="pem", client="")
    others: tuple[object, ...] = (
        [],
        facts | {"type": "user"},
        facts | {"private_key": 7},
        facts | {"client_email": ""},
    )
    for wrong in others:
        with pytest.raises(ValueError, match=r"no service account|a part is missing"):
            service_account(wrong)
