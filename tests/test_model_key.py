"""The model's key: typed without echo, kept in the vault, given to the endpoint it was typed for and to no other."""

from __future__ import annotations

from pathlib import Path

from tests.auth.vault_world import everything
from tests.canary.leaks import forms
from tests.openai_endpoint import Endpoint, openai_endpoint, said
from tests.terminal import piped, surroundings, terminal

KEY = "sk-loopback-7Yq2Vd81LmN4"
LOCK = {"VALET_VAULT_PASSPHRASE": "a long enough passphrase for a test"}


def at(home: Path, endpoint: Endpoint, **settings: str) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    return surroundings(home, VALET_MODEL="openai:loopback", VALET_MODEL_URL=endpoint.url, **settings)


def sent(endpoint: Endpoint) -> str:
    return endpoint.headers[-1]["authorization"]


def test_a_key_is_typed_kept_and_used_at_its_endpoint_alone(tmp_path: Path) -> None:
    with openai_endpoint(said("Hello.")) as endpoint, openai_endpoint(said("Hello.")) as other:
        env = at(tmp_path / "home", endpoint, **LOCK)
        with terminal("connect", "model", env=env) as screen:
            screen.expect("API key of model: ")
            screen.enter(KEY)
            screen.expect("Linked: model")
            assert screen.ended() == 0
            assert KEY not in screen.raw
        assert piped("ask", "hello", env=env).returncode == 0
        assert sent(endpoint) == f"Bearer {KEY}"
        assert piped("ask", "hello", env=env | {"VALET_MODEL_KEY": "sk-of-the-settings"}).returncode == 0
        assert sent(endpoint) == "Bearer sk-of-the-settings"
        assert piped("ask", "hello", env=env | {"VALET_MODEL_URL": other.url}).returncode == 0
        assert KEY not in str(other.headers)
        assert not [form for form, needle in forms(KEY) if needle in everything(tmp_path / "home")]
        parted = piped("disconnect", "model", env=env)
        assert parted.returncode == 0
        assert "The key itself stays good until you end it" in " ".join(parted.stdout.split())
        assert piped("ask", "hello", env=env).returncode == 0
        assert KEY not in sent(endpoint)


def test_the_doctor_says_where_the_key_comes_from(tmp_path: Path) -> None:
    with openai_endpoint((200, {"data": []})) as endpoint:
        env = at(tmp_path / "home", endpoint, **LOCK)

        def told(**more: str) -> str:
            return " ".join(piped("doctor", "--json", env=env | more).stdout.split())

        assert "with no key." in told()
        assert piped("connect", "model", env=env, stdin=f"{KEY}\n").returncode == 0
        assert "with the key in the vault." in told()
        assert "with the key of OPENAI_API_KEY (the environment)." in told(OPENAI_API_KEY="sk-other")
        assert KEY not in told()


def test_a_key_of_ones_own_is_not_kept_in_a_vault_whose_key_lies_beside_it(tmp_path: Path) -> None:
    with openai_endpoint(said("Hello.")) as endpoint:
        kept = piped("connect", "model", env=at(tmp_path / "home", endpoint), stdin=f"{KEY}\n")
    assert kept.returncode == 4
    assert "not good enough" in kept.stdout + kept.stderr
