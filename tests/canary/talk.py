"""What is said in a conversation that is searched for secrets: the calls, what is wrong outside meanwhile, the secrets.

Law: every text that is secret here is long and odd enough that it is never found by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.canary.doubles import Watched
from tests.canary.leaks import files
from tests.canary.world import Clock, World, world
from tests.demo.slack.team import team_office
from tests.openai_endpoint import Answer, Endpoint, openai_endpoint, said
from tests.terminal import surroundings

PASSPHRASE = "canary-passphrase-Zw7uQ9xK2mLr"
MODEL_KEY = "sk-canary-Model0Key1PqRsTuVwXyZ23456789"
API_KEY = "demo-weather-canary/Kx7+Pq2=Wv9RtYz3Lm"
HOUR, HALF_A_DAY = 3700.0, 50_000.0
Call = tuple[str, dict[str, Any]]
MAIL: Call = ("search_mail", {"query": "report"})
SLACK: Call = ("slack_action_items", {})
DAY: Call = ("agenda", {"start": "2026-03-25T00:00:00Z", "end": "2026-03-26T00:00:00Z"})
FILES: Call = ("find_documents", {"query": "plan"})
TASKS: Call = ("list_tasks", {})
WEATHER: Call = ("forecast", {"place": "Berlin"})
WRITE: Call = ("send_mail", {"to": ["lee@partner.example"], "subject": "a note", "body": "Hello Lee."})
NOTE: Call = ("create_tasks", {"items": [{"title": "call Lee"}]})


@dataclass(frozen=True)
class Turn:
    """A request, the calls the model makes of it, and what is wrong outside meanwhile."""

    calls: tuple[Call, ...]
    faults: str = ""
    later: float = 0.0
    blabbing: str = ""
    answer: str = field(default="Done.")

    def arrange(self, running: Watched, clock: Clock) -> None:
        """Bring about what is wrong; the blabbing goes on until it is ended."""
        clock.ahead += self.later
        running.faults.clear()
        running.faults.parse(self.faults)
        running.blabbing = self.blabbing


def answers(turns: Sequence[Turn]) -> list[Answer]:
    """All that the model says in these turns."""
    return [part for turn in turns for part in (said("", *turn.calls), said(turn.answer))]


@dataclass(frozen=True)
class Stage:
    """The watched services with their clock, and the model's endpoint."""

    running: Watched
    clock: Clock
    model: Endpoint


@contextmanager
def staged(folder: Path, said: Sequence[Answer]) -> Iterator[Stage]:
    """The little office with its team, served, and a model that says this."""
    clock = Clock()
    with team_office(folder, clock) as workspace, Watched(workspace, clock) as running, openai_endpoint(*said) as model:
        yield Stage(running, clock, model)


def environment(home: Path, running: Watched, model: Endpoint, **more: str) -> dict[str, str]:
    """Settings with a secret wherever one can be set; permissions are asked for."""
    return surroundings(
        home,
        VALET_DEMO_ORIGIN=running.origin,
        VALET_DEMO_CONSENT="ask",
        VALET_VAULT_PASSPHRASE=PASSPHRASE,
        VALET_MODEL="openai:canary",
        VALET_MODEL_URL=model.url,
        VALET_MODEL_KEY=MODEL_KEY,
        **more,
    )


@dataclass(frozen=True)
class Held:
    """What a conversation left, by where it was found; the secrets that were in play; and its answers.

    `loggers` and `paths` are the loggers that wrote something, and the services' paths that were asked.
    """

    evidence: dict[str, bytes]
    secrets: dict[str, str]
    answers: list[str]
    loggers: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()


async def hold(stage: Stage, env: dict[str, str], folder: Path, turns: Sequence[Turn]) -> Held:
    """Hold the conversation; the files are those that stand there while Valet is still open."""
    async with world(stage.running, stage.clock, env, folder) as place:
        told = await converse(place, turns)
        while_open = {f"{path} (open)": content for path, content in files(folder).items()}
        own = {name: secret for name, secret in place.own.items() if secret}
        said = {what: b"\n".join(found) for what, found in place.evidence.items()}
        return Held(said | while_open, own, told)


async def converse(place: World, turns: Sequence[Turn]) -> list[str]:
    """Say yes to whatever is asked; gives the answers."""
    told = []
    for number, turn in enumerate(turns, 1):
        turn.arrange(place.running, place.clock)
        told.append(await place.turn(f"request {number}"))
        place.running.blabbing = ""
    await place.close_books()
    return told
