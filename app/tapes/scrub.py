"""Puts made-up names, addresses, numbers and hosts in the place of real ones, everywhere on a tape, the same each time.

Law: a scrubbed tape still replays: what it expects is taken from a replay of what was scrubbed.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from app.tapes.bodies import raw
from app.tapes.private_words import ADDRESS, found_in
from app.tapes.tape import Tape

KEPT = ("tape", "source", "zone", "workspace", "model", "faults")
SOMEBODY = "person"
"""Whose tape it is: the name of an account of a machine is a name too."""
_ENCODED = re.compile(r"(?<![\w+/-])[\w+/-]{16,}", re.ASCII)
_WHOLE = re.compile(r"bytes 0-(\d+)/(\d+)")


def scrubbed(tape: Tape, more: Iterable[str] = ()) -> tuple[Tape, dict[str, str]]:
    """The tape under made-up names, and what stands for what. `more` are further words that must go."""
    plain = tape.model_dump(mode="json")
    swaps = found_in(tape, plain, more)
    changed = _changed(plain, _swapping(swaps)) if swaps else plain
    kept = {name: plain[name] for name in KEPT} | {"user": SOMEBODY}
    changed |= kept | {"exchanges": [_sized(one) for one in changed["exchanges"]]}
    return Tape.model_validate(changed), swaps


def _swapping(swaps: dict[str, str]) -> Callable[[str], str]:
    """What changes a text: each as it is, as it stands in URLs and in the heads of mails, and where base64 hides it."""
    forms = {quote(word, safe=""): quote(stand, safe="") for word, stand in swaps.items()}
    forms |= {quopri.encodestring(word.encode()).decode(): stand for word, stand in swaps.items()}
    forms |= {word.upper(): stand.upper() for word, stand in swaps.items() if word.isalpha() and len(word) > 3}
    forms |= swaps
    folded = {word.casefold(): stand for word, stand in forms.items()} | forms
    order = sorted(forms, key=len, reverse=True)
    pattern = re.compile("|".join(f"{_any_case(word)}(?![^\\W_])" for word in order))

    def plainly(text: str) -> str:
        return pattern.sub(lambda m: folded.get(m[0]) or folded[m[0].casefold()], text)

    return lambda text: plainly(_ENCODED.sub(lambda m: _hidden(m[0], plainly), text))


def _hidden(encoded: str, change: Callable[[str], str]) -> str:
    """The same with what it hides changed, where that is text."""
    standard = bool(set("+/") & set(encoded))
    try:
        filled = encoded + "=" * (-len(encoded) % 4)
        text = base64.b64decode(filled, altchars=b"+/" if standard else b"-_", validate=True).decode()
    except ValueError:
        return encoded
    now = change(text).encode()
    made = base64.b64encode(now) if standard else base64.urlsafe_b64encode(now)
    return encoded if now == text.encode() else made.decode().rstrip("=")


def _any_case(word: str) -> str:
    """An address in whatever case; a word as it is written, since it may be one of a language too."""
    written = f"(?i:{re.escape(word)})" if "." in word or "%" in word else re.escape(word)
    return f"(?:(?<![^\\W_])|(?<=%[0-9A-F][0-9A-F])){written}"


def _sized(exchange: dict[str, Any]) -> dict[str, Any]:
    """The exchange, saying the length its content has now where it is a whole file."""
    got = exchange["got"]
    whole = _WHOLE.fullmatch(got.get("content-range", ""))
    if whole is None or int(whole[1]) + 1 != int(whole[2]):
        return exchange
    length = len(raw(exchange["answer"]))
    return {**exchange, "got": {**got, "content-range": f"bytes 0-{length - 1}/{length}"}}


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key) if ADDRESS.search(key) else key: _changed(inner, change) for key, inner in value.items()}
    return [_changed(inner, change) for inner in value] if isinstance(value, list) else value
