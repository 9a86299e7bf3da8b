"""What an action item is called: the words of the request itself, and what it is about where they say too little.

Law: every word is its author's; only whom it calls, and a deadline that is told beside it, are left out.
"""

from __future__ import annotations

import re

from tools.channels.asked import Ask
from tools.channels.calling import MARKS
from tools.channels.chat import Chat
from tools.channels.markup import AT, plain
from tools.channels.saying import OPENING
from tools.channels.settled import content
from tools.channels.team import Team
from tools.mail.phrases import fold
from tools.text.characters import one_line

WHAT, ABOUT = 160, 100
FEW = 10
"""A request of so few words that speaks of "it" is not understood alone."""
_CALL = rf"{OPENING}(?:{MARKS})?[\s,:–-]*"
_PREFIX = re.compile(
    rf"{_CALL}"
    r"(?:(?:can|could|would|will) you (?:all |both |please |pls |maybe |kindly )*|please |pls |kindly |to (?=\w)"
    r"|i'll |i will |i'm going to |i promise to |let me )?",
    re.IGNORECASE,
)
_GREETING = re.compile(_CALL, re.IGNORECASE)
_MARK = re.compile(r"@([A-Za-z0-9]+)")
_LINK = re.compile(r"\s*:\s*link\W*$")
_LOOSE = re.compile(
    r"[\s,(–-]+(?:on|by|at|in|until|before|till|am|um|bis|vor|el|para|até|antes de|avant|le|pour)$", re.IGNORECASE
)
_BACK = re.compile(
    r"\b(?:it|this|that|them|these|those|both|the (?:two|three|four|rest|others?|same)"
    r"|es|das|die|sie|beide|eso|esto|isso|isto|ça|cela|ceci)\b",
    re.IGNORECASE,
)


def what_of(ask: Ask, parent: Chat | None, team: Team) -> str:
    """The words of a request without whom they call, in one line; `parent` began the thread it stands in."""
    bare = _PREFIX.sub("", _unnamed(ask, team), count=1).strip(" ,:-–") or ask.text
    bare = _LINK.sub("", bare)
    said = one_line(_read(bare if ask.kind == "question" else _without_deadline(ask, bare), team), WHAT)
    if not _says_too_little(bare):
        return said
    about = _read(_GREETING.sub("", _beside(ask), count=1), team)
    if len(content(about)) < 2 and parent and parent is not ask.chat:
        about = plain(parent.markup, team)
    return f"{said} — “{one_line(about, ABOUT)}”" if about not in ("", "link") else said


def _without_deadline(ask: Ask, bare: str) -> str:
    """The day at its end left out, with the word that leads up to it; not where little else would remain."""
    short = bare.rstrip("?.! ")
    phrase = ask.due.phrase.rstrip("?.! ") if ask.due else ""
    if not phrase or not short.endswith(phrase):
        return short
    shorter = _LOOSE.sub("", short.removesuffix(phrase).rstrip(" ,(–-"))
    return shorter if len(content(shorter)) > 1 else short


def _beside(ask: Ask) -> str:
    """What its message says before it, or else after it."""
    said = [sentence.text for sentence in ask.chat.sentences]
    at = said.index(ask.text) if ask.text in said else 0
    return " ".join(said[:at] if _GREETING.sub("", " ".join(said[:at]), count=1) else said[at + 1 :])


def _says_too_little(bare: str) -> bool:
    return len(content(bare)) < 2 or (len(bare.split()) <= FEW and bool(_BACK.search(bare)))


def _read(spoken: str, team: Team) -> str:
    """Spoken text with names for ids."""
    return _MARK.sub(lambda found: f"@{_called(found[1], team)}", spoken).replace(AT, "@")


def _called(mark: str, team: Team) -> str:
    return mark if mark == "here" else team.handle(mark)[1:] if mark in team.groups else team.name(mark)


def _unnamed(ask: Ask, team: Team) -> str:
    """The words of a request without the name that calls who is asked, and what leads up to it: "Alex, can you …",
    "so @Alex: can you", "again here: @Alex can you"."""
    for mark in ask.whom:
        found = re.search(rf"@{mark}:\s*(?=\S)|:\s+@{mark}\b[\s,–-]*(?=\w)", ask.text)
        if found:
            return ask.text[found.end() :].strip()
    head, comma, rest = ask.text.partition(",")
    called = {word for mark in ask.whom if mark in team.members for word in team.members[mark].called}
    return rest.strip() if comma and fold(head.split()[-1] if head.split() else "") in called else ask.text
