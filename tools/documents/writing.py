"""Carries out a change in Drive. Law: every request marks the file with the key of its act, so that it is found again.

An upload and a folder have an id that was given ahead (Drive API, files.generateIds). A Google Doc can have none: it is
looked for by its mark, and one that was asked for and not answered is not asked for again.
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
from tools.write import Act, Plan, Receipt, Undo

MADE, CHANGED = "valet_made", "valet_changed"
NEWEST = 10


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
    return _receipt(act, work, own_of(answer))


def identified(act: Act, plan: Plan) -> bool:
    """Whether what is new has an id, by which Drive refuses a second."""
    return bool(Work.model_validate(plan.body).file)


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
    """The file that bears the mark of this act."""
    work = Work.model_validate(plan.body)
    found = _by_id(act, work) if work.file else _by_mark(act, work)
    return _receipt(act, work, found) if found is not None else None


def _by_id(act: Act, work: Work) -> Own | None:
    try:
        found = own(act.context, work.file)
    except NotFound:
        return None
    return found if work.marks(act.key).items() <= found.marks.items() else None


def _by_mark(act: Act, work: Work) -> Own | None:
    """Searched for, and sought among the newest: the list holds only what Valet made, and the search may lag."""
    [(key, value)] = work.marks(act.key).items()
    queries = ({"q": f"appProperties has {{ key='{key}' and value='{value}' }}"}, {"orderBy": "createdTime desc"})
    for query in queries:
        request = clients.google("drive", "v3").files().list(**query, pageSize=NEWEST, fields=f"files({FIELDS})")
        answer = clients.run(request, act.context.transport, service=SERVICE)
        for found in map(own_of, answer.get("files") or []):
            if found.marks.get(key) == value:
                return found
    return None


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
