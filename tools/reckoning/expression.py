"""Calculations as people write them: read into tokens, evaluated by simpleeval over exact decimals.

Law: only numbers and the words below get through; size, depth and digits are bounded before anything is evaluated.
A percentage is of what stands before it: 240 + 15% is 276, 15% of 240 is 36, 20% off 80 is 64.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tools.errors import BadArgument
from tools.reckoning import percent
from tools.reckoning.figures import FIGURE, cut, read_figure, scaled, written
from tools.reckoning.percent import Percent

MAX_LENGTH = 200
MAX_DEPTH = 20
SURE_DIGITS = 30  # of 40: the last ones are where 10 / 3 * 3 is not quite 10
CONTEXT = decimal.Context(
    prec=40,
    Emax=9999,
    Emin=-9999,
    traps=[decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow],
)
HINT = "Write it with numbers, + - * / ^ %, brackets, 'of', and sqrt, round, min, max, average, abs, ln or log."
CURRENCIES = "$€£¥₹"
SIGNS = {"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "²": "^2", "³": "^3", "√": " sqrt "}
PHRASES = (
    (r"\bmultiplied by\b|\btimes\b", "*"),
    (r"\bdivided by\b|\bover\b", "/"),
    (r"\b(?:raised )?to the power of\b", "^"),
    (r"\bsquare root of\b", "sqrt"),
    (r"\bplus\b", "+"),
    (r"\bminus\b", "-"),
    (r"\bsquared\b", "^2"),
    (r"\bcubed\b", "^3"),
    (r"\bper ?cent(?:age)?\b|\bpct\b", "%"),
    (r"\bmodulo\b", "mod"),
    (r"(?<=[\d)])\s*x\s*(?=[\d(.])", "*"),
    (r"\b(?:a |one )?half of\b", "0.5 of"),
    (r"\b(?:a |one )?quarter of\b", "0.25 of"),
    (r"\b(?:a|one) third of\b", "1/3 of"),
    (r"^(.+?) (?:is )?(?:what|as an?|as) % of (.+)$", r"\1 as_share \2"),
    (r"^(?:what )?% of (.+) is (.+)$", r"\2 as_share \1"),
    (r"^(.+) (?:out )?of (.+) (?:in|as) ?%$", r"\1 as_share \2"),
    (r"^% (?:change|increase|decrease|difference) from (.+) to (.+)$", r"\1 changed_to \2"),
    (r"^from (.+) to (.+) in ?%$", r"\1 changed_to \2"),
    (r"(?<=%) (?:tip|vat|tax|service)\b(?: charge)?(?: of| on)?(?= |$)", " of"),
    (r"(?<=%) of$", ""),
    (r"(?:\+|\bwith|\bincluding|\band)(?: an?)? (?=[\d.,]+ ?%$)", "+ "),
    (r"^(?:increase|raise) (.+) by (.+)$", r"(\1) + \2"),
    (r"^(?:decrease|reduce|lower|cut) (.+) by (.+)$", r"(\1) - \2"),
    (
        r"^(?:split|divide|share) (.+?) (?:by|among|between|into) (\d+)(?: of us| ways| people| parts)?( \+ .+%)?$",
        r"(\1\3) / \2",
    ),
)
FILLERS = re.compile(
    r"^(?:(?:what(?:'s|’s|s| is| are)?|how much is|calculate|compute|work out|the|please)\s+)+|\s*[=?.]+\s*$"
)
TOKEN = re.compile(rf"\s*(?:(?P<figure>{FIGURE})|(?P<word>[^\W\d_]+(?:_[^\W\d_]+)?)|(?P<sign>\*\*|//|[-+*/^%(),;]))")
OPERATORS = {"+": "+", "-": "-", "*": "*", "/": "/", "//": "//", "^": "**", "**": "**", "(": "(", ")": ")", ";": ","}
WORDS = {"of": "*", "off": "@", "mod": "%", "as_share": "|", "changed_to": "^"}
SAID = {"as_share": "as a share of", "changed_to": "changed to"}
SHOWN = {"*": "×", "/": "÷", "**": "^", "//": "÷ (whole)"}


def _average(*values: Decimal) -> Decimal:
    return sum(values, Decimal()) / len(values)


def _rounded(value: Decimal, places: Decimal = Decimal()) -> Decimal:
    return round(value, max(-30, min(30, int(places))))


FUNCTIONS: dict[str, Callable[..., object]] = {
    "sqrt": Decimal.sqrt,
    "abs": abs,
    "round": _rounded,
    "min": min,
    "max": max,
    "average": _average,
    "avg": _average,
    "sum": lambda *values: sum(values, Decimal()),
    "ln": Decimal.ln,
    "log": Decimal.log10,
}
CONSTANTS = {"pi": Decimal("3.141592653589793238462643383279502884197")}


@dataclass(frozen=True)
class Calculation:
    """What was understood, and what came out."""

    reading: str
    value: Decimal
    result: str
    exact: bool


def calculate(expression: str) -> Calculation:
    """Evaluate. Raises BadArgument with the way out for anything that is no calculation or has no result."""
    if len(expression) > MAX_LENGTH:
        raise BadArgument(f"The calculation is longer than {MAX_LENGTH} characters.", "Split it into parts.")
    text, currency = _tidied(expression)
    program = _Reader(text).read()
    with decimal.localcontext(CONTEXT):
        value = _evaluated(program)
        amount = cut(value.figure if isinstance(value, Percent) else value, SURE_DIGITS)
        places = 2 if currency and amount != amount.to_integral_value() else None
        shown, whole = written(amount, places=places)
    result = f"{currency}{shown}" + ("%" if isinstance(value, Percent) else "")
    result = result.replace(f"{currency}-", f"-{currency}")
    return Calculation("".join(program.reading).strip(), percent.plain(value), result, whole)


def _tidied(expression: str) -> tuple[str, str]:
    """(the expression with signs and phrases in one spelling, its currency sign)."""
    text = expression.lower().strip()
    signs = sorted({char for char in text if char in CURRENCIES})
    if len(signs) > 1:
        raise BadArgument("It mixes currencies, and exchange rates are not known here.", "Use one currency.")
    text = "".join(SIGNS.get(char, "" if char in CURRENCIES else char) for char in text)
    text = FILLERS.sub("", FILLERS.sub("", text))
    for pattern, by in PHRASES:
        text = re.sub(pattern, by, text)
    return " ".join(text.split()), "".join(signs)


class _Reader:
    """Turns the text into a program for the evaluator, and into the words that show how it was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code: list[str] = []
        self.reading: list[str] = []
        self.names: dict[str, object] = {"percent": percent.MARK}
        self.calls: list[bool] = []

    def read(self) -> _Reader:
        at = 0
        while at < len(self.text):
            found = TOKEN.match(self.text, at)
            if not found or not found.group().strip():
                raise BadArgument(f"{self.text[at : at + 20]!r} is not part of a calculation.", HINT)
            at = self._take(found)
        if not self.names.keys() - {"percent"}:
            raise BadArgument("There is no number to calculate with.", HINT)
        return self

    def _take(self, found: re.Match[str]) -> int:
        if word := found["word"]:
            self._word(word)
        elif figure := found["figure"]:
            if "," in figure and any(self.calls):  # inside a function's brackets a comma parts its arguments
                figure = figure.partition(",")[0]
                self._figure(read_figure(figure))
                return found.start("figure") + len(figure)
            self._figure(read_figure(figure))
        else:
            self._sign(found["sign"], self.text[found.end() :].lstrip()[:1])
        return found.end()

    def _figure(self, value: Decimal) -> None:
        self._name(value, written(value, digits=30)[0])

    def _name(self, value: object, shown: str) -> None:
        name = f"n{len(self.names)}"
        self.names[name] = value
        self._write(name, shown)

    def _write(self, code: str, shown: str) -> None:
        self.code.append(code)
        self.reading.append(shown)

    def _word(self, word: str) -> None:
        if word in WORDS:
            self._write(WORDS[word], f" {SAID.get(word, word)} ")
        elif word in FUNCTIONS or word in CONSTANTS:
            if self._after_value():
                self._write("*", " × ")
            if word in CONSTANTS:
                self._name(CONSTANTS[word], word)
            else:
                self._write(word, word + " ")
        elif (scale := scaled(word)) is not None:
            self._scale(word, scale)
        else:
            raise BadArgument(f"{word!r} is not part of a calculation.", HINT)

    def _scale(self, word: str, scale: Decimal) -> None:
        last = self.names.get(self.code[-1]) if self.code else None
        if isinstance(last, Decimal):
            self.names[self.code[-1]] = last * scale
            self.reading.append(f" {word}")
        else:
            self._name(scale, word)

    def _sign(self, sign: str, following: str) -> None:
        if sign == "%":
            if following and (following.isdigit() or following in "(."):
                raise BadArgument(
                    "The % between two numbers is not clear.", "Write 10% of 3, or 10 mod 3 for the remainder."
                )
            self._write("**percent", "%")
            return
        if sign == "(":
            if self._after_value():
                self._write("*", " × ")
            self.calls.append(bool(self.code) and self.code[-1] in FUNCTIONS)
            if len(self.calls) > MAX_DEPTH:
                raise BadArgument(f"Brackets are nested more than {MAX_DEPTH} deep.", "Split it into parts.")
        elif sign == ")" and self.calls:
            self.calls.pop()
        elif sign == ",":
            sign = ";"
        unary = sign in "+-" and not self._after_value()
        self._write(OPERATORS[sign], sign if unary else _spaced(SHOWN.get(OPERATORS[sign], OPERATORS[sign])))

    def _after_value(self) -> bool:
        """A number, a percentage or a closing bracket stands before."""
        return bool(self.code) and (self.code[-1] in (")", "**percent") or self.code[-1] in self.names)


