"""A conversation over the demo server's calendars: writes go through the whole graph and real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from langchain_core.messages import AIMessage

from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.demo.little_office import ALEX, NOW, sign_in
from tests.scripted import calling
from tests.write_world import Desk, SignsIn, desk
from tools import calendar_conflicts, calendar_events

ZURICH = ZoneInfo("Europe/Zurich")
WEEK = {"start": "2026-03-25T00:00:00+01:00", "end": "2026-04-03T00:00:00+02:00"}


@contextmanager
def bookings(folder: Path, running: Running) -> Iterator[Desk]:
    broker = SignsIn(lambda scopes: str(sign_in(running, *scopes)["access_token"]), ALEX)
    origins = {"www.googleapis.com": running.origin}
    with desk(folder, (calendar_conflicts, calendar_events), origins, broker, now=NOW, zone=ZURICH) as world:
        yield world


async def looked(world: Desk) -> None:
    """Look at the week, so that its events have handles, in order of time."""
    world.say(calling(("agenda", WEEK)), AIMessage("There."))
    await world.ask("what is in my calendar?")


def standing(office: Workspace, calendar: str = ALEX) -> list[tuple[str, str]]:
    """Title and start of what stands in a calendar as it is stored, exceptions of series too."""
    rows = office.database.rows(
        "SELECT json_extract(body, '$.summary'), json_extract(body, '$.start.dateTime') FROM events"
        " WHERE calendar = ? AND NOT cancelled ORDER BY starts, id",
        calendar,
    )
    return [(str(title), str(start)) for title, start in rows]
