"""The whole graph over the real brokers, which ask in a browser, and over the demo's identity services."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from app.demo.consent import Consent
from app.demo.server import serve
from auth.broker import Brokers
from auth.capability import Capability
from auth.consent import Asking, Outcome
from auth.gateway import Gateway
from auth.need import Need
from auth.wire import Cut
from graphs.access import bundles
from graphs.assistant import assistant
from graphs.context import Context
from graphs.parts import Limits
from tests.auth.local.linking import HOSTS, LABELS, ME, READONLY, Desk, Page, fetch
from tests.demo.little_office import ALEX, AUTH, Clock
from tests.demo.slack.team import team_office
from tests.loopback import PATIENCE
from tests.scripted import Reply, calling
from tests.small_graph import NOW, Said, World, ledger_in, module, parts_of
from tools.base import Access, ToolContext, ToolNode, tool
from tools.clients import gmail, run
from tools.registry import Registry
from tools.slack_client import slack
from tools.write import Act, Plan, Receipt, Row, write

MAILBOX = "GET gmail.googleapis.com/gmail/v1/users/me"
PROFILE = Access("google", "mail.read", (READONLY,), (f"{MAILBOX}/profile",), "read your mail")
SORTING = Access("google", "mail.sort", (READONLY, LABELS), (f"{MAILBOX}/labels",), "read and label your mail")
SEND = Access("google", "mail.send", (f"{AUTH}gmail.modify",), (f"{MAILBOX}/labels",), "label your mail")
TEAM = Access("slack", "slack.read", ("channels:read",), ("POST slack.com/api/auth.test",), "read your channels")


@tool(access=PROFILE, asks=("whose mail is this",))
def whose_mail(context: ToolContext) -> Said:
    """Say whose mail this is."""
    found = run(gmail().users().getProfile(userId="me"), context.transport, service="Gmail")
    return Said(words=f"Mail of {found['emailAddress']}, read as {context.account}.")


@tool(access=SORTING, asks=("which labels are there",))
def labels(context: ToolContext) -> Said:
    """List the labels."""
    found = run(gmail().users().labels().list(userId="me"), context.transport, service="Gmail")
    return Said(words=f"{len(found['labels'])} labels.")


@tool(access=TEAM, asks=("who am I in Slack",))
def who_in_slack(context: ToolContext) -> Said:
    """Say who one is in Slack."""
    return Said(words=f"Slack knows you as {slack(context.transport).auth_test()['user']}.")


def _labelled(act: Act, plan: Plan) -> Receipt:
    run(gmail().users().labels().list(userId="me"), act.context.transport, service="Gmail")
    return Receipt(what="Labelled.", id=act.key, at=act.context.now)


@write(access=SEND, look=PROFILE, perform=_labelled, find=lambda act, plan: None)
def label_mail(context: ToolContext) -> Plan:
    """Label the mail."""
    return Plan(title="Label the mail", rows=(Row(label="label", value="x"),), body={"label": "x"})


MODULES = (
    module("mail_look", ToolNode("read", "Say it.", (whose_mail, labels))),
    module("slack_look", ToolNode("read", "Say it.", (who_in_slack,))),
    module("mail_label", ToolNode("write", "Say it.", (label_mail,))),
)
REGISTRY = Registry.of(MODULES)


@dataclass
class Heard:
    """The consents of a desk; `waits` is set while somebody is waited for."""

    brokers: Brokers
    waits: threading.Event = field(default_factory=threading.Event)

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        return self.brokers.ask(user, account, capability)

    def settle(self, user: str, asking: str, *, seconds: float, cut: Cut) -> Outcome:
        self.waits.set()
        return self.brokers.settle(user, asking, seconds=seconds, cut=cut)

    def paste(self, user: str, asking: str, address: str) -> None:
        self.brokers.paste(user, asking, address)

    def withdraw(self, user: str, asking: str) -> None:
        self.brokers.withdraw(user, asking)


@dataclass
class Conversation(World):
    """A conversation whose person sits at `desk`."""

    desk: Desk = field(kw_only=True)
    heard: Heard = field(kw_only=True)
    thread: str = field(default="t", kw_only=True)

    @property
    def config(self) -> Any:
        return {"configurable": {"thread_id": self.thread}, "recursion_limit": self.parts.limits.recursion}

    async def needs(self, request: str = "go on") -> list[dict[str, Any]]:
        """What the turn stops at: the permissions that are asked for."""
        await self.ask(request)
        return await self.items()

    async def resume_with(self, answer: Any, context: Context) -> list[AnyMessage]:
        """Answer the pause, with the options of the run."""
        async for _ in self.graph.astream(Command(resume=answer), self.config, context=context, durability="sync"):
            pass
        return await self.messages()

    async def items(self) -> list[dict[str, Any]]:
        card = await self.card()
        assert card["valet"]["kind"] == "consent", card
        found: list[dict[str, Any]] = card["valet"]["items"]
        return found

    async def answered(self, answer: Any, *pages: str, **clicks: Any) -> list[AnyMessage]:
        """Answer the pause, and click through these pages while the turn waits for them."""
        turn = asyncio.create_task(self.resume(answer))
        for page in pages:
            await asyncio.to_thread(click, page, **clicks)
        return await turn


@dataclass
class Office:
    """A workspace whose people are asked in pages, and conversations about it that share ledger and memory."""

    desk: Desk
    folder: Path
    kept: InMemorySaver = field(default_factory=InMemorySaver)
    others: list[Desk] = field(default_factory=list)

    def begin(self, *replies: Reply, desk: Desk | None = None, seconds: float = PATIENCE) -> Conversation:
        """One process's Valet; with another `desk`, that of another process."""
        desk = desk or self.desk
        heard = Heard(desk.brokers)
        parts = replace(
            parts_of(replies, MODULES, Limits(consent_seconds=seconds), lambda: NOW, ledger_in(self.folder)),
            broker=desk.brokers,
            consents=heard,
            gateway=Gateway(desk.wire, desk.audit, origins=dict.fromkeys(HOSTS, desk.running.origin)),
            user=ME,
        )
        return Conversation(parts, assistant(parts).compile(checkpointer=self.kept), desk=desk, heard=heard)

    def another_process(self) -> Desk:
        of = self.desk
        self.others.append(Desk(of.running, of.clock, of.google, of.slack, bundles=of.bundles))
        return self.others[-1]


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    clock = Clock()
    with team_office(folder, clock) as workspace, serve(workspace, consent=Consent("page")) as running:
        desk = Desk(running, clock, bundles=bundles(REGISTRY, "google") | bundles(REGISTRY, "slack"))
        opened = Office(desk, folder)
        yield opened
        for one in (desk, *opened.others):
            one.close()


