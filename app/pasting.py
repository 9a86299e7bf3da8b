"""Takes the address a browser was sent back to, pasted at the terminal while a permission is waited for.

Law: only complete lines are read, and only while something is waited for; what is typed afterwards is the next request.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.prompt import put
from auth.consent import ConsentError, Consents

if TYPE_CHECKING:
    from app.screen import Screen

LONGEST = 8192
WAITING = (
    "  Agree there, and this goes on by itself (Ctrl-C stops).\n"
    "  Where the browser cannot get back here, paste the address it ends up at."
)


class Pasting:
    """Reads the terminal from `begin` to `end`; `askings` are the ids of the questions that are open."""

    def __init__(self, screen: Screen, askings: Sequence[str]) -> None:
        self._screen, self._askings = screen, list(askings)
        self._ended, self._end = os.pipe()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        if self._thread is not None:
            self._thread.join()
        os.close(self._ended)
        os.close(self._end)

    def begin(self, consents: Consents, user: str) -> None:
        """Without a question to wait for, and where a terminal cannot be waited on, nothing is read."""
        if not self._askings:
            return
        put(WAITING)
        if os.name == "posix":
            self._thread = threading.Thread(target=self._read, args=(consents, user), daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Nothing is waited for any more. May be called again."""
        os.write(self._end, b".")

    def _read(self, consents: Consents, user: str) -> None:
        typed = sys.stdin.fileno()
        while self._ended not in (ready := select.select([typed, self._ended], [], [])[0]):
            line = os.read(typed, LONGEST) if typed in ready else b""
            if not line:
                return
            if (text := line.decode("utf-8", "replace").strip()) and (problem := self._taken(consents, user, text)):
                self._screen.error(f"{problem[:1].upper()}{problem[1:]}.", "Paste the address once more.")

    def _taken(self, consents: Consents, user: str, text: str) -> str:
        """Hand the address to the question it answers; gives what is wrong with it."""
        problems = []
        for asking in self._askings:
            try:
                consents.paste(user, asking, text)
            except ConsentError as error:
                problems.append(str(error))
            else:
                return ""
        return problems[0]
