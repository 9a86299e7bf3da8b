"""Where a text was asked for: whether what came is that text, or plainly a question of its own.

Law: in doubt it is the text, which is shown before anything is done with it.
"""

from __future__ import annotations

from app.offline import across, naming, talk
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.reading import Reader

PLAINLY = 6.0  # a reading worth so much is a request
ASKED = 4.5  # so is one worth this, where a statement is put as a question
_TOLD = frozenset(listed("i we he she they it you there the are"))
_KNOWING = frozenset({"know", "wonder"})
_SHORT = 3
_BY = frozenset({"on", "by", "via", "over"})
WAY = 2  # words that only say by which way: "on slack"


def asks(clause: Clause, reader: Reader) -> bool:
    """Whether the words are a question that a tool answers, whatever was asked before."""
    line = clause.line
    stated = line.word(0) in _TOLD and len(line) > _SHORT
    doubted = stated and ("?" in line.row or bool(_KNOWING & {*line.row}))
    way = len(line) == WAY and line.word(0) in _BY
    if not len(line) or way or talk.nothing_asked(line) or (stated and not doubted):
        return False
    if not stated and (across.crossing(clause, reader) or naming.asked(clause, reader)):
        return True
    best = reader.readings(clause)[0]
    least = ASKED if doubted else PLAINLY
    return best.filling is not None and best.score >= least and not best.left and best.own(clause)
