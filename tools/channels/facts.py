"""What Valet says of chats: action items, key messages and the counts of automatic ones, as plain data.

Texts are the authors' own words, shortened; reasons are Valet's.
"""

from __future__ import annotations

from pydantic import AwareDatetime

from tools.base import Ref, Source
from tools.mail.digest import Due, Frozen
from tools.text.characters import one_line

KIND = "message"
REFUSED = "refused it"
LABELLED = 100
"""Characters of a message by which it is told from others."""


class Said(Frozen):
    """A message that is named: `id` is "channel ts", `where` the conversation's label, `people` names in lower case."""

    id: str
    author: str
    where: str
    text: str
    at: AwareDatetime
    link: str | None = None
    edited: bool = False
    automatic: bool = False
    people: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def ref(self) -> Ref:
        said = one_line(self.text, LABELLED)
        return Ref(kind=KIND, id=self.id, label=f"{self.author} in {self.where}" + (f": {said}" if said else ""))

    def source(self) -> Source:
        return Source(kind=KIND, id=self.id, label=self.where, by=self.author, link=self.link)


class ActionItem(Frozen):
    """Something to do: `who` is to do `what`. `mine`: the person is; `waiting`: they asked for it, or
    somebody promised it to them.

    `done` says how it is known to be done, or who refused it, "" while it is open; `also` are other
    places where the same was asked, `covers` the ids of every message that asks it. `unread`: it has answers that were
    not read, so that it may be done.
    """

    said: Said
    who: str
    what: str
    mine: bool
    waiting: bool
    due: Due | None
    done: str
    promised: bool
    question: bool
    also: tuple[str, ...]
    covers: tuple[str, ...]
    weight: int
    reasons: tuple[str, ...]
    unread: bool = False

    @property
    def offered(self) -> bool:
        """Promised by who is to do it, whom nobody had asked."""
        return self.promised and self.who == self.said.author

    @property
    def refused(self) -> bool:
        """Closed without being done."""
        return self.done.endswith(REFUSED)


class KeyMessage(Frozen):
    """A message worth reading, with the reasons."""

    said: Said
    weight: int
    reasons: tuple[str, ...]


class Automatic(Frozen):
    """What an app wrote into a conversation, counted."""

    name: str
    where: str
    count: int


def said_by(found: ActionItem | KeyMessage, member: str) -> bool:
    """Whether it was said by whoever goes by this name; "" for anybody."""
    return not member or found.said.author == member
