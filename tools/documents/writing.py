"""Carries out a change in Drive. Law: every request marks the file with the key of its act, so that it is found again.

An upload and a folder have an id that was given ahead; a Google Doc cannot, and is looked for by its mark. One that
was asked for and not answered in time may still come about, and is not asked for again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ConfigDict

from tools import clients
from tools.base import Ref
from tools.documents.listing import SERVICE
from tools.documents.own import FIELDS, READERS, TEXT, TRASH, Own, own, own_of, text_mark, text_of
from tools.errors import NotFound, ServiceDown, Taken
from tools.write import Act, Plan, Receipt, Undo, Unsure

MADE, CHANGED = "valet_made", "valet_changed"


class Work(BaseModel):
    """The body of a plan: one request. `file` is what is changed, or the id a `new` one is to have ("" for any).

    `content` goes up as `mime`; None leaves it. `said` is the receipt's sentence, with {name} for the file's name;
    `watched` is the file whose state the plan was based on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    new: bool
    file: str = ""
    metadata: dict[str, Any]
    content: str | None = None
    mime: str = ""
    said: str
    undo: Undo | None = None
    watched: str = ""

    def marks(self, key: str) -> dict[str, str]:
        return {MADE if self.new else CHANGED: key}


def perform(act: Act, plan: Plan) -> Receipt:
    """Send it. An id that is taken may be by an earlier attempt of this very act: that is looked up."""
    work = Work.model_validate(plan.body)
    try:
        answer = clients.run(_request(work, act.key), act.context.transport, service=SERVICE)
    except Taken as error:
        raise ServiceDown(error.what, error.next) from error
    except ServiceDown as error:
        if isinstance(error.__cause__, TimeoutError):
            act.note(slow="yes")
        raise
    return _receipt(act, work, own_of(answer))


def _request(work: Work, key: str) -> Any:
    from googleapiclient.http import MediaInMemoryUpload

    body = {**work.metadata, "appProperties": work.marks(key)}
    given: dict[str, Any] = {"fields": FIELDS, "supportsAllDrives": True}
    if work.content is not None:
        given["media_body"] = MediaInMemoryUpload(work.content.encode(), work.mime, resumable=False)
    files = clients.google("drive", "v3").files()
    if work.new:
        return files.create(body=body | ({"id": work.file} if work.file else {}), **given)
    return files.update(fileId=work.file, body=body, **given)


def find(act: Act, plan: Plan) -> Receipt | None:
    """The file that bears the mark of this act. Raises Unsure for a Google Doc that may be on its way yet."""
    work = Work.model_validate(plan.body)
    found = _by_id(act, work) if work.file else _by_mark(act, work)
    if found is None and not work.file and act.notes.get("slow"):
        name = work.metadata["name"]
        raise Unsure(f"{SERVICE} did not answer in time, and has no “{name}” yet.", f"Look for “{name}” in Drive.")
    return _receipt(act, work, found) if found is not None else None


def _by_id(act: Act, work: Work) -> Own | None:
    try:
        found = own(act.context, work.file)
    except NotFound:
        return None
    return found if work.marks(act.key).items() <= found.marks.items() else None


def _by_mark(act: Act, work: Work) -> Own | None:
    [(key, value)] = work.marks(act.key).items()
    query = f"appProperties has {{ key='{key}' and value='{value}' }}"
    request = clients.google("drive", "v3").files().list(q=query, pageSize=2, fields=f"files({FIELDS})")
    answer = clients.run(request, act.context.transport, service=SERVICE)
    return next((own_of(raw) for raw in answer.get("files") or []), None)


def basis(act: Act, plan: Plan) -> dict[str, str]:
    """What the plan was based on, as it is now."""
    work = Work.model_validate(plan.body)
    found = own(act.context, work.watched)
    return seen(found, plan.based_on, text_of(act.context, found) if TEXT in plan.based_on else "")


def seen(found: Own, names: Collection[str], text: str = "") -> dict[str, str]:
    """The marks of a file by what they are of, as far as they are named."""
    marks = {READERS: found.readers_mark, TRASH: "trash" if found.trashed else "drive", TEXT: text_mark(text)}
    return {name: marks[name] for name in names}


def _receipt(act: Act, work: Work, found: Own) -> Receipt:
    file = found.file
    return Receipt(
        what=work.said.format(name=file.name),
        id=file.id,
        at=act.context.now,
        link=file.link,
        ref=Ref(kind="file", id=file.id, label=file.name),
        undo=work.undo,
    )
