"""The murmur of the demo team: what bots post and colleagues chat, from templates, over the last three weeks.

Law: what stands where follows from the template and the day's place in the data alone, never from chance.
"""

from collections.abc import Iterator
from hashlib import sha256
from string import Template
from typing import Any

from app.demo.seed.chats_script import Line, lines
from app.demo.seed.material import DATA, read


def bulk() -> Iterator[tuple[Line, ...]]:
    """The scripts of every stream of bulk.toml, day by day."""
    for stream in read(DATA / "channels" / "bulk.toml")["stream"]:
        yield from _posts(stream)
    for talk in read(DATA / "channels" / "talk.toml")["talk"]:
        yield tuple(lines(talk["in"], talk["day"], talk["lines"], f"talk.toml {talk['in']} {talk['day']}"))


def _posts(stream: dict[str, Any]) -> Iterator[tuple[Line, ...]]:
    """`per_day` posts on each working day from `first` to `last`, by one of those named in `from`."""
    for day in range(stream["first"], stream.get("last", -1) + 1):
        for number in range(stream["per_day"]):
            seed = f"{stream['in']} {stream['from']} {day} {number}"
            text = _pick(stream["texts"], seed)
            slots = {name: _pick(values, f"{seed} {name}") for name, values in stream.get("slots", {}).items()}
            slots |= {"number": str(stream.get("start", 0) + (day - stream["first"]) * stream["per_day"] + number)}
            hour = 8 + (number * 9 // stream["per_day"])
            clock = f"{hour:02d}:{_number(seed) % 60:02d}"
            who = _pick(stream["from"].split(), f"{seed} who")
            script = f"{clock} {who}: {Template(text).substitute(slots)}"
            yield tuple(lines(stream["in"], f"wd{day}", script, f"bulk.toml {stream['in']}"))


def _pick(values: list[str], seed: str) -> str:
    return values[_number(seed) % len(values)]


def _number(seed: str) -> int:
    return int.from_bytes(sha256(seed.encode()).digest()[:6], "big")
