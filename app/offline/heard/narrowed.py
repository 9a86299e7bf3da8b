"""The mails that were listed, narrowed by how they are: "only the unread ones", "just those with a pdf".

Law: what the list was asked for stays; nothing is narrowed but what was listed in the turn before.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.offline import operators
from app.offline.clause import Clause
from app.offline.plan import Step
from app.offline.reading import leans_back
from app.offline.slots import Skill
from app.offline.thread import Thread


def again(clause: Clause, thread: Thread, skills: Mapping[str, Skill]) -> Step | None:
    """The call before with the operators for what is said; None where the clause says something else."""
    calls = thread.before[-1].calls if thread.before else []
    skill = skills.get(calls[-1].name) if calls else None
    if skill is None or clause.sentence or not leans_back(clause):
        return None
    told = operators.states(clause.line, skill)
    if not told or operators.stateless(" ".join(_words(clause))):
        return None  # "archive only the unread ones" is more
    query = operators.taking(skill)[0].name
    held = str(calls[-1].args.get(query, "")).split()
    more = [one for one in told if one not in held]
    return Step(skill.name, {**calls[-1].args, query: " ".join([*held, *more])})


def _words(clause: Clause) -> list[str]:
    """What is said but for the kind of thing."""
    tokens = (clause.line.tokens[i] for i in clause.content)
    return [token.word for token in tokens if not clause.kinds.get(token.stem)]
