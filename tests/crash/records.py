"""What the demo services say themselves of what was done to them: the difference between two readings of their files.

The services keep every mail that left, every change of a label, an event, a message, a file and a task as a row; so
what was done twice has another difference than what was done once, even where the end is the same.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

Reading = Mapping[str, Counter[tuple[object, ...]]]
Difference = dict[str, tuple[int, int]]
"""For each table that is not as it was, how many rows are new, and how many gone."""

_OF_SIGNING_IN = (
    "google_",
    "slack_codes",
    "slack_grants",
    "slack_tokens",
    "auth0_",
    "codes",
    "refresh_tokens",
    "facts",
)
_OF_THE_FILE = ("sqlite_", "answers")
_PROMISED = ("drive_given_ids",)
"""Ids that Drive gave out for files to come: asking for one changes nothing."""
_WORDS = ("_words", "_words_data", "_words_idx", "_words_content", "_words_docsize", "_words_config")


def read(home: Path) -> Reading:
    """Every row of every table that tells of people's things."""
    files = [*sorted((home / "workspaces").glob("*.db")), *sorted((home / "tasks").glob("*.db"))]
    found: dict[str, Counter[tuple[object, ...]]] = {}
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in filter(_telling, names):
                cursor = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name of the file's own
                columns = [column for column, *_ in cursor.description]
                rows = [tuple(row) for row in cursor]
                found[f"{file.parent.name}.{name}"] = Counter(rows)
                if "revision" in columns:
                    changes = sum(row[columns.index("revision")] for row in rows)
                    found[f"{file.parent.name}.{name}.revision"] = Counter({("changes",): changes})
    return found


def _telling(table: str) -> bool:
    return not table.startswith((*_OF_SIGNING_IN, *_OF_THE_FILE, *_PROMISED)) and not table.endswith(_WORDS)


def difference(before: Reading, after: Reading) -> Difference:
    found: Difference = {}
    for table in sorted({*before, *after}):
        old, new = before.get(table, Counter()), after.get(table, Counter())
        if old != new:
            found[table] = ((new - old).total(), (old - new).total())
    return found


def said(difference: Difference) -> str:
    return ", ".join(f"{table} +{new} -{gone}" for table, (new, gone) in difference.items()) or "nothing"
