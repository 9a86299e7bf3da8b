"""A conversation on the server becomes a tape, over the server's own API, and replays."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Secret, Settings, load
from app.tapes.from_server import tape_of
from app.tapes.live import tools_live
from app.tapes.tape import Tape
from app.tapes.tape_error import TapeError
from app.tapes.tape_file import read, text_of
from tests.studio.served import ROOT, Served, free_port, served
from tests.studio.talk import SEND, Person
from tests.studio.test_consent import agree

MORNING = "2026-11-18T09:30:00+01:00"
ZONE = "Europe/Zurich"
APPROVE = {"type": "approve"}
SUM, MEETINGS = "what is 2 + 2?", "what is on my calendar tomorrow?"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose clock stands still, as it does in a replay's step."""
    pytest.importorskip("langgraph_api", reason="the LangGraph server is not installed here: `make test-studio`")
    with served(tmp_path_factory.mktemp("still"), VALET_NOW=MORNING, VALET_ZONE=ZONE) as running:
        yield running


def here(folder: Path) -> Settings:
    return load({"VALET_HOME": str(folder), "VALET_ZONE": ZONE}, cwd=folder)


def then(tape: Tape) -> Tape:
    """The tape at the server's time, which the API does not tell."""
    return tape.model_copy(update={"steps": [s.model_copy(update={"at": MORNING}) for s in tape.steps]})


async def talked(still: Served, key: str) -> str:
    """A thread in which something is approved after an edit, something rejected, and something talked over."""
    async with still.client(key) as client:
        ana = Person(client)
        thread = await ana.thread()
        await ana.ask(thread, SUM)
        action = (await ana.ask(thread, SEND)).pending[0]["action_requests"][0]
        changed = {"name": "send_mail", "args": action["args"] | {"body": "I will be late by an hour."}}
        await ana.decide(thread, {"type": "edit", "edited_action": changed})
        assert (await ana.decide(thread, APPROVE)).receipts
        await ana.ask(thread, SEND)
        await ana.decide(thread, {"type": "reject", "message": "not now"})
        await ana.ask(thread, SEND)
        await ana.ask(thread, SUM)
        return thread


