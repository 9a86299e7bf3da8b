"""Which conversations wait with which questions. Law: a question is closed by the last conversation that shows it."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class Asked:
    """The open questions of one person, by conversation. Safe to use from any thread."""

    def __init__(self) -> None:
        self._shown: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def show(self, thread: str, asking: str) -> None:
        """This conversation shows the question."""
        with self._lock:
            self._shown.setdefault(thread, set()).add(asking)

    def leave(self, thread: str, askings: Iterable[str] | None = None) -> set[str]:
        """This conversation shows these no longer, without `askings` none of its; gives those that none shows now."""
        with self._lock:
            mine = self._shown.pop(thread, set())
            left = mine if askings is None else mine & {*askings}
            if mine - left:
                self._shown[thread] = mine - left
            return left.difference(*self._shown.values())
