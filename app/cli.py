"""Where the program begins and ends: picks the command, turns known errors into words and exit codes.

Law: importing this is cheap, and the way from here to the first prompt of a chat loads nothing heavy. Exit codes:
0 done, 1 a bug, 2 usage or settings, 3 waiting for a decision, 4 a service or the model failed, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

from app.later import put_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

INTERRUPTED, PIPE_CLOSED = 130, 141


def main() -> NoReturn:
    """The entry point. Leaves without taking the interpreter apart, which costs half a second once LangGraph is in."""
    put_off()
    argv = sys.argv[1:]
    code = _handed_over(argv)
    os._exit(completed(argv) if code is None else code)


def completed(argv: list[str]) -> int:
    """Run one command, and let out all that it printed; gives the exit code."""
    code = run(argv)
    for stream in (sys.stdout, sys.stderr):
        code = _flushed(stream, code)
    return code


def run(argv: list[str]) -> int:
    """Run one command; gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        return _dispatch(argv)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the outermost frame: what is not known is a bug, and told as one
        return ended(error)


def _handed_over(argv: list[str]) -> int | None:
    """The exit code where a process on standby carried the command out; None where it is to run here."""
    if argv[:1] not in (["ask"], ["brief"]):
        return None
    from app.standby.client import hand_over

    try:
        return hand_over(argv)
    except KeyboardInterrupt:  # before anything began
        sys.stderr.write("\n")
        return INTERRUPTED


def _dispatch(argv: list[str]) -> int:
    code = None
    if argv[:1] == ["chat"]:
        from app import chat

        code = chat.main(argv[1:])
    elif argv[:1] == ["ask"]:
        from app import ask

        code = ask.main(argv[1:])
    if code is not None:
        return code
    from app import commands

    return commands.run(argv)


def ended(error: Exception) -> int:
    """Say what ended the command; gives the exit code."""
    from app.settings import SettingsError, load
    from app.trouble import explained

    try:
        home = load(cwd=os.getcwd()).home_text  # noqa: PTH109 - see settings
    except (SettingsError, OSError):
        home = os.devnull
    trouble = explained(error, home)
    sys.stderr.write(f"valet: {trouble.what}\n" + (f"  next: {trouble.next}\n" if trouble.next else ""))
    return trouble.code


def _flushed(stream: TextIO, code: int) -> int:
    try:
        stream.flush()
    except BrokenPipeError:
        return PIPE_CLOSED
    return code
