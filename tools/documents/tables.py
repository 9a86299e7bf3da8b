"""What a table holds, in a few facts: size, headings, totals, the greatest values. Nothing is computed but counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tools.mail.phrases import fold

Rows = Sequence[Sequence[str]]
HEADINGS_SHOWN = 8
TITLE = 24
PAIRS = 160
MOST_WORDS = 4
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBER = re.compile(r"[€$£¥₹]?\s?[-−]?[\d.,'\u00a0 ]*\d[\d.,]*\s?%?[€$£¥₹]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TOTAL = re.compile(r"(?:grand )?(?:total|sum|summe|gesamt|insgesamt|totale?s?|suma|soma|totaal|合计|总计|合計)\b.*")


def headed(rows: Rows) -> bool:
    """Whether the first row names the columns: texts, above at least one number or, if short, above two rows."""
    if len(rows) < 2:
        return False
    first = [cell for cell in rows[0] if cell]
    named = bool(first) and not any(numeric(cell) and not _YEAR.fullmatch(cell) for cell in first)
    if not named or numeric(rows[0][0]):
        return False
    if any(numeric(cell) for row in rows[1:4] for cell in row):
        return True
    short = all(0 < len(cell) <= TITLE for cell in rows[0]) and len({*rows[0]}) == len(rows[0]) > 1
    return short and len(rows) > 2


def numeric(cell: str) -> bool:
    return bool(cell) and bool(_NUMBER.fullmatch(cell))


def facts(rows: Rows) -> list[str]:
    """Sentences on the table: how large, what its columns are, its total lines, which line has the greatest value."""
    if not rows:
        return []
    has_head = headed(rows)
    body = rows[1:] if has_head else rows
    names = [cell for cell in rows[0] if cell] if has_head else []
    if has_head and (pairs := _pairs(body)):
        return [pairs]
    size = f"{len(body)} rows × {max(map(len, rows))} columns"
    said = [f"{size}: {', '.join(names[:HEADINGS_SHOWN])}" if names else size]
    totals = [row for row in body if row and _TOTAL.fullmatch(fold(row[0]))]
    said += [_line(row, rows[0] if has_head else ()) for row in totals[:3]]
    lines = [row for row in body if row not in totals]
    return [*said, *_counts(lines, rows[0] if has_head else ()), *_greatest(lines, rows[0] if has_head else ())]


def _pairs(body: Rows) -> str:
    """All that a short table of names and values says: "Seats: 1840, Month closes: 2026-03-31"; "" for any other."""
    if not all(len(row) == 2 and all(row) and not numeric(row[0]) for row in body):
        return ""
    told = ", ".join(f"{name}: {value}" for name, value in body)
    return told if len(told) <= PAIRS and len({name for name, _ in body}) == len(body) else ""


def _counts(body: Rows, names: Sequence[str]) -> list[str]:
    """How often each word stands in the last column that has a few words again and again: "State: 5 green, 2 open"."""
    wide = min(map(len, body), default=0)
    for index in reversed(range(1, min(wide, len(names)))):
        counted = Counter(row[index] for row in body)
        again = 1 < len(counted) <= MOST_WORDS and 2 * len(counted) <= len(body)
        if again and names[index] and all(0 < len(one) <= TITLE and not numeric(one) for one in counted):
            return [f"{names[index]}: {', '.join(f'{count} {word}' for word, count in counted.most_common())}"]
    return []


def _greatest(body: Rows, names: Sequence[str]) -> list[str]:
    """The line with the greatest value of the last column that holds numbers throughout, where there is one such."""
    found = _amounts(body)
    labels = [_label(row, body, names) for row in body]
    if found is None or len(set(map(_unit, labels))) > 1:
        return []
    index, values = found
    known = [value for value in values if value is not None]
    top, least = values.index(max(known)), values.index(min(known))
    if known.count(max(known)) > 1:
        return []
    name = names[index] if index < len(names) and names[index] else f"column {index + 1}"
    below = f"; least: {labels[least]} ({body[least][index]})" if min(known) < 0 else ""
    return [f"Greatest {name}: {labels[top]} ({body[top][index]}){below}"]


def _amounts(body: Rows) -> tuple[int, list[float | None]] | None:
    """The last column that holds numbers throughout, not all alike, and its values."""
    for index in reversed(range(1, min(map(len, body), default=0))):
        if len({"%" in row[index] for row in body}) > 1:
            continue  # shares and amounts in one column are not to be compared
        values = [value_of(row[index]) for row in body]
        known = [value for value in values if value is not None]
        if len(known) >= max(3, 0.7 * len(body)) and len(set(known)) > 1:
            return index, values
    return None


def _unit(label: str) -> str:
    """What stands in brackets: lines of several units are not to be compared."""
    found: list[str] = _BRACKETS.findall(label)
    return found[-1] if found else ""


def _label(row: Sequence[str], body: Rows, names: Sequence[str]) -> str:
    """What tells the line from the others: the first column of words that differ, else its first cell by name."""
    for index, cell in enumerate(row):
        column = [other[index] for other in body if index < len(other)]
        if cell and len(set(column)) == len(column) and not any(map(numeric, column)):
            return cell
    return f"{names[0]} = {row[0]}" if names and names[0] else row[0]


def _line(row: Sequence[str], names: Sequence[str]) -> str:
    pairs = [
        f"{names[index]} = {cell}" if index < len(names) and names[index] else cell
        for index, cell in enumerate(row[1:], 1)
        if cell
    ]
    return f"{row[0]}: {', '.join(pairs)}" if pairs else row[0]


def value_of(cell: str) -> float | None:
    """The number a cell shows, None for anything else; a comma with three digits behind groups, else it is decimal."""
    if not numeric(cell):
        return None
    digits = re.sub(r"[^\d.,\-−]", "", cell).replace("−", "-")
    if "," in digits and "." in digits:
        grouping = "," if digits.rfind(".") > digits.rfind(",") else "."
        digits = digits.replace(grouping, "")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", digits):
        digits = digits.replace(",", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None
