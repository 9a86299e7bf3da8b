"""Sums in a request, in signs or words ("fifteen percent of two hundred"), written as one plain expression.

The expression holds numbers, + - * / **, percentages (15% of 200, 80 + 19%, 20% off 80), brackets and names of
functions; nothing is worked out here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.offline import amounts, prices, shares
from app.offline.lexicon import listed
from app.offline.prices import MONEY
from app.offline.words import Line

_FUNCTIONS = frozenset(listed("sqrt sin cos tan log log10 exp abs round factorial floor ceil min max"))
FRACTIONS = {"half": "2", "third": "3", "thirds": "3", "quarter": "4", "quarters": "4", "fifth": "5", "tenth": "10"}
_BINARY: dict[tuple[str, ...], tuple[str, int]] = {
    ("multiplied", "by"): ("*", 20), ("divided", "by"): ("/", 20), ("to", "the", "power", "of"): ("**", 40),
    ("plus",): ("+", 10), ("+",): ("+", 10), ("minus",): ("-", 10), ("-",): ("-", 10), ("−",): ("-", 10),
    ("–",): ("-", 10), ("less",): ("-", 10), ("times",): ("*", 20), ("x",): ("*", 20), ("×",): ("*", 20),
    ("*", "*"): ("**", 40), ("*",): ("*", 20), ("/",): ("/", 20), ("÷",): ("/", 20), ("over",): ("/", 20),
    ("^",): ("**", 40), ("modulo",): ("%", 20), ("mod",): ("%", 20),
}  # fmt: skip
_DEEPEST = 20
_LISTS = {"sum": "+", "product": "*", "difference": "-", "add": "+", "multiply": "*", "divide": "/", "subtract": "-"}
_LISTS |= {"split": "/", "share": "/", "total": "+", "average": ";", "mean": ";"}
_AMONG = frozenset(listed("by among amongst between"))
_ADDED = frozenset(listed("tip tax vat discount"))
_LIST_OPS = {"+": 10, "-": 10, "*": 20, "/": 20, "**": 40}


@dataclass(frozen=True)
class Sum:
    """An expression, or a part of one, and the tokens it stands in; `worked` where there is something to work out."""

    text: str
    start: int
    end: int
    power: int = 100
    worked: bool = False
    percent: bool = False

    def within(self, power: int) -> str:
        return self.text if self.power >= power else f"({self.text})"


def find(line: Line) -> Sum | None:
    """The first sum in the line, read as far as it goes."""
    if line.row.count("(") > _DEEPEST or not any(_counts(line, i) for i in range(len(line))):
        return None
    share = shares.find(line)
    if share:
        return Sum(share.text, share.start, share.end, 20, worked=True)
    for i in range(len(line)):
        found = _expression(line, i, 0)
        if found and found.percent and not found.worked:
            continue
        if found and found.worked:
            return found
    priced = prices.find(line)
    return Sum(priced.text, priced.start, priced.end, priced.power, worked=True) if priced else None


def _counts(line: Line, i: int) -> bool:
    return line.kind(i) in {"number", "date"} or line.word(i) in amounts.WORDS


def _expression(line: Line, i: int, floor: int) -> Sum | None:
    left = _prefix(line, i)
    while left:
        left = _postfix(line, left)
        further = _of(line, left) or _operated(line, left, floor)
        if further is None:
            return left
        left = further
    return None


def _prefix(line: Line, i: int) -> Sum | None:
    rules: tuple[Callable[[Line, int], Sum | None], ...] = (_bracket, _negative, _function, _fraction, _list, _number)
    return next((found for rule in rules if (found := rule(line, i))), None)


def _number(line: Line, i: int) -> Sum | None:
    if line.word(i) in {"$", "€", "£"}:
        priced = _number(line, i + 1)
        return replace(priced, start=i) if priced else None
    if line.kind(i) == "date" and "/" in line.word(i):
        over, under = line.word(i).split("/")[:2]
        whole = _expression(line, i + 2, 20) if line.word(i + 1) == "of" else None
        more, end = (f" * {whole.within(21)}", whole.end) if whole else ("", i + 1)
        return Sum(f"{over} / {under}{more}", i, end, 20, worked=True)
    if line.kind(i) == "number" and line.word(i + 1) not in {"hundred", "thousand", "million"}:
        return Sum(line.word(i), i, i + 1 + (line.word(i + 1) in MONEY))
    found = amounts.number(line, i) if line.word(i) not in {"a", "the", "few", "couple"} else None
    return Sum(f"{found.value:.12g}", i, found.end) if found else None


def _bracket(line: Line, i: int) -> Sum | None:
    inner = _expression(line, i + 1, 0) if line.word(i) == "(" else None
    if inner is None or line.word(inner.end) != ")":
        return None
    return Sum(f"({inner.text})", i, inner.end + 1, worked=inner.worked)


def _negative(line: Line, i: int) -> Sum | None:
    inner = _expression(line, i + 1, 30) if line.word(i) in {"-", "−", "minus"} else None
    return inner and Sum(f"-{inner.within(30)}", i, inner.end, 30, worked=inner.worked)


def _function(line: Line, i: int) -> Sum | None:
    j = i + 1
    if line.words(i, 2) in {("square", "root"), ("cube", "root")}:
        name, j = line.word(i), i + 2
    elif line.word(i) == "root":
        name = "square"
    elif line.word(i) in _FUNCTIONS and line.word(i + 1) in {"(", "of"}:
        name = line.word(i)
    else:
        return None
    inner = _expression(line, j + (line.word(j) == "of"), 50)
    if inner is None:
        return None
    text = inner.text[1:-1] if inner.text.startswith("(") and inner.text.endswith(")") else inner.text
    if name == "cube":
        return Sum(f"{inner.within(50)} ** (1 / 3)", i, inner.end, 40, worked=True)
    return Sum(f"{'sqrt' if name == 'square' else name}({text})", i, inner.end, worked=True)


def _fraction(line: Line, i: int) -> Sum | None:
    """Half of X, a third of X, two thirds of X."""
    count = amounts.number(line, i) if line.word(i) not in {"a", "the"} else None
    j = count.end if count else i + (line.word(i) == "a")
    under = FRACTIONS.get(line.word(j))
    if under is None or line.word(j + 1) != "of":
        return None
    inner = _expression(line, j + 2, 20)
    if inner is None:
        return None
    if count:
        return Sum(f"{count.value:.12g} / {under} * {inner.within(21)}", i, inner.end, 20, worked=True)
    return Sum(f"{inner.within(20)} / {under}", i, inner.end, 20, worked=True)


def _list(line: Line, i: int) -> Sum | None:
    """Add A and B, the sum of A, B and C, divide A by B, subtract A from B."""
    sign = _LISTS.get(line.word(i))
    if sign is None:
        return None
    j = i + 1 + (line.word(i + 1) in {"of", "between", "up"})
    j += line.word(j) == "("
    items: list[Sum] = []
    while (number := _number(line, j)) is not None:
        item = _postfix(line, number)
        item = replace(item, end=item.end + (item.percent and line.word(item.end) in _ADDED))
        items.append(item)
        j = item.end + (line.word(item.end) in {",", ";", "and", "to", "from", "with", *_AMONG})
        j += line.word(j) == "and"
    if len(items) < 2 or (line.word(i) == "share" and line.word(items[0].end) not in _AMONG):
        return None
    if sign == ";":
        return Sum(f"average({'; '.join(item.text for item in items)})", i, items[-1].end, worked=True)
    turned = line.word(items[0].end) == "from" or (line.word(i) == "add" and line.word(items[0].end) == "to")
    ordered = reversed(items) if turned else items
    return Sum(f" {sign} ".join(item.text for item in ordered), i, items[-1].end, _LIST_OPS[sign], worked=True)


def _postfix(line: Line, left: Sum) -> Sum:
    word = line.word(left.end)
    if word in {"squared", "cubed"}:
        return Sum(f"{left.within(50)} ** {2 if word == 'squared' else 3}", left.start, left.end + 1, 40, worked=True)
    if word in {"%", "percent"} or line.words(left.end, 2) == ("per", "cent"):
        end = left.end + (2 if word == "per" else 1)
        return Sum(f"{left.within(50)}%", left.start, end, 50, left.worked, percent=True)
    return left


def _of(line: Line, left: Sum) -> Sum | None:
    """15 percent of X, a 20% tip on X, 20% off X."""
    if not left.percent:
        return None
    j = left.end + (line.word(left.end) in _ADDED)
    right = _expression(line, j + 1, 20) if line.word(j) in {"of", "on", "off"} else None
    if right is None:
        return None
    sign = "off" if line.word(j) == "off" else "of"
    return Sum(f"{left.text} {sign} {right.within(21)}", left.start, right.end, 20, worked=True)


def sign(line: Line, i: int) -> tuple[str, int]:
    """The sign that the words at token `i` stand for, and the token behind them; "" where they stand for none."""
    found = ((sign, i + len(words)) for words, (sign, _) in _BINARY.items() if line.words(i, len(words)) == words)
    return next(found, ("", i))


def operand(line: Line, i: int) -> Sum | None:
    """The number at token `i`, or the percentage."""
    found = _number(line, i)
    return _postfix(line, found) if found else None


def _operated(line: Line, left: Sum, floor: int) -> Sum | None:
    for words, (sign, power) in _BINARY.items():
        if line.words(left.end, len(words)) != words or power <= floor:
            continue
        right = _expression(line, left.end + len(words), power)
        if right is None:
            return None
        text = f"{left.within(power)} {sign} {right.within(power + 1)}"
        return Sum(text, left.start, right.end, power, worked=True)
    return None
