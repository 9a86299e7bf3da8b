"""Shows a turn on a screen while it happens: progress, each result as it comes, the answer as it is written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from app.echo import Echo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.screen import Screen
    from app.turn import Outcome
    from graphs.parts import Result
    from tools.view import Block


class Late:
    """A screen that is made when something is first shown on it, since what draws takes long to load."""

    def __init__(self, make: Callable[[], Screen]) -> None:
        self._make = make

    @cached_property
    def made(self) -> Screen:
        return self._make()

    def settle(self) -> None:
        """Take away what shows that work is under way, if anything was ever shown."""
        if "made" in self.__dict__:
            self.made.settle()


def _now(screen: Screen | Late) -> Screen:
    return screen.made if isinstance(screen, Late) else screen


class Shown:
    """The watcher of a turn for people. `spoke`: an answer has been begun since the last result.

    `at_work` is told when a call begins: then nobody is waited for any more.
    """

    def __init__(self, screen: Screen | Late, at_work: Callable[[], None] | None = None) -> None:
        self._given, self._at_work = screen, at_work
        self._echo = Echo()
        self._looked: list[Sequence[Block]] = []
        self._answer = ""
        self._names: dict[str, str] = {}
        self._allowed: frozenset[str] = frozenset()
        self.spoke = False

    @property
    def _screen(self) -> Screen:
        return _now(self._given)

    def began(self, call: str, node: str, tool: str) -> None:
        if self._at_work is not None:
            self._at_work()
        self._names[call] = tool.replace("_", " ")
        self._screen.working(call, self._names[call])

    def progressed(self, call: str, text: str, done: int, total: int | None) -> None:
        self._screen.working(call, self._names.get(call, ""), text, done, total)

    def found(self, call: str, result: Result) -> None:
        from graphs.briefing import is_part

        self._settle(call)
        if not is_part(call):  # the parts of a briefing are shown on its one page
            self._show(result.view)

    def looked(self, call: str, result: Result) -> None:
        """A look-up that nobody asked to see: what of it is shown, the answer tells."""
        self._settle(call)
        self._looked.append(result.view)

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        self._settle(call)
        self._screen.error(what, next)
        self._screen.say("")
        self._echo.failed(what, next)

    def said(self, chunk: str, allowed: frozenset[str]) -> None:
        self.spoke, self._allowed = True, allowed
        if self._looked:
            self._answer += chunk
        else:
            self._write(self._echo.heard(chunk))

    def ended(self, outcome: Outcome) -> None:
        """The turn is over, or waits: say the answer where that has not been done, and print what is left of it."""
        self._show_looked(outcome.answer)
        if outcome.answer and outcome.pending is None and not self.spoke:
            self.said(outcome.answer, frozenset())
        self._finish()

    def _show_looked(self, answer: str) -> None:
        """What was looked up, and then what was said meanwhile."""
        if self._looked:
            from app.looked import shown

            self._show(shown(self._looked, answer))
            self._looked = []
            self._write(self._echo.heard(self._answer))
            self._answer = ""

    def _show(self, blocks: Sequence[Block]) -> None:
        from tools.view import Note

        self._screen.show(blocks)
        self._echo.stands(block.text for block in blocks if isinstance(block, Note))

    def _settle(self, call: str) -> None:
        self._finish()
        self._screen.worked(call)
        self.spoke = False

    def _finish(self) -> None:
        self._write(self._echo.rest())
        self._screen.end_answer()

    def _write(self, text: str) -> None:
        if text:
            self._screen.write(text, self._allowed)


class Silent:
    """The watcher for a program that reads the outcome: progress only, where somebody may be looking."""

    def __init__(self, screen: Screen | Late) -> None:
        self._given, self._watched = screen, sys.stderr.isatty()

    def began(self, call: str, node: str, tool: str) -> None:
        if self._watched:
            _now(self._given).working(call, tool.replace("_", " "))

    def progressed(self, call: str, text: str, done: int, total: int | None) -> None:
        if self._watched:
            _now(self._given).working(call, "", text, done, total)

    def found(self, call: str, result: Result) -> None:
        if self._watched:
            _now(self._given).worked(call)

    looked = found

    def failed(self, call: str, tool: str, what: str, next: str) -> None:  # noqa: A002 - the house word
        if self._watched:
            _now(self._given).worked(call)

    def said(self, chunk: str, allowed: frozenset[str]) -> None:
        """Nothing: the answer is in the outcome."""