def _spaced(sign: str) -> str:
    return sign if sign in "()^" else ", " if sign == "," else f" {sign} "


def _evaluated(program: _Reader) -> Decimal | Percent:
    from simpleeval import InvalidExpression, SimpleEval

    code = " ".join(_with_brackets(program.code))
    evaluator = SimpleEval(operators=percent.OPERATORS, functions=FUNCTIONS, names=program.names)
    try:
        value = evaluator.eval(code)
    except decimal.DivisionByZero:
        raise BadArgument("A division by zero has no result.", "Change the divisor.") from None
    except (decimal.Overflow, decimal.Underflow):
        raise BadArgument("The result is too large or too small to write down.", "Use smaller powers.") from None
    except (decimal.InvalidOperation, ValueError):
        raise BadArgument("That has no real number as a result.", "Check roots, logarithms and divisions.") from None
    except (InvalidExpression, SyntaxError, TypeError, RecursionError, KeyError):
        raise BadArgument("The calculation is not complete.", HINT) from None
    if not isinstance(value, Decimal | Percent):
        raise BadArgument("The calculation is not complete.", HINT)
    if not percent.plain(value).is_finite():
        raise BadArgument("That has no real number as a result.", "Check roots, logarithms and divisions.")
    return value


def _with_brackets(code: list[str]) -> list[str]:
    """A function before a lone number gets its brackets."""
    out: list[str] = []
    for at, part in enumerate(code):
        bare = at > 0 and code[at - 1] in FUNCTIONS and part != "("
        out.append(f"({part})" if bare else part)
    return out
