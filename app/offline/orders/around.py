"""Words put before a text, or behind it: "sign it with Alex", "start with Hi Grace,", "add “see you” at the end".

Law: they stand as typed, as a paragraph of their own.
"""

from __future__ import annotations

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.orders.saying import QUOTES

_SIGNING = frozenset({"sign"})
_CLOSING = frozenset(listed("end finish close conclude"))
_OPENING = frozenset(listed("start begin open"))
_PUTTING = frozenset(listed("put add write"))
_IT = frozenset(listed("it off that the mail email message reply note text draft out"))
_LED = frozenset(listed("with as by"))
_PLEASE = frozenset(listed("please and also can could you"))
_LAST, _FIRST = frozenset(listed("end bottom close")), frozenset(listed("start beginning top front"))
_PLACED = frozenset(listed("at the in to of it"))


def changed(clause: Clause, text: str) -> str:
    """The text with the words around it; "" where nothing is to be put there."""
    line = clause.line
    i = next((i for i in range(len(line)) if line.word(i) not in _PLEASE), 0)
    verb = line.word(i)
    if verb in _PUTTING:
        return _put(clause, text, i + 1)
    j = i + 1
    while line.word(j) in _IT:
        j += 1
    led = line.word(j) in _LED
    if not led or verb not in _SIGNING | _CLOSING | _OPENING:
        return ""
    return _joined(text, clause.said(range(j + 1, len(line))), ahead=verb in _OPENING)


def _put(clause: Clause, text: str, i: int) -> str:
    """What stands in quotes, where it is said at which end."""
    line = clause.line
    behind = {line.word(k) for k in range(i + 1, len(line)) if line.kind(k) != "symbol"}
    where = behind - _PLACED - _PLEASE
    if line.kind(i) != "quoted" or len(where) != 1 or not where <= _LAST | _FIRST:
        return ""
    return _joined(text, clause.said(range(i, i + 1)), ahead=where <= _FIRST)


def _joined(text: str, said: str, *, ahead: bool) -> str:
    words = said.strip(QUOTES)
    if not words:
        return ""
    words = words[:1].upper() + words[1:]
    return f"{words}\n\n{text}" if ahead else f"{text}\n\n{words}"
