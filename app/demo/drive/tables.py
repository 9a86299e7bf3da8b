"""The tables of what apps write to the Drive: their properties, ids given ahead, and a record of every write."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS drive_properties (
    number INTEGER NOT NULL REFERENCES drive_files, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (number, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drive_properties_by_value ON drive_properties (key, value);
CREATE TABLE IF NOT EXISTS drive_given_ids (id TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drive_writes (
    at REAL NOT NULL, address TEXT NOT NULL, act TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL
);
"""
EMPTIED = ("DELETE FROM drive_properties", "DELETE FROM drive_given_ids", "DELETE FROM drive_writes")
