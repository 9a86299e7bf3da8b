"""Hands a command over to the process on standby, if there is one, and ends as it ended there.

Law: what has begun there is never run here as well; before it has begun, whatever is amiss means: by itself, silently.
What would read from the terminal runs by itself, because only there does the terminal know whose turn it is.
"""

# pathlib would cost the command 8 ms:
# ruff: noqa: PTH109

from __future__ import annotations

import os
import sys

from app.standby import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket
    from collections.abc import Callable, Mapping, Sequence

PATIENCE_SECONDS = 0.3
READ_AT_LOADING = (
    b"ANDROID_DATA", b"AZURE_OPENAI_ENDPOINT", b"CLOUDSDK_CONTEXT_AWARE_", b"DEFER_PYDANTIC_BUILD", b"GLIBC_",
    b"GOOGLE_API_", b"LANGCHAIN_", b"LANGGRAPH_", b"LANGSMITH_", b"LD_", b"MALLOC_", b"OPENAI_API_TYPE",
    b"OPENAI_API_VERSION", b"OPENAI_LOG", b"OPENSSL_", b"PYDANTIC_", b"PYPARSING", b"PYTHON", b"PY_SAX_PARSER",
    b"SSLKEYLOGFILE", b"TYPER_", b"UNIXCONFDIR", b"UNIXUSRLIBDIR", b"_PYTHON",
)  # fmt: skip
"""Names, or how they begin, that the interpreter or a library reads once, while it is loaded: too late for a child."""
TAKEN_OVER = frozenset({b"PYTHONDONTWRITEBYTECODE", b"PYTHONUNBUFFERED"})
"""Of those, the ones a child does catch up with."""


def hand_over(argv: list[str]) -> int | None:
    """The exit code of this command, carried out by the standby; None where it is to run by itself."""
    from app import settings

    try:
        home = settings.home(os.getcwd())
    except (settings.SettingsError, OSError):
        return None  # the command says it
    path = place.listening(home)
    if path is None or sys.platform != "linux":
        return None
    environment = settings.environment()
    if why_by_itself(argv, home, environment):
        return None
    try:
        message, here = _message(argv, environment), os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        return _carried_out(path, message, (0, 1, 2, here))
    finally:
        os.close(here)


def why_by_itself(argv: list[str], home: str, environment: Mapping[bytes, bytes]) -> str:
    """Why a child of the standby would be another place to run this than here; "" where it would not."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        return "a standard stream is closed"
    if sys.warnoptions or sys._xoptions:
        return "the interpreter has options of its own"
    early = [name for name in environment if name.startswith(READ_AT_LOADING) and name not in TAKEN_OVER]
    if early:
        return f"{os.fsdecode(min(early))} is set, which is read while a program is loaded"
    if "-" in argv and sys.stdin.isatty():
        return "the request is typed at the terminal"
    return "the vault asks for its passphrase" if _asks_for_passphrase(home) else ""


def _asks_for_passphrase(home: str) -> bool:
    from app import settings, unlock

    if not unlock.locked(home):
        return False
    try:
        return settings.load(cwd=os.getcwd()).vault_passphrase is None
    except (settings.SettingsError, OSError):
        return True


def _message(argv: list[str], environment: Mapping[bytes, bytes]) -> bytes:
    """Raises OSError where the system does not say who we are."""
    mask = os.umask(0o077)
    os.umask(mask)
    streams = [text for stream in (sys.stdin, sys.stdout, sys.stderr) for text in (stream.encoding, stream.errors)]
    words = [os.fsencode(word) for word in (sys.argv[0], *argv)]
    facts = [place.REQUEST, place.identity(), b"%o" % mask, *(str(text).encode() for text in streams)]
    return place.packed([*facts, b"%d" % len(words), *words, *(b"%s=%s" % pair for pair in environment.items())])


def _carried_out(path: str, message: bytes, files: Sequence[int]) -> int | None:
    """`files`: standard input, output and error, and the working directory."""
    import _socket

    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        if not _answered(line, path, message, files):
            return None
        return _begun(line)
    finally:
        line.close()


def _answered(line: socket, path: str, message: bytes, files: Sequence[int]) -> bool:
    """Has a child of our own standby taken over everything, and waits for the word to begin?"""
    import _socket
    from time import monotonic

    end = monotonic() + PATIENCE_SECONDS
    rights = b"".join(file.to_bytes(4, sys.byteorder) for file in files)
    line.settimeout(PATIENCE_SECONDS)
    try:
        line.connect(path)
        credentials = line.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, place.CREDENTIALS)
        if place.owner(credentials)[1] != os.getuid():
            return False
        if line.recv(1) != place.HERE:
            return False  # files in a message that nobody takes would stay open
        sent = line.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
        line.sendall(message[sent:])
        line.settimeout(max(end - monotonic(), 0.001))
        return line.recv(1) == place.READY
    except OSError:
        return False


def _begun(line: socket) -> int | None:
    """Give the word to begin, pass on signals, and end as it ended."""
    import _signal as signals  # type: ignore[import-not-found]  # `signal` would cost the command 4 ms

    passed_on = (signals.SIGINT, signals.SIGTERM, signals.SIGHUP, signals.SIGQUIT, signals.SIGTSTP)
    heard = [number for number in passed_on if signals.getsignal(number) != signals.SIG_IGN]
    blocked = signals.pthread_sigmask(signals.SIG_BLOCK, heard)
    before = [signals.signal(number, _passing_on(line, signals.SIGTSTP, signals.SIGCONT)) for number in heard]
    line.settimeout(None)
    try:
        line.sendall(place.GO)
    except OSError:
        for number, action in zip(heard, before, strict=True):
            signals.signal(number, action)
        return None
    finally:
        signals.pthread_sigmask(signals.SIG_SETMASK, blocked)
    how, number = _ending(line)
    if how == place.EXITED:
        return number
    if how != place.KILLED:
        sys.stderr.write(
            "valet: The standby ended in the middle of this.\n"
            "  next: `valet receipts` shows what was changed; nothing is done a second time by itself.\n"
        )
        return 1
    if number in heard:
        signals.signal(number, signals.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number


def _ending(line: socket) -> tuple[bytes, int]:
    """How the child ended: EXITED with a code, KILLED by a signal, or b"" where the standby ended before it."""
    told = b""
    try:
        while len(told) < 2 and (more := line.recv(2 - len(told))):
            told += more
    except OSError:
        return b"", 0
    return (told[:1], told[1]) if len(told) == 2 else (b"", 0)


def _passing_on(line: socket, stop: int, go_on: int) -> Callable[[int, object], None]:
    """What happens at a signal: the child gets it; stopped from the keyboard, we stop too, and go on together."""
    import _signal as signals

    def tell(number: int) -> None:
        try:
            line.send(bytes([number]))
        except OSError:
            return  # the standby has ended, and whoever waits for its word is told

    def pass_on(number: int, frame: object) -> None:
        tell(number)
        if number == stop:
            os.kill(os.getpid(), signals.SIGSTOP)
            tell(go_on)

    return pass_on
