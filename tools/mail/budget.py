"""The service's units per minute as a budget, one per account, kept in the node's memory between calls and processes.

Law: what is taken is booked before it is asked for; nobody waits in here.
"""

import re
import threading
import time
from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from tools.base import Memory

UNITS_PER_MINUTE = 6_000
"""Gmail's limit for one user of a project, by its usage limits page of May 2026."""
WINDOW = 61.0
"""Seconds until what was booked is free again: a minute, and the way to the service."""
KEY = "units 1"
_COSTS = (
    (re.compile(r"/threads/"), 40),
    (re.compile(r"/messages/"), 20),
    (re.compile(r"/threads"), 10),
    (re.compile(r"/messages"), 5),
    (re.compile(r"/history"), 2),
)
_SPENT = TypeAdapter(list[tuple[float, int]])
_LOCK = threading.Lock()


def cost(path: str) -> int:
    """Units of one GET, by the same page."""
    where = path.partition("?")[0]
    return next((units for pattern, units in _COSTS if pattern.search(where)), 1)


class Budget:
    """What an account may still ask for in this minute. `clock` gives seconds, the same in every process."""

    def __init__(self, memory: Memory, *, clock: Callable[[], float] = time.time, limit: int = UNITS_PER_MINUTE):
        self._memory, self._clock, self._limit = memory, clock, limit
        self._spent: list[tuple[float, int]] = []

    @property
    def left(self) -> int:
        """Units free now."""
        with _LOCK:
            return self._limit - sum(units for _, units in self._booked())

    def take(self, units: int) -> bool:
        """Book the units; False, and nothing booked, when they are not free."""
        with _LOCK:
            spent = self._booked()
            if sum(used for _, used in spent) + units > self._limit:
                return False
            self._spent = [*spent, (self._clock(), units)]
            self._memory.put(KEY, _SPENT.dump_json(self._spent))
            return True

    def book(self, units: int) -> None:
        """Book what has to be asked for in any case."""
        with _LOCK:
            self._spent = [*self._booked(), (self._clock(), units)]
            self._memory.put(KEY, _SPENT.dump_json(self._spent))

    def wait(self, units: int) -> float:
        """Seconds until so many units, at most a whole minute's, are free."""
        with _LOCK:
            spent, now = self._booked(), self._clock()
        missing = sum(used for _, used in spent) + min(units, self._limit) - self._limit
        for moment, used in spent:
            if missing <= 0:
                break
            missing -= used
            if missing <= 0:
                return max(0.0, moment + WINDOW - now)
        return 0.0

    def _booked(self) -> list[tuple[float, int]]:
        """What was booked within the window, oldest first."""
        raw = self._memory.get(KEY)
        spent = self._spent
        if raw is not None:
            try:
                spent = _SPENT.validate_json(raw)
            except ValidationError:
                spent = []
        now = self._clock()
        return [(moment, units) for moment, units in spent if now - WINDOW < moment <= now + WINDOW and units > 0]
