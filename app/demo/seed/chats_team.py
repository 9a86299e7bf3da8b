"""The Slack team of the demo data: who is in it, its user groups and conversations, and how a text names them.

Law: ids follow from the keys of the data, so the same team has the same ids on every day and in every zone.
"""

import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.demo.seed.cast import senders
from app.demo.seed.material import DATA, MaterialError, read

if TYPE_CHECKING:
    from app.demo.slack_store import Kind

_LETTER = {"public": "C", "private": "C", "im": "D", "mpim": "G"}
_NAMED = re.compile(r"(?<![\w/.])([@#])([a-z][a-z0-9-]*)|(https://[^\s)]+[^\s).,:;?!])")
_BROADCAST = ("here", "channel", "everyone")


@dataclass(frozen=True)
class Teammate:
    """A member of the team; a `hook` is a bot without a member of its own."""

    key: str
    real_name: str
    email: str = ""
    zone: str = ""
    bot: bool = False
    hook: bool = False
    deleted: bool = False
    restricted: bool = False

    @property
    def id(self) -> str:
        return "" if self.hook else identity("U", f"member {self.key}")

    @property
    def handle(self) -> str:
        return self.email.partition("@")[0] or self.key


@dataclass(frozen=True)
class Place:
    """A conversation; `members` are keys, the first one made it. `created` is a day and an hour of days.py."""

    key: str
    members: tuple[str, ...]
    kind: "Kind" = "public"
    topic: str = ""
    purpose: str = ""
    shared: bool = False
    archived: bool = False
    created: str = "w-40.mon 09:00"

    @property
    def id(self) -> str:
        return identity(_LETTER[self.kind], f"place {self.key}")


@dataclass(frozen=True)
class Team:
    """Everything of data/channels/team.toml."""

    members: Mapping[str, Teammate]
    groups: Mapping[str, tuple[str, tuple[str, ...]]]  # handle -> (name, keys of the members)
    places: Mapping[str, Place]


@cache
def team() -> Team:
    """The team. Raises MaterialError for an entry that is written wrongly."""
    tables = read(DATA / "channels" / "team.toml")
    members = {key: _teammate(key, tables["strangers"].get(key)) for key in tables["cast"].split()}
    members |= {key: _teammate(key, row) for key, row in tables["strangers"].items()}
    everybody = tuple(key for key, member in members.items() if _at_home(member))
    places = {row["key"]: _place(row, everybody) for row in tables["place"]}
    groups = {row["handle"]: (row["name"], tuple(row["members"].split())) for row in tables["group"]}
    return Team(members, groups, places)


def _at_home(member: Teammate) -> bool:
    return not (member.bot or member.hook or member.deleted or member.restricted)


def _teammate(key: str, row: dict[str, Any] | None) -> Teammate:
    figure = senders().get(key)
    known = {"real_name": figure.name, "email": figure.address, "zone": figure.zone} if figure else {}
    try:
        return Teammate(key, **(known | (row or {})))
    except TypeError as error:
        raise MaterialError(f"team.toml {key}: {error}") from error


def _place(row: dict[str, Any], everybody: tuple[str, ...]) -> Place:
    members = everybody if row["members"] == "*" else tuple(row["members"].split())
    try:
        return Place(**(row | {"members": members}))
    except TypeError as error:
        raise MaterialError(f"team.toml {row['key']}: {error}") from error


def group_id(handle: str) -> str:
    """The id the workspace gives a user group of that handle."""
    return identity("S", f"usergroup {handle}")


def identity(letter: str, seed: str) -> str:
    return letter + b32encode(sha256(seed.encode()).digest()).decode()[:10]


def marked(text: str) -> str:
    """A text as Slack keeps it: `@ana`, `@here`, `@launch-crew`, `#product` and links in their angle brackets."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NAMED.sub(_mark, safe)


def _mark(found: re.Match[str]) -> str:
    sign, name, link = found[1], found[2], found[3]
    if link:
        return f"<{link}>"
    if sign == "@" and name in _BROADCAST:
        return f"<!{name}>"
    if sign == "@" and name in team().groups:
        return f"<!subteam^{group_id(name)}|@{name}>"
    if sign == "@" and name in team().members:
        return f"<@{team().members[name].id}>"
    if sign == "#" and name in team().places:
        return f"<#{team().places[name].id}|{name}>"
    return found[0]
