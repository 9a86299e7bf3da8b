"""Everything printed: blocks, the streamed answer, progress, errors.

Law: texts of others are made plain first; colour carries meaning and is left out in a pipe and with NO_COLOR; what is
passing (progress, the unfinished line) is shown on a terminal only and leaves nothing behind.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from app import screen_blocks
from app.plain_text import visible
from app.screen_answer import READABLE, Answer
from app.screen_tones import ERROR, HINT, STYLES
from tools.view import Block, Tone

WIDEST = 120
QUIET_SECONDS = 0.4
LINES_SHOWN = 6
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@dataclass
class Work:
    """One piece of work under way; `total` is None where it is not known."""

    name: str
    text: str = ""
    done: int = 0
    total: int | None = None
    began: float = field(default_factory=time.monotonic)


class Screen:
    """Prints to `out`, and errors to `err` (`out`, if not given).

    What is passing goes to `side`, None where there is no terminal to show it on.
    """

    def __init__(self, out: Console, side: Console | None, err: Console | None = None) -> None:
        self.out = out
        self.side = side
        self._err = err or out
        self._live: Live | None = None
        self._work: dict[str, Work] = {}
        self._answer: Answer | None = None

    @property
    def width(self) -> int:
        return min(self.out.width, WIDEST)

    def short(self, text: str, most: int = 30) -> str:
        """A text on one line of at most so many columns, fit for a place where there is no more room."""
        line = visible(text)
        return line if cell_len(line) <= most else set_cell_size(line, most - 1) + "…"

    def show(self, blocks: Iterable[Block]) -> None:
        """Print blocks, each followed by an empty line."""
        for block in screen_blocks.drawn(tuple(blocks), self.width):
            self._print(block)
            self._print(Text())

    def draw(self, what: RenderableType) -> None:
        """Print something drawn already, of texts made plain."""
        self._print(what)

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Print a line of Valet's own."""
        self._print(Text(visible(text, lines=True), style=STYLES[tone]))

    def error(self, what: str, next: str = "", *, who: str = "") -> None:  # noqa: A002 - the house word for the next action
        """Print what failed and, below it, what to do next."""
        head = Text.assemble(("! ", ERROR), (f"{visible(who)}: " if who else "", ERROR), visible(what, lines=True))
        hint = [Padding(Text(visible(next, lines=True), style=HINT), (0, 0, 0, 2))] if next else []
        self._err.print(Trimmed(Group(head, *hint), min(self._err.width, WIDEST)), end="")

    def write(self, chunk: str, allowed: frozenset[str] = frozenset()) -> None:
        """Stream a piece of the answer; whole lines stay, the unfinished one is shown in passing.

        `allowed` are the addresses the person typed, which stay as they are.
        """
        self._answer = self._answer or Answer(allowed)
        for line in self._answer.feed(chunk):
            self._print(line, READABLE)
        self._watch()

    def end_answer(self) -> None:
        """Print what is left of the streamed answer."""
        if self._answer:
            rest, self._answer = self._answer.rest(), None
            for line in rest:
                self._print(line, READABLE)

    def working(self, key: str, name: str, text: str = "", done: int = 0, total: int | None = None) -> None:
        """Show in passing how far a piece of work has come."""
        work = self._work.setdefault(key, Work(name))
        work.text, work.done, work.total = text or work.text, done, total
        self._watch()

    def worked(self, key: str) -> None:
        """That piece of work has ended."""
        self._work.pop(key, None)

    @property
    def under_way(self) -> list[Work]:
        return list(self._work.values())

    def refresh(self) -> None:
        """Draw at once what is passing."""
        if self._live:
            self._live.refresh()

    def settle(self) -> None:
        """Take away everything that is passing."""
        self._work.clear()
        if self._live:
            self._live.stop()
            self._live = None

    def _watch(self) -> None:
        if self.side and not self._live:
            self._live = Live(console=self.side, transient=True, refresh_per_second=10, get_renderable=self._passing)
            self._live.start()

    def _passing(self) -> RenderableType:
        now = time.monotonic()
        slow = [work for work in self.under_way if now - work.began >= QUIET_SECONDS][:LINES_SHOWN]
        partial = [self._answer.passing()] if self._answer else []
        # Trimmed: a line as wide as the screen would leave no room for the ^C the terminal itself writes.
        return Trimmed(Group(*partial, *(self._progress(work, now) for work in slow)), self.width - 2)

    @staticmethod
    def _progress(work: Work, now: float) -> RenderableType:
        count = f" {work.done} of {work.total}" if work.total else f" {work.done}" if work.done else ""
        text = f" {visible(work.name)}{': ' if work.text else ''}{visible(work.text)}{count}"
        seconds = now - work.began
        tail = f"  {seconds:.0f} s" if seconds >= 2 else ""
        frame = FRAMES[int(now * 10) % len(FRAMES)]
        line = Text.assemble((frame, "cyan"), text, (tail, HINT), no_wrap=True, overflow="ellipsis")
        return Padding(line, (0, 0, 0, 2))

    def _print(self, what: RenderableType, widest: int = WIDEST) -> None:
        self.out.print(Trimmed(what, min(self.width, widest)), end="")


@dataclass(frozen=True)
class Trimmed:
    """A renderable without the blanks that only fill its lines, so that a pipe and a copied line hold none."""

    what: RenderableType
    width: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in console.render_lines(self.what, options.update(width=self.width), pad=False):
            kept = list(line)
            while kept and not kept[-1].text.rstrip(" "):
                kept.pop()
            if kept:
                last = kept.pop()
                kept.append(Segment(last.text.rstrip(" "), last.style, last.control))
            yield from kept
            yield Segment.line()


def terminal(colour: bool, out: TextIO | None = None, err: TextIO | None = None) -> Screen:
    """The screen for these streams (the process's own): in a pipe, progress and errors go to standard error."""
    main = _console(out or sys.stdout, colour)
    side = main if main.is_terminal else _console(err or sys.stderr, colour)
    return Screen(main, side if side.is_terminal and not side.is_dumb_terminal else None, side)


def errors(colour: bool = True) -> Screen:
    """A screen on standard error, for what ends a command."""
    return Screen(_console(sys.stderr, colour), None)


class _Outlet(Console):
    """One that leaves a closed pipe to the command, which ends as commands do."""

    def on_broken_pipe(self) -> None:
        """Raises BrokenPipeError."""
        self.quiet = True
        raise


def _console(stream: TextIO, colour: bool) -> Console:
    return _Outlet(
        file=stream, markup=False, emoji=False, highlight=False, no_color=not colour or None, soft_wrap=False
    )
