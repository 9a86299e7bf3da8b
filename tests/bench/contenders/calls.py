"""Valet's own graph, carrying out the calls it is told: the real nodes, leases, gateway and state around a mailbox."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from langchain_core.messages import HumanMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver

from app.tapes.results import MemoryResults
from auth.broker import Brokers
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.need import Need
from auth.wire import Wire
from graphs.assistant import assistant
from graphs.context import Context
from graphs.parts import Limits, Parts
from tests.bench.contenders.valet import NOW, Reader, fetched
from tests.bench.contenders.worker import loop
from tests.bench.service.corpus import OWNER
from tests.scripted import ScriptedModels, calling
from tests.small_graph import MemoryAudit, NoMemories, ledger_in
from tools import gmail_summary
from tools.mail.message import read_message
from tools.registry import Registry

_FOLLOW = re.compile(r"^[^\n]*More follow after (mail:\d+)\.", re.MULTILINE)


@dataclass
class Granted:
    """The broker of a person who has consented to everything."""

    def lease(self, user: str, account: str, capability: Capability) -> Lease | Need:
        token = Secret("ya29.fake-token-of-a-measurement")
        return Lease(user, OWNER, capability.name, capability.scopes, float("inf"), token)

    def invalidate(self, lease: Lease) -> None:
        raise RuntimeError("the fake service never refuses a token")

    def account(self, user: str, connection: str) -> str:
        return OWNER


class Talk:
    """A thread of the graph over the fake service."""

    def __init__(self, origin: str, folder: Path) -> None:
        self._wire, self._folder = Wire(), folder
        self._reader = Reader(origin, folder)
        self._hosts = {"gmail.googleapis.com": origin}

    def _parts(self, replies: list[Any]) -> Parts:
        audit = MemoryAudit()
        return Parts(
            models=ScriptedModels(replies),
            registry=Registry.of([gmail_summary]),
            broker=Brokers({"google": Granted()}),
            consents=Brokers({}),
            ledger=ledger_in(self._folder),
            gateway=Gateway(self._wire, audit, self._hosts),
            audit=audit,
            results=MemoryResults(),
            memories=NoMemories(),
            clock=lambda: NOW,
            zone=ZoneInfo("UTC"),
            user="local:bench",
            limits=Limits(),
        )

    def taken(self, turns: list[list[tuple[str, dict[str, Any]]]]) -> list[list[ToolMessage]]:
        """The answers of turns that make these calls, one after the other on one thread."""
        replies = [reply for calls in turns for reply in (calling(*calls), calling())]
        for reply in replies[1::2]:
            reply.content = "Done."
        graph = assistant(self._parts(replies)).compile(checkpointer=InMemorySaver())
        place: Any = {"configurable": {"thread_id": "t"}, "recursion_limit": Limits().recursion}

        async def go() -> list[list[ToolMessage]]:
            found = []
            for number, calls in enumerate(turns):
                state = await graph.ainvoke({"messages": [HumanMessage(f"Turn {number}.")]}, place, context=Context())
                answers = [message for message in state["messages"] if isinstance(message, ToolMessage)]
                found.append(answers[-len(calls) :])
            return found

        return asyncio.run(go())

    def fire(self, command: dict[str, Any]) -> Any:
        """List the mailbox, then read `rounds` times `width` conversations at once."""
        width, rounds = command["width"], command["rounds"]
        numbers = range(1, width * rounds + 1)
        reads: list[tuple[str, dict[str, Any]]] = [
            ("read_conversation", {"conversation": f"mail:{number}"}) for number in numbers
        ]
        turns: list[list[tuple[str, dict[str, Any]]]] = [[("search_mail", {"query": "the", "limit": 50})]]
        turns += [reads[start : start + width] for start in range(0, len(reads), width)]

        def timed() -> dict[str, Any]:
            listed, *read = self.taken(turns)
            if listed[0].status != "success":
                return {"error": listed[0].text}
            # The search lists newest first, so the n-th handle stands for the n-th mail.
            answers = [answer for answers in read for answer in answers]
            return {"answers": [[number, answer.status, answer.text] for number, answer in enumerate(answers)]}

        return timed

    def inbox(self, command: dict[str, Any]) -> Any:
        """What the model is given of an inbox, and of the mails in it, page by page; and the cleaned text of every
        mail."""
        scope = {"unread_only": True, "limit": command["count"]}

        def timed() -> dict[str, Any]:
            summary = self.taken([[("summarise_inbox", scope)]])[0][0]
            given = {"inbox": summary.text, "pages": self._pages(scope)}
            return given | {"late": lambda: {"cleaned": self._cleaned(command["count"])}}

        return timed

    def _pages(self, scope: dict[str, Any]) -> list[str]:
        """Every page of read_mails; each is asked for by what the one before names."""
        turns: list[list[tuple[str, dict[str, Any]]]] = [[("read_mails", scope)]]
        while True:
            pages: list[str] = [answers[0].text for answers in self.taken(turns)]
            following = _FOLLOW.search(pages[-1])
            if following is None:
                return pages
            turns.append([("read_mails", scope | {"after": following[1]})])

    def _cleaned(self, count: int) -> list[str]:
        mails = fetched(self._reader.transport(cold=False), count)
        return [read_message(mail).text for mail in mails]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept:
        talk = Talk(sys.argv[1], Path(kept))
        loop({"fire": talk.fire, "inbox": talk.inbox})
