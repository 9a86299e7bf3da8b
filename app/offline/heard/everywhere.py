"""The same asked of several services at once: "everything about Contoso", "mails and documents about the office"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from app.offline.clause import Clause
from app.offline.heard.said import Said
from app.offline.heard.values import filled
from app.offline.lexicon import listed
from app.offline.plan import Step
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.trained.tagging import Span

_JOINTS = frozenset(listed("and or & plus ,"))
_BETWEEN = frozenset(listed("a an the my our any some also"))


def asked(clause: Clause, spans: Sequence[Span], reader: Reader) -> tuple[list[Step], tuple[str, ...]]:
    """A search in each service that is named, or in all; and the services that were meant and cannot be searched."""
    said = named(clause, spans, reader)
    finders = _listing(reader, said) if said else _finders(reader)
    found = ((skill, filled(Said(skill, clause, spans, reader))) for skill in finders)
    return [Step(skill.name, args) for skill, args in found if args], () if said else _blind(reader)


def named(clause: Clause, spans: Sequence[Span], reader: Reader) -> set[str]:
    """The services that are named, each by a word for it alone, outside the words for an argument."""
    held = {i for span in spans if span.argument != "channel" for i in range(span.start, span.end)}
    found = [reader.services(clause, i) for i in reader.nouns(clause) if i not in held]
    return {name for one in found if len(one) == 1 for name in one}


def joined(clause: Clause, reader: Reader) -> set[int]:
    """The tokens from one service to another that stands right beside it: "mail and slack from Tom" is asked once."""
    found = set[int]()
    for before, after in pairwise(reader.nouns(clause)):
        between = clause.line.row[before + 1 : after]
        joint = not _JOINTS.isdisjoint(between) and {*between} <= _JOINTS | _BETWEEN
        apart = reader.services(clause, before).isdisjoint(reader.services(clause, after))
        found |= {*range(before + 1, after + 1)} if joint and apart else set()
    return found


def _finders(reader: Reader) -> list[Skill]:
    """The plainest tool of each service that finds things by topic, in the order of the tools."""
    found: dict[str, Skill] = {}
    for skill in reader.knowledge.skills.values():
        if skill.finds and (skill.service not in found or len(skill.slots) < len(found[skill.service].slots)):
            found[skill.service] = skill
    return list(found.values())


def _listing(reader: Reader, services: Collection[str]) -> list[Skill]:
    """Of each of these services what finds its things, else what lists them by their time."""
    finders = {skill.service: skill for skill in _finders(reader)}
    timed = {skill.service: skill for skill in reader.knowledge.skills.values() if skill.by_time}
    return [skill for service, skill in (timed | finders).items() if service in services]


def _blind(reader: Reader) -> tuple[str, ...]:
    """The services whose things can be listed and not be searched."""
    listing = {skill.service for skill in reader.knowledge.skills.values() if skill.lists}
    return tuple(sorted(listing - {skill.service for skill in reader.knowledge.skills.values() if skill.finds}))
