"""One round: a workspace and a home as they were, a write on its way, an end, a new beginning; and what it comes to."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from graphs.effect import SETTLED
from tests.crash.fuse import Fuse
from tests.crash.processes import Ended, demo_here, demo_server, fork, port_to_come_back_to, wait
from tests.crash.records import Difference, Reading, difference, read, said
from tests.crash.samples import Samples, named
from tests.crash.worker import THREAD, Place, attempt, recover, report, valet_at

Way = Literal["chat", "approve", "no", "ask"]


@dataclass(frozen=True)
class Order:
    """What happens in a round. `at`: the step at which the worker is killed (0: never); `after`: seconds until it is.

    `again`: seconds until the one that takes over is killed as well. `soon`: one takes over at once, before it is
    certain what became of a request that was cut off. `faults` meet the first worker's requests.
    """

    tool: str
    kind: str
    at: int = 0
    after: float | None = None
    again: float | None = None
    soon: bool = False
    faults: tuple[str, ...] = ()
    way: Way = "chat"
    outage: bool = False


@dataclass(frozen=True)
class Usual:
    """How a write goes that nothing disturbs: its steps, what the services then record, and how long it took."""

    steps: tuple[str, ...]
    made: Difference
    seconds: float


@dataclass(frozen=True)
class Round:
    """How a round went. `step` is the last the worker came to, `wrong` what must not be."""

    order: Order
    kills: int
    step: str
    stage: str
    wrong: str = ""


@dataclass(frozen=True)
class Played:
    """What was seen of a round; `asked` is what the records said before anybody looked again."""

    kills: int
    steps: tuple[str, ...]
    early: Difference
    made: Difference
    report: dict[str, Any]
    seconds: float
    wrong: str = ""


@dataclass
class Lane:
    """Plays rounds one after the other, in a folder of its own."""

    folder: Path
    port: int = 0
    requests: dict[str, str] = field(default_factory=dict)
    usual: dict[str, Usual] = field(default_factory=dict)

    @cached_property
    def home(self) -> Path:
        return self.folder / "home"

    @cached_property
    def errors(self) -> Path:
        return self.folder / "errors"

    @cached_property
    def before(self) -> Reading:
        return read(self.folder / "base")

    def _place(self, origin: str) -> Place:
        return Place(self.home, origin, self.folder / "steps", self.folder / "report")

    def prepare(self) -> None:
        """Live through the day before, once; every round begins where it ended.

        It is lived in this very process, so that whatever is loaded on the way is there for every process to come.
        """
        self.home.mkdir(parents=True)
        samples = Samples(datetime.now(ZoneInfo("Europe/Zurich")))
        self.port = port_to_come_back_to()
        with demo_here(self.home, self.port) as origin:
            place = self._place(origin)
            self.requests = asyncio.run(_lived(place, samples))
        if threading.active_count() > 1:
            raise RuntimeError(f"a process with threads cannot be forked: {threading.enumerate()}")
        shutil.copytree(self.home, self.folder / "base")

    def usually(self, tool: str) -> Round:
        """The undisturbed round that all others of the tool are held against."""
        order = Order(tool, "undisturbed")
        played = self._play(order)
        stages = [row["stage"] for row in played.report.get("rows", ())]
        wrong = played.wrong
        if not wrong and (stages != ["done"] or not played.made):
            wrong = f"the sample does not do anything: {stages}, {said(played.made)}; {played.report.get('texts')}"
        self.usual[tool] = Usual(played.steps, played.made, played.seconds)
        return Round(order, 0, "", " ".join(stages), wrong)

    def play(self, order: Order) -> Round:
        played = self._play(order)
        step = played.steps[-1] if played.steps else "start"
        stages = " ".join(row["stage"] for row in played.report.get("rows", ())) or "never asked"
        return Round(order, played.kills, step, stages, played.wrong or judged(order, played, self.usual[order.tool]))

    def _play(self, order: Order) -> Played:
        shutil.rmtree(self.home)
        shutil.copytree(self.folder / "base", self.home)
        for name in ("steps", "report", "errors"):
            (self.folder / name).unlink(missing_ok=True)
        with demo_server(self.home, self.port, self.errors) as origin:
            place, request = self._place(origin), self.requests[order.tool]
            begun = time.monotonic()
            first = wait(fork(lambda: _reported(place, _began(place, request, order)), self.errors), order.after)
            seconds = time.monotonic() - begun
            early = difference(self.before, read(self.home))
            steps = _lines(place.log)
            ended = [first]
            if first.killed or order.outage or "unknown" in _stages(place):
                ended += self._taken_over(place, request, order)
            made = difference(self.before, read(self.home))
        found = json.loads(place.report.read_text(encoding="utf-8")) if place.report.exists() else {}
        return Played(sum(e.killed for e in ended), steps, early, made, found, seconds, self._broken(ended))

    def _taken_over(self, place: Place, request: str, order: Order) -> list[Ended]:
        place.report.unlink(missing_ok=True)
        ended = []
        turns = [(order.again, SETTLED)] if order.again is not None else [(None, timedelta())] if order.soon else []
        for after, later in (*turns, (None, SETTLED)):
            work = fork(partial(_relieved, place, request, order.way, later), self.errors)
            ended.append(wait(work, after))
        return ended

    def _broken(self, ended: Sequence[Ended]) -> str:
        last = ended[-1]
        if not last.killed and last.code == 0:
            return ""
        how = "was stuck" if last.stuck else f"ended with {last.code}"
        return f"the last worker {how}:\n{self.errors.read_text(encoding='utf-8')[-3000:]}"


def _stages(place: Place) -> list[str]:
    """The stages of the rows as the worker reported them, if it came to that."""
    if not place.report.exists():
        return []
    return [row["stage"] for row in json.loads(place.report.read_text(encoding="utf-8"))["rows"]]


def _lines(file: Path) -> tuple[str, ...]:
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file.exists() else ()


async def _lived(place: Place, samples: Samples) -> dict[str, str]:
    """Ask for all of it, and give the request of each tool's sample."""
    async with valet_at(place, Fuse(place.log)) as valet:
        handles: dict[str, Any] = {}
        for calls in samples.before():
            request = json.dumps(named(calls, handles))
            await attempt(valet, request)
            found = json.loads(await report(valet, request))
            if {*found["told"]} != {"ok"}:
                raise RuntimeError("\n".join(found["texts"]))
            state = await valet.graph.aget_state({"configurable": {"thread_id": THREAD}})
            handles = state.values["handles"]
        return {tool: json.dumps([[tool, named(args, handles)]]) for tool, args in samples.table().items()}


