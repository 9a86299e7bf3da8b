"""A few words that go on with the call before: another figure for a sum or a measure, the next part of a text.

Law: nothing else is said in them; whatever holds a word of its own is read as a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.offline import amounts, onward
from app.offline.lexicon import listed
from app.offline.plan import Step
from app.offline.slots import Skill
from app.offline.thread import Past, Thread
from app.offline.words import Line

_BESIDE = frozenset(
    listed(
        "and or but then now what how about is of off for on from with plus minus at if it was them those instead"
        " between among by"
    )
)
_ONWARD = frozenset(
    listed("next part page section go on keep reading continue more please the carry read rest of it and then show me")
)
_FORTH = frozenset(listed("next on keep continue more rest"))
_TOGETHER = frozenset(listed("together altogether sum"))
_BOTH = frozenset(listed("what is the difference and between those two them both of these how much that make in all"))
_SIGNS = frozenset("?.!,")
_PARTS = frozenset({"part", "page"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?!\d|\.\d|%)")
_PERCENT = re.compile(r"\d+(?:\.\d+)?%")


def resumed(line: Line, thread: Thread, skills: Mapping[str, Skill]) -> Step | None:
    """The call before once more, as the line wants it; None where it says something else."""
    calls = thread.before[-1].calls if thread.before else ()
    past = calls[-1] if calls else None
    skill = skills.get(past.name) if past else None
    if past is None or skill is None or not skill.reads or not len(line):
        return None
    changed = _onward(line, past, skill) or _reckoned(line, past, skill) or _figured(line, past, skill)
    changed = changed or _compared(line, thread, skill)
    return Step(skill.name, {**past.args, **changed}) if changed else None


def _onward(line: Line, past: Past, skill: Skill) -> dict[str, Any]:
    """The part after the one that was read."""
    slots = [slot for slot in skill.takes("number") if slot.name in _PARTS]
    words = {word for word in line.row if word not in _SIGNS}
    if not slots or not words <= _ONWARD or words.isdisjoint(_FORTH):
        return {}
    return {slots[0].name: int(past.args.get(slots[0].name, 1)) + 1}


def _reckoned(line: Line, past: Past, skill: Skill) -> dict[str, Any]:
    """The sum before with what the line does to it."""
    found = ((s.name, onward.expression(line, str(past.args.get(s.name, "")))) for s in skill.takes("sum"))
    return {name: text for name, text in found if text}


def _compared(line: Line, thread: Thread, skill: Skill) -> dict[str, Any]:
    """How far the last two sums lie apart, or what they come to together."""
    sums = [(past, slot.name) for turn in thread.before[-2:] for past in turn.calls for slot in skill.takes("sum")]
    words = {word for word in line.row if word not in _SIGNS}
    sign = "-" if "difference" in words else "+" if words & _TOGETHER else ""
    texts = [str(past.args[name]) for past, name in sums if past.name == skill.name and past.args.get(name)]
    if len(texts) < 2 or not sign or not words <= _TOGETHER | _BOTH:
        return {}
    first, second = texts[-2:]
    return {sums[-1][1]: f"abs(({second}) - ({first}))" if sign == "-" else f"({first}) + ({second})"}


def _figured(line: Line, past: Past, skill: Skill) -> dict[str, Any]:
    """The other figure in its place: that of a percentage for one, else the last of the sum."""
    places = [i for i, token in enumerate(line.tokens) if token.kind == "number"]
    if len(places) != 1:
        return {}
    found = amounts.number(line, places[0])
    percent = line.word(places[0] + 1) in {"%", "percent"}
    end = found.end + percent if found else 0
    rest = {line.word(i) for i in range(len(line)) if not places[0] <= i < end}
    if found is None or not rest <= _BESIDE | _SIGNS:
        return {}
    for slot in skill.takes("value") if skill.takes("unit") and not percent else ():
        return {slot.name: found.value}
    for slot in skill.takes("sum"):
        text = str(past.args.get(slot.name, ""))
        held = [*(_PERCENT if percent else _NUMBER).finditer(text)][-1:]
        new = f"{found.value:.12g}{'%' if percent else ''}"
        return {slot.name: f"{text[: held[0].start()]}{new}{text[held[0].end() :]}"} if held else {}
    return {}
