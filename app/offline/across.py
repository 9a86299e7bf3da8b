"""The same asked of several services: "mails and documents about the office", "everything about Contoso"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.offline import borrow, duties, kinds_of_mail
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.lexicon import listed
from app.offline.plan import Step
from app.offline.reading import FLOOR, Reader, Reading
from app.offline.slots import Skill

_JOINTS = frozenset(listed("and or & plus ,"))
_BETWEEN = frozenset(listed("a an the my our by in on from of any some also then"))
_LEADS = frozenset(listed("about on for regarding concerning with of"))
_EVERYTHING = frozenset(listed("everything anything all something"))
_WE_HAVE = (("do", "we", "have"), ("do", "i", "have"), ("do", "we", "know"), ("is", "there"))
_WHO = frozenset(listed("who what has did does is and"))
_DECIDED = frozenset(listed("decide decided agree agreed"))


@dataclass(frozen=True)
class Crossing:
    """What such a request comes to. `blind` are services that were meant too, and cannot be searched for a topic;
    `unused` what was said that the tool of a service has no use for.
    """

    steps: tuple[Step, ...]
    blind: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def joints(clause: Clause, reader: Reader) -> set[int]:
    """The joints between things of different services: "mails and documents about the office" is asked once."""
    nouns = list(reader.nouns(clause))
    return {i for before, after in pairwise(nouns) for i in _joined(clause, reader, before, after)}


def crossing(clause: Clause, reader: Reader) -> Crossing | None:
    """The clause as one that crosses services; None where it is not."""
    several = _several(clause, reader)
    if several:
        return several
    wanted = _wanted(clause, reader) or kinds_of_mail.newsletters(clause, reader)
    if wanted:
        return Crossing(tuple(wanted))
    spoken = kinds_of_mail.language(clause)
    if spoken:
        return _in_any_language(reader.without(clause, spoken), reader, clause.said(spoken))
    for way in (borrow.told, borrow.borrowed):
        steps = way(clause, reader)
        if steps:
            return Crossing(tuple(steps))
    everywhere = _everywhere(clause, reader)
    return Crossing(tuple(everywhere), _blind(reader)) if everywhere else None


def _joined(clause: Clause, reader: Reader, i: int, j: int) -> list[int]:
    """The joints between two nouns of different services, where nothing else stands between them."""
    between = range(i + 1, j)
    words = {clause.line.word(k) for k in between}
    different = reader.services(clause, i).isdisjoint(reader.services(clause, j))
    found = [k for k in between if clause.line.word(k) in _JOINTS]
    return found if found and different and words <= _JOINTS | _BETWEEN else []


def _several(clause: Clause, reader: Reader) -> Crossing | None:
    """The same of several services: the clause once with each of the nouns that are joined."""
    nouns = list(reader.nouns(clause))
    run = [nouns[0]] if nouns else []
    for before, after in pairwise(nouns):
        run += [after] if run[-1] == before and _joined(clause, reader, before, after) else []
    if len(run) < 2:
        return None
    own = run[0] - 1 in clause.timed and clause.line.tokens[run[0] - 1].possessive  # "today's appointments and mails"
    bounds = [run[0] - own, *(noun + 1 for noun in run)]
    pieces = [range(bounds[k], bounds[k + 1]) for k in range(len(run))]
    held = {i for piece in pieces for i in piece}
    once = [reader.without(clause, held - set(piece)) for piece in pieces]
    found = [_best(one, reader.readings(one)) for one in once]
    taken = [r.filling for r in found if r and r.filling and not r.filling.missing({})]
    if len(taken) < len(run):
        return None
    unused = [f"{f.clause.said(m.tokens)} (in {f.skill.service})" for f in taken for m in reader.unexplained.marks(f)]
    ahead = [{i for i in f.guessed if i < run[0]} for f in taken]
    unused += [f"{f.clause.said(i)} (in {f.skill.service})" for f, i in zip(taken, ahead, strict=True) if i]
    taken = [f.sure() if i else f for f, i in zip(taken, ahead, strict=True)]
    return Crossing(tuple(step for f in taken for step in _steps(f)), unused=tuple(unused))


def _best(clause: Clause, found: Sequence[Reading]) -> Reading | None:
    return next((r for r in found[:1] if r.own(clause) or r.understood), None)


def _steps(filling: Filling) -> list[Step]:
    return [Step(filling.skill.name, args) for args in filling.calls({})]


def _everywhere(clause: Clause, reader: Reader) -> list[Step]:
    """Everything about something, where no service is named: asked of each that finds things by topic."""
    row = clause.line.row
    asked = any(word in _EVERYTHING for word in row) or any(row[i : i + 3] in _WE_HAVE for i in range(len(row)))
    asked = asked or (row[:1] == ("what",) and not _DECIDED.isdisjoint(row))
    if not asked or "due" in row or any(True for _ in reader.nouns(clause)):
        return []
    finders = reader.finders(clause)
    topic = [f for f in finders if {slot.name for slot in f.skill.takes("topic")} & f.filled]
    best = max((r.score for r in reader.readings(clause) if r.filling and not r.filling.skill.finds), default=0.0)
    spread = clause.topic is not None and (clause.topic.sure or row[clause.topic.start - 1] in _EVERYTHING)
    everyone = len(topic) == len(finders) > 1
    spread = spread or (best < FLOOR and any(_led(f) for f in topic))
    said = min((_topic(f) for f in topic), key=len, default="")
    return (
        [replace(step, args={**step.args, f.skill.takes("topic")[0].name: said}) for f in topic for step in _steps(f)]
        if everyone and spread
        else []
    )


def _wanted(clause: Clause, reader: Reader) -> list[Step]:
    """Who asked the person for something, where no service is named: in the one whose things are in view, else in
    each that tells what the person is to do."""
    line, said = clause.line, duties.wanted(clause.line)
    if not said or line.word(0) not in _WHO or any(True for _ in reader.nouns(clause)):
        return []
    if any(i not in said for i in clause.content) or any(m.tag != "time" for m in clause.marks if m.sure):
        return []
    skills = [s for s in reader.knowledge.skills.values() if s.lists and not s.required and _own(s)]
    newest = {ref.kind for refs in reader.view.lists[:1] for ref in refs}
    shown = [skill for skill in skills if newest & set(skill.mints)]
    return [step for skill in shown or skills for step in _steps(reader.filled(skill, clause).sure())]


def _in_any_language(clause: Clause, reader: Reader, said: str) -> Crossing | None:
    """What is asked but for the language, which no tool here tells apart."""
    best = _best(clause, reader.readings(clause))
    known = best is not None and best.filling is not None and best.filling.skill.service != "none"
    if best is None or best.filling is None or not known or best.filling.missing({}):
        return None
    return Crossing(tuple(_steps(best.filling)), unused=(said,))


def _own(skill: Skill) -> bool:
    return any(one in slot.choices for slot in skill.takes("choice") for one in duties.OWN)


def _topic(filling: Filling) -> str:
    return str(filling.calls({})[0][filling.skill.takes("topic")[0].name])


def _led(filling: Filling) -> bool:
    """Whether a preposition leads up to the topic: "anything on project Falcon"."""
    names = {slot.name for slot in filling.skill.takes("topic")}
    starts = [min(part.used) for part in filling.parts if names & set(part.variants[0])]
    line = filling.clause.line
    return any(line.word(i) in _LEADS or line.word(i - 1) in _LEADS for i in starts)


def _blind(reader: Reader) -> tuple[str, ...]:
    """The services whose things can be listed and not be searched."""
    listing = {skill.service for skill in reader.knowledge.skills.values() if skill.lists}
    return tuple(sorted(listing - {skill.service for skill in reader.knowledge.skills.values() if skill.finds}))
