"""A question about what a statement before it holds: a figure, a distance in days, or the day it is about.

Law: it is read so only where the words by themselves are no request; the statement gives figures and times, no topic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.offline import clocks
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.plan import Step
from app.offline.reading import Reader, Reading
from app.offline.shifts import find as distance
from app.offline.slots import Skill
from app.offline.words import Line

_ENDS = frozenset(",.;?!:")
_DAY = (("when",), ("which", "day"), ("what", "day"), ("which", "date"), ("what", "date"))
_WEEKDAY = tuple(
    (*what, *verb)
    for what in (("what", "day", "of", "the", "week"), ("which", "day", "of", "the", "week"), ("what", "weekday"),
                 ("which", "weekday"), ("what", "day"), ("which", "day"))
    for verb in (("is",), ("was",), ("will", "be"))
)  # fmt: skip
_SPAN = (("how", "long"), ("how", "many", "days"), ("how", "many", "weeks"), ("how", "many", "working", "days"))
_HOURS = (("how", "long"), ("how", "many", "hours"), ("how", "many", "minutes"), ("how", "much", "time"))
_BARE = frozenset(listed("is it that are there does do the time take if i we work start go and ? . then"))
_RANGE = frozenset({"from", "between"})
_SAYS_DAY = frozenset(listed("is that does it will be would end run out expire due up over the this fall on finish"))
_SAYS_SPAN = frozenset(listed("ago is that was has it been this since then from now away until left to go till"))
_TELLING = frozenset(listed("i we my our the a he she they there someone somebody was been"))
_WHO = frozenset(listed("i we he she they it there my our this"))
_FILLING = frozenset(listed("so ok okay well basically and but honestly anyway right look listen um uh , or you know"))
_WISHES = frozenset(
    listed("want need would like could can should must wish please help what who where when how which why not ?")
)
_AWAY = frozenset(listed("out off away sick busy ill travelling on in at"))
_HELPING = frozenset(listed("i we have been am are just"))


def lost(taken: object) -> bool:
    """Whether a part of a request is not understood, or not all of it was said."""
    if isinstance(taken, Reading) and taken.filling:
        return bool(taken.filling.missing({}) or taken.filling.guessed)
    return taken is None


def merely(line: Line) -> bool:
    """Whether the words only tell how things are, beside something that is asked: no question, no wish, no order."""
    row = [word for word in line.row if word not in _FILLING]
    return not row or (len(row) > 2 and row[0] in _WHO and _WISHES.isdisjoint(row))


def steps(clause: Clause, reader: Reader) -> list[Step]:
    """What a question comes to whose figures or days a statement holds."""
    return reckoned(clause, reader) or dated(clause, reader)


def reckoned(clause: Clause, reader: Reader) -> list[Step]:
    """What is worked out of the figures in the clause; nothing where a service is named, or a figure is missing."""
    if any(True for _ in reader.nouns(clause)) or not _asks(clause.line):
        return []
    for skill in _reckoning(reader):
        filling = reader.filled(skill, clause).sure()
        whole = clause.sum if skill.takes("sum") else clause.measure.whole
        if whole and (skill.takes("sum") or skill.takes("to_unit")) and not filling.missing({}):
            return [Step(skill.name, filling.calls({})[0])]
    return []


def _asks(line: Line) -> bool:
    return not {"what", "how", "?", "add", "which"}.isdisjoint(line.row)


def _reckoning(reader: Reader) -> list[Skill]:
    return [skill for skill in reader.knowledge.skills.values() if skill.service == "none" and skill.required]


def dated(clause: Clause, reader: Reader) -> list[Step]:
    """The day that a statement leads to, or how far it is: "the permit runs 90 days from 1 April, when does it end"."""
    line = clause.line
    cut = max((i for i in range(1, len(line) - 1) if line.word(i) in _ENDS), default=0)
    asked = [word for word in line.row[cut + 1 :] if word not in _ENDS]
    if not cut or _opens(line.row):
        return []
    before = reader.only(clause, range(cut))
    if _framed(asked, _DAY, _SAYS_DAY):
        return _shifted(before, reader)
    return (
        _counted(before, reader, -1 if {"ago", "since"} & {*asked} else 1) if _framed(asked, _SPAN, _SAYS_SPAN) else []
    )


def _opens(row: Sequence[str]) -> bool:
    return any(tuple(row[: len(one)]) == one for one in (*_DAY, *_SPAN))


def _framed(asked: Sequence[str], openings: Iterable[tuple[str, ...]], rest: frozenset[str]) -> bool:
    """Whether the question only asks for the day, or the span, of "that"."""
    held = next((one for one in openings if tuple(asked[: len(one)]) == one), ())
    return bool(held) and len(asked) > len(held) and {*asked[len(held) :]} <= rest


def _between(clause: Clause, reader: Reader) -> list[Step]:
    """The hours, or the minutes, from one time of a day to another: "how long is it from 9:40 to 17:15"."""
    line = clause.line
    asked = next((len(one) for one in _HOURS if line.row[: len(one)] == one), 0)
    found = ((i, clocks.hours(line, i, dated=True)) for i in range(asked, len(line))) if asked else ()
    start, said = next(((i, told) for i, told in found if told), (0, None))
    first, last = (said[0].start, said[0].end) if said else (None, None)
    rest = {line.word(i) for i in range(asked, len(line)) if said and not start <= i < said[1]}
    skill = next((s for s in _reckoning(reader) if s.takes("sum")), None)
    if skill is None or said is None or first is None or last is None or said[0].grain == "part" or rest - _BARE:
        return []
    (hour, minute), (to_hour, to_minute) = divmod(first, 60), divmod(last, 60)
    text = f"({to_hour} * 60 + {to_minute} - {hour} * 60 - {minute})" + ("" if "minutes" in line.row else " / 60")
    return [Step(skill.name, {skill.takes("sum")[0].name: text})] if line.word(start) in _RANGE else []


def lone(clause: Clause, reader: Reader) -> list[Step]:
    """The date so far from another, where the words are no more than that: "90 days from 3 February"; or the time from
    one hour to another."""
    between = _between(clause, reader)
    if between:
        return between
    asked = next((len(one) for one in _WEEKDAY if clause.line.row[: len(one)] == one), 0)
    named = next((t for t in clause.windows(1) if asked and t.start == asked and t.window.one_day), None)
    dated = named is not None and any(clause.line.kind(i) in {"number", "date"} for i in range(asked, named.end))
    if dated and named and named.window.start and named.end >= len(clause.line) - 1:
        return _away(reader, {"value": 0, "unit": "days"}, named.window.start.date())
    found = distance(clause.line, clause.moment)
    whole = found is not None and found.since is not None and found.start == 0 and found.end == len(clause.line)
    return _shifted(clause, reader) if whole else []


def _shifted(before: Clause, reader: Reader) -> list[Step]:
    found = distance(before.line, before.moment)
    if found is None:
        return []
    others = [t for t in before.windows(-1) if t.end <= found.start or t.start >= found.end]
    since = found.since or next((t.window.start.date() for t in others if t.window.start), None)
    return _away(reader, {"value": found.value, "unit": found.unit}, since)


def _away(reader: Reader, args: dict[str, Any], since: date | None) -> list[Step]:
    """The call that finds the day so far from another, or from now."""
    skill = next((s for s in _reckoning(reader) if s.takes("value") and s.takes("start")), None)
    start = {skill.takes("start")[0].name: since.isoformat()} if skill and since else {}
    return [Step(skill.name, args | start)] if skill else []


def _counted(before: Clause, reader: Reader, lean: int) -> list[Step]:
    times = [t.window.start for t in before.windows(lean) if t.window.start]
    skill = next((s for s in _reckoning(reader) if s.takes("end") and s.takes("start")), None)
    if skill is None or len(times) != 1:
        return []
    return [Step(skill.name, {skill.takes("end")[0].name: times[0].date().isoformat()})]


def timed(before: Clause, said: object, asked: object, best: Callable[[Clause], Reading]) -> Reading | None:
    """The question with the time that only the statement before it says: "I was off yesterday, what happened in …".

    `said` and `asked` are how the statement and the question are taken by themselves.
    """
    filling = asked.filling if isinstance(asked, Reading) else None
    slots = filling.skill.takes("time", "start", "since") if filling else []
    if not filling or not slots or not _tells(before.line, taken=said is not None):
        return None
    here = filling.clause
    if here.timed or not before.timed:
        return None
    found = before.windows(1)[0]
    tokens = (*here.line.tokens, *before.line.tokens[found.start : found.end])
    whole = best(replace(here, line=Line(tokens)))
    return whole if whole.name == filling.skill.name else None


def _tells(line: Line, *, taken: bool) -> bool:
    """Whether the words state something; where they were `taken` for a request, only that somebody was away."""
    row = [word for word in line.row if word not in _HELPING] if taken else line.row
    away = len(row) > 1 and ((row[0] == "was" and row[1] in _AWAY) or row[0] in _AWAY - {"on", "in", "at"})
    return away if taken else line.word(0) in _TELLING
