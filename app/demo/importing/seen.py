"""What an import has already taken, kept in the workspace: running it again, or after a crash, takes nothing twice.

Law: a key is written in the transaction that writes the thing itself.
"""

from hashlib import sha256

from app.demo.database import Database

SCHEMA = "CREATE TABLE IF NOT EXISTS imported (key TEXT PRIMARY KEY) WITHOUT ROWID"


class Seen:
    """The keys of taken messages and events."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.run(SCHEMA)

    def __contains__(self, key: str) -> bool:
        return self._database.value("SELECT 1 FROM imported WHERE key = ?", _short(key)) is not None

    def add(self, key: str) -> None:
        self._database.run("INSERT OR IGNORE INTO imported VALUES (?)", _short(key))


def _short(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