def made(still: Served, key: str, thread: str, folder: Path) -> Path:
    """The tape, by the command; the key comes through a pipe."""
    file = folder / "a.tape.yaml"
    command = [sys.executable, "-c", "import app.cli; app.cli.main()", "tapes", "from-thread"]
    command += [thread, str(file), "--server", still.origin]
    environ = {"VALET_HOME": str(folder), "VALET_ZONE": ZONE, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    ended = subprocess.run(command, input=f"{key}\n", env=environ, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, ended
    return file


ENDS = [
    (SUM, "answered"),
    (SEND, "waiting"),
    (None, "waiting"),
    (None, "answered"),
    (SEND, "waiting"),
    (None, "answered"),
    (SEND, "waiting"),
    (SUM, "answered"),
]


@pytest.mark.filterwarnings(
    "ignore:Package google.api_core depends on grpcio:FutureWarning"
)  # the server holds it back
def test_a_conversation_on_the_server_becomes_a_tape_and_replays(still: Served, tmp_path: Path) -> None:
    key = still.key("ana")
    file = made(still, key, asyncio.run(talked(still, key)), tmp_path)
    tape = read(file)
    assert [(step.person, step.ends) for step in tape.steps] == ENDS
    assert tape.steps[0].path == ["route", "authorize_reads", "arithmetic", "route", "answer"]
    assert tape.steps[3].path == ["approve", "authorize_writes", "gmail_send", "route", "answer"]
    assert tape.user == "ana"
    assert "late by an hour" in str(tape.steps[2].asked)
    text = file.read_text(encoding="utf-8")
    assert key not in text
    assert "langgraph_auth" not in text
    came = asyncio.run(tools_live(then(tape), here(tmp_path)))
    assert came.same, (came.problems, came.diff)
    assert [step.path for step in came.tape.steps] == [step.path for step in tape.steps]


def test_a_branch_that_was_left_is_not_on_the_tape(still: Served, tmp_path: Path) -> None:
    key = still.key("ben")

    async def work() -> Tape:
        async with still.client(key) as client:
            ben = Person(client)
            thread = await ben.thread()
            await ben.ask(thread, SUM)
            fork: Any = (await client.threads.get_state(thread))["checkpoint"]
            await ben.ask(thread, "what is 3 + 3?")
            said = {"messages": [{"type": "human", "content": "what is 4 + 4?"}]}
            await ben.run(thread, input=said, checkpoint_id=fork["checkpoint_id"])
            return await tape_of(here(tmp_path), still.origin, Secret(key), thread)

    tape = asyncio.run(work())
    assert [step.person for step in tape.steps] == [SUM, "what is 4 + 4?"]
    assert [call.args for step in tape.steps for call in step.calls] == [
        {"expression": "2 + 2"},
        {"expression": "4 + 4"},
    ]
    assert text_of(tape)


@pytest.mark.filterwarnings("ignore:Package google.api_core depends on grpcio:FutureWarning")
def test_a_permission_that_was_given_is_part_of_the_step_that_asked_for_it(tmp_path: Path) -> None:
    """One that was declined is a step of its own: what came after it is another answer."""

    async def work() -> Tape:
        async with asking.client(key) as client:
            ana = Person(client)
            thread = await ana.thread()
            [card] = (await ana.ask(thread, MEETINGS)).pending
            await ana.decide(thread, {"type": "reject"})
            [card] = (await ana.ask(thread, MEETINGS)).pending
            assert [action["name"] for action in card["action_requests"]] == ["connect_google"]
            await asyncio.to_thread(agree, card["action_requests"][0]["args"]["page"])
            assert "meeting" in (await ana.decide(thread, APPROVE)).answer
            await ana.ask(thread, SUM)
            return await tape_of(here(tmp_path), asking.origin, Secret(key), thread)

    pytest.importorskip("langgraph_api", reason="the LangGraph server is not installed here: `make test-studio`")
    with served(tmp_path / "server", VALET_NOW=MORNING, VALET_ZONE=ZONE, VALET_DEMO_CONSENT="ask") as asking:
        key = asking.key("ana")
        tape = asyncio.run(work())
    assert [(step.person, step.ends) for step in tape.steps] == [
        (MEETINGS, "waiting"),
        (None, "answered"),
        (MEETINGS, "answered"),
        (SUM, "answered"),
    ]
    given = tape.steps[2]
    assert given.asked is None
    assert [call.status for call in given.calls] == ["ok"]
    assert given.path == ["route", "authorize_reads", "authorize_reads", "calendar_conflicts", "route", "answer"]
    granted = tape.model_copy(update={"steps": tape.steps[2:]})
    came = asyncio.run(tools_live(then(granted), here(tmp_path)))
    assert came.same, (came.problems, came.diff)


@pytest.mark.parametrize(
    ("server", "key", "thread", "why"),
    [
        ("", "valet-made-up", "", "takes this key for nobody's"),
        ("", "anas", "00000000-0000-0000-0000-000000000000", "has no conversation"),
        ("", "anas", "nonsense", "has no conversation"),
        ("", "anas", "empty", "Nothing has been said"),
        ("", "bens", "empty", "has no conversation"),
        ("gone", "anas", "", "No server answers at"),
        ("http://server.example", "anas", "", "A key is not sent to"),
        ("ftp://127.0.0.1", "anas", "", "A key is not sent to"),
    ],
)
def test_what_cannot_be_had_is_said(
    still: Served, tmp_path: Path, server: str, key: str, thread: str, why: str
) -> None:
    keys = {"anas": still.key("ana"), "bens": still.key("ben")}

    async def work() -> None:
        async with still.client(keys["anas"]) as client:
            empty = await Person(client).thread()
        where = f"http://127.0.0.1:{free_port()}" if server == "gone" else server or still.origin
        await tape_of(here(tmp_path), where, Secret(keys.get(key, key)), empty if thread in ("", "empty") else thread)

    with pytest.raises(TapeError, match=why) as error:
        asyncio.run(work())
    assert not [key for key in keys.values() if key in str(error.value)]
    assert error.value.__suppress_context__ or error.value.__context__ is None
