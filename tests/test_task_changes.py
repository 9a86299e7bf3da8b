"""Tasks, written: through the whole graph, the real gateway and the real server, in fair weather and in foul."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import AIMessage

from graphs.effect import Carrier, Done
from tests.faulty import AFTER, OK, Faulty, faulty
from tests.scripted import calling
from tests.small_graph import LETTERS, module
from tests.tasks.office import Office, opened
from tests.write_world import Desk, SignsIn, desk, last
from tools import task_changes, tasks
from tools.base import Finding, Name, Ref, Source, ToolContext, ToolNode, tool

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, 20, tzinfo=ZONE)


class Mails(Finding):
    """Two conversations to point at."""

    def lead(self, name: Name) -> str:
        return " ".join(name(ref) for ref in self.refs())

    def refs(self) -> tuple[Ref, ...]:
        return (Ref(kind="mail", id="th-1", label="The lease"), Ref(kind="mail", id="th-2", label="The train"))

    def sources(self) -> tuple[Source, ...]:
        return (Source(kind="mail", id="th-1", label="The lease"),)


@tool()
def list_mail(context: ToolContext) -> Mails:
    """List mail."""
    return Mails()


MAILS = module("mails", ToolNode("read", "Mail in order.", (list_mail,), mints=("mail",)))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path / "tasks.db") as office:
        office.sign_in()
        yield office


@pytest.fixture
def between(office: Office) -> Iterator[Faulty]:
    with faulty(office.origin) as between:
        yield between


@pytest.fixture
def person(tmp_path: Path, office: Office, between: Faulty) -> Iterator[Desk]:
    def token(scopes: tuple[str, ...]) -> str:
        signed_in = Office(office.origin, secret=office.secret).sign_in(" ".join(scopes))
        return str(signed_in["access_token"])

    origins = {"tasks.valet.invalid": between.origin}
    modules = [MAILS, LETTERS, module("tasks", tasks.NODE), module("task_changes", task_changes.NODE)]
    with desk(tmp_path, modules, origins, SignsIn(token, "this computer"), now=NOW, zone=ZONE) as person:
        yield person


def all_of(office: Office) -> list[dict[str, Any]]:
    page = office.send("GET", "/v1/tasks?limit=200").json
    return list(page["tasks"])


def said(item: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(row["label"], row["value"], row["before"]) for row in item["rows"]]


async def shown(person: Desk, name: str = "list_mail", **given: Any) -> None:
    """Read something, so that there are handles."""
    person.say(calling((name, given)), AIMessage("Here."))
    await person.ask("what is there?")


LEASE = {"title": "Sign the lease", "due": "2026-03-12T17:00:00+00:00", "notes": "two copies", "source": "mail:1"}
TRAIN = {"title": "Book the train", "due": "2026-03-13", "source": "mail:2"}


def test_several_tasks_with_where_they_come_from_and_all_taken_back(person: Desk, office: Office) -> None:
    async def go() -> None:
        await shown(person)
        item = await person.propose("create_tasks", items=[LEASE, TRAIN, {"title": "Call Ana"}])
        assert item["title"] == "Create 3 tasks"
        assert said(item) == [
            ("task 1", "Sign the lease", None),
            ("due", "Thu 12 Mar 2026 18:00 CET (Thu 17:00 UTC)", None),
            ("notes", "two copies", None),
            ("from", "mail “The lease” (th-1)", None),
            ("task 2", "Book the train", None),
            ("due", "Fri 13 Mar 2026", None),
            ("from", "mail “The train” (th-2)", None),
            ("task 3", "Call Ana", None),
            ("due", "no due time", None),
        ]
        assert all_of(office) == []
        answer = last(await person.resume(True))
        assert "3 tasks created: “Sign the lease”, “Book the train”, “Call Ana”" in answer.text
        assert [ref["handle"] for ref in answer.artifact["refs"]] == ["task:1", "task:2", "task:3"]
        made = {task["title"]: task for task in all_of(office)}
        assert made["Sign the lease"]["source"] == {
            "kind": "mail",
            "id": "th-1",
            "item": "",
            "label": "The lease",
            "link": "https://mail.google.com/mail/#all/th-1",
        }
        assert (made["Book the train"]["due"], made["Call Ana"]["source"]["kind"]) == ("2026-03-13", "person")
        undone = await person.undo(person.row().id)
        assert "3 tasks deleted" in undone.text
        assert all_of(office) == []

    asyncio.run(go())


def test_what_a_mail_gave_before_is_not_made_again(person: Desk, office: Office) -> None:
    async def go() -> None:
        await shown(person)
        await person.do("create_tasks", items=[LEASE])
        item = await person.propose("create_tasks", items=[{**LEASE, "title": "Sign it"}, TRAIN])
        assert item["title"] == "Create a task"
        assert item["effects"] == ["Not made again: “Sign the lease” is a task from mail “The lease” (th-1) already."]
        await person.resume(True)
        assert sorted(task["title"] for task in all_of(office)) == ["Book the train", "Sign the lease"]
        assert "already" in await person.refused("create_tasks", items=[TRAIN])
        twice = await person.do("create_tasks", items=[{**LEASE, "title": "a"}, {**LEASE, "title": "Copy the lease"}])
        assert "1 task created: “Copy the lease”" in twice.text

    asyncio.run(go())


def test_done_and_open_again(person: Desk, office: Office) -> None:
    office.create("Sign the lease", due="2026-03-11")
    office.create("Send the deck", due="2026-03-12", done=True)

    async def go() -> None:
        await shown(person, "list_tasks", only="all")
        item = await person.propose("complete_tasks", tasks=["task:1", "task:2"])
        assert (item["title"], said(item)) == ("Mark a task done", [("Sign the lease", "done", "open")])
        assert item["effects"] == ["“Send the deck” is done already, and left as it is."]
        await person.resume(True)
        assert all(task["done"] for task in all_of(office))
        assert "done already" in await person.refused("complete_tasks", tasks=["task:1"])
        await person.undo(person.row().id)
        assert [task["done"] for task in all_of(office)] == [False, True]

    asyncio.run(go())


def test_a_change_says_what_was_and_is_taken_back_exactly(person: Desk, office: Office) -> None:
    before = office.create("Sign the lease", notes="two copies")

    async def go() -> None:
        await shown(person, "list_tasks")
        item = await person.propose("change_task", task="task:1", title="Sign it", due="2026-03-20", notes="")
        assert said(item) == [
            ("title", "Sign it", "Sign the lease"),
            ("notes", "", "two copies"),
            ("due", "Fri 20 Mar 2026", "no due time"),
        ]
        await person.resume(True)
        [task] = all_of(office)
        assert (task["title"], task["notes"], task["due"]) == ("Sign it", "", "2026-03-20")
        await person.undo(person.row().id)
        [task] = all_of(office)
        assert {name: task[name] for name in ("title", "notes", "due")} == {
            name: before[name] for name in ("title", "notes", "due")
        }
        assert "like that already" in await person.refused("change_task", task="task:1", title="Sign the lease")
        assert "no_due, not both" in await person.refused("change_task", task="task:1", due="2026-03-20", no_due=True)

    asyncio.run(go())


def test_deleted_and_restored(person: Desk, office: Office) -> None:
    office.create("Sign the lease")

    async def go() -> None:
        await shown(person, "list_tasks")
        await person.do("delete_tasks", tasks=["task:1"])
        assert all_of(office) == []
        restored = await person.undo(person.row().id)
        assert "1 task restored: “Sign the lease”" in restored.text
        assert len(all_of(office)) == 1

    asyncio.run(go())


def test_what_changed_after_the_card_is_left_alone(person: Desk, office: Office) -> None:
    task = office.create("Sign the lease")

    async def go() -> None:
        await shown(person, "list_tasks")
        await person.propose("complete_tasks", tasks=["task:1"])
        office.put("PATCH", f"/v1/tasks/{task['id']}", {"notes": "wait"})
        answer = last(await person.resume(True))
        assert "“Sign the lease” changed since this was shown" in answer.text
        assert [one["done"] for one in all_of(office)] == [False]

    asyncio.run(go())


@pytest.mark.parametrize("fault", ["reset", *AFTER])
@pytest.mark.parametrize("place", [0, 1])
def test_an_open_outcome_is_looked_up_and_every_task_is_made_once(
    person: Desk, office: Office, between: Faulty, fault: str, place: int
) -> None:
    async def go() -> None:
        await shown(person)
        between.faults = [OK] * place + [fault]
        answer = await person.do("create_tasks", items=[LEASE, {"title": "Call Ana"}])
        assert "2 tasks created" in answer.text
        assert sorted(task["title"] for task in all_of(office)) == ["Call Ana", "Sign the lease"]

    asyncio.run(go())


@pytest.mark.parametrize(
    ("faults", "stage", "text", "made"),
    [
        (["429"], "failed", "asks to slow down", []),
        ([OK, "429"], "done", "1 task created: “Sign the lease”. Not so “Call Ana”: The tasks service asks", [LEASE]),
        (["reset", "reset"], "unknown", "did not answer", []),
        ([OK, "503", OK, "503"], "done", "Not so “Call Ana”: The tasks service failed", [LEASE]),
        (["503", "503 after"], "done", "Not so “Call Ana”", [LEASE]),
        (["lost", OK, "lost"], "done", "2 tasks created", [LEASE, {"title": "Call Ana"}]),
    ],
)
def test_what_was_done_is_told_as_it_is(
    person: Desk, office: Office, between: Faulty, faults: list[str], stage: str, text: str, made: list[dict[str, Any]]
) -> None:
    async def go() -> None:
        await shown(person)
        between.faults = list(faults)
        answer = await person.do("create_tasks", items=[LEASE, {"title": "Call Ana"}])
        assert text in answer.text
        assert person.row().stage == stage
        assert sorted(task["title"] for task in all_of(office)) == sorted(task["title"] for task in made)

    asyncio.run(go())


def test_what_cannot_be_looked_up_is_not_known(person: Desk, office: Office, between: Faulty) -> None:
    async def go() -> None:
        await shown(person)
        await person.propose("create_tasks", items=[{"title": "Call Ana"}])
        between.faults, between.match = ["lost", *["503"] * 9], lambda got: True
        assert "not known" in last(await person.resume(True)).text
        assert person.row().stage == "unknown"
        between.faults = []
        assert isinstance(Carrier(person.parts).carry_out(person.row()), Done)
        assert [task["title"] for task in all_of(office)] == ["Call Ana"]

    asyncio.run(go())


@pytest.mark.parametrize("fault", ["reset", *AFTER])
@pytest.mark.parametrize("name", ["complete_tasks", "delete_tasks"])
def test_a_change_whose_answer_is_lost_is_found_out(
    person: Desk, office: Office, between: Faulty, name: str, fault: str
) -> None:
    office.create("Sign the lease")
    office.create("Call Ana")

    async def go() -> None:
        await shown(person, "list_tasks")
        between.faults = [OK, fault]
        answer = await person.do(name, tasks=["task:1", "task:2"])
        assert answer.status == "success"
        left = all_of(office)
        assert left == [] if name == "delete_tasks" else all(task["done"] for task in left)

    asyncio.run(go())
