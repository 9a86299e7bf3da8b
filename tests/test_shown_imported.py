"""Calendars of other programs, imported and told: every event of the workspace's file on its day, at its time."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.demo.server import serve
from tests.agenda.signed import Desk
from tests.demo.imports import IMPORTS, take
from tests.demo.little_office import NOW, Clock, open_office
from tests.saying import lead, text
from tools.view import DayView, Table

ZURICH = ZoneInfo("Europe/Zurich")
DAY = timedelta(days=1)


def held(path: Path) -> list[tuple[str, datetime, datetime]]:
    """Title, start and end of every event that the file holds, whole days on Zurich's clock."""
    with closing(sqlite3.connect(path)) as file:
        bodies = [json.loads(row[0]) for row in file.execute("SELECT body FROM events")]
    found = []
    for body in bodies:
        start, end = (_instant(body[name]) for name in ("start", "end"))
        found.append((str(body.get("summary", "")), start, end))
    return found


def _instant(raw: dict[str, str]) -> datetime:
    at = datetime.fromisoformat(raw.get("dateTime") or raw["date"])
    zone = ZoneInfo(raw["timeZone"]) if "timeZone" in raw else ZURICH
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def test_every_imported_event_is_told_on_its_day(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite"
    workspace = open_office(path, Clock())
    take(workspace, IMPORTS / "calendars")
    every = held(path)
    assert len(every) > 30
    with serve(workspace) as running:
        desk = Desk(running, NOW.astimezone(ZURICH), ZURICH)
        for title, start, end in every:
            day = start.astimezone(ZURICH).replace(hour=0, minute=0, second=0)
            if start == end == day:
                continue  # events.list leaves out what ends as the time asked for begins
            found = desk.call("agenda", start=day, end=day + DAY)
            assert (title, start, end) in [(one.title, one.start, one.end) for one in found.events], title
            assert f"{day.day} {day:%b}" in lead(found)
            assert text(found)
            assert any(isinstance(block, DayView | Table) for block in found.view(lambda ref: ref.id)), title
    workspace.close()
