"""Least privilege: every lease asks for the narrowest scopes that admit its requests, reads read, and writes wait.

What admits what is taken from Google's discovery documents, Slack's table of methods and the tasks API's own list.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from app.demo.routes import Document, Method, load
from app.tasks.api import OPERATIONS
from auth.lease import Lease
from graphs.access import capability_of
from tests.auth.local.linking import fetch
from tests.canary.doubles import Watched
from tests.canary.world import Clock, world
from tests.demo.slack.team import team_office
from tests.openai_endpoint import openai_endpoint, said
from tests.terminal import surroundings
from tools.base import Access, Effect
from tools.registry import discover

AUTH = "https://www.googleapis.com/auth/"
DOCUMENTS = ("gmail.v1", "calendar.v3", "drive.v3")
READING_POSTS = frozenset({"calendar.freebusy.query"})
BY_DATA = frozenset(
    {
        ("calendar.events.readonly", "calendar.events.owned.readonly"),
        ("calendar.events.readonly", "calendar.events.freebusy"),
    }
)
"""Scopes that open the same methods and show less: the documents say nothing of that."""
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("gmail.readonly", "gmail.metadata"): "it gives no bodies, takes no query, and forbids both to the whole token",
    ("drive.readonly", "drive.metadata.readonly"): "it does not search what a document says",
    ("drive.readonly", "drive.meet.readonly"): "it sees the files that Google Meet made, and no others",
    ("drive.file", "drive.meet.readonly"): "it sees the files that Google Meet made, and not Valet's own",
    ("drive.file", "drive.appdata"): "it makes files in a hidden folder, where the person does not see them",
    ("drive.file", "drive.metadata"): "it reaches every file of the person, and drive.file Valet's own alone",
    ("drive.file", "drive.scripts"): "it reaches scripts, and no documents",
    ("calendar.events.owned", "calendar.events"): "it reaches calendars of others too; only by methods is it narrower",
    ("calendar.events.readonly", "calendar.events.owned.readonly"): "it does not see calendars that others share",
    ("calendar.events.readonly", "calendar.events.freebusy"): "it hides what an event is about",
}
"""(asked for, narrower by the documents): why the narrower one does not do. Every one of them must be in use."""
_KINDS = ("channels", "groups", "im", "mpim")
_READ, _HISTORY = frozenset(f"{k}:read" for k in _KINDS), frozenset(f"{k}:history" for k in _KINDS)
SLACK: dict[str, frozenset[str]] = {
    "auth.test": frozenset(),
    "users.conversations": _READ,
    "conversations.list": _READ,
    "conversations.info": _READ,
    "conversations.members": _READ,
    "conversations.history": _HISTORY,
    "conversations.replies": _HISTORY,
    "search.messages": frozenset({"search:read"}),
    "users.list": frozenset({"users:read"}),
    "users.info": frozenset({"users:read"}),
    "usergroups.list": frozenset({"usergroups:read"}),
}
SLACK_WRITES: dict[str, frozenset[str]] = {
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "chat.delete": frozenset({"chat:write"}),
    "reactions.add": frozenset({"reactions:write"}),
    "conversations.open": frozenset({"im:write"}),  # with one person; with several it would be mpim:write
}


def needs() -> dict[str, tuple[Access, Effect]]:
    """Every permission that any tool ever leases, by the tool and what it is for."""
    found: dict[str, tuple[Access, Effect]] = {}
    for node in discover().nodes:
        for tool in node.tools:
            found[tool.name] = (tool.access, node.effect)
            if tool.writing is not None:
                found[f"{tool.name}, planning"] = (tool.writing.look, "read")
    return found


NEEDS = needs()


def of(*connections: str) -> list[str]:
    return [name for name, (access, _) in NEEDS.items() if access.connection in connections]


def methods(access: Access) -> list[tuple[Document, Method]]:
    """What the operations are in the discovery documents; a batch is none of its own."""
    found = []
    for operation in access.operations:
        verb, _, target = operation.partition(" ")
        host, _, path = target.partition("?")[0].partition("/")
        documents = [load(name) for name in DOCUMENTS]
        if any(document.host == host and f"/{path}" in document.batches for document in documents):
            continue
        here = [(document, document.find(verb, f"/{path.replace('*', 'x')}")) for document in documents]
        admitted = [(document, method[0]) for document, method in here if method and document.host == host]
        assert len(admitted) == 1, f"{operation} is in {len(admitted)} documents"
        found += admitted
    return found


def reach(scope: str) -> frozenset[str]:
    """The methods that a scope opens."""
    every = (method for name in DOCUMENTS for method in load(name).methods.values())
    return frozenset(method.id for method in every if scope in method.scopes)


def narrower(scopes: frozenset[str], used: list[Method]) -> Iterator[tuple[str, str]]:
    """Every (scope, another) where the other opens less, and would still admit all that is used."""
    every = {scope for name in DOCUMENTS for scope in load(name).scopes}
    for scope in scopes:
        for other in every - scopes:
            less = reach(other) < reach(scope) or (short(scope), short(other)) in BY_DATA
            if reach(other) and less and admits((scopes - {scope}) | {other}, used):
                yield scope, other


def short(scope: str) -> str:
    return scope.removeprefix(AUTH)


def admits(scopes: frozenset[str], used: list[Method]) -> bool:
    return all(method.scopes & scopes for method in used)


@pytest.mark.parametrize("name", of("google"))
def test_google_is_asked_for_the_narrowest_scopes(name: str) -> None:
    access = NEEDS[name][0]
    scopes, used = frozenset(access.scopes), [method for _, method in methods(access)]
    assert admits(scopes, used)
    for scope in scopes:
        assert not admits(scopes - {scope}, used), f"{scope} is not needed"
    wider = {(short(a), short(b)) for a, b in narrower(scopes, used)}
    assert wider <= EXCEPTIONS.keys(), "a narrower scope would do; take it, or say above why it does not"


def test_no_exception_is_kept_that_nobody_needs() -> None:
    used: set[tuple[str, str]] = set()
    for name in of("google"):
        access = NEEDS[name][0]
        found = narrower(frozenset(access.scopes), [method for _, method in methods(access)])
        used |= {(short(a), short(b)) for a, b in found}
    assert set(EXCEPTIONS) == used


@pytest.mark.parametrize("name", of("slack"))
def test_slack_is_asked_for_what_its_methods_need(name: str) -> None:
    access = NEEDS[name][0]
    called = [operation.rpartition("/")[2] for operation in access.operations]
    assert frozenset(access.scopes) == frozenset[str]().union(*((SLACK | SLACK_WRITES)[method] for method in called))


@pytest.mark.parametrize("name", of("tasks"))
def test_tasks_are_asked_for_by_the_services_own_list(name: str) -> None:
    access = NEEDS[name][0]
    listed = {(str(one.method), one.path.replace("{id}", "*")): one.scope for one in OPERATIONS}
    split = [operation.partition(" ") for operation in access.operations]
    needed = {listed[(verb, target.removeprefix("tasks.valet.invalid"))] for verb, _, target in split}
    assert set(access.scopes) == needed


@pytest.mark.parametrize("name", [name for name, (_, effect) in NEEDS.items() if effect == "read"])
def test_what_reads_changes_nothing(name: str) -> None:
    access = NEEDS[name][0]
    if access.connection == "google":
        changing = [method.id for _, method in methods(access) if method.verb != "GET"]
        assert set(changing) <= READING_POSTS
    elif access.connection == "slack":
        assert {operation.rpartition("/")[2] for operation in access.operations} <= set(SLACK)
    else:
        assert all(operation.startswith("GET ") for operation in access.operations)


@pytest.fixture
def doubles(tmp_path: Path) -> Iterator[tuple[Watched, Clock]]:
    clock = Clock()
    with team_office(tmp_path, clock) as workspace, Watched(workspace, clock) as running:
        yield running, clock


def facts(running: Watched, token: str) -> frozenset[str]:
    """The scopes of an access token, as Google's own endpoint tells them."""
    told: dict[str, Any] = json.loads(fetch(f"{running.origin}/tokeninfo?{urlencode({'access_token': token})}").text)
    return frozenset(told["scope"].split())


