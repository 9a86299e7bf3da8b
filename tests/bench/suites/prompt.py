"""From launch to a prompt on a terminal, and the echo of keys typed while the rest still loads."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.figures import Row, interval, millis, ratio
from tests.bench.race import Answer, Begin, Lap, race
from tests.bench.runner import Bench

ABOUT = "launch to a prompt one can type at, keys typed while the rest loads"
ORDER = 5
KEYS = "the quick brown fox jumps over the lazy dog and types on and on"
EVERY = 0.02
PATIENCE = 20.0
VISIBLE_STALL = 100.0  # milliseconds; from there on a person sees it
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


def run(bench: Bench) -> Iterator[Row]:
    python, home = sys.executable, bench.folder / "prompt"
    home.mkdir()
    programs: dict[str, tuple[Sequence[str], str]] = {
        "valet chat": ((str(Path(python).with_name("valet")), "chat"), "\u203a "),
        "input()": ((python, "-c", "import readline; input('\u203a ')"), "\u203a "),
    }
    if bench.peers:
        programs["llm chat"] = ((str(bench.peers.python.with_name("llm")), "chat", "-m", "gpt-4o-mini"), "\n> ")
    env = {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "VALET_HOME": str(home), "LANG": "C.UTF-8",
        "TERM": "xterm", "NO_COLOR": "1", "OPENAI_API_KEY": "none", "LLM_USER_PATH": str(home / "llm"),
    }  # fmt: skip
    begun = {name: _begin(argv, prompt, env) for name, (argv, prompt) in programs.items()}
    laps = race(begun, bench.reps, bench.seed, lambda answer: str(answer.get("lost", "")))
    yield from _told(bench, laps)


def _begin(argv: Sequence[str], prompt: str, env: Mapping[str, str]) -> Begin:
    def once() -> Answer:
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        start = perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-S", "-c", TAKE_TERMINAL, *argv],
            stdin=theirs, stdout=theirs, stderr=theirs, env=dict(env), cwd=env["HOME"], start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        try:
            return _watched(ours, prompt.encode(), start)
        finally:
            process.kill()
            process.wait()
            os.close(ours)

    return once


def _watched(terminal: int, prompt: bytes, start: float) -> Answer:
    seen = b""
    while prompt not in seen.replace(b"\r", b""):
        if not select.select([terminal], [], [], PATIENCE)[0]:
            return {"error": f"no prompt came: {seen[-80:]!r}"}
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            return {"error": f"it ended: {seen[-120:]!r}"}
    at = perf_counter() - start
    echoes, echoed = _typed(terminal)
    lost = "" if echoed == KEYS else f"keys were lost: {echoed[-40:]!r}"
    return {"seconds": at, "cpu": 0.0, "echoes": echoes, "lost": lost}


def _typed(terminal: int) -> tuple[list[float], str]:
    """Type a key every 20 ms, whatever comes back; for each the seconds until its echo."""
    begin, sent, came, echoed = perf_counter(), list[float](), list[float](), b""
    while len(came) < len(KEYS) and perf_counter() - begin < len(KEYS) * EVERY + 3:
        now = perf_counter()
        if len(sent) < len(KEYS) and now >= begin + len(sent) * EVERY:
            sent.append(now)
            os.write(terminal, KEYS[len(sent) - 1].encode())
        due = begin + len(sent) * EVERY - perf_counter() if len(sent) < len(KEYS) else 0.05
        if select.select([terminal], [], [], max(0.0, due))[0]:
            chunk, now = os.read(terminal, 65536), perf_counter()
            letters = bytes(letter for letter in chunk if letter >= 32)
            echoed += letters
            came += [now] * len(letters)
    return [there - here for here, there in zip(sent, came, strict=False)], echoed.decode("utf-8", "replace")


def _told(bench: Bench, laps: dict[str, Lap]) -> Iterator[Row]:
    valet = laps["valet chat"]
    mine = valet.of("seconds")
    if not mine:
        yield Row("prompt", "launch to prompt", "", void=valet.void)
        return
    for name, least, pair in (("llm chat", 5.0, True), ("input()", None, False)):
        lap = laps.get(name)
        if lap is None or not lap.of("seconds"):
            yield Row(
                "prompt", "launch to prompt", millis(mine), name, note=bench.peers.why, void=lap.void if lap else ""
            )
            continue
        theirs = lap.of("seconds")
        ends = (theirs, mine) if pair else (mine, theirs)
        yield Row(
            "prompt", "launch to prompt", millis(mine), f"{name} {millis(theirs)}", ratio(*ends), interval(*ends),
            least=least, void=valet.void or lap.void,
        )  # fmt: skip
    longest = [max(answer["echoes"]) * 1000 for answer in valet.answers]
    every = sorted(echo * 1000 for answer in valet.answers for echo in answer["echoes"])
    note = (
        f"of {len(every)} keys half within {median(every):.2f} ms, 99 % within {every[len(every) * 99 // 100]:.1f} ms"
    )
    yield Row(
        "prompt", "slowest echo of a key", f"{median(longest):.1f} ms", "", max(longest), most=VISIBLE_STALL,
        unit=" ms", note=f"{note}; no key lost; the ratio column shows the worst run", void=valet.void,
    )  # fmt: skip
