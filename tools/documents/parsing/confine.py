"""Takes from this process what a parser of foreign files does not need. Law: nothing of the file is read before.

What holds where. Everywhere: limits on memory, processor time, wall time and open files, no core dump, no byte written
to a file, and an audit hook that stops *Python* code from opening sockets, starting programs, writing files and
loading machine code; the environment is empty. The hook does not bind machine code: a parser library hijacked through
a memory fault passes it. On Linux (x86_64, aarch64) the kernel holds machine code too: seccomp denies sockets,
processes and programs; Landlock denies every file but the interpreter's and its libraries', for reading. macOS has
only the former, and does not keep the memory limit. `confine` says which of these hold.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import sysconfig
from typing import Any

from tools.documents.parsing import kernel
from tools.documents.parsing.parsed import Hold, Limits

_REFUSED = (
    "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.system", "os.kill", "pty.",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.putenv", "ctypes.", "shutil.", "ftplib.", "http.client.", "urllib.", "smtplib.", "webbrowser.",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OPEN_FILES = 32


def confine(limits: Limits) -> tuple[Hold, ...]:
    """Never to be undone in this process. What is imported later comes from the interpreter's own folders."""
    sys.dont_write_bytecode = True
    files = kernel.close_files(_libraries())
    network = kernel.close_network()
    _limit(limits)
    sys.addaudithook(_watch)
    held: dict[Hold, bool] = {"limits": True, "hook": True, "network": network, "files": files}
    return tuple(hold for hold, holds in held.items() if holds)


def _libraries() -> list[str]:
    """The folders of the standard library and of installed packages."""
    paths = sysconfig.get_paths()
    wanted = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return sorted(path for path in wanted if os.path.isdir(path))  # noqa: PTH112 - pathlib costs an import here


def _limit(limits: Limits) -> None:
    signal.alarm(limits.wall)
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_CPU, limits.processor, limits.processor + 2),
        (resource.RLIMIT_AS, limits.memory, limits.memory),
    ):
        _, given = resource.getrlimit(what)
        free = given == resource.RLIM_INFINITY
        resource.setrlimit(what, (soft, hard) if free else (min(soft, given), min(hard, given)))


def _watch(event: str, details: tuple[Any, ...]) -> None:
    if event == "open":
        flags = details[2] if len(details) > 2 and isinstance(details[2], int) else 0
        if flags & _WRITING:
            raise PermissionError(f"a parser may not write files: {event}")
    elif event.startswith(_REFUSED):
        raise PermissionError(f"a parser may not do this: {event}")
