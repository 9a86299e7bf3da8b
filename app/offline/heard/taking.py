"""Whether a request is taken as the model hears it, or as the rules read it.

Law: where both come to the same tool the rules fill it; where they differ, the surer one is followed.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from app.offline.clause import Clause
from app.offline.heard.making import Making
from app.offline.heard.pieces import Piece
from app.offline.heard.values import Said, lost_times, trimmed
from app.offline.lexicon import listed
from app.offline.orders import opening, talk_orders
from app.offline.orders.order import Missing, NotAnOrder
from app.offline.orders.ordering import in_hand
from app.offline.plan import Plan, Step
from app.offline.reading import Reader
from app.offline.rules import Read
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.trained.model import Model
from app.offline.trained.tagging import Span

UNREAD = 0.25  # so sure must it be where the rules read nothing
OTHER = 0.45  # where they read something else
ASKED = 0.6  # before a change is proposed
PLAIN = 0.9  # where they make a change of it
LESS = 0.95  # where they explain every word, or read more than it hears
REFUSED = 0.97  # and where they know that what is asked for cannot be done
NEVER = 1.1
TASKS = "create_tasks"
EVENT = "create_event"  # which rules that know of days, series and slots fill better
_ASKING = frozenset(
    listed("did do does is are was were has have had should which what who when where why how any must ought")
)
_WANTED = frozenset({("do", "not"), ("have", "the"), ("have", "a"), ("do", "me")})
_ORDERLY = frozenset(listed("could can would will may might please shall"))
_DUTY = frozenset({("i", "have", "to"), ("we", "have", "to"), ("i", "must", "not")})
_SAID = frozenset({"said", "says", "asked", "told", "explain"})
_PROMISED = frozenset({("i", "will"), ("i", "shall"), ("we", "will")})
_DENYING = frozenset(listed("do did have has had am should might rather"))
_OFF = frozenset({("no", "need"), ("hold", "off")})
_LET = frozenset((word,) for word in listed("let forget need want like know"))
_NOTHING = frozenset({"nothing", "none", "neither", "never", "avoid", "considered"})
TALK, NONE = "chat", "none"


def names(plan: Plan) -> list[str]:
    """The tools that the plan is for, each once, without what only looks something up for the next one."""
    following = [*(one.wait for one in plan.steps[1:]), None]
    found = [one.name for one, waits in zip(plan.steps, following, strict=False) if not waits]
    return list(dict.fromkeys([*found, *([plan.question.name] if plan.question else [])]))


def follows(read: Read, heard: Sequence[Piece], known: Container[str], skills: Mapping[str, Skill]) -> bool:
    """Whether the model is followed: where it is sure of something else than the rules came to, and else in how the
    words fill the arguments. Of a tool it does not know it says nothing."""
    wanted = list(dict.fromkeys(piece.name for piece in heard if piece.name not in {TALK, NONE}))
    plan, got = read.plan, names(read.plan)
    both = [name for name in wanted if name in {*got, *(one.name for one in plan.steps)}]
    asks_how = plan.question is not None and plan.question.slot.name == talk_orders.SERVICE
    strange = not all(name in known for name in got) or not all(name in skills for name in wanted)
    if asks_how or plan.notes or (read.across and both) or strange:
        return False
    if wanted == got:
        return bool(got) and not read.changed and not read.rows and all(_worded(skills[name]) for name in wanted)
    least = _least(read, wanted, got, both, skills)
    least = max(least, ASKED) if any(skills[name].writes for name in wanted) else least
    return min((piece.share for piece in heard), default=0.0) >= least


def _worded(skill: Skill) -> bool:
    """Whether the tool is told anything in words of the person's own: not only which thing is meant, or when."""
    told = skill.takes("topic", "person", "people", "place") and not skill.takes("handle")
    return bool(told) if skill.reads else skill.name != EVENT


def better(heard: Plan | None, read: Read, heard_as: Sequence[Piece], skills: Mapping[str, Skill]) -> Plan:
    """The one of two plans. What can be looked up stays before what must be asked about; and for the same tools a
    change that the rules make in full, and what they explain to the last word and find no less in. Else the model has
    the say."""
    plan = read.plan
    same = names(plan) == [piece.name for piece in heard_as]
    changes = any(skills[one.name].writes for one in plan.steps)
    if heard is None or (heard.question and plan.steps and not plan.question and (same or not changes)):
        return plan
    whole = replace(heard, cut=plan.cut)
    if not same:
        return whole
    if plan.question:
        return plan if plan.question.slot.name == "to" else whole  # an address that nobody said is never made up
    fewer = len(heard.steps) < len(plan.steps)
    within = len(heard.steps) == len(plan.steps) and all(map(_within, heard.steps, plan.steps))
    return plan if changes or (read.explained and (fewer or within)) else whole


