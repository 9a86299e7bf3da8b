"""Numbers as people write them, read exactly and written readably. Law: a number with two readings is refused."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from tools.errors import BadArgument

FIGURE = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*|\.\d+)(?:[eE][+-]?\d{1,4}(?![\w.]))?"
SHOWN_DIGITS = 12
PLAIN_BELOW = 21  # powers of ten written out
_GROUPS = re.compile(r"\d{1,3}(?P<sign>[.,'])\d{3}(?:(?P=sign)\d{3})*")
_LAKH = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_SCALES = {
    "k": 3, "hundred": 2, "thousand": 3, "million": 6, "mio": 6, "billion": 9, "bn": 9, "trillion": 12,
}  # fmt: skip


def read_figure(text: str) -> Decimal:
    """1234.5, 1,234.5, 1.234,5, 1 234,5, 1'234.5, 12,34,567 and 1.2e6. Raises BadArgument.

    One point is a decimal point; one comma before three digits parts thousands, and any other is a decimal comma.
    """
    body, _, power = text.lower().partition("e")
    bare = re.sub(r"[ \u00a0\u202f]", "", body).replace("’", "'")
    whole, sign, rest = _split(bare)
    if sign and _groups(bare) and bare.count(".") != 1 and not bare.startswith("0"):
        whole, rest = bare, ""
    elif (rest and not rest.isdigit()) or (whole and not whole.isdigit() and not _groups(whole)):
        raise BadArgument(f"The number {text!r} is not clear.", "Write it as 1234.5, or with even groups: 1,234.5.")
    digits = re.sub(r"[.,']", "", whole)
    return Decimal(f"{digits or '0'}{'.' + rest if rest else ''}{'e' + power if power else ''}")


def scaled(word: str) -> Decimal | None:
    """What a word such as "million" multiplies by; 12 for "dozen"; None for any other word."""
    return Decimal(12) if word == "dozen" else Decimal(10) ** _SCALES[word] if word in _SCALES else None


def written(value: Decimal, digits: int = SHOWN_DIGITS, places: int | None = None) -> tuple[str, bool]:
    """(the number with thousands separated, whether that is all of it); whole numbers are never rounded."""
    is_whole = value == value.to_integral_value() and value.adjusted() < PLAIN_BELOW
    rounded = value if is_whole else cut(value, digits)
    if places is not None and value.adjusted() < PLAIN_BELOW:
        rounded = round(value, places)
        return f"{rounded:,.{places}f}", rounded == value
    if not rounded:
        return "0", rounded == value
    if -7 < rounded.adjusted() < PLAIN_BELOW:
        whole, dot, rest = f"{rounded:,f}".partition(".")
        rest = rest.rstrip("0")
        return whole + (dot + rest if rest else ""), rounded == value
    mantissa, _, power = f"{rounded:e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa} × 10^{int(power)}", rounded == value


def cut(value: Decimal, digits: int) -> Decimal:
    """Rounded to so many significant digits."""
    return Context(prec=digits).plus(value)


def _split(bare: str) -> tuple[str, str, str]:
    """(before, sign, after) of the last point or comma."""
    at = max(bare.rfind("."), bare.rfind(","))
    return (bare[:at], bare[at], bare[at + 1 :]) if at >= 0 else (bare, "", "")


def _groups(text: str) -> bool:
    """It could be thousands in even groups."""
    return bool(_GROUPS.fullmatch(text) or _LAKH.fullmatch(text))
