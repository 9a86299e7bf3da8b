"""Drive's query language (`q`), read into a condition over the files.

Shape: terms "field operator value" and "'value' in collection", joined by and, or, not and parentheses.
Source: Drive API guide, "Search query terms and operators".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.demo.drive_store import top_of
from app.demo.google_errors import GoogleError, invalid_value
from app.demo.mail_lookup import EVERYTHING, NOTHING, Condition, all_of, any_of
from app.demo.mail_store import searchable

DEEPEST = 20
MOST_TERMS = 400
_TOKEN = re.compile(r"\s*(?:('(?:[^'\\]|\\.)*')|(<=|>=|!=|[=<>(){}])|([A-Za-z][A-Za-z.]*))", re.DOTALL)
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_PHRASE = re.compile(r'^"(.*)"$', re.DOTALL)
_NAMED_WORD = re.compile(r"[^\W_]+")
_TIMES: Mapping[str, str] = {
    "modifiedTime": "f.modified",
    "createdTime": "f.created",
    "viewedByMeTime": "f.viewed",
    "sharedWithMeTime": "f.created",
}
# Open: a role may follow before the bracket closes.
_ACCESS = "f.number IN (SELECT number FROM drive_access WHERE address = ?"
_MEMBER = "f.drive IN (SELECT drive FROM shared_drive_members WHERE address = ?"
_PROPERTY = "f.number IN (SELECT number FROM drive_properties WHERE key = ? AND value = ?)"
_MAY_WRITE = "role IN ('owner', 'organizer', 'fileOrganizer', 'writer')"


@dataclass(frozen=True)
class Query:
    """A query that was read: what fits it, and whether it looks into contents or names a folder."""

    condition: Condition
    full_text: bool = False
    parents: bool = False


def read_query(text: str, viewer: str) -> Query:
    """Read a query; an empty one means everything. Raises GoogleError 400, as Drive does."""
    if not text.strip():
        return Query(EVERYTHING)
    reader = _Reader(_tokens(text), viewer)
    condition = reader.choice()
    reader.end()
    return Query(condition, "fullText" in reader.fields, "parents" in reader.fields)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(text.rstrip()):
        token = _TOKEN.match(text, place)
        if token is None or len(found) > MOST_TERMS:
            raise _invalid()
        found.append(token[0].strip())
        place = token.end()
    return found


class _Reader:
    """Reads the tokens of one query from left to right."""

    def __init__(self, tokens: list[str], viewer: str) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._viewer = viewer
        self.fields: set[str] = set()

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._place += 1
        return token

    def _word(self, word: str) -> bool:
        """Whether that word comes next; it is taken then."""
        taken = self._peek().lower() == word
        self._place += taken
        return taken

    def end(self) -> None:
        if self._peek():
            raise _invalid()

    def choice(self) -> Condition:
        found = [self._all()]
        while self._word("or"):
            found.append(self._all())
        return any_of(found)

    def _all(self) -> Condition:
        found = [self._one()]
        while self._word("and"):
            found.append(self._one())
        return all_of(found)

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _invalid()
        if self._word("not"):
            found = ~self._one()
        elif self._word("("):
            found = self.choice()
            if not self._word(")"):
                raise _invalid()
        else:
            found = self._term()
        self._depth -= 1
        return found

    def _term(self) -> Condition:
        first = self._next()
        if first.startswith("'"):
            return self._belongs(_string(first))
        self.fields.add(first)
        if first == "sharedWithMe" and self._peek() not in ("=", "!="):
            return self._shared()
        if first in ("appProperties", "properties"):
            return self._property(first)
        operator, value = self._next(), self._next()
        if first == "sharedWithMe":
            return _boolean(self._shared(), operator, value)
        if first in _TIMES:
            return _moment(_TIMES[first], operator, _string(value))
        if first in ("trashed", "starred"):
            return _boolean(Condition(f"f.{first}"), operator, value)
        read = _FIELDS.get((first, operator))
        if read is None:
            raise _invalid()
        return read(_string(value))

    def _belongs(self, value: str) -> Condition:
        """'value' in parents, owners, writers or readers."""
        if not self._word("in"):
            raise _invalid()
        collection = self._next()
        self.fields.add(collection)
        if collection == "parents":
            return self._child_of(value)
        address = self._viewer if value == "me" else value.lower()
        if collection == "owners":
            return Condition("(f.drive = '' AND f.owner = ?)", (address,))
        if collection not in ("writers", "readers"):
            raise _invalid()
        role = f" AND {_MAY_WRITE}" if collection == "writers" else ""
        return Condition(f"({_ACCESS}{role}) OR {_MEMBER}{role}))", (address, address))

    def _child_of(self, folder: str) -> Condition:
        top = top_of(self._viewer)
        if folder in ("root", top):
            return Condition("(f.parent = '' AND f.drive = '' AND f.owner = ?)", (self._viewer,))
        return Condition("(f.parent = ? OR (f.parent = '' AND f.drive = ?))", (folder, folder))

    def _property(self, collection: str) -> Condition:
        """has { key='K' and value='V' }; no file here has properties that every app sees."""
        found: dict[str, str] = {}
        for word in ("has", "{"):
            if not self._word(word):
                raise _invalid()
        for name, closing in (("key", "and"), ("value", "}")):
            if not (self._word(name) and self._word("=")):
                raise _invalid()
            found[name] = _string(self._next())
            if not self._word(closing):
                raise _invalid()
        having = Condition(_PROPERTY, (found["key"], found["value"]))
        return having if collection == "appProperties" else NOTHING

    def _shared(self) -> Condition:
        return Condition(f"(f.drive = '' AND f.owner <> ? AND {_ACCESS}))", (self._viewer, self._viewer))


def _boolean(condition: Condition, operator: str, value: str) -> Condition:
    if operator not in ("=", "!=") or value not in ("true", "false"):
        raise _invalid()
    return condition if (operator == "=") == (value == "true") else ~condition


def _moment(column: str, operator: str, value: str) -> Condition:
    """A comparison with an RFC 3339 time or day; without an offset it is UTC."""
    if operator not in _COMPARISONS:
        raise _invalid()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _invalid() from error
    stamp = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    return Condition(f"({column} > 0 AND {column} {operator} ?)", (stamp,))


def _string(token: str) -> str:
    if len(token) < 2 or not token.startswith("'"):
        raise _invalid()
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _name_begins(value: str) -> Condition:
    """Every word of the value begins a word of the name, as `name contains` matches prefixes only."""
    words = _NAMED_WORD.findall(searchable(value))
    return _match(" AND ".join(f'name : "{word}" *' for word in words))


def _text_has(value: str) -> Condition:
    """Whole words anywhere; those in double quotes next to each other."""
    phrase = _PHRASE.match(value.strip())
    words = _NAMED_WORD.findall(searchable(value))
    if phrase:
        return _match(f'"{" ".join(words)}"' if words else "")
    return _match(" AND ".join(f'"{word}"' for word in words))


def _match(wanted: str) -> Condition:
    if not wanted:
        return NOTHING
    return Condition("f.number IN (SELECT rowid FROM drive_words WHERE drive_words MATCH ?)", (wanted,))


def _equals(column: str) -> Callable[[str], Condition]:
    return lambda value: Condition(f"{column} = ?", (value,))


def _differs(column: str) -> Callable[[str], Condition]:
    return lambda value: Condition(f"{column} <> ?", (value,))


_FIELDS: Mapping[tuple[str, str], Callable[[str], Condition]] = {
    ("name", "contains"): _name_begins,
    ("name", "="): lambda value: Condition("f.name = ? COLLATE NOCASE", (value,)),
    ("name", "!="): lambda value: Condition("f.name <> ? COLLATE NOCASE", (value,)),
    ("fullText", "contains"): _text_has,
    ("mimeType", "contains"): lambda value: Condition("instr(f.mime, ?) = 1", (value,)),
    ("mimeType", "="): _equals("f.mime"),
    ("mimeType", "!="): _differs("f.mime"),
    ("visibility", "="): lambda value: EVERYTHING if value == "limited" else NOTHING,
    ("visibility", "!="): lambda value: NOTHING if value == "limited" else EVERYTHING,
}


def _invalid() -> GoogleError:
    return invalid_value("q", "Invalid Value", "invalid")
