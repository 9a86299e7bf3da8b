"""Fills the Drive of the workspace from data/documents: each entry a document of one kind, made into bytes here.

Law: an entry's misspelt key, kind, folder or person is an error; the same day gives the same ids and bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from app.demo.seed.cast import OWNER, senders
from app.demo.seed.days import Days
from app.demo.seed.document_forms import Form, form
from app.demo.seed.material import DATA, MaterialError, read

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

FILES = DATA / "documents"
MADE = "wd-40 09:00"  # when the folders and the shared drive were made


@dataclass(frozen=True)
class Entry:
    """One document as a data file has it. `where` is a folder's key, "" for the top of the owner's drive.

    `shared` are people (keys), with ":reader" or ":commenter" behind those who do not write; `raw` names a ready
    file beside the data; `viewed` and `created` are relative days, as `modified` is. A body of `articles` is written
    once and made for each, with the fact of its number.
    """

    key: str
    name: str
    kind: str
    modified: str
    body: str = ""
    owner: str = OWNER
    by: str = ""
    where: str = ""
    created: str = ""
    viewed: str = ""
    shared: tuple[str, ...] = ()
    description: str = ""
    starred: bool = False
    trashed: bool = False
    raw: str = ""
    pages: int = 1
    articles: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The body; of a document of articles the body of each, a page for each."""
        if not self.articles:
            return self.body
        return "\f".join(self._article(number, title) for number, title in enumerate(self.articles, 1))

    def _article(self, number: int, title: str) -> str:
        slots = {"{number}": str(number), "{article}": title, "{subject}": title.lower()}
        text = self.body.replace("{fact}", self.facts.get(str(number), "No amounts are agreed in this article."))
        for slot, value in slots.items():
            text = text.replace(slot, value)
        return text


@dataclass(frozen=True)
class Folder:
    """A folder, or with `members` (key:role) a shared drive."""

    key: str
    name: str
    owner: str = OWNER
    where: str = ""
    shared: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """All of the data files: folders in the order they are made, then the documents."""

    folders: tuple[Folder, ...]
    entries: tuple[Entry, ...]


@cache
def shelf() -> Shelf:
    """What data/documents holds. Raises MaterialError for a misspelt key."""
    folders: list[Folder] = []
    entries: list[Entry] = []
    for source in sorted(FILES.iterdir(), key=lambda found: found.name):
        if not source.name.endswith(".toml"):
            continue
        table = read(source)
        try:
            folders += [Folder(**_tuples(row)) for row in table.get("folder", ())]
            entries += [Entry(**_tuples(row)) for row in table.get("file", ())]
        except TypeError as error:
            raise MaterialError(f"{source.name}: {error}") from error
    return Shelf(tuple(folders), tuple(entries))


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def fill_drive(workspace: "Workspace", days: Days) -> tuple[int, int]:
    """Add every folder and document; answer (folders, documents)."""
    found = shelf()
    places: dict[str, dict[str, str]] = {"": {}}
    for folder in found.folders:
        places[folder.key] = _make_folder(workspace, folder, places, days.at(MADE))
    for entry in found.entries:
        _file(workspace, entry, places, days)
    return len(found.folders), len(found.entries)


def _make_folder(
    workspace: "Workspace", folder: Folder, places: Mapping[str, dict[str, str]], made: datetime
) -> dict[str, str]:
    """Where files of the folder go, as arguments of add_file."""
    if folder.members:
        return {"drive": workspace.drive.add_drive(folder.name, members=_people(folder.members), created=made)}
    identity = workspace.drive.add_folder(
        folder.name,
        owner=_address(folder.owner),
        created=made,
        shared=_people(folder.shared),
        **_place(folder.where, places),
    )
    return {"parent": identity}


def _file(workspace: "Workspace", entry: Entry, places: Mapping[str, dict[str, str]], days: Days) -> None:
    made = _form(entry, days)
    place = _place(entry.where, places)
    shared = dict(_people(entry.shared))
    if entry.owner != OWNER and not place:
        shared.setdefault(_address(OWNER), "reader")
    workspace.drive.add_file(
        days.fill(entry.name, days.at(entry.modified).date()),
        mime=made.mime,
        content=made.content,
        exports=made.exports,
        text=made.text,
        owner=_address(entry.owner),
        by=_address(entry.by or entry.owner),
        created=days.at(entry.created or entry.modified),
        modified=days.at(entry.modified),
        viewed=days.at(entry.viewed) if entry.viewed else None,
        shared=shared.items(),
        description=entry.description,
        starred=entry.starred,
        trashed=entry.trashed,
        parent=place.get("parent", ""),
        drive=place.get("drive", ""),
    )


def _form(entry: Entry, days: Days) -> Form:
    if entry.raw:
        return form(entry.kind, entry.name, "", raw=(FILES / entry.raw).read_bytes())
    language = senders()[entry.owner].language
    written = days.at(entry.modified).date()
    text = days.fill(entry.source, written, language)
    return form(entry.kind, days.fill(entry.name, written), text, pages=entry.pages)


def _place(key: str, places: Mapping[str, dict[str, str]]) -> dict[str, str]:
    if key not in places:
        raise MaterialError(f"documents: no folder {key!r}; a folder stands before what is in it.")
    return places[key]


def _address(key: str) -> str:
    return senders()[key].address


def _people(stated: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = (person.partition(":") for person in stated)
    return [(_address(key), role or "writer") for key, _, role in pairs]
