"""Who is meant in Slack, and what a text becomes there: an @name a mention, all else as it was typed.

Law: two who fit a name are a question; nobody is called to whom the text does not say "@" and the name; @channel, @here
and @everyone call nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.channels.markup import EVERYBODY
from tools.channels.team import Member, Team
from tools.errors import BadArgument, NotFound
from tools.mail.phrases import fold

LONGEST = 4_000
_AT = re.compile(r"(?<![\w@.])@([\w][\w.'’-]*(?: [^\W\d_][\w'’-]*){0,2})")


@dataclass(frozen=True)
class Worded:
    """A text as Slack takes it; `called` are those it mentions, `silent` the @words that call nobody."""

    markup: str
    called: tuple[Member, ...] = ()
    silent: tuple[str, ...] = ()


def worded(text: str, team: Team) -> Worded:
    """Raises BadArgument for an @name that several people have."""
    called: dict[str, Member] = {}
    silent: list[str] = []
    parts: list[str] = []
    place = 0
    for found in _AT.finditer(text):
        member, length = _named(found[1], team)
        if member is None:
            silent += [f"@{found[1].partition(' ')[0]}"]
            continue
        called[member.id] = member
        parts += [_plain(text[place : found.start()]), f"<@{member.id}>"]
        place = found.start() + 1 + length
    return Worded("".join([*parts, _plain(text[place:])]), tuple(called.values()), tuple(dict.fromkeys(silent)))


def _plain(text: str) -> str:
    """Nothing in it can be a mention or a link of Slack's own (Slack API, "Formatting text", escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _named(words: str, team: Team) -> tuple[Member | None, int]:
    """Who an @name is, by the longest of its words that fits somebody, and how long that name is in the text."""
    parts = words.split(" ")
    for count in range(len(parts), 0, -1):
        name = " ".join(parts[:count]).rstrip(".'’-")
        if name.casefold() in EVERYBODY:
            return None, 0
        if found := fitting(name, team.members.values()):
            return one_of(name, found), len(name)
    return None, 0


def fitting(name: str, members: Iterable[Member]) -> list[Member]:
    """Those who are called so: by the whole name or the handle, else by a first name."""
    wanted = fold(name)
    people = [one for one in members if not one.automatic]
    whole = [one for one in people if wanted in (fold(one.name), fold(one.handle)) or name == one.id]
    return whole or [one for one in people if wanted in one.called]


def one_of(name: str, found: Sequence[Member]) -> Member:
    """Raises BadArgument with those who fit."""
    if len(found) > 1:
        shown = ", ".join(f"{one.name} (@{one.handle})" for one in found[:5])
        raise BadArgument(
            f"{len(found)} people in Slack are called {name!r}: {shown}.", "Use the whole name or handle."
        )
    return found[0]


def member_named(typed: str, team: Team) -> Member:
    """The person a name or handle means. Raises NotFound, BadArgument."""
    name = " ".join(typed.strip().lstrip("@").split())
    found = fitting(name, team.members.values()) if name else []
    if not found:
        raise NotFound(f"Nobody in this Slack workspace is called {name!r}.", "Check the name, or use the handle.")
    return one_of(name, found)


def checked(text: str) -> str:
    """The text without blank ends. Raises BadArgument for one that is empty or longer than Slack shows whole."""
    said = text.strip()
    if not said:
        raise BadArgument("There is nothing to say in that message.", "Give its text.")
    if len(said) > LONGEST:
        raise BadArgument(f"That message has {len(said)} characters; Slack shows {LONGEST}.", "Make it shorter.")
    return said
