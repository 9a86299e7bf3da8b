"""Who speaks where in a Slack export, found by reading all of it once: the indexes may be missing or leave people out.

Law: what is kept is a line for each member and channel, however much was said.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.demo.importing.slack_archive import INDEXES, Export, FileBroken
from app.demo.importing.slack_values import created_at, id_of, ids, table, text_of
from app.demo.slack_store import Kind

KINDS: dict[str, Kind] = {"channels.json": "public", "groups.json": "private", "dms.json": "im", "mpims.json": "mpim"}


@dataclass
class Survey:
    """What is known of an export before its messages are taken."""

    users: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by id, as users.json or a message has them
    places: dict[str, "Listed"] = field(default_factory=dict)  # by folder
    active: Counter[str] = field(default_factory=Counter)  # messages by member
    broken: list[tuple[str, str]] = field(default_factory=list)  # index files, and why
    missing: list[str] = field(default_factory=list)

    @property
    def busiest(self) -> str:
        """The id of the member who says most, bots left out; "" when nobody does."""
        people = [user for user in self.active if not self.users.get(user, {}).get("is_bot")]
        return min(people, key=lambda user: (-self.active[user], user)) if people else ""

    def of_address(self, address: str) -> str:
        """The id of the member with that address, or ""."""
        wanted = address.strip().lower()
        return next((user for user, row in self.users.items() if wanted and address_of(row) == wanted), "")

    def named(self, name: str) -> str:
        """The id of the only member of that id, handle or real name; ""."""
        wanted = name.strip().removeprefix("@").casefold()
        found = [user for user, row in self.users.items() if wanted and wanted in (user.casefold(), *_names(row))]
        return found[0] if len(found) == 1 else ""


@dataclass
class Listed:
    """One conversation. `spoke` are those who said something in it."""

    folder: str
    kind: Kind
    row: Mapping[str, Any] = field(default_factory=dict)
    spoke: dict[str, None] = field(default_factory=dict)

    @property
    def members(self) -> list[str]:
        return list(dict.fromkeys((*ids(self.row.get("members")), *self.spoke)))

    @property
    def listed(self) -> bool:
        return bool(ids(self.row.get("members")))

    @property
    def created(self) -> Any:
        return created_at(self.row.get("created"))


def survey(export: Export) -> Survey:
    """Read everything once."""
    found = Survey()
    found.missing = [name for name in INDEXES[:2] if not export.has(name)]
    for row in _index(export, "users.json", found):
        if user := id_of(row.get("id")):
            found.users[user] = row
    for name, kind in KINDS.items():
        for row in _index(export, name, found):
            folder = text_of(row.get("name")) if kind != "im" else ""
            folder = folder or text_of(row.get("id"))
            if folder:
                found.places.setdefault(folder, Listed(folder, kind, row))
    for folder, names in export.days.items():
        place = found.places.setdefault(folder, Listed(folder, _guessed(folder)))
        for name in names:
            _look_at(export, name, place, found)
    return found


def _index(export: Export, name: str, found: Survey) -> list[dict[str, Any]]:
    if not export.has(name):
        return []
    try:
        return export.index(name)
    except FileBroken as error:
        found.broken.append((name, str(error)))
        return []


def _guessed(folder: str) -> Kind:
    """What a folder without an entry in the indexes is, by its name."""
    if folder.startswith("mpdm-"):
        return "mpim"
    return "im" if folder.startswith("D") and id_of(folder) else "public"


def _look_at(export: Export, name: str, place: Listed, found: Survey) -> None:
    try:
        rows = export.rows(name)
    except FileBroken:
        return  # said when it is taken
    for row in rows:
        user = id_of(row.get("user")) if isinstance(row, dict) else ""
        if not user:
            continue
        found.active[user] += 1
        place.spoke[user] = None
        if user not in found.users and table(row.get("user_profile")):
            found.users[user] = {"profile": row["user_profile"], "name": row["user_profile"].get("name")}


def address_of(row: Mapping[str, Any]) -> str:
    address = text_of(table(row.get("profile")).get("email"), 200).strip().lower()
    return address if "@" in address else ""


def real_name_of(row: Mapping[str, Any]) -> str:
    profile = table(row.get("profile"))
    names = (profile.get("real_name"), row.get("real_name"), profile.get("display_name"), row.get("name"))
    return next(filter(None, (text_of(name, 200).strip() for name in names)), "")


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    profile = table(row.get("profile"))
    found = (row.get("name"), real_name_of(row), profile.get("display_name"))
    return tuple(text_of(name).casefold() for name in found if text_of(name))
