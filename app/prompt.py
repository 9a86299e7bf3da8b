"""The line the person types on: editing, history, several lines.

Law: nothing here is slow, because the first prompt waits for it; the history is private (0600).
"""

# pathlib would cost the prompt 8 ms:
# ruff: noqa: PTH103, PTH120, PTH123

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

KEPT = 1000
LONGEST = 2000


class Prompt:
    """Reads requests. `history` is the file they are kept in, `words` what Tab completes at the start of a line."""

    def __init__(self, history: str, *, colour: bool, words: Sequence[str] = ()) -> None:
        self._file = history
        self._words = tuple(words)
        self.live = sys.stdin.isatty() and sys.stdout.isatty()
        self._sign, self._more = _signs(colour) if self.live else ("", "")
        self._readline = _readline() if self.live else None
        if self._readline:
            self._set_up(self._readline)

    def ask(self) -> str | None:
        """One request, of one or several lines; None when the person leaves (Ctrl-D, Ctrl-C twice)."""
        warned = False
        while True:
            try:
                request = self._lines()
            except EOFError:
                if self.live:
                    put()
                return None
            except KeyboardInterrupt:
                had_text = bool(self._readline and self._readline.get_line_buffer())
                if warned and not had_text:
                    put()
                    return None
                warned = not had_text
                put("" if had_text else "  (Ctrl-C again, or Ctrl-D, leaves)")
                continue
            warned = False
            if request.strip():
                self._keep(request)
                return request

    def _lines(self) -> str:
        """One line, and the next ones for as long as a line ends with a backslash."""
        lines = [input(self._sign)]
        while lines[-1].endswith("\\"):
            lines[-1] = lines[-1][:-1]
            lines.append(input(self._more))
        return "\n".join(lines)

    def _set_up(self, readline: ModuleType) -> None:
        readline.parse_and_bind("set enable-bracketed-paste on")
        readline.parse_and_bind("tab: complete")
        readline.set_completer_delims(" ")
        readline.set_completer(self._complete)
        for line in _read(self._file):
            readline.add_history(line)

    def _complete(self, text: str, state: int) -> str | None:
        begun = self._readline.get_line_buffer() if self._readline else ""
        fitting = [word for word in self._words if begun.startswith("/") and word.startswith(begun)]
        return f"{fitting[state]} " if state < len(fitting) else None

    def _keep(self, request: str) -> None:
        """Add a request to the history file, on one line; a folder that cannot be written costs the history only."""
        if not self.live:
            return
        line = " ".join(request.split())[:LONGEST]
        try:
            os.makedirs(os.path.dirname(self._file), mode=0o700, exist_ok=True)
            with open(
                os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8"
            ) as kept:
                kept.write(line.encode("utf-8", "replace").decode() + "\n")
        except OSError:
            self._file = os.devnull


def put(text: str = "", end: str = "\n") -> None:
    """Print before there is a screen."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def forget_typed() -> None:
    """Drop what was typed before a question was on the screen: nobody agrees to what they have not seen."""
    try:
        from termios import TCIFLUSH, tcflush
    except ImportError:  # not everywhere
        return
    if sys.stdin.isatty():
        tcflush(sys.stdin, TCIFLUSH)


def _read(path: str) -> list[str]:
    """The newest lines of the history; the file is cut when it has grown to twice that."""
    try:
        with open(path, encoding="utf-8", errors="replace") as kept:
            lines = kept.read().splitlines()
        if len(lines) > 2 * KEPT:
            with open(path, "w", encoding="utf-8") as kept:
                kept.write("".join(f"{line}\n" for line in lines[-KEPT:]))
    except OSError:
        return []
    return lines[-KEPT:]


def _readline() -> ModuleType | None:
    try:
        import readline
    except ImportError:
        return None
    return readline


def _signs(colour: bool) -> tuple[str, str]:
    """The prompt and the one for further lines; \\001 and \\002 tell readline what takes no room."""
    first, more = ("› ", "… ") if "utf" in (sys.stdout.encoding or "").lower() else ("> ", ". ")
    if not colour:
        return first, more
    return f"\001\x1b[1;36m\002{first}\001\x1b[0m\002", f"\001\x1b[2m\002{more}\001\x1b[0m\002"
