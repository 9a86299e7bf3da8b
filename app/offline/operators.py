"""A search typed in the operators of a mailbox: "is:unread has:attachment newer_than:5d -from:ana".

Law: it is passed on as it was typed, none of its words is read as anything else; and where a word before it is more
than the bidding to search, or one behind it is there for the sentence alone, this is no such search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.offline import attached
from app.offline.lexicon import EMPTY, listed
from app.offline.plan import Step
from app.offline.slots import Skill

_OPERATOR = re.compile(
    r"(?<![\w/])[-({\"]*(?:from|to|cc|bcc|subject|is|in|label|has|filename|newer_than|older_than|newer|older|after|before"
    r"|category|larger|smaller|rfc822msgid):(?=[^\s:/])",
    re.IGNORECASE,
)
_BIDDING = frozenset(
    listed(
        "search find show list look get give query gmail mail mails email emails inbox messages me us my the all in for"
    )
    + listed("with please can you could i want see any everything conversations threads what whats what's is are")
)
_HELD = re.compile(r"\S+:(?:\"[^\"]*\"|\([^)]*\)|\S+)|\"[^\"]*\"")
_WORD = re.compile(r"[\w'’]+")
_POLITE = re.compile(r"[\s,]*(?:\bplease\b|\bthanks\b)?[\s.?!]*$", re.IGNORECASE)


def searched(request: str, skills: Iterable[Skill]) -> Step | None:
    """The search for exactly what was typed; None where no operators were, or more is said than that."""
    first = _OPERATOR.search(request)
    if first is None or not _words(request[: first.start()]) <= _BIDDING:
        return None
    query = " ".join(_POLITE.sub("", request[first.start() :]).split())
    if _words(_HELD.sub(" ", query)) & (EMPTY - {"or", "and"}):
        return None
    taking = [(skill, slot) for skill in skills if skill.finds for slot in skill.takes("topic")]
    able = [pair for pair in taking if attached.OPERATORS in pair[1].about]
    skill, slot = max(able, key=lambda pair: pair[0].name.startswith("search"), default=(None, None))
    return Step(skill.name, {slot.name: query}) if skill and slot else None


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}
