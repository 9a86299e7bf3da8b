"""Opens the workspace an import goes to, made for its owner if it is not there yet."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.demo.importing.owner import owner_of

if TYPE_CHECKING:
    from app.demo.workspace import Workspace

NOBODY = "me@imported.example"


def open_for(path: Path, sources: Sequence[Path], *, zone: str, owner: str = "", name: str = "") -> "Workspace":
    """The workspace at `path`; a new one belongs to `owner` (an address), else to whom the files speak of.

    Raises WorkspaceError when the file is something else, or the zone no IANA name.
    """
    from app.demo.workspace import Person, Workspace

    if path.exists():
        return Workspace.open(path)
    if owner:
        person = Person(owner.strip().lower(), name or owner.partition("@")[0], zone)
    else:
        found = owner_of(sources) or Person(NOBODY, "Me")
        person = Person(found.address, name or found.name, zone)
    workspace = Workspace.create(path, owner=person, zone=zone)
    workspace.note("name", f"Imported mail and calendars of {person.name}")
    workspace.note("imported", "yes")
    return workspace
