"""Finds what on a tape names somebody or their machines, and what shall stand for it.

Law: what stands for something is never taken for something private again, so that scrubbing twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.tapes.tape import Tape

DOMAIN = "scrubbed.example"
SERVICES = ("google.com", "googleapis.com", "gmail.com", "slack.com", "googleusercontent.com")
"""Hosts that requests go to, and that say nothing of a person."""
TEAMS = ".slack.com"
NO_TEAMS = frozenset({"api", "app", "files", "status", "www", "edgeapi", "slack", "hooks"})
"""What stands before it where it is no team's."""
ADDRESS = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
HOST = re.compile(r"(?:https?|ftp)(?:://|%3A%2F%2F)((?:[\w-]+\.)+[\w-]+)", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
OUR_MACHINES, OURSELVES = "192.0.2.", "127."
PHONE = re.compile(
    r"(?<![^\W_])(?:\+(?!\d{4}\b)[1-9][\d ()./-]{6,20}\d|\(0\d{1,5}\)[\d ./-]{5,16}\d"
    r"|\(?[2-9]\d\d\)?[ -]\d{3}-\d{4})(?![^\W_])"
)
"""Numbers that can be no date and no id: with a sign, with brackets, or as they are written in America."""
OUR_PHONES = "+1 555 0"
_NAMED = re.compile(
    r"(?:\"([^\"<>\n]{2,80})\"|([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3})) (?:<|&lt;)[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_NAME_KEYS = frozenset(
    {
        *("displayName", "real_name", "real_name_normalized", "display_name", "display_name_normalized"),
        *("first_name", "last_name"),
    }
)
_OURS = re.compile(r"Name[a-z]+|NAME[A-Z]+")


def found_in(tape: Tape, plain: dict[str, Any], more: Iterable[str]) -> dict[str, str]:
    """What stands for what. `plain` is the tape as JSON; `more` are further words that must go."""
    texts = list(_texts(plain))
    asked = {found for e in tape.exchanges for found in HOST.findall(e.send)}
    names = [name for text in texts for pair in _NAMED.findall(text) for name in pair if name]
    told = _words(names, lambda word: not word[0].islower())
    known = set(re.findall(r"[a-z]+", " ".join(_structure(plain))))
    told |= _words(_named(plain), lambda word: word not in known)
    told |= _words(more, lambda word: True)
    places = _hosts(texts, asked) | _addresses(texts)
    told |= dict.fromkeys(_companies(places, known))
    named = {word: f"Name{_letters(number)}" for number, word in enumerate(told, 1)}
    return places | _numbers(texts) | named


def _addresses(texts: list[str]) -> dict[str, str]:
    """What each address becomes. What only looks like one, the id of a mail, keeps what stands before the @."""
    swaps: dict[str, str] = {}
    found = dict.fromkeys(m.replace("%40", "@").lower() for text in texts for m in ADDRESS.findall(text))
    for number, address in enumerate((a for a in found if not a.endswith(f"@{DOMAIN}")), 1):
        before, _, domain = address.partition("@")
        if not domain.endswith(SERVICES) and not domain.endswith(DOMAIN):
            swaps[domain] = DOMAIN
        if not _is_id(before):
            swaps[address] = f"person{number}@{DOMAIN}"
        if "." in before and not _is_id(before):
            swaps[before] = f"person{number}"  # as it stands in links, and in the names of accounts
    return swaps


def _is_id(text: str) -> bool:
    return len(text) > 20 and any(character.isdigit() for character in text)


def _hosts(texts: list[str], asked: set[str]) -> dict[str, str]:
    """What the hosts of links become, and other hosts of the same domain; not those that were `asked`."""
    swaps: dict[str, str] = {}
    found = dict.fromkeys(host.lower() for text in texts for host in HOST.findall(text))
    for number, host in enumerate((h for h in found if h not in asked and not _known(h)), 1):
        if host.endswith(TEAMS):
            swaps[host] = f"team{number}.{DOMAIN}"
            continue
        swaps[host] = f"host{number}.{DOMAIN}"
        parent = ".".join(host.split(".")[-2:])
        if parent != host and not any(kept.endswith(parent) for kept in asked):
            swaps[parent] = DOMAIN
    return swaps


def _known(host: str) -> bool:
    if host.endswith(TEAMS):
        return host.removesuffix(TEAMS) in NO_TEAMS
    return host.endswith((*SERVICES, DOMAIN, ".invalid")) or host.replace(".", "").isdigit()


def _companies(places: Iterable[str], known: set[str]) -> Iterable[str]:
    """What the domains are called after, as prose writes it, and as names of channels do."""
    domains = {place.rpartition("@")[2] for place in places if "." in place.rpartition("@")[2]}
    for word in sorted({word for domain in domains for word in domain.split(".")[-2].split("-")}):
        if word.isalpha() and len(word) > 4 and word not in ("example", "invalid"):
            yield word.capitalize()
            if word not in known:
                yield word


def _numbers(texts: list[str]) -> dict[str, str]:
    phones = dict.fromkeys(m for text in texts for m in PHONE.findall(text) if not m.startswith(OUR_PHONES))
    machines = dict.fromkeys(m for text in texts for m in MACHINE.findall(text))
    foreign = [m for m in machines if not m.startswith((OUR_MACHINES, OURSELVES))]
    return {phone: f"{OUR_PHONES}{100 + number}" for number, phone in enumerate(phones)} | {
        machine: f"{OUR_MACHINES}{number % 255}" for number, machine in enumerate(foreign, 1)
    }


def _words(names: Iterable[str], private: Any) -> dict[str, None]:
    """The words of names: each becomes a word too, so that it fits wherever the name stood."""
    words = (w.strip("\"'.,()") for name in names for w in name.split() if "@" not in w)
    return dict.fromkeys(w for w in words if len(w) > 1 and not w.isdigit() and not _OURS.fullmatch(w) and private(w))


def _letters(number: int) -> str:
    """1 is a, 27 is aa."""
    return ("" if number <= 26 else _letters((number - 1) // 26)) + chr(97 + (number - 1) % 26)


def _named(value: Any) -> Iterable[str]:
    """What services call names of people; "name" only where it is that of a person's account."""
    if isinstance(value, dict):
        person = "profile" in value or "real_name" in value
        for key, inner in value.items():
            if isinstance(inner, str) and (key in _NAME_KEYS or (person and key == "name")):
                yield inner
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _structure(plain: dict[str, Any]) -> Iterable[str]:
    """What a tape says in words of Valet's own and of services: names of nodes, of tools, of permissions, of routes."""
    yield from (ADDRESS.sub("", exchange["send"].partition("?")[0]) for exchange in plain["exchanges"])
    for step in plain["steps"]:
        yield from step["path"]
        yield from (call["tool"] for call in step["calls"])
        yield from (call["tool"] for reply in step["model"] for call in reply["calls"])
        yield from (said["capability"] for said in step["permissions"])


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
