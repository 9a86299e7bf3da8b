"""Services that are always named by those who mean them, left out of the reading of a request that names none of them.

Law: their words then speak for nothing and against nothing, so a request is read as if they were not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from app.offline.knowledge import Knowledge
from app.offline.lexicon import EMPTY
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.words import Line, tokens

CHANNEL = "#"  # stands for the name of any channel
RECENT = 2  # turns with calls in which a service is still spoken of


class Quiet:
    """What is known, and for each set of services that a request speaks of, what is known of these and the others."""

    def __init__(self, whole: Knowledge) -> None:
        self._whole = whole
        self._parts: dict[frozenset[str], Knowledge] = {}

    def known(self, thread: Thread) -> Knowledge:
        """What there is to know for the newest request."""
        silent = frozenset(self._named) - self._spoken(thread)
        if not silent:
            return self._whole
        if silent not in self._parts:
            self._parts[silent] = self._whole.without(silent)
        return self._parts[silent]

    def _spoken(self, thread: Thread) -> set[str]:
        stems = _stems(self._whole.line(thread.now.request))
        handles = {token.text.partition(":")[0] for token in tokens(thread.now.request) if token.kind == "handle"}
        turns = [turn for turn in thread.before if turn.calls or turn.asked][-RECENT:]
        used = {past.name for turn in turns for past in turn.calls} | {t.asked.name for t in turns if t.asked}
        recent = {self._whole.every[name].service for name in used if name in self._whole.every}
        recent |= {skill.service for skill in self._whole.skills.values() if handles & set(skill.mints)}
        return recent | {service for service, names in self._named.items() if names & stems}

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """Service -> the stems that name it; of those only that show things, and that are always named: by a noun of
        their own in all that asks to show some, or by a word of their own in every ask."""
        nouns = {service: self._nouns(service) for service in self._shows}
        listed = self._asked(lambda skill: skill.lists)
        always = {s: names for s, names in nouns.items() if all(names & ask for ask in listed[s])}
        return {**self._worded, **always}

    @property
    def _shows(self) -> set[str]:
        return {skill.service for skill in self._whole.skills.values() if skill.mints}

    def _nouns(self, service: str) -> frozenset[str]:
        """The stems that stand for this service alone; a channel stands for the one that has some."""
        own = {stem for stem, names in self._whole.services.items() if names == {service}}
        return frozenset(own | ({CHANNEL} if self._whole.channelled == {service} else set()))

    @property
    def _worded(self) -> Mapping[str, frozenset[str]]:
        """Service -> the stems that no other is asked for with, where each of its asks has one."""
        asked = self._asked(lambda skill: True)
        users = defaultdict[str, set[str]](set)
        for service, asks in asked.items():
            for stem in {stem for ask in asks for stem in ask}:
                users[stem].add(service)
        nouns = {stem: names for stem, names in self._whole.services.items() if len(names) == 1}
        owners = {stem: frozenset(names) for stem, names in users.items()} | nouns
        own = {service: frozenset(s for s, names in owners.items() if names == {service}) for service in asked}
        return {s: own[s] for s, asks in asked.items() if s in self._shows and all(own[s] & ask for ask in asks)}

    def _asked(self, which: Callable[[Skill], bool]) -> Mapping[str, list[frozenset[str]]]:
        found = defaultdict[str, list[frozenset[str]]](list)
        for skill in self._whole.skills.values():
            found[skill.service] += [_stems(Line(tokens(ask))) for ask in skill.tool.asks if which(skill)]
        return found


def _stems(line: Line) -> frozenset[str]:
    return frozenset(_said(line))


def _said(line: Line) -> Iterable[str]:
    yield from (token.stem for token in line.tokens if token.kind == "word" and token.word not in EMPTY)
    yield from (CHANNEL for token in line.tokens if token.kind == "channel")
