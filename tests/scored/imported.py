"""The material taken in by the real importer, served, and read by the real tools over HTTP through the gateway."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.importing.loading import load
from app.demo.importing.opening import open_for
from app.demo.quota import Limits
from app.demo.server import Running, serve
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.wire import Cut, Wire
from tests.auth.signed import Rows
from tests.demo.little_office import sign_in as sign_in_google
from tests.demo.slack.team import sign_in as sign_in_slack
from tests.scored import chats, letters, papers
from tests.scored.corpus import NOW, OWNER, ZONE, moment
from tools import drive_retrieval, gmail_summary, slack_action_items
from tools.base import Access, ToolContext
from tools.channels.actions_finding import ActionsFinding
from tools.documents.summary_finding import SummaryFinding
from tools.mail.digest import Digest
from tools.registry import Registry

HOSTS = ("gmail.googleapis.com", "www.googleapis.com", "slack.com")
REGISTRY = Registry.of([gmail_summary, slack_action_items, drive_retrieval])
LONG_AGO = moment("2026-04-20")
SIGN_IN: dict[str, Callable[..., dict[str, Any]]] = {"google": sign_in_google, "slack": sign_in_slack}


@dataclass(frozen=True)
class Imported:
    """What the tools made of everything: digests by the Message-ID of the newest mail, summaries by file name.

    `troubles` is what the importer did not take as it stands.
    """

    digests: dict[str, Digest]
    actions: ActionsFinding
    summaries: dict[str, SummaryFinding]
    troubles: tuple[str, ...]


@dataclass(frozen=True)
class Caller:
    """Calls tools as the graph does, with the rights of each and no more."""

    running: Running

    def call(self, name: str, **given: Any) -> Any:
        tool = REGISTRY.tool(name)
        assert tool is not None
        access, wire = tool.access, Wire()
        token = Secret(SIGN_IN[access.connection](self.running, *access.scopes)["access_token"])
        lease = Lease("me", OWNER, access.capability, frozenset(access.scopes), 1e12, token)
        gateway = Gateway(wire, Rows(), origins=dict.fromkeys(HOSTS, self.running.origin))
        transport = gateway.open(lease, _capability(access), cut=Cut(), renew=lambda dead: None)
        context = ToolContext(transport, NOW, ZONE, OWNER, lambda *_: None)
        arguments = tool.arguments.model_validate(given)
        try:
            found = tool.function(context, **{one: getattr(arguments, one) for one in type(arguments).model_fields})
            return asyncio.run(found) if inspect.iscoroutine(found) else found
        finally:
            wire.close()


def _capability(access: Access) -> Capability:
    return Capability(access.connection, access.capability, frozenset(access.scopes), access.operations, "read")


def read(folder: Path) -> Imported:
    """Import into a fresh workspace in `folder`, serve it, and call the tools."""
    with _served(folder) as (caller, troubles):
        inbox = caller.call("summarise_inbox", limit=500)
        sent = caller.call("search_mail", query="in:sent", limit=50)
        by_time = {letter.at: letter.id for letter in letters.letters()}
        digests = {digest.id: digest for digest in (*inbox.digests, *sent.digests)}
        files = caller.call("find_documents", limit=50).found.hits
        return Imported(
            {by_time[digest.at.astimezone(ZONE)]: digest for digest in digests.values()},
            caller.call("slack_action_items", since=LONG_AGO, only="all", limit=100),
            {hit.file.name: caller.call("summarise_document", file=hit.file.id) for hit in files},
            troubles,
        )


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Caller, tuple[str, ...]]]:
    paths = [folder / name for name in ("mail", "export", "documents")]
    letters.write_all(paths[0])
    chats.write_all(paths[1])
    papers.write_all(paths[2])
    workspace = open_for(folder / "imported.sqlite", paths, zone=ZONE.key)
    try:
        report = load(workspace, paths, progress=lambda *_: None)
        troubles = tuple(str(one) for one in report.files if one.outcome != "loaded")
        limits = Limits(gmail_units_per_minute=None, clock=lambda: 1000.0)
        with serve(workspace, limits=limits, clock=NOW.timestamp) as running:
            assert workspace.owner.address == OWNER
            yield Caller(running), troubles
    finally:
        workspace.close()
