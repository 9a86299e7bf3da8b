"""Shows a turn on a screen while it happens: progress, each result as it comes, the answer as it is written."""

from __future__ import annotations

from app.screen import Screen
from graphs.briefing import is_part
from graphs.parts import Result


class Shown:
    """The watcher of a turn for people. `spoke`: an answer has been begun since the last result."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._names: dict[str, str] = {}
        self.spoke = False

    def began(self, call: str, node: str, tool: str) -> None:
        self._names[call] = tool.replace("_", " ")
        self._screen.working(call, self._names[call])

    def progressed(self, call: str, text: str, done: int, total: int | None) -> None:
        self._screen.working(call, self._names.get(call, ""), text, done, total)

    def found(self, call: str, result: Result) -> None:
        self._settle(call)
        if not is_part(call):  # the parts of a briefing are shown on its one page
            self._screen.show(result.view)

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        self._settle(call)
        self._screen.error(what, next)
        self._screen.say("")

    def said(self, chunk: str, allowed: frozenset[str]) -> None:
        self.spoke = True
        self._screen.write(chunk, allowed)

    def _settle(self, call: str) -> None:
        self._screen.end_answer()
        self._screen.worked(call)
        self.spoke = False


class Silent:
    """The watcher for a program that reads the outcome: progress only, where somebody may be looking."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def began(self, call: str, node: str, tool: str) -> None:
        self._screen.working(call, tool.replace("_", " "))

    def progressed(self, call: str, text: str, done: int, total: int | None) -> None:
        self._screen.working(call, "", text, done, total)

    def found(self, call: str, result: Result) -> None:
        self._screen.worked(call)

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        self._screen.worked(call)

    def said(self, chunk: str, allowed: frozenset[str]) -> None:
        """Nothing: the answer is in the outcome."""
