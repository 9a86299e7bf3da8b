"""Puts made-up names and addresses in the place of real ones, everywhere on a tape, the same one each time.

Law: a scrubbed tape still replays: what it expects is taken from a replay of what was scrubbed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from app.tapes.tape import Tape

ADDRESS = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_NAMED = re.compile(r"\"?([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3})\"? (?:<|&lt;)([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_NAME_KEYS = frozenset({"displayName", "real_name", "real_name_normalized", "display_name", "display_name_normalized"})
KEPT = ("tape", "source", "zone", "workspace", "model", "faults")
_OURS = re.compile(r"Name[a-z]+")
DOMAIN = "scrubbed.example"
SERVICES = ("google.com", "googleapis.com", "gmail.com", "slack.com")
"""Hosts that requests go to, and that say nothing of a person."""


def scrubbed(tape: Tape, more: Iterable[str] = ()) -> tuple[Tape, dict[str, str]]:
    """The tape under made-up names, and what stands for what. `more` are further words that must go."""
    plain = tape.model_dump(mode="json")
    texts = list(_texts(plain))
    swaps = _addresses(texts) | _words([*more, *_names(plain, texts)])
    order = sorted(swaps, key=len, reverse=True)
    if not order:
        return tape, {}
    pattern = re.compile("|".join(f"{_any_case(word)}(?![^\\W_])" for word in order))
    folded = {word.casefold(): stand for word, stand in swaps.items()}
    changed = _changed(plain, lambda text: pattern.sub(lambda m: folded[m[0].casefold()], text))
    return Tape.model_validate(changed | {name: plain[name] for name in KEPT}), swaps


def _any_case(word: str) -> str:
    """An address in whatever case; a word as it is written, since it may be one of a language too."""
    written = f"(?i:{re.escape(word)})" if "." in word else re.escape(word)
    return f"(?:(?<![^\\W_])|(?<=%[0-9A-F][0-9A-F])){written}"


def _addresses(texts: list[str]) -> dict[str, str]:
    """What each address becomes, as it is and as it stands in a URL. What only looks like one, the id of a mail, keeps
    what stands before the @."""
    swaps: dict[str, str] = {}
    found = dict.fromkeys(m.replace("%40", "@").lower() for text in texts for m in ADDRESS.findall(text))
    for number, address in enumerate((a for a in found if not a.endswith(f"@{DOMAIN}")), 1):
        before, _, domain = address.partition("@")
        if not domain.endswith(SERVICES):
            swaps[domain] = DOMAIN
        if _is_id(before):
            continue
        swaps[address] = f"person{number}@{DOMAIN}"
        swaps[address.replace("@", "%40")] = f"person{number}%40{DOMAIN}"
    return swaps


def _is_id(text: str) -> bool:
    return len(text) > 20 and any(character.isdigit() for character in text)


def _words(names: list[str]) -> dict[str, str]:
    """What each word of a name becomes: a word too, so that it fits wherever the name stood."""
    words = dict.fromkeys(w.strip("\"'.,") for name in names for w in name.split())
    real = [w for w in words if len(w) > 1 and not w.isdigit() and not _OURS.fullmatch(w)]
    return {word: f"Name{_letters(number)}" for number, word in enumerate(real, 1)}


def _letters(number: int) -> str:
    """1 is a, 27 is aa."""
    return ("" if number <= 26 else _letters((number - 1) // 26)) + chr(97 + (number - 1) % 26)


def _names(value: Any, texts: list[str]) -> list[str]:
    """The names that stand beside an address, and those services call names of people."""
    return [name for text in texts for name, _ in _NAMED.findall(text)] + list(_named(value))


def _named(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _NAME_KEYS and isinstance(inner, str) and " " in inner.strip() and "@" not in inner:
                yield inner.strip()
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


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


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key) if ADDRESS.search(key) else key: _changed(inner, change) for key, inner in value.items()}
    return [_changed(inner, change) for inner in value] if isinstance(value, list) else value
