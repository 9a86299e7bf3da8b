"""Questions about what was just shown: "what did she want", "who has declined", "which of those are due today".

Law: they are answered by the tool that reads the thing, or lists the things, again, never by a search for their words;
what it has no argument for is said.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.across import Crossing
from app.offline.clause import Clause
from app.offline.lexicon import EMPTY, listed
from app.offline.plan import Step
from app.offline.reading import Reader
from app.offline.slots import Skill, Sort
from app.offline.thread import Past, Thread
from app.offline.words import Line

_ASKS = frozenset(listed("what when where why how who which did does do is are has have"))
_THEY = frozenset(listed("she he they it we you"))
_WANTING = frozenset(
    listed(
        "want wants wanted need needs needed ask asks asked offer offers offered expect expects expected propose"
        " proposes proposed promise promises promised suggest suggests suggested require requires required mean means"
        " meant request requests requested demand demands demanded decide decided agree agreed"
    )
)
_POINT = frozenset(listed("deadline price amount cost offer point reason conclusion catch gist total sum"))
_GUESTS = frozenset(
    listed("declined accepted coming attending invited answered replied joining attend come join accept decline")
)
_HAVE = frozenset(listed("has have is are was were will did not already yet so far all else"))
_AMONG = frozenset(listed("those these them"))
_SUPERLATIVE = frozenset(listed("worst most first biggest hardest latest earliest oldest newest important urgent next"))
_DUE = frozenset(listed("due deadline deadlines"))
_CAME = frozenset(listed("came come arrived arrive sent posted written changed"))
_TIMES: tuple[Sort, ...] = ("start", "end", "since", "until")
_SAYING = frozenset(listed("say said write wrote written mention mentioned tell told answer answered reply replied"))
_BESIDE = frozenset(listed("and but so ok okay exactly precisely actually then please of me us from for by now ? , ."))
_SHORT = 6
_MANNERS = frozenset(
    listed("shorter longer briefer friendlier nicer politer warmer colder firmer clearer simpler formal informal casual"
           " polite friendly brief short concise better")
)  # fmt: skip
_POLITE = frozenset(listed("please make it a bit little much more less and but can you could be , . ! ? that this try"))
MANNER = (
    "I put no text in other words by myself. Say what it should say, for example “suggest a reply saying that we"
    " accept”."
)
_EVENT = "event"


def asked(clause: Clause, reader: Reader, thread: Thread) -> Crossing | None:
    """The calls that read again what the question is about; None where it is about something else."""
    if not thread.before or clause.line.word(0) not in _ASKS | _BESIDE | {"the", "any"}:
        return None
    return _among(clause, reader, thread) or _guests(clause, reader) or _of_it(clause, reader)


def manner(line: Line, reader: Reader, thread: Thread) -> str:
    """What is said where a text that was suggested is only wanted in another manner: "shorter please"."""
    calls = thread.before[-1].calls if thread.before else []
    skill = reader.knowledge.skills.get(calls[-1].name) if calls else None
    words = {word for word in line.row if line.word(0) and word not in _POLITE}
    return MANNER if skill and skill.takes("gist") and words and words <= _MANNERS else ""


def _among(clause: Clause, reader: Reader, thread: Thread) -> Crossing | None:
    """Which of the things that were listed: the list again, with what its tool can take of the question."""
    line = clause.line
    at = next((i for i in range(len(line)) if line.word(i) == "of" and line.word(i + 1) in _AMONG), -1)
    superlative = at < 0 and line.row[:2] == ("the", "worst") and len(line) <= _SHORT
    past = _listed(reader, thread)
    if past is None or (at < 0 and not superlative):
        return None
    skill = reader.knowledge.skills[past.name]
    rest = reader.only(clause, range(at + 2, len(line)))
    filling = reader.filled(skill, rest, loose=True)
    due = bool(_DUE & {*line.row})
    parts = [part for part in filling.parts if _fits(skill, set(part.variants[0]), due=due)]
    taken = replace(filling, parts=parts)
    args = taken.calls(past.args)[0]
    timed = bool(taken.filled & {slot.name for slot in skill.takes(*_TIMES)})
    said = {*_content(rest), *rest.timed} - taken.used
    left = [i for i in sorted(said) if not (timed and rest.line.word(i) in _DUE | _CAME)]
    if not due and not {*line.row} & _SUPERLATIVE and left:
        return None
    end = max((i + 1 for i in range(len(rest.line)) if rest.line.kind(i) != "symbol"), default=0)
    strange = [i for i in left if rest.line.word(i) not in _SUPERLATIVE]
    unused = (rest.said(range(strange[0], end)),) if strange else ()
    return Crossing((Step(past.name, args),), unused=unused)


def _fits(skill: Skill, names: set[str], *, due: bool) -> bool:
    """Whether it says which of them: a state, a person or a time; of what is due by then only that which they are due
    at, never when they came."""
    sorts = {slot.sort for slot in skill.slots if slot.name in names}
    return sorts <= {"choice", "flag", "person"} or sorts <= ({"start", "end"} if due else {*_TIMES})


def _content(clause: Clause) -> list[int]:
    return [i for i, t in enumerate(clause.line.tokens) if t.kind != "symbol" and t.word not in EMPTY]


def _listed(reader: Reader, thread: Thread) -> Past | None:
    """The newest call that listed things, if the turn before made it."""
    shown = [past for past, outcome in thread.before[-1].results if outcome.status == "ok" and outcome.refs]
    known = [past for past in shown if past.name in reader.knowledge.skills]
    return next((p for p in reversed(known) if reader.knowledge.skills[p.name].lists), None)


def _guests(clause: Clause, reader: Reader) -> Crossing | None:
    """Who comes to the event in hand."""
    words = {word for word in clause.line.row if word not in _BESIDE}
    if "who" not in words or not words & _GUESTS or not words <= _GUESTS | _HAVE | {"who", "to", "it", "that"}:
        return None
    return _read(reader, _EVENT, "") if [*reader.view.hand][-1:] == [_EVENT] else None


def _of_it(clause: Clause, reader: Reader) -> Crossing | None:
    """What the thing in hand says: what somebody in it wants, by when, how much."""
    line, kind = clause.line, next(iter([*reader.view.hand][-1:]), "")
    if not kind or any(t.kind in {"channel", "handle", "address"} for t in line.tokens) or any(
        p.sure for p in clause.people
    ):  # fmt: skip
        return None
    wants = bool(_THEY & {*line.row}) and bool(_WANTING & {*line.row}) and line.word(0) in _ASKS
    wants = wants or (
        line.word(0) in _ASKS and bool({"he", "she", "they"} & {*line.row}) and bool(_SAYING & {*line.row})
    )
    wants = wants and not {"i", "my"} & {*line.row}
    words = [word for word in line.row if word not in EMPTY | _BESIDE]
    point = line.word(0) in {"what", "when"} and "the" in line.row and 0 < len(words) <= 2 and {*words} <= _POINT
    point = point and not clause.timed
    if not wants and not point:
        return None
    said = [i for i in _content(clause) if line.word(i) not in _WANTING | _SAYING | _BESIDE]
    return _read(reader, kind, clause.said(said) if said else "")


def _read(reader: Reader, kind: str, sought: str) -> Crossing | None:
    """The thing of this kind in hand read, for what is sought in it where its tool takes that."""
    known = [skill for skill in reader.knowledge.skills.values() if skill.reads and skill.opens(kind)]
    known = [skill for skill in known if not skill.takes("gist")]
    opener = next((skill for skill in known if skill.takes("topic")), None) if sought else None
    opener = opener or next(iter(known), None)
    if opener is None:
        return None
    args: dict[str, object] = {opener.takes("handle")[0].name: reader.view.hand[kind]}
    topic = {opener.takes("topic")[0].name: sought} if sought and opener.takes("topic") else {}
    return Crossing((Step(opener.name, {**args, **topic}),))
