"""The day that was spoken of last: one that was asked for, reckoned, or on which the thing that was shown begins.

Law: it is reckoned from what was called and what was shown, never read out of a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from app.offline.lexicon import listed
from app.offline.slots import Skill
from app.offline.thread import Outcome, Past, Thread
from app.offline.words import Line, Token
from tools.errors import BadArgument
from tools.reckoning.shift import shifted

_ASKED = ("start", "since", "day", "due")
_BEFORE = frozenset(listed("after before from since until till by"))
_THAT = frozenset({"that", "then"})
_COUNTS = frozenset(listed("days weeks months weekdays far long"))
_CLOCK = frozenset(listed("minute minutes min mins hour hours"))
_BESIDE = frozenset(listed("day week month year weekend"))
_BEHIND = frozenset({"", "?", ".", "!", ",", "and", "or", "but", "please", "to", "i", "we"})
_FROM_NOW = frozenset({("from", "today"), ("from", "now")})


def anchor(thread: Thread, skills: Mapping[str, Skill], now: datetime) -> datetime | None:
    """The day that the last call was about which was about one."""
    for turn in reversed(thread.before):
        for past in reversed(turn.calls):
            found = _came_to(past, turn.outcomes.get(past.id), skills, now) or _asked(past, now)
            if found:
                return found
    return None


def named(line: Line, thread: Thread, skills: Mapping[str, Skill], now: datetime) -> Line:
    """The line with the one day that the last call came to in place of "that": "and a week after that"."""
    calls = thread.before[-1].calls if thread.before else []
    past = calls[-1] if calls else None
    day = _came_to(past, thread.before[-1].outcomes.get(past.id), skills, now) if past else None
    at = next((i for i in range(1, len(line)) if line.word(i) in _THAT and _pointed(line, i)), 0) if day else 0
    if day is None or not at:
        return line
    told = f"{day:%Y-%m-%d}"
    tokens = [*line.tokens[:at], replace(line.tokens[at], text=told, word=told, kind="date"), *line.tokens[at + 1 :]]
    return Line(tuple(_until(tokens, at) if line.word(at - 1) == "is" else tokens))


def _pointed(line: Line, i: int) -> bool:
    """Whether "that" at this token stands for a day: "2 days before that", "how many days is that from today"."""
    before, behind = line.word(i - 1), line.word(i + 1)
    if before == "is":
        return not _COUNTS.isdisjoint(line.row[:i]) and (behind in _BEHIND or line.words(i + 1, 2) in _FROM_NOW)
    beside = line.word(i - 3) == "the" and line.word(i - 2) in _BESIDE  # "the day after that" is read as it stands
    return before in _BEFORE and behind in _BEHIND and not beside and line.word(i - 2) not in _CLOCK


def _until(tokens: list[Token], at: int) -> list[Token]:
    """ "How many days is that from today" as what it asks: how many days until that day."""
    is_, day = tokens[at - 1], tokens[at]
    end = at + 1 + 2 * (tuple(token.word for token in tokens[at + 1 : at + 3]) in _FROM_NOW)
    return [*tokens[: at - 1], replace(is_, text="until", word="until"), day, *tokens[end:]]


def _came_to(past: Past, outcome: Outcome | None, skills: Mapping[str, Skill], now: datetime) -> datetime | None:
    """The one day that a call was about: reckoned from another, counted to, or that of the one thing it showed."""
    skill = skills.get(past.name)
    if outcome is None or outcome.status == "failed" or skill is None:
        return None
    if skill.takes("value") and skill.takes("start"):
        return _reckoned(past, now)
    days = not any(issubclass(slot.type, datetime) for slot in skill.takes("start", "end"))
    if days and past.args.get("end"):
        return _at(str(past.args["end"]), now)
    begins = {ref.handle: ref.begins for ref in outcome.refs}
    return _at(next(iter(begins.values())), now) if len(begins) == 1 and all(begins.values()) else None


def _reckoned(past: Past, now: datetime) -> datetime | None:
    start, amount = _at(str(past.args.get("start") or now.date()), now), past.args.get("value")
    if start is None or not isinstance(amount, int):
        return None
    try:
        day = shifted(start.date(), amount, past.args.get("unit", "days")).date
    except BadArgument:
        return None  # the call was refused as well
    return datetime.combine(day, time(), now.tzinfo)


def _asked(past: Past, now: datetime) -> datetime | None:
    starts = [str(past.args[name]) for name in _ASKED if past.args.get(name)]
    return _at(starts[-1], now) if starts else None


def _at(text: str, now: datetime) -> datetime | None:
    """None for a time in other words, as another model may have put it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(now.tzinfo) if at.tzinfo else at.replace(tzinfo=now.tzinfo)
