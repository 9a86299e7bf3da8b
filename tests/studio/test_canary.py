"""No secret leaves its place on the real server: a conversation with everything in it, then every byte is searched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.canary.leaks import forms, leaks
from tests.studio.held import MODES, SEED, Held, conversation


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """The conversation is held once for all the tests."""
    pytest.importorskip("langgraph_api", reason="the LangGraph server is not installed here: `make test-studio`")
    with conversation(tmp_path_factory.mktemp("canary")) as found:
        yield found


def test_the_conversation_had_everything_in_it(held: Held) -> None:
    kinds = {name.rpartition(" ")[0] for name in held.secrets}
    assert {"access_token", "refresh_token", "code", "code_verifier", "state"} <= kinds
    begun = {secret[:6] for secret in held.secrets.values()}
    assert {"ya29.d", "1//dem", "xoxe.x", "xoxe-1"} <= begun
    for asked in (b"connect_google", b"connect_slack", b"send_mail"):
        assert asked in held.evidence["interrupts"]
    assert {f"stream {mode}" for mode in MODES if mode != "messages"} <= set(held.evidence)
    assert b"receipt" in held.evidence["state"]
    for said in (b"HTTP 503", b"refused access", b"no longer accepts the sign-in"):
        assert said in held.evidence["prompts"], said


def test_no_secret_is_anywhere(held: Held) -> None:
    assert leaks(held.evidence, held.secrets) == []
    assert leaks(held.seeded, held.secrets) == []


def test_what_leaks_is_found_wherever_the_server_puts_it(held: Held) -> None:
    """A text with a mark is said, as a leak would be, and is found where the server keeps and tells it."""
    found = {leak.where for leak in leaks(held.seeded, {"seed": SEED})}
    assert {"stream values", "state", "history", "thread", "runs"} <= found
    names = {name.rpartition("/")[2] for name in found}
    assert {"server.log", ".langgraph_ops.pckl"} <= names
    assert any(name.startswith(".langgraph_checkpoint") for name in names)
    assert "valet.db" not in names, "what Valet itself keeps of conversations is encrypted"
    assert b"langgraph_cli" in held.seeded["started"]
    assert b"langgraph_cli" in held.evidence["arguments"]


@pytest.mark.parametrize("place", ["stream values", "state", "history", "runs", "arguments", "prompts"])
def test_a_leak_would_be_found_in_any_form(held: Held, place: str) -> None:
    name, secret = next((name, secret) for name, secret in held.secrets.items() if secret.startswith("ya29."))
    for form, needle in forms(secret):
        assert leaks({place: held.evidence[place] + b"~" + needle + b"~"}, {name: secret}), form
