"""Values of cells as a person would read them, and rows as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Row = tuple[str, ...]


def shown(value: object, style: str = "") -> str:
    """A cell's text. `style` is its number format, of which percent signs and currencies are kept."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        whole = value.time() == time()
        return value.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return number(float(value), style)
    return " ".join(str(value).split())


def number(value: float, style: str = "") -> str:
    """Such as "1250", "0.35", "12.5%" or "€ 1250": at most two decimals where the style does not ask for more."""
    if "%" in style:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    text = f"{value:.0f}" if value == int(value) else f"{value:.4f}".rstrip("0").rstrip(".")
    sign = next((sign for sign in "€$£¥₹" if sign in style), "")
    return f"{sign}{text}" if sign else text


def trimmed(rows: Iterable[Sequence[str]]) -> list[Row]:
    """Without empty rows, and without columns that are empty throughout."""
    kept = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    wide = max((len(row) for row in kept), default=0)
    used = [index for index in range(wide) if any(index < len(row) and row[index].strip() for row in kept)]
    return [tuple(row[index] if index < len(row) else "" for index in used) for row in kept]


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """One line per row, cells between bars."""
    return "\n".join(" | ".join(row) for row in trimmed(rows))
