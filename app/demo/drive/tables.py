"""The tables of the Drive: files, who may see them, shared drives; and what apps write: properties, ids, a record."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS drive_files (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, mime TEXT NOT NULL, owner TEXT NOT NULL,
    author TEXT NOT NULL, parent TEXT NOT NULL, drive TEXT NOT NULL, description TEXT NOT NULL,
    created INTEGER NOT NULL, modified INTEGER NOT NULL, viewed INTEGER NOT NULL, size INTEGER NOT NULL,
    trashed INTEGER NOT NULL, starred INTEGER NOT NULL, app INTEGER NOT NULL, digests TEXT NOT NULL,
    sequence INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS drive_files_by_sequence ON drive_files (sequence);
CREATE INDEX IF NOT EXISTS drive_files_by_parent ON drive_files (parent);
CREATE TABLE IF NOT EXISTS drive_bytes (
    number INTEGER NOT NULL REFERENCES drive_files, mime TEXT NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (number, mime)
);
CREATE TABLE IF NOT EXISTS drive_access (
    number INTEGER NOT NULL REFERENCES drive_files, address TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (number, address)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drive_access_by_address ON drive_access (address, number);
CREATE VIRTUAL TABLE IF NOT EXISTS drive_words USING fts5 (
    name, description, body, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE IF NOT EXISTS shared_drives (id TEXT PRIMARY KEY, name TEXT NOT NULL, created INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shared_drive_members (
    drive TEXT NOT NULL REFERENCES shared_drives, address TEXT NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (drive, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drive_gone (
    sequence INTEGER NOT NULL, id TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (sequence, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drive_sequence (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS drive_properties (
    number INTEGER NOT NULL REFERENCES drive_files, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (number, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS drive_properties_by_value ON drive_properties (key, value);
CREATE TABLE IF NOT EXISTS drive_given_ids (id TEXT PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS drive_writes (
    at REAL NOT NULL, address TEXT NOT NULL, act TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL
);
"""
EMPTIED = (
    "DELETE FROM drive_properties",
    "DELETE FROM drive_given_ids",
    "DELETE FROM drive_writes",
    "DELETE FROM drive_files",
    "DELETE FROM drive_bytes",
    "DELETE FROM drive_access",
    "DELETE FROM drive_words",
    "DELETE FROM drive_gone",
    "DELETE FROM shared_drive_members",
    "DELETE FROM shared_drives",
)
"""What takes everything out but the sequence of changes."""