def click(page: str, *, person: str = ALEX, untick: str = "", press: str = "allow") -> Page:
    """What a person does in the browser: follow the page, choose who they are, untick, press a button, and go back."""
    onward = fetch(page).headers["location"]
    asked = fetch(onward).text
    ticket = re.search(r'name=ticket value="([^"]+)"', asked)
    assert ticket, asked
    boxes = re.findall(r'name=scope value="([^"]+)" checked>', asked)
    people = re.findall(r'<option value="([^"]+)"', asked)
    pairs = [("ticket", unescape(ticket[1])), ("answer", press)]
    pairs.append(("person", person if person in people else people[0]))
    pairs += [("scope", unescape(box)) for box in boxes if not (untick and untick in box)]
    return fetch(_posted(onward, urlencode(pairs)))


def is_open(page: str) -> bool:
    """Whether the page leads on to the provider; its port may be another question's by now."""
    with suppress(ConnectionError):
        return fetch(page).status == 302
    return False


def _posted(onward: str, body: str) -> str:
    """Send the page's form; gives where the browser is sent."""
    at = urlsplit(onward)
    line = HTTPConnection(at.hostname or "", at.port, timeout=PATIENCE)
    try:
        line.request("POST", "/__consent", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        answer.read()
        location = answer.headers["location"]
        assert location, answer.status
        return location
    finally:
        line.close()


def told(messages: list[AnyMessage]) -> list[str]:
    """The answers to the calls, in order."""
    return [message.text for message in messages if isinstance(message, ToolMessage)]


# Made anew each time: the graph gives every message an id of its own.
def whose() -> AIMessage:
    return calling(("whose_mail", {}))


def channels() -> AIMessage:
    return calling(("who_in_slack", {}))


def labelling() -> AIMessage:
    return calling(("labels", {}))


def writing() -> AIMessage:
    return calling(("label_mail", {}))


def end() -> AIMessage:
    return AIMessage("So it is.")
