"""No secret leaves its place where an Auth0 tenant keeps the accounts: sign-in, connect, exchange, refusal and write,
then a search of every byte that was left behind.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

import pytest

from app.demo.auth0.tenant import WEB_SECRET
from tests.canary.leaks import files, forms, leaks
from tests.canary.talk import (
    HALF_A_DAY,
    HOUR,
    MAIL,
    MODEL_KEY,
    NOTE,
    PASSPHRASE,
    SLACK,
    TASKS,
    WRITE,
    Held,
    Turn,
    answers,
    environment,
    hold,
    staged,
)
from tests.canary.world import every_log
from tests.terminal import piped

OWN = {"passphrase": PASSPHRASE, "model key": MODEL_KEY, "client secret": WEB_SECRET}
A_MONTH = 31 * 86_400.0
TURNS = (
    Turn((MAIL, SLACK)),
    Turn((TASKS,)),
    Turn((WRITE, NOTE)),
    Turn((MAIL, SLACK, TASKS), later=HOUR),
    *(Turn((MAIL, TASKS), f"auth0:{fault}", 2 * 86_400.0) for fault in ("429", "503", "truncate", "garbage")),
    Turn((SLACK,), "auth0-me:503", HALF_A_DAY),
    Turn((MAIL,), "gmail:401"),
    Turn((MAIL,), later=2 * 86_400.0, blabbing="/oauth/token"),
    Turn((TASKS,), later=2 * 86_400.0, blabbing="/oauth/token"),
    Turn((MAIL, TASKS), later=A_MONTH),
    Turn((MAIL,), later=A_MONTH, blabbing="/me/v1/.*"),
    Turn((MAIL, SLACK)),
)
RUNS = (
    ("grants", "--json"),
    ("audit", "--json"),
    ("doctor",),
    ("doctor", "auth0"),
    ("disconnect", "google"),
    ("disconnect", "auth0"),
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The conversation is held once for all the tests."""
    folder = tmp_path_factory.mktemp("canary-auth0")
    home = folder / "home"
    home.mkdir(mode=0o700)
    with staged(folder, answers(TURNS)) as stage, every_log() as lines:
        env = environment(home, stage.running, stage.model, VALET_BROKER="auth0")
        found = asyncio.run(hold(stage, env, folder, TURNS))
        done = {" ".join(run): piped(*run, env=env) for run in RUNS}
        evidence = found.evidence | {
            f"screen {name}": f"{one.stdout}\n{one.stderr}".encode() for name, one in done.items()
        }
        evidence |= {"logs": b"\n".join(lines.told), "prompts": repr(stage.model.requests).encode()}
        evidence |= files(folder)
        paths = frozenset(record.path for record in stage.running.log)
        secrets = OWN | found.secrets | stage.running.secrets()
    return replace(found, evidence=evidence, secrets=secrets, paths=paths)


def test_the_conversation_had_everything_in_it(held: Held) -> None:
    kinds = {name.rpartition(" ")[0] for name in held.secrets}
    expected = {"access_token", "refresh_token", "id_token", "auth_session", "connect_code", "ticket"}
    assert expected | {"code", "code_verifier", "state"} <= kinds
    assert {
        "/authorize",
        "/oauth/token",
        "/me/v1/connected-accounts/connect",
        "/me/v1/connected-accounts/complete",
        "/oauth/revoke",
    } <= held.paths
    for asked in (b"connect_google", b"connect_slack", b"connect_tasks", b"send_mail", b"create_tasks"):
        assert asked in held.evidence["interrupts"], asked
    assert b"auth0.connected_accounts" in held.evidence["screen audit --json"], "the signed requests are on the log"
    assert b'"need": "Reauth"' in held.evidence["screen audit --json"], "the sign-in ended, and was given again"
    assert held.answers[-1] == "Done."


def test_no_secret_is_anywhere(held: Held) -> None:
    """The tenant's own file may hold what a tenant keeps of a browser's way, and its ids of accounts."""
    own = {name for name, secret in held.secrets.items() if name.startswith("state ") or secret.startswith("cac_")}
    found = leaks(held.evidence, held.secrets)
    assert [leak for leak in found if "office.sqlite" not in leak.where or leak.secret not in own] == []


@pytest.mark.parametrize("place", ["logs", "stream values", "prompts", "audit", "screen doctor auth0"])
@pytest.mark.parametrize("kind", ["refresh_token", "access_token", "ticket"])
def test_a_leak_would_be_found_in_any_form(held: Held, place: str, kind: str) -> None:
    name, secret = next((name, secret) for name, secret in held.secrets.items() if name.startswith(kind))
    for form, needle in forms(secret):
        seeded = held.evidence[place] + b"~" + needle + b"~"
        assert [leak.where for leak in leaks({place: seeded}, {name: secret})], form
    wrapped = base64.b64encode(b'{"subject_token": "' + secret.encode() + b'", "n": 1}')
    assert leaks({place: wrapped}, {name: secret})
