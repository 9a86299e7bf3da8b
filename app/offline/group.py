"""A part of a request that is one clause, and what it puts into the plan by how it is taken."""

from __future__ import annotations

from dataclasses import dataclass

from app.offline import followup, picking, proposing
from app.offline.across import Crossing
from app.offline.clause import Clause
from app.offline.plan import Plan
from app.offline.reading import Reader, Reading


@dataclass(frozen=True)
class Group:
    """Tokens `start` to `end` that are one clause, and how they are taken; None: not by themselves."""

    start: int
    end: int
    taken: Reading | Crossing | list[followup.Change] | str | None


def add(plan: Plan, group: Group, clause: Clause, reader: Reader, gist: str) -> None:
    """Put into the plan what the group, which is this clause, comes to. `gist`: what a text asked for is to say."""
    text = clause.said(range(len(clause.line)))
    if isinstance(group.taken, str):
        plan.cannot.append(text)
        plan.verbs.append(group.taken)
    elif isinstance(group.taken, Crossing):
        plan.steps += group.taken.steps
        plan.blind += group.taken.blind
        plan.unused += group.taken.unused
    elif isinstance(group.taken, list):
        for change in group.taken:
            proposing.propose(plan, change.filling, followup.kept(change), reader, gist)
    elif group.taken is None:
        _not_taken(plan, clause, text, reader)
    elif group.taken.filling is None:
        plan.talks.append(reader.knowledge.talks[group.taken.name])
    else:
        proposing.propose(plan, group.taken.filling, {}, reader, gist)
        picking.left(plan, group.taken, reader)


def _not_taken(plan: Plan, clause: Clause, text: str, reader: Reader) -> None:
    bare = clause.marks and not clause.content and not clause.sentence
    excepted = bool(plan.steps) and not {"not", "except", "excluding"}.isdisjoint(clause.line.row[:2])
    (plan.unused if bare and excepted else plan.open if bare else plan.unknown).append(text)
    plan.near += () if bare else reader.near(clause)
