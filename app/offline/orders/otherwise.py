"""Where a text was asked for: whether what came is that text, or plainly a question of its own.

Law: in doubt it is the text, which is shown before anything is done with it.
"""

from __future__ import annotations

from app.offline import across, talk
from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.reading import Reader

PLAINLY = 6.0  # a reading worth so much is a request
_TOLD = frozenset(listed("i we he she they it you there the are"))
_SHORT = 3


def asks(clause: Clause, reader: Reader) -> bool:
    """Whether the words are a question that a tool answers, whatever was asked before."""
    line = clause.line
    if not len(line) or talk.nothing_asked(line) or (line.word(0) in _TOLD and len(line) > _SHORT):
        return False
    if across.crossing(clause, reader):
        return True
    best = reader.readings(clause)[0]
    return best.filling is not None and best.score >= PLAINLY and not best.left and best.own(clause)
