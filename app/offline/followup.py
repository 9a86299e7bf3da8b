"""Requests that only make sense after another: a call made before, with what the new words change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.offline.clause import Clause
from app.offline.filling import Filling, View
from app.offline.lexicon import listed
from app.offline.reading import Reader, leans_back
from app.offline.rounds import plain
from app.offline.slots import Skill
from app.offline.thread import Past, Thread, Turn
from app.offline.words import Line

_WRITTEN = frozenset({"mail", "message"})
_HIM, _BESIDE = frozenset({"him", "her"}), frozenset({"with", "from", "by", "invite", "include", "including", "meet"})
_SENDER, _NAME, _NAMES = re.compile(r":| in #|,"), re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*"), 3
_PLACES = ("channel", "place")
_FEW_DAYS = 5
_OWN = frozenset(listed("is are was were has have does do did any"))
"""A question that begins so asks for something itself."""
_PRONOUNS = frozenset(listed("he she they him her them his their"))


@dataclass(frozen=True)
class Change:
    """A call made before, and the clause as a change to it."""

    past: Past
    filling: Filling


def changes(clause: Clause, reader: Reader, thread: Thread) -> list[Change]:
    """The calls of the newest turn that made some which the clause changes: those that had what it changes."""
    turns = [turn for turn in thread.before if turn.calls]
    fitting = _fitting(clause, reader, turns[-1]) if turns else []
    touched = [change for change in fitting if _replaced(change) & set(change.past.args)]
    return _distinct(touched) if touched else fitting[-1:]


def _fitting(clause: Clause, reader: Reader, turn: Turn) -> list[Change]:
    known = ((past, reader.knowledge.skills.get(past.name)) for past in turn.calls)
    read = ((past, reader.adds(skill, then)) for past, skill in known if skill for then in _there_then(clause, past))
    return [Change(past, filling) for past, filling in read if filling and not _strange(filling)]


def _there_then(clause: Clause, past: Past) -> list[Clause]:
    """The clause as it reads on the day, and in the week, that the call was about; hours of a few days on each."""
    named = (str(past.args[name]) for name in ("start", "since") if past.args.get(name))
    first = next((_at(text, clause) for text in named), None)
    hours = any(one.window.grain in {"part", "clock"} for one in clause.windows(1))
    end = str(past.args.get("end", ""))
    timed = "T" in end  # a mere date has no hours
    days = _days(first, _at(end, clause)) if first and timed and hours else [first]
    moments = (replace(clause.moment, there=True, anchor=day or clause.moment.anchor, week=first) for day in days)
    return [replace(clause, moment=moment) for moment in moments]


def _at(text: str, clause: Clause) -> datetime:
    """The time of an argument in the person's zone, whose clocks may change between two days."""
    at, zone = datetime.fromisoformat(text), clause.moment.now.tzinfo
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


def _days(first: datetime, end: datetime) -> list[datetime]:
    """The days of the stretch, where they are a few; else the first."""
    count = -((first - end) // timedelta(days=1))
    return [first + timedelta(days=i) for i in range(count)] if 1 < count <= _FEW_DAYS else [first]


def _strange(filling: Filling) -> bool:
    """Whether nothing says that the words belong to that call: several that are merely left over."""
    guessed = all(part.guessed for part in filling.parts)
    return guessed and len(filling.clause.line) > 2 and not leans_back(filling.clause)


def _replaced(change: Change) -> set[str]:
    before, after = change.past.args, change.filling.calls(change.past.args)
    return {name for args in after for name in {*before, *args} if before.get(name) != args.get(name)}


def _distinct(found: Iterable[Change]) -> list[Change]:
    """One change for each different call that comes of it."""
    seen: dict[str, Change] = {}
    for change in found:
        seen.setdefault(f"{change.past.name} {change.filling.calls(change.past.args)}", change)
    return list(seen.values())


def kept(change: Change) -> dict[str, object]:
    """The arguments of the call that stay: not who wrote it, where a question of its own asks about something else."""
    clause, skill = change.filling.clause, change.filling.skill
    names = {slot.name for slot in skill.takes("person")}
    own = clause.line.word(0) in _OWN and not leans_back(clause) and _PRONOUNS.isdisjoint(clause.line.row)
    topics = {slot.name for slot in skill.takes("topic")} & change.filling.filled
    gone = names if own and topics and not names & change.filling.filled else set[str]()
    return {name: value for name, value in change.past.args.items() if name not in gone}


def view(thread: Thread, topic: str) -> View:
    """What was shown before this turn, and the handle of each kind used, or shown alone, the newest last."""
    before = Thread(thread.before or (Turn(""),), thread.number)
    hand: dict[str, str] = {}
    for turn in thread.before:
        for past, outcome in turn.results:
            shown: dict[str, list[str]] = {}
            for ref in outcome.refs:
                shown.setdefault(ref.kind, []).append(ref.handle)
            for kind in shown:
                hand.pop(kind, None)
            single = past.args.get("latest") is True or past.args.get("limit") == 1
            hand.update({kind: handles[0] for kind, handles in shown.items() if len(handles) == 1 or single})
            given = (v[0] if isinstance(v, list) and len(v) == 1 else v for v in past.args.values())
            made = [kind for kind, handles in shown.items() if outcome.receipt and len(handles) == 1]
            used = {kind: str(v) for v in given if _is_handle(v) and (kind := str(v).partition(":")[0]) not in made}
            hand = {kind: handle for kind, handle in hand.items() if kind not in used}
            hand |= used
    return View(before.lists(), hand, topic, _there(thread))


def named(line: Line, shown: View) -> Line:
    """The line with the name of whoever wrote what is in hand in place of "him" or "her": "meet with him"."""
    labels = {ref.handle: ref.label for refs in shown.lists for ref in refs if ref.kind in _WRITTEN}
    held = next((labels[h] for h in reversed([*shown.hand.values()]) if h in labels), "")
    name = author(held)
    at = next((i for i in range(1, len(line)) if line.word(i) in _HIM and line.word(i - 1) in _BESIDE), 0)
    if not (at and name and held):
        return line
    tokens = [replace(line.tokens[at], text=one, word=one.lower()) for one in name]
    return Line((*line.tokens[:at], *tokens, *line.tokens[at + 1 :]))


def author(label: str) -> list[str]:
    """The words of the name before a label's subject: foreign text, of which nothing but plain words passes."""
    return _NAME.findall(_SENDER.split(label)[0])[:_NAMES]


def _there(thread: Thread) -> dict[str, str]:
    """Where the newest call that says it looked: the channel, or the town."""
    places = ({n: str(p.args[n]) for n in _PLACES if p.args.get(n)} for t in thread.before for p in t.calls)
    return next(filter(None, reversed([*places])), {})


def topic(thread: Thread, skills: Mapping[str, Skill]) -> str:
    """What the newest call was about: the thing it opened, the topic it was given, or the only thing it showed."""
    results = [one for turn in thread.before for one in turn.results if one[0].name in skills]
    labels = {ref.handle: ref.label for _, outcome in results for ref in outcome.refs}
    for past, outcome in reversed(results):
        slots = skills[past.name].takes("handle", "topic")
        told = [str(past.args.get(slot.name, "")) for slot in slots]
        told += [ref.handle for ref in outcome.refs if len(outcome.refs) == 1]
        found = next((plain(labels[text]) if text in labels else text for text in told if text), "")
        if found:
            return found
    return ""


def _is_handle(value: object) -> bool:
    kind, _, number = str(value).partition(":")
    return isinstance(value, str) and kind.isalpha() and number.isdigit()
