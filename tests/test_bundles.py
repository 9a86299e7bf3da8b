"""What a person is asked to agree to at once: no more than the tools need together, and reading apart from writing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auth.capability import Capability
from auth.scope_words import words
from graphs.access import bundles
from tests.small_graph import module
from tools.base import Access, ToolContext, ToolNode
from tools.errors import DeclarationError
from tools.registry import Registry, discover
from tools.write import Plan, write

REGISTRY = discover()
CONNECTIONS = sorted({access.connection for access, _ in REGISTRY.needs})


def mixed_metadata(bundle: Capability) -> bool:
    """Whether it holds gmail.metadata beside a broader scope: Google then refuses what the broader one would admit."""
    mail = {scope for scope in bundle.scopes if "/auth/gmail." in scope or scope == "https://mail.google.com/"}
    return any(scope.endswith("/gmail.metadata") for scope in mail) and len(mail) > 1


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_bundle_is_what_its_tools_need_and_no_more(connection: str) -> None:
    for name, bundle in bundles(REGISTRY, connection).items():
        needs = [
            access
            for access, effect in REGISTRY.needs
            if access.connection == connection and access.consented(effect) == name
        ]
        assert bundle.scopes == {scope for access in needs for scope in access.scopes}
        assert {effect for access, effect in REGISTRY.needs if access in needs} == {bundle.effect}
        assert bundle.operations == ()
        assert not mixed_metadata(bundle), "a capability of gmail.metadata names a bundle of its own"
        assert all(words(scope) != scope for scope in bundle.scopes), "auth/scope_words.py has no words for one"


def test_metadata_beside_a_broader_scope_is_found() -> None:
    auth = "https://www.googleapis.com/auth/gmail"
    alone = Capability("google", "gmail.read", frozenset({f"{auth}.metadata"}), (), "read")
    assert not mixed_metadata(alone)
    assert mixed_metadata(replace(alone, scopes=alone.scopes | {f"{auth}.readonly"}))


def test_google_is_linked_to_read_in_a_page_for_each_service() -> None:
    reading = [name for name, bundle in bundles(REGISTRY, "google").items() if bundle.effect == "read"]
    assert reading == ["calendar.read", "drive.own", "drive.read", "gmail.read"]
    assert all(
        s.endswith(("readonly", "freebusy"))
        for n in reading
        if n != "drive.own"
        for s in bundles(REGISTRY, "google")[n].scopes
    )
    assert bundles(REGISTRY, "google")["gmail.read"].reason == "read your mail"


def test_a_token_of_slack_cannot_be_narrowed_so_searching_is_asked_for_apart() -> None:
    read = bundles(REGISTRY, "slack")["slack.read"]
    assert "search:read" not in read.scopes
    assert bundles(REGISTRY, "slack")["slack.search"].scopes != read.scopes


LOOK = Access("post", "post.read", ("read",), ("GET post.example/a",), "read the post", bundle="post.all")


@write(
    access=replace(LOOK, capability="post.send", scopes=("send",)),
    look=LOOK,
    perform=lambda act, plan: None,  # type: ignore[arg-type,return-value]  # never called
    find=lambda act, plan: None,
)
def send_post(context: ToolContext) -> Plan:
    """Send the post."""
    raise AssertionError("never called")


def test_reading_and_writing_in_one_bundle_are_refused() -> None:
    post = module("post", ToolNode("write", "Say that it was sent.", (send_post,)))
    with pytest.raises(DeclarationError, match=r"the bundle 'post\.all' holds reading and writing"):
        Registry.of([post])
