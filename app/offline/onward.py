"""A sum that goes on from the one before: "plus 19%", "divide that by four", "half of it".

Law: what stands for the sum before is put in its place, in brackets; where something else is said, it is no such sum.
"""

from __future__ import annotations

from app.offline import sums
from app.offline.lexicon import listed
from app.offline.words import Line, stem

_BEFORE = frozenset(listed("and now then ok okay so what about is if one i we you it that this again please but how"))
_BEHIND = frozenset(
    listed("that this it the total result of on for from to please then now each ? . ! discount tip tax vat")
)
_MEANT = frozenset(listed("that this it them total result"))
_SIGNS = {"divide": "/", "split": "/", "share": "/", "multiply": "*", "add": "+", "subtract": "-", "take": "-"}
_VERBS = {stem(verb): sign for verb, sign in _SIGNS.items()}
_TURNS = {stem("halve"): "/ 2", stem("double"): "* 2", stem("triple"): "* 3"}
_LED = frozenset(listed("by with between among to off away from"))


def expression(line: Line, before: str) -> str:
    """The sum `before` with what the line does to it; "" where the line says something else."""
    start = next((i for i in range(len(line)) if line.word(i) not in _BEFORE), len(line))
    for rule in (_operated, _ordered, _part):
        found = rule(line, start, f"({before})")
        if found and all(line.word(i) in _BEHIND for i in range(found[1], len(line))):
            return found[0]
    return ""


def _operated(line: Line, i: int, before: str) -> tuple[str, int] | None:
    """Plus 19%, divided by 23, times three."""
    sign, behind = sums.sign(line, i)
    right = sums.operand(line, behind) if sign else None
    return (f"{before} {sign} {right.text}", right.end) if right else None


def _ordered(line: Line, i: int, before: str) -> tuple[str, int] | None:
    """Divide that by four, split it between 7, add 5 to that, take 10 off, halve it."""
    verb = stem(line.word(i))
    if verb in _TURNS:
        return f"{before} {_TURNS[verb]}", i + 1
    sign, j = _VERBS.get(verb, ""), i + 1
    while sign and line.word(j) in _MEANT | _LED | {"the", "off", "up"}:
        j += 1
    right = sums.operand(line, j) if sign else None
    end = right.end if right else 0
    while right and line.word(end) in _LED:
        end += 1
    return (f"{before} {sign} {right.text}", end) if right else None


def _part(line: Line, i: int, before: str) -> tuple[str, int] | None:
    """Half of that, 15% of it."""
    right = sums.operand(line, i)
    if right and right.percent and line.word(right.end) == "of" and line.word(right.end + 1) in _MEANT:
        return f"{right.text} of {before}", right.end + 2
    half = i + (line.word(i) == "a")
    under = sums.FRACTIONS.get(line.word(half))
    meant = line.word(half + 1) in _MEANT or (line.word(half + 1) == "of" and line.word(half + 2) in _MEANT)
    return (f"{before} / {under}", half + 3) if under and meant else None
