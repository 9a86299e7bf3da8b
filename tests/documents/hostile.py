"""Stands in for the parsing program, with parsers that misbehave, each in one way named as the kind."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tools.documents.parsing import child
from tools.documents.parsing.parsed import Parsed, Passage, Wanted

WAYS = (
    "loop", "deaf", "eat", "crash", "connect", "native_connect", "lookup", "write", "native_write", "read",
    "native_read", "run", "fork", "shout", "environment", "flood", "lie", "recurse",
)  # fmt: skip
LIBC = ctypes.CDLL(None)
MAKE_SOCKET, OPEN, FORK, FILL = LIBC.socket, LIBC.open, LIBC.fork, LIBC.memset  # found before finding is refused


def main() -> None:
    child.main({way: f"hostile:{way}" for way in WAYS})


def said(*words: object) -> Parsed:
    return Parsed("text", total=1, last=1, passages=(Passage(1, text=" ".join(map(str, words))),))


def loop(data: bytes, wanted: Wanted) -> Parsed:
    while True:
        data = data[1:] + data[:1]


def deaf(data: bytes, wanted: Wanted) -> Parsed:
    signal.alarm(0)
    time.sleep(600)
    return said("awake")


def eat(data: bytes, wanted: Wanted) -> Parsed:
    return said(len([bytes(64 * 1024 * 1024) for _ in range(64)]))


def crash(data: bytes, wanted: Wanted) -> Parsed:
    return said(FILL(None, 0, 8))


def recurse(data: bytes, wanted: Wanted) -> Parsed:
    return recurse(data, wanted)


def _refused(action: object, *given: object) -> Parsed:
    """What came of trying: the error's name, or that it worked."""
    try:
        action(*given)  # type: ignore[operator]
    except OSError as error:
        return said(type(error).__name__, error.errno)
    return said("done")


def connect(data: bytes, wanted: Wanted) -> Parsed:
    return _refused(socket.create_connection, ("127.0.0.1", int(data)))


def lookup(data: bytes, wanted: Wanted) -> Parsed:
    return _refused(socket.getaddrinfo, "localhost", 80)


def native_connect(data: bytes, wanted: Wanted) -> Parsed:
    return said(MAKE_SOCKET(2, 1, 0), MAKE_SOCKET(1, 1, 0), MAKE_SOCKET(2, 2, 0))


def write(data: bytes, wanted: Wanted) -> Parsed:
    return _refused(Path(data.decode()).write_text, "mine")


def native_write(data: bytes, wanted: Wanted) -> Parsed:
    return said(OPEN(data, os.O_WRONLY | os.O_CREAT, 0o600))


def read(data: bytes, wanted: Wanted) -> Parsed:
    return _refused(Path(data.decode()).read_text)


def native_read(data: bytes, wanted: Wanted) -> Parsed:
    return said(OPEN(data, os.O_RDONLY))


def run(data: bytes, wanted: Wanted) -> Parsed:
    return _refused(subprocess.run, [sys.executable, "-c", "1"])


def fork(data: bytes, wanted: Wanted) -> Parsed:
    return said(FORK())


def shout(data: bytes, wanted: Wanted) -> Parsed:
    sys.stdout.write("{}")
    sys.stdout.flush()
    os.write(1, b"not JSON")
    return said("quiet")


def environment(data: bytes, wanted: Wanted) -> Parsed:
    return said(sorted(set(os.environ) - {"LC_CTYPE"}), Path.cwd(), sys.flags.isolated)


def flood(data: bytes, wanted: Wanted) -> Parsed:
    return said("x" * (60 * 1024 * 1024))


def lie(data: bytes, wanted: Wanted) -> Parsed:
    return Parsed("text", passages=("no passage",))  # type: ignore[arg-type]