def _reported(place: Place, work: Coroutine[Any, Any, str]) -> None:
    place.report.write_text(asyncio.run(work), encoding="utf-8")


async def _began(place: Place, request: str, order: Order) -> str:
    async with valet_at(place, Fuse(place.log, order.at), order.faults) as valet:
        await attempt(valet, request)
        return await report(valet, request)


def _relieved(place: Place, request: str, way: str, later: timedelta) -> None:
    _reported(place, _took_over(place, request, way, later))


async def _took_over(place: Place, request: str, way: str, later: timedelta) -> str:
    """So much `later`: after SETTLED it is certain what became of a request that was not answered."""
    async with valet_at(replace(place, log=place.log.with_name("steps after")), Fuse(place.log), later=later) as valet:
        await recover(valet, request, way)
        return await report(valet, request)


def judged(order: Order, played: Played, usual: Usual) -> str:
    """What is wrong with how a round went; "" for nothing."""
    rows, told = played.report["rows"], played.report["told"]
    stages = [row["stage"] for row in rows]
    decided = any(line.startswith("ledger decide before") for line in played.steps)
    if played.early and not decided:
        return f"something was written before anybody said yes: {said(played.early)}"
    if stages.count("done") > 1:
        return f"one request was done as {stages}"
    if {"approved", "intended"} & {*stages}:
        return f"a row was left {stages}"
    if "unknown" in stages:
        return f"the outcome stayed unknown: {rows}"
    if played.report["open"] and "proposed" not in stages:
        return f"the conversation was left open: {stages}"
    text = " ".join([*played.report["texts"], *(f"{row['why']} {row.get('done', '')}" for row in rows)])
    expected = usual.made if "done" in stages else {}
    if played.made != expected and not (order.faults and _told_in_part(played.made, usual.made, text)):
        why = rows[0]["why"] if rows else ""
        return f"{stages} {why}: the services recorded {said(played.made)}, not {said(expected)}; {text}"
    unknown_then = order.outage and "not known" in text
    if ("done" in stages) != (told == ["ok"]) and not unknown_then:
        return f"the ledger says {stages}, the conversation {told}: {text}"
    return ""


def _told_in_part(made: Difference, usual: Difference, text: str) -> bool:
    """Whether a service that refused in the middle left no more than what the person was told."""
    if "among your drafts" in text:
        return "workspaces.mail_outbox" not in made and made.get("workspaces.mail_drafts", (1, 0)) == (1, 0)
    part = all(
        count[0] <= usual[table][0] and count[1] <= usual[table][1] for table, count in made.items() if table in usual
    )
    return part and {*made} <= {*usual} and any(phrase in text for phrase in _IN_PART)


_IN_PART = ("Not so “", "” is there.", "were changed before that.", "was opened, and holds no message")
