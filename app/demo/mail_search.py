"""Gmail's search box: its query language, read into a condition over the mailbox.

Terms are joined by AND, `OR` binds closer than that, {} groups by OR, () by AND, - denies.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.demo.google_errors import GoogleError
from app.demo.mail_lookup import (
    EVERYTHING,
    NOTHING,
    Condition,
    MailLookup,
    all_of,
    any_of,
    labelled,
)
from app.demo.mail_store import searchable

MOST_TERMS = 300
DEEPEST = 20
# Dates in a search are days of this zone, whoever asks (Gmail API guide, "Searching for messages").
DATE_ZONE = "America/Los_Angeles"
_TOKEN = re.compile(r'-?[A-Za-z_]+:(?=["({])|-?"[^"]*"?|-?[({]|[)}]|[^\s(){}"]+')
_AGE = re.compile(r"^(\d{1,5})([hdmy])$")
_SIZE = re.compile(r"^(\d+)([km]?)b?$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$")
_AMERICAN = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_COLUMNS = {
    "from": "sender",
    "to": "recipients copied",
    "cc": "copied",
    "bcc": "copied",
    "deliveredto": "recipients copied",
    "subject": "subject",
    "filename": "filenames",
}
_STATES = {
    "unread": labelled("UNREAD"),
    "read": ~labelled("UNREAD"),
    "starred": labelled("STARRED"),
    "unstarred": ~labelled("STARRED"),
    "important": labelled("IMPORTANT"),
    "sent": labelled("SENT"),
    "draft": labelled("DRAFT"),
}
_FOLDERS = {"inbox": "INBOX", "sent": "SENT", "draft": "DRAFT", "drafts": "DRAFT", "spam": "SPAM", "trash": "TRASH"}
_CATEGORIES = {"primary": "CATEGORY_PERSONAL", "personal": "CATEGORY_PERSONAL"} | {
    name: f"CATEGORY_{name.upper()}" for name in ("social", "promotions", "updates", "forums")
}
_DAYS = {"d": 1, "m": 30, "y": 365}


@dataclass(frozen=True)
class Search:
    """A query that was read. `buried` is true when it asks for spam and trash itself."""

    condition: Condition
    buried: bool


def read_search(text: str, mail: MailLookup) -> Search:
    """Read a query. Raises GoogleError when it has too many terms; what is unknown is searched for as words."""
    tokens = _TOKEN.findall(text)
    if len(tokens) > MOST_TERMS:
        raise GoogleError(400, "invalidArgument", "The search query has too many terms.")
    reader = _Reader(tokens, mail)
    conditions = list(reader.conditions(closing=""))
    return Search(all_of(conditions) if conditions else EVERYTHING, reader.buried)


class _Reader:
    """Reads the tokens of one query from left to right."""

    def __init__(self, tokens: list[str], mail: MailLookup) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._mail = mail
        self._now = datetime.fromtimestamp(mail.store.clock(), ZoneInfo(DATE_ZONE))
        self.buried = False

    def _next(self) -> str:
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        self._place += 1
        return token

    def conditions(self, closing: str, operator: str = "") -> Iterator[Condition]:
        """The terms up to the closing bracket; those joined by OR become one."""
        choice: list[Condition] = []
        joined = False
        while (token := self._next()) and token not in ("}", ")"):
            if token in ("OR", "|") and closing != "}":
                joined = bool(choice)
                continue
            if choice and not joined:
                yield any_of(choice)
                choice = []
            choice.append(self._term(token, operator))
            joined = False
        if choice:
            yield any_of(choice)

    def _term(self, word: str, operator: str) -> Condition:
        if word in ("AND", "+"):
            return EVERYTHING
        if word.startswith("-") and (denied := word.lstrip("-")):
            return ~self._term(denied, operator)
        if word in ("(", "{"):
            return self._group(word, operator)
        name, colon, value = word.partition(":")
        if colon and not operator and not word.startswith('"') and name.lower() in _OPERATORS:
            return self._operated(name.lower(), value)
        return self._value(operator, word) if operator else self._words(word.lstrip("+"))

    def _group(self, opening: str, operator: str) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise GoogleError(400, "invalidArgument", "The search query is nested too deeply.")
        inner = list(self.conditions("}" if opening == "{" else ")", operator))
        self._depth -= 1
        if not inner:
            return EVERYTHING
        return any_of(inner) if opening == "{" else all_of(inner)

    def _operated(self, name: str, value: str) -> Condition:
        """One operator with its value, which may be the next token: a phrase or a group."""
        if value:
            return self._value(name, value)
        token = self._next()
        return self._group(token, name) if token in ("(", "{") else self._value(name, token)

    def _value(self, name: str, token: str) -> Condition:
        return _OPERATORS[name](self, name, token.strip('"').strip())

    def _words(self, token: str, columns: str = "subject sender recipients copied body filenames") -> Condition:
        """A word, or the words of a phrase next to each other, in some columns of the index."""
        text = searchable(token).replace('"', " ")
        if not any(letter.isalnum() for letter in text):
            return EVERYTHING
        return Condition(
            "m.number IN (SELECT rowid FROM message_words WHERE message_words MATCH ?)", (f'{{{columns}}} : "{text}"',)
        )

    def column(self, name: str, value: str) -> Condition:
        return self._words(self._mail.store.mailbox if value.lower() == "me" else value, _COLUMNS[name])

    def state(self, _: str, value: str) -> Condition:
        return _STATES.get(value.lower(), NOTHING)

    def folder(self, _: str, value: str) -> Condition:
        wanted = value.lower()
        if wanted in ("anywhere", "spam", "trash"):
            self.buried = True
        return EVERYTHING if wanted == "anywhere" else self.label(_, _FOLDERS.get(wanted, value))

    def label(self, _: str, value: str) -> Condition:
        label = self._mail.label_named(value)
        if label in ("SPAM", "TRASH"):
            self.buried = True
        return labelled(label) if label else NOTHING

    def category(self, _: str, value: str) -> Condition:
        label = _CATEGORIES.get(value.lower())
        return labelled(label) if label else NOTHING

    def having(self, _: str, value: str) -> Condition:
        made = "EXISTS (SELECT 1 FROM message_labels l WHERE l.number = m.number AND l.label LIKE 'Label%')"
        return {
            "attachment": Condition("m.attachments"),
            "userlabels": Condition(made),
            "nouserlabels": Condition(f"NOT {made}"),
        }.get(value.lower(), NOTHING)

    def age(self, name: str, value: str) -> Condition:
        """newer_than:2d, older_than:1m, with h, d, m and y."""
        found = _AGE.match(value.lower())
        if not found:
            return NOTHING
        count, unit = int(found[1]), found[2]
        span = timedelta(hours=count) if unit == "h" else timedelta(days=min(count * _DAYS[unit], 36_500))
        moment = int((self._now - span).timestamp() * 1000)
        return Condition("m.received >= ?" if name == "newer_than" else "m.received < ?", (moment,))

    def date(self, name: str, value: str) -> Condition:
        moment = _moment(value)
        if moment is None:
            return NOTHING
        return Condition("m.received >= ?" if name in ("after", "newer") else "m.received < ?", (moment,))

    def message_id(self, _: str, value: str) -> Condition:
        return Condition("m.message_id IN (?, ?)", (value, f"<{value.strip('<>')}>"))

    def size(self, name: str, value: str) -> Condition:
        found = _SIZE.match(value)
        if not found:
            return NOTHING
        size = int(found[1][:12]) * {"": 1, "k": 1024, "m": 1024 * 1024}[found[2].lower()]
        return Condition("m.size < ?" if name == "smaller" else "m.size > ?", (size,))


def _moment(value: str) -> int | None:
    """A day or a number of seconds as ms since the epoch; None for what is neither."""
    if value.isdigit():
        return int(value[:12]) * 1000
    if found := _DATE.match(value):
        year, month, day = map(int, found.groups())
    elif found := _AMERICAN.match(value):
        month, day, year = map(int, found.groups())
    else:
        return None
    try:
        return int(datetime(year, month, day, tzinfo=ZoneInfo(DATE_ZONE)).timestamp() * 1000)
    except ValueError:
        return None


def _named(
    names: Iterable[str], read: Callable[[_Reader, str, str], Condition]
) -> dict[str, Callable[[_Reader, str, str], Condition]]:
    return dict.fromkeys(names, read)


_OPERATORS = {
    **_named(_COLUMNS, _Reader.column),
    **_named(("is",), _Reader.state),
    **_named(("in",), _Reader.folder),
    **_named(("label",), _Reader.label),
    **_named(("category",), _Reader.category),
    **_named(("has",), _Reader.having),
    **_named(("newer_than", "older_than"), _Reader.age),
    **_named(("after", "before", "newer", "older"), _Reader.date),
    **_named(("rfc822msgid",), _Reader.message_id),
    **_named(("size", "larger", "smaller"), _Reader.size),
}
