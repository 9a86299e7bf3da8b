"""Percentages as values of their own, and the operators of a calculation that know what they are of."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tools.errors import BadArgument

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Percent:
    """`figure` per cent."""

    figure: Decimal


class _Mark:
    """Stands behind a number to make it a percentage: `15 ** MARK`, since nothing binds tighter than a power."""


MARK = _Mark()
Value = Decimal | Percent


def plain(value: Value) -> Decimal:
    """15% as 0.15; a number as it is."""
    return value.figure / HUNDRED if isinstance(value, Percent) else value


def add(first: Value, second: Value) -> Value:
    """240 + 15% adds 15% of the 240; two percentages add up to one."""
    return _relative(first, second, lambda a, b: a + b)


def subtract(first: Value, second: Value) -> Value:
    return _relative(first, second, lambda a, b: a - b)


def _relative(first: Value, second: Value, combine: Callable[[Decimal, Decimal], Decimal]) -> Value:
    if isinstance(first, Percent) and isinstance(second, Percent):
        return Percent(combine(first.figure, second.figure))
    if isinstance(first, Percent):
        raise BadArgument(f"{first.figure}% of what is not clear.", "Write the number first, as in 240 + 15%.")
    return combine(first, first * plain(second)) if isinstance(second, Percent) else combine(first, second)


def multiply(first: Value, second: Value) -> Value:
    if isinstance(first, Percent) and isinstance(second, Percent):
        return Percent(first.figure * plain(second))
    return plain(first) * plain(second)


def divide(first: Value, second: Value) -> Value:
    return plain(first) / plain(second)


def power(first: Value, second: Value | _Mark) -> Value:
    if isinstance(second, _Mark):
        return Percent(plain(first))
    return Decimal(plain(first) ** plain(second))


def off(first: Value, second: Value) -> Value:
    """20% off 80; without the sign of a percentage it is no discount."""
    if not isinstance(first, Percent):
        raise BadArgument("'off' needs a percentage before it.", "Write it as 20% off 80.")
    return subtract(second, first)


def whole_quotient(first: Value, second: Value) -> Value:
    return (plain(first) / plain(second)).to_integral_value(rounding="ROUND_FLOOR")


def remainder(first: Value, second: Value) -> Value:
    """With the sign of the divisor, as people count it."""
    a, b = plain(first), plain(second)
    return a - b * (a / b).to_integral_value(rounding="ROUND_FLOOR")


def negative(value: Value) -> Value:
    return Percent(-value.figure) if isinstance(value, Percent) else -value


def positive(value: Value) -> Value:
    return value


def share(part: Value, whole: Value) -> Percent:
    """What percentage `part` is of `whole`."""
    return Percent(plain(part) / plain(whole) * HUNDRED)


def change(before: Value, after: Value) -> Percent:
    """By what percentage `before` became `after`."""
    return Percent((plain(after) - plain(before)) / plain(before) * HUNDRED)


OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: add,
    ast.Sub: subtract,
    ast.Mult: multiply,
    ast.Div: divide,
    ast.FloorDiv: whole_quotient,
    ast.Mod: remainder,
    ast.Pow: power,
    ast.MatMult: off,
    ast.BitOr: share,
    ast.BitXor: change,
    ast.USub: negative,
    ast.UAdd: positive,
}
