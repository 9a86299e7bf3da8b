"""The time from one hour of a day to another, as a sum: "how long is it from 9:40 to 17:15".

Law: it is read so only where the words are no more than that.
"""

from __future__ import annotations

from app.offline import clocks
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.plan import Step
from app.offline.reading import Reader

_HOURS = (("how", "long"), ("how", "many", "hours"), ("how", "many", "minutes"), ("how", "much", "time"))
_BARE = frozenset(listed("is it that are there does do the time take if i we work start go and ? . then"))
_RANGE = frozenset({"from", "between"})


def between(clause: Clause, reader: Reader) -> list[Step]:
    """The sum; nothing where something else is asked."""
    line = clause.line
    asked = next((len(one) for one in _HOURS if line.row[: len(one)] == one), 0)
    found = ((i, clocks.hours(line, i, dated=True)) for i in range(asked, len(line))) if asked else ()
    start, said = next(((i, told) for i, told in found if told), (0, None))
    first, last = (said[0].start, said[0].end) if said else (None, None)
    rest = {line.word(i) for i in range(asked, len(line)) if said and not start <= i < said[1]}
    skill = next((s for s in reader.knowledge.skills.values() if s.takes("sum") and s.required), None)
    if skill is None or said is None or first is None or last is None or said[0].grain == "part" or rest - _BARE:
        return []
    (hour, minute), (to_hour, to_minute) = divmod(first, 60), divmod(last, 60)
    text = f"({to_hour} * 60 + {to_minute} - {hour} * 60 - {minute})" + ("" if "minutes" in line.row else " / 60")
    return [Step(skill.name, {skill.takes("sum")[0].name: text})] if line.word(start) in _RANGE else []
