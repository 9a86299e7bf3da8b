"""The server and those who are not meant: pages of other origins, and what belongs to another person."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from tests.studio.served import Served
from tests.studio.talk import Person
from tests.studio.test_two_people import talk

FOREIGN = [
    "https://collector.example",
    "https://smith.langchain.com.collector.example",
    "http://smith.langchain.com",
    "http://localhost.collector.example",
    "http://127.0.0.1.collector.example:3000",
    "null",
]
OURS = ["https://smith.langchain.com", "http://localhost:3000", "http://127.0.0.1:8080", "http://localhost"]
ALLOWING = "access-control-allow-origin"
FROM_THE_INTERNET = {"Access-Control-Request-Private-Network": "true"}
REACHED = "access-control-allow-private-network"


async def refused(doing: Coroutine[Any, Any, Any], status: int = 403) -> str:
    """What was said of it."""
    with pytest.raises(httpx.HTTPStatusError) as error:
        await doing
    assert error.value.response.status_code == status, error.value
    return " ".join([str(getattr(error.value, "body", "")), *getattr(error.value, "__notes__", [])])


def preflight(server: Served, origin: str, **more: str) -> httpx.Response:
    asked = more | {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-api-key",
    }
    return httpx.options(f"{server.origin}/threads", headers=asked)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_origin_is_allowed_nothing(server: Served, origin: str) -> None:
    asked = preflight(server, origin)
    assert asked.status_code == 400
    assert ALLOWING not in asked.headers
    key = {"x-api-key": server.key("ana"), "Origin": origin}
    for path in ("/ok", "/info", "/assistants/search", "/threads/search"):
        told = httpx.get(server.origin + path, headers=key) if path in ("/ok", "/info") else None
        told = told or httpx.post(server.origin + path, headers=key, json={})
        assert told.status_code == 200, path
        assert ALLOWING not in told.headers, path


@pytest.mark.parametrize("origin", OURS)
def test_studio_and_pages_of_this_machine_are_allowed(server: Served, origin: str) -> None:
    asked = preflight(server, origin)
    assert asked.status_code == 200
    assert asked.headers[ALLOWING] == origin
    told = httpx.post(
        f"{server.origin}/threads/search", headers={"x-api-key": server.key("ana"), "Origin": origin}, json={}
    )
    assert told.headers[ALLOWING] == origin
    assert "access-control-allow-credentials" not in told.headers or told.headers[ALLOWING] != "*"


def test_chrome_reaches_this_machine_from_studio_and_from_no_other_page(server: Served) -> None:
    """Chrome asks first whether a page of the internet may reach a private network; no other origin is told yes."""
    for origin in OURS:
        asked = preflight(server, origin, **FROM_THE_INTERNET)
        assert (asked.status_code, asked.headers[ALLOWING], asked.headers[REACHED]) == (200, origin, "true")
        assert REACHED not in preflight(server, origin).headers
    for origin in FOREIGN:
        asked = preflight(server, origin, **FROM_THE_INTERNET)
        assert asked.status_code == 400
        assert not {ALLOWING, REACHED} & set(asked.headers)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/store/items"),
        ("GET", "/store/items?namespace=ben&key=x"),
        ("DELETE", "/store/items"),
        ("POST", "/store/items/search"),
        ("POST", "/store/namespaces"),
        ("POST", "/mcp/"),
        ("POST", "/a2a/valet"),
    ],
)
def test_what_is_switched_off_is_not_there(server: Served, method: str, path: str) -> None:
    given = {"namespace": ["ben"], "key": "x", "value": {"a": 1}, "namespace_prefix": ["ben"]}
    key = {"Authorization": f"Bearer {server.key('ana')}"}
    told = httpx.request(method, server.origin + path, headers=key, json=given)
    assert told.status_code in (403, 404, 405), told


def test_crons_are_refused_on_a_thread_of_ones_own_too(server: Served) -> None:
    async def work(ana: Person, ben: Person) -> None:
        crons, thread = ana.client.crons, await ana.thread()
        assert "not offered" in await refused(crons.create_for_thread(thread, "valet", schedule="* * * * *", input={}))
        assert "not offered" in await refused(crons.search())

    talk(server, work)


def test_another_persons_assistant_is_neither_run_nor_changed(server: Served) -> None:
    async def work(ana: Person, ben: Person) -> None:
        made: Any = await ana.client.assistants.create("valet", context={"model": "offline"}, metadata={"owner": "ben"})
        name, thread = made["assistant_id"], await ben.thread()
        assert made["metadata"]["owner"] == "ana"
        await refused(ben.client.assistants.update(name, context={}), 404)
        await refused(ben.client.assistants.delete(name), 404)
        spoken: dict[str, Any] = {"messages": [{"type": "human", "content": "what is 2 + 2?"}]}
        await refused(ben.client.runs.wait(thread, name, input=spoken), 404)
        await refused(ben.client.assistants.get_versions(name), 404)
        assert dict(await ana.client.assistants.get(name))["context"] == {"model": "offline"}

    talk(server, work)


def test_the_assistant_all_use_is_changed_by_nobody(server: Served) -> None:
    async def work(ana: Person, ben: Person) -> None:
        found: Any = await ana.client.assistants.search()
        shared = next(one for one in found if one["metadata"].get("created_by") == "system")
        await refused(ana.client.assistants.update(shared["assistant_id"], context={"model": "x"}), 404)
        await refused(ana.client.assistants.delete(shared["assistant_id"]), 404)

    talk(server, work)


def test_a_run_without_a_thread_is_refused(server: Served) -> None:
    """Nothing of it would be kept, so that nothing it asks could be answered."""

    async def work(ana: Person, ben: Person) -> None:
        spoken: dict[str, Any] = {"messages": [{"type": "human", "content": "what is 2 + 2?"}]}
        assert "make a thread" in await refused(ana.client.runs.wait(None, "valet", input=spoken))
        assert "make a thread" in await refused(ana.client.runs.create(None, "valet", input=spoken))

    talk(server, work)


def test_a_foreign_run_is_neither_seen_nor_stopped(server: Served) -> None:
    async def work(ana: Person, ben: Person) -> None:
        thread = await ben.thread()
        await ben.ask(thread, "what is 2 + 2?")
        [run] = await ben.client.runs.list(thread)
        theirs: Any = ana.client.runs
        for doing in (theirs.get, theirs.join, theirs.cancel, theirs.delete):
            await refused(doing(thread, run["run_id"]), 404)
        assert [one["run_id"] for one in await ben.client.runs.list(thread)] == [run["run_id"]]

    talk(server, work)


def test_without_a_key_nothing_but_health_is_told(server: Served) -> None:
    async def work() -> None:
        async with httpx.AsyncClient(base_url=server.origin) as stranger:
            for path in ("/assistants/search", "/threads/search", "/threads", "/runs/wait", "/runs/stream"):
                assert (await stranger.post(path, json={"assistant_id": "valet"})).status_code == 401, path

    asyncio.run(work())
