"""Makes a tape of a conversation that a LangGraph server keeps, as from Studio. Law: only what was kept, over its API.

A run is a step, and what is read of it are messages, cards, decisions and nodes; never its config, where a server puts
who asked. What the API does not tell, the zone, the workspace and the model, is taken from the settings here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from pydantic import TypeAdapter

from app.settings import Secret, Settings
from app.tapes.calls_told import Told
from app.tapes.decided import agreed
from app.tapes.replies import reply_of
from app.tapes.sense import OPTIONS
from app.tapes.tape import Ends, Named, Step, Tape
from app.tapes.tape_error import TapeError
from auth.placing import bearer

if TYPE_CHECKING:
    from langgraph_sdk.client import LangGraphClient

PAGE = 50
GRAPH = "valet"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MESSAGES: TypeAdapter[list[AnyMessage]] = TypeAdapter(list[AnyMessage])


@dataclass(frozen=True)
class Run:
    """What a run left in the branch that leads to where the thread is. `nodes` are those that began, by super-step;
    `waiting` those it ended before. `given` is what it was asked for, `left` its newest checkpoint.
    """

    given: Mapping[str, Any]
    at: datetime
    nodes: tuple[str, ...]
    left: Mapping[str, Any]

    @property
    def waiting(self) -> tuple[str, ...]:
        return tuple(self.left["next"])

    @property
    def asked(self) -> dict[str, Any] | None:
        """The card or the question it stopped at."""
        found = [pause["value"]["valet"] for task in self.left["tasks"] for pause in task["interrupts"]]
        return found[0] if found else None

    @property
    def error(self) -> str:
        return next((str(task["error"]) for task in self.left["tasks"] if task.get("error")), "")


async def tape_of(settings: Settings, server: str, key: Secret, thread: str) -> Tape:
    """The tape of a thread of the server at this URL, asked with the person's key. Raises TapeError."""
    import httpx
    from langgraph_sdk import get_client

    _check(server)
    headers = bearer(key.reveal())
    try:
        async with get_client(url=server, api_key=None, headers=headers) as client:
            runs = [run async for run in _runs(client, thread)]
    except httpx.HTTPError as error:
        raise _told(error, server, thread) from None  # the request it names holds the key
    if not runs:
        raise TapeError(f"Nothing has been said in the conversation {thread!r}.", "Name another.")
    return Tape(
        about=f"made of the conversation {thread} of a LangGraph server",
        source="stored thread",
        thread=thread,
        user=str(runs[-1].left["metadata"].get("owner", "")),
        zone=settings.zone.key,
        workspace=settings.workspace if settings.accounts == "demo" else settings.accounts,
        model=settings.model,
        watched=list(settings.watched),
        steps=steps(runs, settings),
    )


def _check(server: str) -> None:
    parts = urlsplit(server)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise TapeError(
        f"A key is not sent to {server!r}.",
        "Name the server by https://…, or by http://127.0.0.1:PORT on this machine.",
    )


def _told(error: Exception, server: str, thread: str) -> TapeError:
    match getattr(error, "status_code", None):
        case 401 | 403:
            return TapeError(f"{server} takes this key for nobody's.", "`make studio-key NAME=you` issues one.")
        case 404 | 422:
            return TapeError(
                f"{server} has no conversation {thread!r} of yours.", "The address of its page in Studio names it."
            )
        case None:
            return TapeError(f"No server answers at {server}: {type(error).__name__}.", "`make studio` starts one.")
        case status:
            return TapeError(f"{server} answered HTTP {status}.", "Its log says why; try once more.")


