"""Slack's search box: words, "phrases", -not, and from:, to:, in:, before:, after:, on:, during:, has:, is:.

Law: every term must hold; a term that names nobody, no channel or no day finds nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.demo.mail_store import searchable
from app.demo.slack.lookup import Channel, Chat, Member

_TOKEN = re.compile(r'-?(?:[a-zA-Z]+:)?"[^"]*"|\S+')
_MODIFIER = re.compile(r"^(from|to|in|before|after|on|during|has|is|with):(.+)$", re.IGNORECASE)
_ENTITY = re.compile(r"^<([@#])([A-Z0-9]+)(?:\|[^>]*)?>$")
_DATE_PART = re.compile(r"^[0-9]{1,4}$")
_LINK = re.compile(r"<?https?://")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

MOST_TERMS = 100

Test = Callable[[Chat], bool]


@dataclass(frozen=True)
class Team:
    """What the names in a query can mean, for the member `me`."""

    me: str
    members: dict[str, Member]
    channels: dict[str, Channel]
    zone: ZoneInfo
    today: date


@dataclass(frozen=True)
class Query:
    """A query that was read. `words` and `unwanted` are FTS5 queries, "" for none; all of `tests` must hold."""

    words: str
    unwanted: str
    tests: tuple[Test, ...]

    def admits(self, chat: Chat) -> bool:
        return all(test(chat) for test in self.tests)


def read_query(text: str, team: Team) -> Query:
    """Read what was typed; what is no modifier is searched for as words."""
    wanted: list[str] = []
    unwanted: list[str] = []
    tests: list[Test] = []
    for token in _TOKEN.findall(text)[:MOST_TERMS]:
        denied = token.startswith("-") and len(token) > 1
        term = token[1:] if denied else token
        modifier = _MODIFIER.match(term)
        if modifier:
            test = _test(modifier[1].lower(), modifier[2].strip('"'), team)
            tests.append(_denial(test) if denied else test)
        elif phrase := _phrase(term):
            (unwanted if denied else wanted).append(phrase)
    return Query(" AND ".join(wanted), " OR ".join(unwanted), tuple(tests))


def _denial(test: Test) -> Test:
    return lambda chat: not test(chat)


def _phrase(term: str) -> str:
    """A term as FTS5 has it; "" when nothing in it can be searched for."""
    words = searchable(term.strip('"').replace('"', " ").replace("\0", " ")).strip()
    if not any(letter.isalnum() for letter in words):
        return ""
    beginning = term.endswith("*") and not term.startswith('"')
    return f'"{words}"' + (" *" if beginning else "")


def _test(name: str, value: str, team: Team) -> Test:
    if name == "from":
        people = _people(value, team)
        return lambda chat: chat.member in people or (not chat.member and chat.bot_name.lower() == value.lower())
    if name in ("in", "to"):
        places = _places(value, team)
        return lambda chat: chat.channel in places
    if name == "with":
        people = _people(value, team)
        return lambda chat: bool(chat.thread) and chat.member in people
    if name == "has":
        return _having(value)
    if name == "is":
        return lambda chat: value.lower() == "thread" and bool(chat.thread)
    return _dated(name, value, team)


def _people(value: str, team: Team) -> set[str]:
    """The members a name means: me, @handle, a real name, an id, <@id>, an address."""
    entity = _ENTITY.match(value)
    name = entity[2] if entity else value.removeprefix("@")
    if name.lower() == "me":
        return {team.me}
    return {
        member.id
        for member in team.members.values()
        if member.id == name or name.lower() in (member.name.lower(), member.real_name.lower(), member.email)
    }


def _places(value: str, team: Team) -> set[str]:
    """The conversations a name means: a channel, or the direct conversation with somebody."""
    entity = _ENTITY.match(value)
    name = entity[2] if entity else value.removeprefix("#")
    found = {channel.id for channel in team.channels.values() if name in (channel.id, channel.name)}
    if found or value.startswith("#"):
        return found
    people = _people(value, team) - ({team.me} if name.lower() != "me" else set())
    return {
        channel.id
        for channel in team.channels.values()
        if channel.kind == "im" and (people & set(channel.members) if name.lower() != "me" else True)
    }


def _having(value: str) -> Test:
    emoji = value.strip(":").lower()
    tests: dict[str, Test] = {
        "link": lambda chat: bool(_LINK.search(chat.text)),
        "file": lambda chat: bool(chat.files),
        "reaction": lambda chat: bool(chat.reactions),
    }
    plain = None if value.startswith(":") else tests.get(emoji)
    return plain or (lambda chat: emoji in chat.reactions)


def _dated(name: str, value: str, team: Team) -> Test:
    """Both before: and after: leave the named day itself out."""
    span = _span(value.lower(), team.today)
    if span is None:
        return lambda chat: False
    start, end = (int(datetime.combine(day, time(), team.zone).timestamp()) * 1_000_000 for day in span)
    if name == "before":
        return lambda chat: chat.moment < start
    if name == "after":
        return lambda chat: chat.moment >= end
    return lambda chat: start <= chat.moment < end


def _span(value: str, today: date) -> tuple[date, date] | None:
    """The days a text names, the last one excluded; None for no date."""
    near = {"today": 0, "yesterday": 1}
    if value in near:
        start = today - timedelta(days=near[value])
        return start, start + timedelta(days=1)
    if value in _MONTHS:
        month = _MONTHS.index(value) + 1
        return _month(today.year - (month > today.month), month)
    parts = re.split(r"[-/]", value)
    if not all(_DATE_PART.match(part) for part in parts):
        return None
    try:
        return _numbered([int(part) for part in parts])
    except ValueError:
        return None


def _numbered(numbers: list[int]) -> tuple[date, date] | None:
    """2026-03-25, 3/25/2026, 2026-03 or 2026. Raises ValueError."""
    if len(numbers) == 3:
        year, month, day = numbers if numbers[0] > 31 else (numbers[2], numbers[0], numbers[1])
        start = _month(year, month)[0].replace(day=day)
        return start, start + timedelta(days=1)
    if len(numbers) == 2:
        return _month(numbers[0], numbers[1])
    return (_month(numbers[0], 1)[0], _month(numbers[0], 12)[1]) if len(numbers) == 1 else None


def _month(year: int, month: int) -> tuple[date, date]:
    """Raises ValueError for years that Slack has not seen."""
    if not 1990 <= year <= 2200:
        raise ValueError(year)
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
