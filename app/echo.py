"""What of an answer the screen says already.

Law: a failure that stands above is not told again, and an answer of which every line stands above is left out; word for
word, in the same turn, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGN = re.compile(r"^([-*+•]|\d{1,3}[.)])(\s+|$)")


class Echo:
    """Passes a streamed answer on, and holds back what may be an echo for as long as that is open."""

    def __init__(self) -> None:
        self._above: set[str] = set()
        self._fresh = _Fresh()
        self._held = ""
        self._own = False

    def stands(self, texts: Iterable[str]) -> None:
        """These are on the screen now."""
        self._above |= {_plain(line) for text in texts for line in text.split("\n")} - {""}

    def failed(self, what: str, next: str) -> None:  # noqa: A002 - the house word for the next action
        """This failure is told now."""
        self._fresh.told |= {_plain(what), _plain(f"{what} {next}")}

    def heard(self, chunk: str) -> str:
        """What is to be printed after this piece of the answer: nothing yet, or all that was held back."""
        return self._passed(self._fresh.heard(chunk))

    def rest(self) -> str:
        """What is to be printed at the answer's end; what is heard next is another answer."""
        given = self._passed(self._fresh.rest())
        echo = all(map(self._stands, self._held.split("\n")))
        given, self._held, self._own = given + ("" if echo else self._held), "", False
        return given

    def _passed(self, text: str) -> str:
        self._held += text
        if not self._own:
            *whole, last = self._held.split("\n")
            begun = _plain(last).rstrip("*")
            open_ = not begun or any(one.startswith(begun) for one in self._above)
            self._own = not (open_ and all(map(self._stands, whole)))
        given, self._held = (self._held, "") if self._own else ("", self._held)
        return given

    def _stands(self, line: str) -> bool:
        plain = _plain(line)
        return not plain or plain in self._above


class _Fresh:
    """A text without the lines that are `told`, and without the empty line behind each."""

    def __init__(self) -> None:
        self.told: set[str] = set()
        self._line = ""
        self._begun = self._dropped = False

    def heard(self, chunk: str) -> str:
        *whole, last = (self._line + chunk).split("\n")
        kept = "".join(map(self._kept, whole))
        waits = not self._begun and any(one.startswith(_plain(last)) for one in self.told)
        self._line, self._begun = (last, False) if waits else ("", bool(last) or self._begun)
        return kept if waits else kept + last

    def rest(self) -> str:
        line, self._line = self._line, ""
        given = "" if _plain(line) in self.told else line
        self._begun = self._dropped = False
        return given

    def _kept(self, line: str) -> str:
        """A line that has ended, or its end where it was begun before."""
        told = not self._begun and (_plain(line) in self.told or (self._dropped and not line.strip()))
        self._begun, self._dropped = False, told and bool(line.strip())
        return "" if told else f"{line}\n"


def _plain(line: str) -> str:
    """A line without the sign of a list, without what Markdown sets, its blanks made one."""
    return " ".join(_SIGN.sub("", line.strip()).replace("**", "").replace("`", "").split())
