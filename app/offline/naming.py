"""A thing asked about by its name, where such things can be listed and not be searched: "when is the budget review".

Law: only what stands behind an article, and is no word for a state, is a name; what is listed is opened by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.offline.clause import Clause
from app.offline.encounters import NOUN
from app.offline.lexicon import CONCEPTS, EMPTY, listed
from app.offline.plan import Step, Wait
from app.offline.reading import Reader
from app.offline.words import stem

NEAR, FAR = timedelta(days=14), timedelta(days=92)
"""How far ahead a thing is looked for whose time is not said; farther where it is not found."""
_ASKED = (("when",), ("where",), ("what", "time"), ("how", "long"), ("which", "room"))
_TELL = (("tell", "me", "about"), ("tell", "me", "more", "about"), ("more", "about"), ("details", "of"))
_CAN = frozenset(listed("can could should would might may shall must"))
_AT = frozenset(listed("at in"))
_IS = frozenset(listed("is are does do will"))
_TAKES_PLACE = frozenset(listed("happening held meeting gathering"))
_LED = frozenset(listed("the my our"))
_STATES = frozenset(
    stem(w) for name in ("free", "busy", "owed", "urgent", "change") for w in CONCEPTS[name].split()
) | {"due"}


def asked(clause: Clause, reader: Reader) -> list[Step]:
    """Where it is asked when, where or how long a named thing is: what lists such things, and what opens it."""
    row = clause.line.row[clause.line.word(0) in _AT :]
    head = next((len(words) for words in _ASKED if row[: len(words)] == words), 0)
    if who := _met(clause, reader):
        return _steps(clause, reader, "event", who)
    if _told_of(clause, row):
        return _steps(clause, reader, "event") if name(clause, "event") else []
    if not head or row[head : head + 1] not in {(word,) for word in _IS} or row[head + 1 : head + 2] == ("i",):
        return []
    placed = (
        row[0] != "where" or bool(clause.timed) or not _TAKES_PLACE.isdisjoint(row)
    )  # without a time it is a document that one cannot find
    return _steps(clause, reader, "event") if placed and name(clause, "event") else []


def _met(clause: Clause, reader: Reader) -> tuple[str, ...]:
    """Whom it is asked about when one meets them next; none where something else is asked."""
    line = clause.line
    met = any(word == NOUN for word in line.row) and line.word(0) in {"when", "where"} and not clause.durations
    met = met and not any(t.window.start and t.window.end for t in clause.windows(1)) and _CAN.isdisjoint(line.row)
    named = {i for p in clause.people for i in range(p.start, p.end)} if met else set[int]()
    named |= {i for i in clause.content if met and not reader.knowledge.common(line.word(i))}
    asked = {stem(word) for word in listed("when where is my next meeting first")}
    rest = (i for i in clause.content if i not in named and line.tokens[i].stem not in asked)
    return tuple(line.word(i) for i in sorted(named)) if named and next(rest, None) is None else ()


def _told_of(clause: Clause, row: Sequence[str]) -> bool:
    """Whether it is asked what a thing of a coming day is: "tell me about the board review next Tuesday"."""
    asked = any(row[: len(words)] == words for words in _TELL)
    return asked and any(t.window.end and t.window.end > clause.moment.now for t in clause.windows(1))


def opened(clause: Clause, reader: Reader, kind: str) -> list[Step]:
    """What opens the thing of this kind that the clause names; none where it names none, or where it is searched."""
    return _steps(clause, reader, kind) if name(clause, kind) and not clause.pointings else []


def name(clause: Clause, kind: str) -> tuple[str, ...]:
    """The words behind an article that may be the name of a thing of this kind; none where others stand there."""
    line = clause.line
    start = next((i + 1 for i, word in enumerate(line.row) if word in _LED), len(line))
    end = start
    while end < len(line) and end not in clause.timed and line.kind(end) in {"word", "quoted"}:
        end += 1
    words = [line.tokens[i] for i in range(start, end) if line.word(i) not in _TAKES_PLACE or i < end - 1]
    own = [t for t in words if t.word not in EMPTY and kind not in clause.kinds.get(t.stem, ())]
    state = any(t.stem in _STATES for t in own)
    foreign = any(clause.kinds.get(t.stem, (kind,)) != (kind,) for t in own)
    last = all(i in clause.timed or line.kind(i) == "symbol" for i in range(end, len(line)))
    people = any(start <= p.start < end for p in clause.people if p.role in ("from", "subject"))
    return tuple(t.word for t in words) if own and last and not (state or foreign or people) else ()


def _steps(clause: Clause, reader: Reader, kind: str, who: tuple[str, ...] = ()) -> list[Step]:
    """What lists such things, and what opens the one of the name, or the first with those people."""
    known = [skill for skill in reader.knowledge.skills.values() if skill.reads]
    opener = next((skill for skill in known if skill.opens(kind)), None)
    lister = next((skill for skill in known if skill.by_time and kind in skill.mints), None)
    if opener is None or lister is None:
        return []
    args = reader.filled(lister, clause).sure().calls({})[0]
    wait = Wait(opener.takes("handle")[0].name, kind, who or name(clause, kind), named=not who, who=bool(who))
    return [looked_for(lister.name, args, clause.moment.now), Step(opener.name, {}, wait)]


def looked_for(name: str, args: Mapping[str, Any], now: datetime) -> Step:
    """The list of what comes in the time that was said; else in the next weeks, and behind them."""
    start, near, far = (at.isoformat() for at in (now, now + NEAR, now + FAR))
    return Step(name, args) if args else Step(name, {"start": start, "end": near}, further={"start": near, "end": far})
