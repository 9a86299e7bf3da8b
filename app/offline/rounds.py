"""The rounds of a turn: which steps of a plan are done, what each came to, and which calls are due next.

Law: a round ends before a step that waits for a result of that same round, so the same turn gives the same rounds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from unicodedata import combining, normalize

from app.offline import pointing
from app.offline.lexicon import EMPTY
from app.offline.plan import Plan, Step, Wait
from app.offline.thread import Past, Ref, Turn
from app.offline.words import stem

MOST = {"handle": 3, "label": 3, "people": 5, "handles": 20, "items": 20, "span": 1}
"""How many calls one step may come to, by what it takes from the result before."""
NO_TIME = "No time for "
"""How the lead of a look for a time begins that shows compromises alone."""
TITLE = 200  # characters of a label that name a task
LONGEST = 8  # words of a label that are searched for
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_OF = re.compile(r"^(?:[A-ZÀ-Þ][\w.'-]+ ){1,2}[A-ZÀ-Þ][\w.'-]+(?: in (?:#|DM )[^:]{1,80})?: ")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NAME = re.compile(r"[@._+-]")
_OPERATORS = frozenset({"OR", "AND", "NOT", "AROUND"})
Due = tuple[str, dict[str, Any]]


@dataclass
class Course:
    """How far a plan has come. `used`: calls whose result a later call was made from; `lost`: steps that waited for
    something which was not found, or not told apart: then `near` are those it may be. `aside`: of each call that is
    due, whether nobody asked to see what it shows; `looked`: the calls that were made so, and showed something."""

    due: list[Due] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    lost: list[Step] = field(default_factory=list)
    near: list[Ref] = field(default_factory=list)
    aside: list[bool] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)


def course(plan: Plan, turn: Turn) -> Course:
    """Go through the rounds that were made; what is left of the next one is due."""
    found, before, done, i = Course(), list[Past](), 0, 0
    steps = list(plan.steps)
    while i < len(steps):
        unsettled = bool(before and steps[i].wait and not _settled(steps[i], before, turn))
        found.near += _alike(steps[i], before, turn) if unsettled else []
        again = steps[i - 1].further if unsettled and not found.near else None
        if again:
            steps.insert(i, replace(steps[i - 1], args=again, further=None))
            found.used |= {past.id for past in before}
        batch, sizes, i = _round(steps, i, before, turn)
        made = turn.calls[done : done + len(batch)]
        taken = steps[i - len(sizes) : i]
        asides = [step.aside for step, size in zip(taken, sizes, strict=True) for _ in range(size)]
        found.looked |= {past.id for past, aside in zip(made, asides, strict=False) if aside and _refs([past], turn)}
        if len(made) < len(batch):
            found.due, found.aside = batch[len(made) :], asides[len(made) :]
            return found
        found.used |= {past.id for past in before if sizes[0] and taken[0].wait}
        found.lost += [step for step, size in zip(taken, sizes, strict=True) if step.wait and not size]
        before, done = made[len(made) - sizes[-1] :] if sizes[-1] else [], done + len(batch)
    return found


def _round(steps: Sequence[Step], i: int, before: Sequence[Past], turn: Turn) -> tuple[list[Due], list[int], int]:
    """The calls of the steps from `i` on, how many each comes to, and where the next round begins."""
    batch: list[Due] = []
    sizes: list[int] = []
    while i < len(steps) and not (sizes and steps[i].wait):
        calls = _settled(steps[i], before, turn)
        batch += calls
        sizes.append(len(calls))
        i += 1
    return batch, sizes, i


def _settled(step: Step, before: Sequence[Past], turn: Turn) -> list[Due]:
    """The calls a step comes to: one, or one for each thing it waited for."""
    wait = step.wait
    if wait is None:
        return [(step.name, dict(step.args))]
    if wait.take == "span" and not wait.place and _none_fits(before, turn):
        return []  # what is shown are compromises: nobody said that one of them will do
    if wait.take in ("handles", "items", "span"):
        value = _whole(wait, _shown(wait, before, turn))
        return [(step.name, {**step.args, **value})] if value else []
    return [(step.name, {**step.args, wait.argument: value}) for value in _values(wait, before, turn)]


def _none_fits(before: Sequence[Past], turn: Turn) -> bool:
    """Whether the look for a time found none that suits everybody, as its own lead says."""
    leads = [turn.outcomes[past.id].lead for past in before if past.id in turn.outcomes]
    return any(lead.startswith(NO_TIME) for lead in leads)


def _shown(wait: Wait, before: Sequence[Past], turn: Turn) -> Sequence[Ref]:
    """The things of the result before that are meant."""
    shown = list(dict.fromkeys(ref for ref in _refs(before, turn) if ref.kind == wait.kind))
    return shown if wait.each else _chosen(wait, shown)


def _refs(before: Sequence[Past], turn: Turn) -> list[Ref]:
    """The things that these calls showed."""
    outcomes = (turn.outcomes[past.id] for past in before if past.id in turn.outcomes)
    return [ref for outcome in outcomes for ref in outcome.refs]


def _values(wait: Wait, before: Sequence[Past], turn: Turn) -> list[str]:
    values = [value for ref in _shown(wait, before, turn) for value in taken(wait.take, ref)]
    return list(dict.fromkeys(values))[: wait.most or MOST[wait.take]]


def _whole(wait: Wait, shown: Sequence[Ref]) -> dict[str, Any]:
    """What all the things together give to one call."""
    chosen = list(dict.fromkeys(shown))[: MOST[wait.take]]
    if wait.take == "span":
        spans = [span for ref in chosen if (span := interval(ref.label))]
        return {wait.argument: spans[0][0], "end": spans[0][1]} if spans else {}
    if wait.take == "items":
        return {wait.argument: [{"title": titled(ref), "source": ref.handle} for ref in chosen]} if chosen else {}
    return {wait.argument: [ref.handle for ref in chosen]} if chosen else {}


def interval(label: str) -> tuple[str, str] | None:
    """Begin and end of a label that is an interval of ISO 8601; None for any other."""
    begin, slash, end = label.partition("/")
    try:
        times = [datetime.fromisoformat(part) for part in (begin, end)] if slash else []
    except ValueError:
        return None
    return (begin, end) if times and all(one.tzinfo for one in times) else None


def titled(ref: Ref) -> str:
    """A short name for a thing: its label without who it is of."""
    return (_OF.sub("", ref.label) or ref.label)[:TITLE]


def taken(take: str, ref: Ref) -> tuple[str, ...]:
    """What a thing gives to an argument. Labels and addresses are foreign text: only plain words and addresses pass."""
    if take == "people":
        return tuple(one for one in ref.people if _ADDRESS.fullmatch(one))
    return tuple(filter(None, (plain(ref.label) if take == "label" else ref.handle,)))


def plain(label: str) -> str:
    """The words of a label, without who it is of, and without the signs and operators that a search would obey."""
    return " ".join([word for word in _WORD.findall(_OF.sub("", label)) if word not in _OPERATORS][:LONGEST])


def _chosen(wait: Wait, shown: Sequence[Ref]) -> Sequence[Ref]:
    if wait.place:
        place = wait.place - (wait.place > 0)
        return [shown[place]] if abs(wait.place) <= len(shown) else []
    if wait.who:
        return _with(wait.words, shown)[:1]
    if wait.named:
        return pointing.best_labelled(wait.words, shown)[:1]
    if wait.mostly and wait.words and not wait.first:
        return _mostly(wait.words, shown)
    by_label, _ = pointing.by_label(wait.words, wait.kind, [tuple(shown)])
    by_label = by_label or _by_people(wait.words, shown)
    labelled = [ref for ref in shown if ref.handle == by_label]
    return labelled or (shown[:1] if wait.first or len(shown) == 1 else [])


def _alike(step: Step, before: Sequence[Past], turn: Turn) -> list[Ref]:
    """The things that fit the words of a step as well as each other, where it takes one of them."""
    wait = step.wait
    if wait is None or wait.take != "handle" or wait.each or wait.place or not wait.mostly:
        return []
    alike = best(wait.words, [ref for ref in _refs(before, turn) if ref.kind == wait.kind])
    return list({ref.handle: ref for ref in alike}.values()) if wait.words else []


def _mostly(words: Sequence[str], shown: Sequence[Ref]) -> Sequence[Ref]:
    """The one thing that fits best; none where several are as good."""
    alike = best(words, shown)
    return alike if len({ref.handle for ref in alike}) == 1 else []


def best(words: Sequence[str], shown: Sequence[Ref]) -> list[Ref]:
    """The things of whose label, and of who takes part, most of the words are; the label tells more."""
    wanted = {stem(word) for word in words if word not in EMPTY}
    labels = [wanted & pointing.stems(ref.label) for ref in shown]
    held = [(len(label | wanted & _names(ref)), len(label)) for label, ref in zip(labels, shown, strict=True)]
    most = max(held, default=(0, 0))
    return [ref for ref, count in zip(shown, held, strict=True) if count == most and 2 * most[0] > len(wanted)]


def _names(ref: Ref) -> set[str]:
    return {stem(part) for one in ref.people for part in _NAME.split(one.lower())}


def _with(words: Sequence[str], shown: Sequence[Ref]) -> Sequence[Ref]:
    """The things in which somebody of this name takes part."""
    return [ref for ref in shown if named_by(words, ref)]


def named_by(words: Sequence[str], ref: Ref) -> bool:
    """Whether somebody of this name takes part in the thing."""
    wanted = {_folded(word) for word in words}
    return any(wanted <= {*_NAME.split(_folded(one))} for one in ref.people)


def _folded(text: str) -> str:
    return "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))


def _by_people(words: Sequence[str], shown: Sequence[Ref]) -> str:
    """The one thing in which somebody of these names takes part, "" where none or several."""
    wanted = {word.lower() for word in words}
    found = [ref.handle for ref in shown if any(wanted & {*_NAME.split(one.lower())} for one in ref.people)]
    return found[0] if len(found) == 1 else ""