def _within(one: Step, other: Step) -> bool:
    """Whether the call says nothing that the other does not."""
    own, more = ({key: str(value).casefold() for key, value in step.args.items()} for step in (one, other))
    return one.name == other.name and own.items() <= more.items()


def _least(read: Read, wanted: list[str], got: list[str], both: list[str], skills: Mapping[str, Skill]) -> float:
    """How sure the model must be."""
    if read.plan.cannot or read.plan.open:
        return REFUSED
    writes = any(skills[name].writes for name in got)
    exact = any(skills[name].takes("sum", "value") for name in got)
    told = bool(wanted) and both == wanted
    if exact or (read.explained and told) or (writes and not wanted):
        return NEVER
    if told or (got and read.explained and not writes):
        return LESS
    if writes:
        return PLAIN
    return OTHER if got or read.plan.talks else UNREAD


def orders(clause: Clause, name: str) -> bool:
    """Whether the words may order this: not where they ask what was done, or should be, report what others said or
    did, tell what the person will do, or want nothing done."""
    row = clause.line.row
    asked = row[:1] and row[0] in _ASKING and row[:2] not in _WANTED
    doubts = row[-1:] == ("?",) and row[0] not in _ORDERLY
    reminds = row[:2] == ("remind", "me") and row[2:3] and row[2] in _ASKING
    told = row[:2] in _PROMISED or (row[:3] in _DUTY and name != TASKS) or bool(_SAID & {*row[:3]}) or _reports(row)
    later = row[:2] == ("in", "case") or (opening.conditional(clause.line) and "ask" not in row)
    return not (asked or doubts or reminds or told or later or _forbids(row))


def _reports(row: Sequence[str]) -> bool:
    """Whether somebody did it, or may have: "Tom declined the second"."""
    return (len(row) > 1 and row[1].endswith("ed") and row[1] != "need") or "might" in row[1:]


def _forbids(row: Sequence[str]) -> bool:
    """Whether nothing is to be done: "no need to", "I did not", "don't"."""
    denied = (i for i in range(1, len(row)) if row[i] == "not" and row[i - 1] in _DENYING)
    wished = any(row[i - 1] != "do" or row[i + 1 : i + 2] not in _LET for i in denied)
    phrases = any(tuple(row[i : i + 2]) in _OFF for i in range(len(row)))
    return wished or phrases or bool(_NOTHING & {*row})


def plan(
    heard: Sequence[Piece], clauses: Sequence[Clause], reader: Reader, thread: Thread, model: Model
) -> Plan | None:
    """What the pieces come to; None where something cannot be made."""
    found = Plan()
    for piece, clause in zip(heard, clauses, strict=True):
        if piece.name == TALK:
            continue
        skill = reader.knowledge.every.get(piece.name)
        if skill is None:
            found.unknown.append(clause.said(range(len(clause.line))))
            continue
        if skill.writes and not orders(clause, piece.name):
            return None
        spans = _spans(piece, clause, model)
        making = Making(Said(skill, clause, spans, reader), thread, found, in_hand(reader.view.hand, found))
        try:
            found.steps += making.steps()
        except Missing as missing:
            found.question = missing.question
            break  # what follows may be about the thing that is asked for
        except NotAnOrder:
            return None
    return found if found != Plan() else None


def _spans(piece: Piece, clause: Clause, model: Model) -> list[Span]:
    timed = [i in clause.timed for i in range(len(clause.line))]
    return trimmed(model.spans(clause.line.tokens, timed, piece.name), clause.line)


def unread(heard: Sequence[Piece], clauses: Sequence[Clause], model: Model) -> list[str]:
    """The times, as typed, that are said for what is heard, and that nobody can tell."""
    pairs = zip(heard, clauses, strict=True)
    found = (lost for piece, clause in pairs for lost in lost_times(clause, _spans(piece, clause, model)))
    return list(dict.fromkeys(found))
