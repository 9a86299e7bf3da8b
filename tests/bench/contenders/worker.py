"""The loop of a contender: reads a command per line, answers with what it did, its time and its processor time."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Deed = Callable[[dict[str, Any]], Callable[[], dict[str, Any]]]
"""Prepares a command (not timed) and gives what is to be timed, which gives what it needs to be judged by."""


def loop(deeds: dict[str, Deed]) -> None:
    """Until standard input ends. What a deed prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        command = json.loads(line)
        out.write(json.dumps(_timed(deeds[command.pop("do")], command)) + "\n")
        out.flush()


def _timed(deed: Deed, command: dict[str, Any]) -> dict[str, Any]:
    judge: dict[str, Any] = {}
    try:
        timed = deed(command)
        gc.collect()
        cpu, start = time.process_time(), time.perf_counter()
        judge = timed()
        judge |= {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        late = judge.pop("late", None)  # what is only made to be judged, outside the time
        judge |= late() if late else {}
    except Exception as error:  # noqa: BLE001 - told to the runner, which voids the contender
        judge = {"error": f"{type(error).__name__}: {error}"[:300]}
    return judge
