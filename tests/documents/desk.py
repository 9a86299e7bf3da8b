"""Somebody at work with Drive: calls the tools as the graph does, through the real gateway and client, to a server."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.server import Running, serve
from app.demo.workspace import Person, Workspace
from auth.capability import Capability
from auth.gateway import Gateway
from auth.lease import Lease, Secret
from auth.wire import Cut, Wire
from tests.auth.signed import Rows, signed
from tests.demo.little_office import ALEX, sign_in
from tests.documents import files, samples
from tests.loopback import Got, Line, Play
from tools import drive_retrieval
from tools.base import Access, ToolContext
from tools.documents import kinds
from tools.registry import Registry

REGISTRY = Registry.of([drive_retrieval])
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 3, 10, 20, tzinfo=ZONE)
ANA, TOM = "ana.novak@northwind.example", "tom.baker@northwind.example"
HOST = "www.googleapis.com"


@dataclass
class Desk:
    """Calls tools at a fixed time. `sent` are the operations of the last call with the status they got."""

    running: Running
    workspace: Workspace
    granted: tuple[str, ...] = ()
    sent: list[tuple[str, str]] = field(default_factory=list)
    progress: list[tuple[int, int | None, str]] = field(default_factory=list)

    def call(self, name: str, **given: Any) -> Any:
        """The finding of one call, with the scopes of its access and no more, or with those `granted`."""
        access = access_of(name)
        scopes = self.granted or access.scopes
        token = Secret(sign_in(self.running, *scopes)["access_token"])
        lease = Lease("me", ALEX, access.capability, frozenset(scopes), 1e12, token)
        audit, wire = Rows(), Wire()
        gateway = Gateway(wire, audit, origins={HOST: self.running.origin})
        transport = gateway.open(lease, capability_of(access), cut=Cut(), renew=lambda dead: None)
        try:
            return called(name, ToolContext(transport, NOW, ZONE, ALEX, self._tell), given)
        finally:
            wire.close()
            self.sent = audit.outcomes

    def add(self, name: str, mime: str, content: bytes = b"", **facts: Any) -> str:
        """File a document; its owner is Alex and it was changed yesterday at 10:00, unless facts say otherwise."""
        day = datetime(2026, 3, 2, 10, tzinfo=ZONE)
        given = {"owner": ALEX, "created": day, "modified": day, **facts}
        return self.workspace.drive.add_file(name, mime=mime, content=content, **given)

    def _tell(self, done: int, total: int | None, what: str) -> None:
        self.progress.append((done, total, what))


def access_of(name: str) -> Access:
    tool = REGISTRY.tool(name)
    assert tool is not None
    return tool.access


def capability_of(access: Access) -> Capability:
    return Capability(access.connection, access.capability, frozenset(access.scopes), access.operations, "read")


def called(name: str, context: ToolContext, given: Mapping[str, Any]) -> Any:
    """Arguments go through the tool's own schema."""
    tool = REGISTRY.tool(name)
    assert tool is not None
    arguments = tool.arguments.model_validate(dict(given))
    found: Any = tool.function(context, **{one: getattr(arguments, one) for one in type(arguments).model_fields})
    return asyncio.run(found) if inspect.iscoroutine(found) else found


@contextmanager
def opened(path: Path) -> Iterator[Desk]:
    """The Drive of a small office: a Doc, a Sheet, a PDF, slides in a shared drive, a folder."""
    workspace = Workspace.create(path, owner=Person(ALEX, "Alex Rivera", ZONE.key), zone=ZONE.key)
    for address, name in ((ANA, "Ana Novak"), (TOM, "Tom Baker")):
        workspace.add_person(Person(address, name))
    with serve(workspace) as running:
        desk = Desk(running, workspace)
        furnish(desk)
        yield desk
    workspace.close()


def furnish(desk: Desk) -> None:
    mine = ((ALEX, "reader"),)
    doc = {kinds.MARKDOWN: samples.OFFSITE.encode(), kinds.TEXT: b"plain"}
    at: dict[str, Any] = {"modified": datetime(2026, 3, 2, 17, 40, tzinfo=ZONE), "by": TOM}
    desk.add("Team offsite in Lisbon", kinds.DOC, exports=doc, owner=ANA, shared=mine, text=samples.OFFSITE, **at)
    sheet = files.xlsx({"Q1": [["Item", "Cost"], ["Rent", 9000]]})
    desk.add("Budget 2026", kinds.SHEET, exports={kinds.XLSX: sheet}, viewed=NOW)
    lease = files.prose_pdf(samples.PROTOKOLL)
    at = {"modified": datetime(2026, 2, 20, 9, tzinfo=ZONE)}
    desk.add("Lease contract.pdf", kinds.PDF, lease, owner=TOM, shared=mine, text=samples.PROTOKOLL, **at)
    drive = desk.workspace.drive.add_drive("Launch", members=[ALEX, TOM])
    deck = {kinds.PPTX: files.pptx([("Launch", ["One", "Two"], "")] * 2)}
    at = {"modified": datetime(2026, 3, 3, 9, tzinfo=ZONE), "by": ALEX}
    desk.add("Launch deck", kinds.SLIDES, exports=deck, drive=drive, **at)
    desk.workspace.drive.add_folder("Contracts", owner=ALEX)


def played(name: str, play: Play, **given: Any) -> Any:
    """One call to a Drive that answers as the test says."""
    access = access_of(name)
    with signed(play, capability_of(access), fresh=lambda dead: None) as line:
        return called(name, ToolContext(line.transport, NOW, ZONE, ALEX, lambda done, total, what: None), given)


def single(data: bytes = b"", **facts: Any) -> Play:
    """A Drive with one file, of which `facts` are told, and `data` sent whatever range is asked for."""
    told = {"id": "file-1", "name": "Thing.txt", "mimeType": kinds.TEXT, "size": str(len(data)), **facts}

    def play(got: Got, line: Line) -> None:
        if "alt=media" in got.target:
            line.reply(200, data)
        elif got.path.endswith("/files"):
            line.reply(200, {"files": [told], "incompleteSearch": True})
        else:
            line.reply(200, told | {"id": got.path.rpartition("/")[2]})

    return play


def refused(status: int, reason: str) -> Play:
    """A Drive that tells of its file and refuses its content."""

    def play(got: Got, line: Line) -> None:
        if "alt=media" not in got.target:
            single(b"x")(got, line)
            return
        error = {"code": status, "message": "No.", "errors": [{"reason": reason, "message": "No."}]}
        line.reply(status, json.dumps({"error": error}).encode())

    return play