async def _runs(client: LangGraphClient, thread: str) -> AsyncIterator[Run]:
    """The runs of the thread, oldest first; those of branches that were left are not among them."""
    listed: list[Any] = []
    while page := await client.runs.list(thread, limit=PAGE, offset=len(listed)):
        listed += page
    known = {run["run_id"]: run for run in listed}
    found: dict[str, list[Any]] = {}
    async for checkpoint in _branch(client, thread):
        found.setdefault(checkpoint["metadata"]["run_id"], []).append(checkpoint)
    before: tuple[str, ...] = ()
    for name, (left, *others) in reversed(found.items()):
        if name not in known or left["metadata"].get("graph_id") != GRAPH:
            raise TapeError(f"{thread!r} is no whole conversation with Valet.", "Name one whose runs are all kept.")
        given = known[name]["kwargs"]
        began = () if given.get("input") else before
        nodes = [began, *(tuple(c["next"]) for c in reversed([left, *others]))]
        shown = tuple(" + ".join(sorted(step)) for step in nodes if step and step != ("__start__",))
        yield Run(given, datetime.fromisoformat(left["created_at"]), shown, left)
        before = tuple(left["next"])


async def _branch(client: LangGraphClient, thread: str) -> AsyncIterator[Any]:
    """The checkpoints that led to where the thread is, newest first; of each run, the values of its newest alone."""
    state: Any = await client.threads.get_state(thread)
    seen = ""
    while state["checkpoint"]:
        run = state["metadata"]["run_id"]
        yield state if run != seen else {**state, "values": {}}
        seen, parent = run, state["parent_checkpoint"]
        if not parent:
            return
        state = await client.threads.get_state(thread, checkpoint_id=parent["checkpoint_id"])


def steps(runs: Sequence[Run], settings: Settings) -> list[Step]:
    """A step for each run; a permission that was given is none of its own, since a replay has what it needs."""
    told, known, named = Told(), set[str | None](), set[str]()
    made: list[Step] = []
    for run in runs:
        messages = _MESSAGES.validate_python(run.left["values"].get("messages", []))
        fresh = [m for m in messages if m.id not in known]
        known |= {m.id for m in fresh}
        items = run.asked["items"] if run.asked and run.asked["kind"] == "writes" else []
        writes = [Named(id=item["id"], key="") for item in items if item["id"] not in named]
        named |= {write.id for write in writes}
        ended = _ended(run, messages)
        step = Step(
            at=run.at.astimezone(settings.zone).isoformat(),
            **_begun(run.given, fresh),
            options={k: v for k, v in (run.given.get("context") or {}).items() if k in OPTIONS},
            model=[reply_of(m) for m in fresh if isinstance(m, AIMessage)],
            path=list(run.nodes),
            calls=told.calls(messages),
            writes=writes,
            **ended,
        )
        made[-1:] = _joined(made[-1:], step)
    return made


def _begun(given: Mapping[str, Any], fresh: Sequence[AnyMessage]) -> dict[str, Any]:
    resume = (given.get("command") or {}).get("resume")
    if resume is not None:
        return {"decision": resume}
    if given.get("input"):
        return {"person": next((m.text for m in reversed(fresh) if isinstance(m, HumanMessage)), "")}
    return {"carries_on": True}


def _ended(run: Run, messages: Sequence[AnyMessage]) -> dict[str, Any]:
    if run.asked:
        return {"ends": "waiting", "asked": run.asked}
    if run.waiting:
        return {"ends": "broken off", "raised": run.error}
    last = messages[-1] if messages else None
    ends: Ends = "failed" if isinstance(last, AIMessage) and "failed" in last.response_metadata else "answered"
    return {"ends": ends, "answer": last.text if isinstance(last, AIMessage) else ""}


def _joined(before: Sequence[Step], step: Step) -> list[Step]:
    """The step after the one before it; both as one where it only answers a question for a permission with yes."""
    if not before or (before[0].asked or {}).get("kind") != "consent" or not agreed(step.decision):
        return [*before, step]
    [asking] = before
    begun = {name: getattr(asking, name) for name in ("at", "person", "decision", "carries_on", "options")}
    both = {name: [*getattr(asking, name), *getattr(step, name)] for name in ("model", "path", "calls", "writes")}
    return [step.model_copy(update=begun | both)]
