"""What is said in the demo team, written as scripts: one line a message, replies after `>`, reactions at the end.

    09:05 jonas #gonogo edited: Text of the message. [[+1 ana li; tada mei]]
    > wd+0 07:10 ana: a reply, on another day than the script's

Law: a line that cannot be read is an error with its place. Words after the name: a #key for the truth, edited,
deleted, joins, broadcast, file=NAME. Indented lines continue the text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from app.demo.seed.chats_team import marked, team
from app.demo.seed.days import Days, say
from app.demo.seed.material import DATA, MaterialError, read

_LINE = re.compile(
    r"(?:> )?(?:(?P<day>\S+[+.-]\S+) )?(?P<clock>\d\d:\d\d) "
    r"(?P<who>[a-z0-9_]+)(?P<words>(?: [^\s:]+)*): (?P<text>.*)"
)
_REACTIONS = re.compile(r"\s*\[\[([^\]]*)\]\]$")
_NEAR = re.compile(r"\{([a-z0-9.+-]+)\|near\}")
_FLAGS = ("edited", "deleted", "joins", "broadcast")


@dataclass(frozen=True)
class Line:
    """One message as it is written; `parent` is the place of its thread's first line among the script's lines."""

    place: str
    when: str
    who: str
    text: str
    key: str = ""
    flags: tuple[str, ...] = ()
    file: str = ""
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parent: int = -1


@dataclass(frozen=True)
class Said:
    """One message with its moment; `ts` and `thread` are Slack's. `name` is "place#key", or "" without a key."""

    name: str
    place: str
    who: str
    text: str
    at: datetime
    ts: str
    thread: str
    flags: tuple[str, ...]
    file: str
    reactions: Mapping[str, tuple[str, ...]]


@cache
def scripts() -> tuple[tuple[Line, ...], ...]:
    """The scripts of data/channels, each the lines of one place on one day."""
    found = []
    for source in sorted((DATA / "channels").iterdir(), key=lambda entry: entry.name):
        for row in read(source).get("script", ()):
            found.append(tuple(lines(row["in"], row["day"], row["lines"], f"{source.name} {row['in']} {row['day']}")))
    return tuple(found)


def lines(place: str, day: str, script: str, where: str) -> list[Line]:
    """The messages of one script. Raises MaterialError."""
    found: list[Line] = []
    parent = -1
    for written in _joined(script):
        line = _line(place, day, written, where)
        parent = parent if written.startswith("> ") else len(found)
        found.append(replace(line, parent=parent) if parent != len(found) else line)
    return found


def _joined(script: str) -> Iterator[str]:
    """Indented lines belong to the one before."""
    held: list[str] = []
    for line in script.strip("\n").split("\n"):
        if held and (line.startswith("  ") or not line):
            held.append(line[2:])
            continue
        if held:
            yield "\n".join(held)
        held = [line]
    yield "\n".join(held)


def _line(place: str, day: str, written: str, where: str) -> Line:
    head, _, rest = written.partition("\n")
    found = _LINE.fullmatch(head)
    if not found or found["who"] not in team().members or place not in team().places:
        raise MaterialError(f"{where}: cannot read {head!r}")
    text = f"{found['text']}\n{rest}" if rest else found["text"]
    reactions = _REACTIONS.search(text)
    words = found["words"].split()
    unknown = [word for word in words if not (word in _FLAGS or word.startswith(("#", "file=")))]
    if unknown:
        raise MaterialError(f"{where}: unknown words {unknown} in {head!r}")
    return Line(
        place,
        f"{found['day'] or day} {found['clock']}",
        found["who"],
        text[: reactions.start()] if reactions else text,
        key=next((word[1:] for word in words if word.startswith("#")), ""),
        flags=tuple(word for word in words if word in _FLAGS),
        file=next((word[5:] for word in words if word.startswith("file=")), ""),
        reactions=_reactions(reactions[1]) if reactions else (),
    )


def _reactions(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    words = [piece.split() for piece in text.split(";")]
    return tuple((name, tuple(who)) for name, *who in words)


def dated(written: Iterable[tuple[Line, ...]], days: Days) -> list[Said]:
    """The messages of the scripts with their moments, in the order they were said; each ts is free in its place."""
    taken: Counter[tuple[str, int]] = Counter()
    found: list[Said] = []
    for script in written:
        stamps: list[str] = []
        for line in script:
            said = _said(line, stamps, taken, days)
            stamps.append(said.ts)
            found.append(said)
    return sorted(found, key=lambda said: (float(said.ts), said.place, said.ts))


def _said(line: Line, stamps: list[str], taken: Counter[tuple[str, int]], days: Days) -> Said:
    at = days.at(line.when)
    second = int(at.timestamp()) + len(line.text) % 41
    taken[line.place, second] += 1
    stamp = f"{second}.{taken[line.place, second]:04d}{len(line.text) % 9 + 1}9"
    return Said(
        name=f"{line.place}#{line.key}" if line.key else "",
        place=line.place,
        who=line.who,
        text=marked(days.fill(_near(line.text, at, days), at.date())),
        at=at,
        ts=stamp,
        thread=stamps[line.parent] if line.parent >= 0 else "",
        flags=line.flags,
        file=line.file,
        reactions=dict(line.reactions),
    )


def _near(text: str, at: datetime, days: Days) -> str:
    """`{wd+1|near}`: today, tomorrow or a weekday, as somebody would say who writes at `at`."""

    def word(found: re.Match[str]) -> str:
        day = days.on(found[1])
        ahead = day - at.date()
        return {timedelta(0): "today", timedelta(days=1): "tomorrow"}.get(ahead, say(day, "weekday"))

    return _NEAR.sub(word, text)