def minted(running: Watched) -> dict[str, frozenset[str]]:
    """Every access token Google gave out since, and what it may do."""
    tokens = [secret for secret in running.secrets().values() if secret.startswith("ya29.")]
    return {token: facts(running, token) for token in tokens}


def allowed(running: Watched) -> set[str]:
    return {scope for scopes in minted(running).values() for scope in scopes}


def test_a_lease_carries_what_its_capability_asks_and_no_more(doubles: tuple[Watched, Clock], tmp_path: Path) -> None:
    running, clock = doubles
    env = surroundings(tmp_path / "home", VALET_DEMO_ORIGIN=running.origin)

    async def lease_all() -> None:
        async with world(running, clock, env, tmp_path) as place:
            parts = place.valet.parts
            for name in of("google", "slack", "tasks"):
                capability = capability_of(*NEEDS[name])
                lease = await asyncio.to_thread(parts.broker.lease, parts.user, "", capability)
                assert isinstance(lease, Lease), (name, lease)
                assert lease.token is not None
                if capability.connection == "slack":  # whose tokens cannot be narrowed: they carry the whole bundle
                    assert capability.scopes <= lease.scopes
                else:
                    assert lease.scopes == capability.scopes, name
                if capability.connection == "google":
                    assert facts(running, lease.token.reveal()) == capability.scopes, name

    asyncio.run(lease_all())


def test_no_token_that_writes_is_minted_before_the_yes(doubles: tuple[Watched, Clock], tmp_path: Path) -> None:
    running, clock = doubles
    mail = {"to": ["lee@partner.example"], "subject": "a note", "body": "Hello."}
    with openai_endpoint(said("", ("send_mail", mail)), said("Sent.")) as model:
        env = surroundings(
            tmp_path / "home",
            VALET_DEMO_ORIGIN=running.origin,
            VALET_MODEL="openai:x",
            VALET_MODEL_URL=model.url,
        )

        async def send() -> tuple[set[str], set[str]]:
            async with world(running, clock, env, tmp_path) as place:
                await place.begin("send a note to Lee")
                before = allowed(running)
                await place.agree()
                return before, allowed(running)

        before, after = asyncio.run(send())
    writing = {f"{AUTH}gmail.compose", f"{AUTH}gmail.send", f"{AUTH}gmail.modify"}
    assert f"{AUTH}gmail.readonly" in before
    assert not before & writing
    assert after & writing
