"""Whom a sentence of a chat means: the mentioned, the named, the other one in a talk of two, or nobody in particular.

Law: a mention that a sentence only speaks about, or copies in, is not who is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.channels.calling import MARK, MARKS
from tools.channels.chat import Chat
from tools.channels.saying import OPENING
from tools.channels.team import Team
from tools.mail.phrases import fold

_MARK = re.compile(MARK)
_ABOUT = (
    r"['’]s|\s+(?:(?:is|are|was|were) (?:not|out|away|off|on|in|at|back|ill|sick|already|still|travel\w+)|isn't|aren't"
    r"|wasn't|has|hasn't|said|says|told|wrote|asked)\b"
)
_HEAD = re.compile(rf"{OPENING}(?P<marks>{MARKS})\b(?!{_ABOUT})", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:can|could|will|would|should|please|need|needs|want|like|waiting (?:for|on)|blocked on|assigned to|over to"
    rf"|up to|owner:|remind|so)\s+(?P<marks>{MARKS})",
    re.IGNORECASE,
)
_LED = re.compile(
    rf":\s+(?P<marks>{MARKS})[\s,–-]+(?:please|pls|(?:can|could|would|will|do|did|have|are) you)\b", re.IGNORECASE
)
_TAIL = re.compile(rf"(?P<before>[\w']*)(?P<comma>\W*?)\s*(?P<marks>{MARKS})\W*$")
_TOWARDS = frozenset(
    """about and ask at by cc for from give like of ping send tell than thanks to via with""".split()  # noqa: SIM905
)
_ASIDE = re.compile(rf"\b(?:cc|fyi|kudos|thanks|thx|thank you|h/t|via)\b[\s:(]*(?:to )?{MARKS}\)?", re.IGNORECASE)
_NAMED = re.compile(
    r"^\W*(?:(?:hey|hi|hello|ok|and|also)\s+)?(?P<name>[^\W\d_]{2,20})\s*(?:[,:]|\s[–-]\s)", re.IGNORECASE
)


@dataclass(frozen=True)
class Aim:
    """`whom`: member ids, group ids, or "here"; empty for nobody in particular. `sure`: the words themselves say it."""

    whom: tuple[str, ...] = ()
    sure: bool = False


def aim(text: str, chat: Chat, team: Team, before: Chat | None) -> Aim:
    """Whom a sentence of `chat` means. `before` is what it answers to in its thread: the last word of another."""
    said = _ASIDE.sub(" ", text)
    within = _marks(_SUBJECT.search(said) or _LED.search(said))
    for found in (_head(said), within, _tail(said), _named(said, team)):
        if found:
            return Aim(_without(found, chat.author), sure=True)
    if lead := _head(_ASIDE.sub(" ", chat.spoken)):
        return Aim(_without(lead, chat.author), sure=True)
    if chat.channel.kind == "direct":
        other = chat.channel.other if chat.author == team.me else team.me
        return Aim((other,), sure=True)
    return Aim((before.author,)) if before and not before.automatic else Aim()


def _without(marks: tuple[str, ...], author: str) -> tuple[str, ...]:
    return tuple(mark for mark in marks if mark != author)


def _marks(found: re.Match[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark[1:] for mark in _MARK.findall(found["marks"]))) if found else ()


def _head(text: str) -> tuple[str, ...]:
    return _marks(_HEAD.search(text))


def _tail(text: str) -> tuple[str, ...]:
    found = _TAIL.search(text)
    if found is None or (fold(found["before"]) in _TOWARDS and not found["comma"].strip()):
        return ()
    return _marks(found)


def _named(text: str, team: Team) -> tuple[str, ...]:
    """ "Ana, can you": a name that only one member goes by."""
    found = _NAMED.search(text)
    if not found:
        return ()
    called = fold(found["name"])
    known = [member.id for member in team.members.values() if called in member.called and not member.automatic]
    return tuple(known) if len(known) == 1 else ()
