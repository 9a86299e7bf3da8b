"""Spreadsheets to rows: xlsx workbooks and separated values."""

from __future__ import annotations

import csv
import io
import itertools
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from tools.documents.parsing import archive, cells, plain
from tools.documents.parsing.parsed import Parsed, Passage, Unparsable, Wanted, bounded

ROWS = 2_000
COLUMNS = 60
SHEETS = 100
BROKEN = (InvalidFileException, zipfile.BadZipFile, ParseError, SyntaxError, KeyError, ValueError, TypeError)
SEPARATORS = ",;\t|"


def parse(data: bytes, wanted: Wanted) -> Parsed:
    """Read every sheet of a workbook. Raises Unparsable."""
    archive.opened(data)
    try:
        values = _workbook(data, values=True)
        formulas = _workbook(data, values=False)
        return _read(values, formulas)
    except BROKEN as error:
        raise Unparsable("broken") from error


def _workbook(data: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library tells of extensions it leaves out
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _read(values: Any, formulas: Any) -> Parsed:
    passages: list[Passage] = []
    gaps: list[str] = []
    for number, (sheet, plan) in enumerate(zip(values.worksheets, formulas.worksheets, strict=False), 1):
        if number > SHEETS:
            gaps.append(f"Only the first {SHEETS} of {len(values.worksheets)} sheets were read.")
            break
        rows = list(itertools.islice(_rows(sheet, plan), ROWS + 1))
        if len(rows) > ROWS:
            gaps.append(f"Of sheet “{sheet.title}” only the first {ROWS} rows were read.")
        hidden = " (hidden)" if sheet.sheet_state != "visible" else ""
        passages.append(Passage(number, f"{sheet.title}{hidden}", 1, rows=tuple(cells.trimmed(rows[:ROWS]))))
    return bounded(passages, "sheet", tuple(gaps), total=len(values.worksheets))


def _rows(sheet: Any, plan: Any) -> Iterable[tuple[str, ...]]:
    """The values; where a file holds a formula without its result, the formula itself."""
    sheet.reset_dimensions()
    plan.reset_dimensions()
    pairs = zip(sheet.iter_rows(max_col=COLUMNS), plan.iter_rows(max_col=COLUMNS, values_only=True), strict=False)
    for row, formulas in pairs:
        yield tuple(
            cells.shown(formula if cell.value is None else cell.value, getattr(cell, "number_format", "") or "")
            for cell, formula in zip(row, formulas, strict=False)
        )


def parse_separated(data: bytes, wanted: Wanted) -> Parsed:
    """Read separated values, whatever separates them. Raises Unparsable."""
    text = plain.decoded(data)
    if not text.strip():
        raise Unparsable("empty")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:8192], delimiters=SEPARATORS)
    except csv.Error:
        dialect = "excel-tab" if "\t" in text[:2048] else "excel"
    try:
        rows = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), dialect), ROWS + 1))
    except csv.Error as error:
        raise Unparsable("broken") from error
    gaps = (f"Only the first {ROWS} rows were read.",) if len(rows) > ROWS else ()
    kept = cells.trimmed([cells.shown(cell) for cell in row[:COLUMNS]] for row in rows[:ROWS])
    return bounded([Passage(1, "", 0, rows=tuple(kept))], "sheet", gaps)
