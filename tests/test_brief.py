"""The briefing over the demo workspace: every line is true of the data, and each service may be down."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.settings import load
from app.turn import last_briefing, take_turn
from app.wiring import Valet, wire
from graphs.briefing import Briefing, Item
from graphs.briefing_page import blocks, markdown
from graphs.context import Context
from graphs.parts import Result

WEDNESDAY = "2026-11-18T08:00:00+00:00"
SERVICES = {"gmail": "mail", "calendar": "meeting", "slack": "message", "drive": "document"}


@dataclass
class Quiet:
    """A watcher that keeps what failed."""

    failures: list[str] = field(default_factory=list)

    def began(self, call: str, node: str, tool: str) -> None: ...
    def progressed(self, call: str, text: str, done: int, total: int | None) -> None: ...
    def found(self, call: str, result: Result) -> None: ...
    def looked(self, call: str, result: Result) -> None: ...
    def said(self, chunk: str, allowed: frozenset[str]) -> None: ...

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        self.failures.append(tool)


@asynccontextmanager
async def wired(home: Path, **settings: str) -> AsyncIterator[Valet]:
    environ = {"VALET_HOME": str(home), "VALET_NOW": WEDNESDAY, "VALET_ZONE": "Europe/Lisbon", **settings}
    async with wire(load(environ, cwd=home)) as valet:
        yield valet


def briefed(home: Path, **settings: str) -> tuple[Briefing, dict[str, Any]]:
    """The briefing, and what its handles stand for."""

    async def gather() -> tuple[Briefing, dict[str, Any]]:
        async with wired(home, **settings) as valet:
            await take_turn(valet, "t", "Brief me.", Quiet(), Context(briefing=True))
            state = await valet.graph.aget_state({"configurable": {"thread_id": "t"}})
            return await last_briefing(valet, "t"), state.values["handles"]

    return asyncio.run(gather())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def told(home: Path) -> tuple[Briefing, dict[str, Any]]:
    return briefed(home)


@pytest.fixture(scope="module")
def rows(home: Path, told: object) -> Callable[..., list[tuple[Any, ...]]]:
    """Asks the workspace's own file, past every server and client."""
    connection = sqlite3.connect(home / "workspaces" / "demo.db")
    return lambda sql, *values: connection.execute(sql, values).fetchall()


Rows = Callable[..., list[tuple[Any, ...]]]


def items(page: Briefing) -> list[Item]:
    return [*page.first, *page.meetings, *page.also, *(part for m in page.meetings for part in m.belongs)]


def of(told: tuple[Briefing, dict[str, Any]], kind: str) -> list[tuple[Item, str]]:
    page, handles = told
    return [(item, handles[item.handle]["id"]) for item in items(page) if item.kind == kind]


def test_all_four_services_have_a_line(told: tuple[Briefing, dict[str, Any]]) -> None:
    page, _ = told
    assert set(SERVICES.values()) <= {item.kind for item in items(page)}
    assert [gap.what for gap in page.gaps if gap.next] == []
    (partly,) = page.gaps
    assert partly.what.startswith("Slack: Only 40 of ")


def test_every_mail_line_names_an_author_of_its_conversation(told: tuple[Briefing, dict[str, Any]], rows: Rows) -> None:
    found = of(told, "mail")
    assert found
    for item, thread in found:
        letters = rows("SELECT raw FROM messages JOIN message_bytes USING (number) WHERE thread = ?", thread)
        authors = [str(message_from_bytes(raw, policy=policy.default)["From"]) for (raw,) in letters]
        assert [who for who in authors if name_of(who) in item.text], (item.text, authors)


def name_of(author: str) -> str:
    """The display name of a From header, or its address."""
    return author.partition(" <")[0].strip('"') or author


def test_every_meeting_line_is_an_event_of_the_day(told: tuple[Briefing, dict[str, Any]], rows: Rows) -> None:
    found = of(told, "meeting")
    assert found
    for item, identity in found:
        calendar, _, event = identity.partition(" ")
        kept = rows("SELECT id FROM events WHERE calendar = ? AND id = ?", calendar, event.partition("_")[0])
        assert kept, identity
        assert item.at is not None
        assert item.at.date() == told[0].day == datetime.fromisoformat(WEDNESDAY).date()


def test_every_document_line_names_a_file(told: tuple[Briefing, dict[str, Any]], rows: Rows) -> None:
    found = of(told, "document")
    assert found
    for item, identity in found:
        assert [name for (name,) in rows("SELECT name FROM drive_files WHERE id = ?", identity) if name in item.text]


def test_every_message_line_stands_in_its_channel(told: tuple[Briefing, dict[str, Any]], rows: Rows) -> None:
    found = of(told, "message")
    assert found
    for item, identity in found:
        channel, _, stamp = identity.partition(" ")
        moment = int(stamp.replace(".", ""))
        said = rows("SELECT text FROM slack_chats WHERE channel = ? AND moment = ?", channel, moment)
        assert said, identity
        assert longest_word(item.text.split(", was due ")[0].split(", by ")[0]) in said[0][0].lower(), (item.text, said)


def longest_word(text: str) -> str:
    """Of the claim itself, before what is said about it."""
    claim = re.split(r", (?:was due|by|before) | \(", text)[0]
    words: list[str] = re.findall(r"[a-z]+", claim.lower())
    return max(words, key=len)


def test_lines_without_a_handle_are_none(told: tuple[Briefing, dict[str, Any]]) -> None:
    assert [item.text for item in items(told[0]) if not item.handle] == []


def test_every_line_leads_to_its_source(told: tuple[Briefing, dict[str, Any]]) -> None:
    hosts = {
        "mail": "mail.google.com",
        "meeting": "www.google.com",
        "conflict": "www.google.com",
        "message": "northwind.slack.com",
        "document": "",
        "task": "",
    }
    for item in items(told[0]):
        if item.kind == "task" and item.link is None:
            continue  # the person's own, from nowhere else
        link = urlsplit(item.link or "")
        assert link.scheme == "https", item.text
        assert hosts[item.kind] in (link.hostname or ""), item.text


def test_a_sentence_ends_once(told: tuple[Briefing, dict[str, Any]]) -> None:
    assert [item.text for item in items(told[0]) if "., " in item.text] == []


def test_the_urgent_first_and_a_screen_is_enough(told: tuple[Briefing, dict[str, Any]]) -> None:
    page, _ = told
    rows = sum(len(block.rows) for block in blocks(page) if block.block == "table")
    assert rows <= 30
    assert len(page.first) >= 3
    assert markdown(page).count("\n") <= 60


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_one_service_down_leaves_the_rest_and_is_said(service: str, home: Path) -> None:
    page, _ = briefed(home, VALET_DEMO_FAULTS=f"{service}:503*")
    failed = [gap for gap in page.gaps if gap.next]
    assert failed
    assert all("503" in gap.what or "failed" in gap.what for gap in failed)
    kinds = {item.kind for item in items(page)}
    assert SERVICES[service] not in kinds
    assert set(SERVICES.values()) - {SERVICES[service]} <= kinds


def test_all_services_down_is_said_and_nothing_is_made_up(home: Path) -> None:
    page, _ = briefed(home, VALET_DEMO_FAULTS=",".join(f"{service}:503*" for service in SERVICES))
    assert [item.text for item in items(page) if item.kind != "task"] == []
    assert len(page.gaps) >= 4
    assert page.made == datetime.fromisoformat(WEDNESDAY).astimezone(UTC)
