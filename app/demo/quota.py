"""How much a user may ask for: units per minute, and requests in flight at once."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil

WINDOW = 60.0
GMAIL_UNITS: Mapping[str, int] = {
    "gmail.users.getProfile": 1,
    "gmail.users.watch": 100,
    "gmail.users.stop": 50,
    "gmail.users.history.list": 2,
    "gmail.users.labels.list": 1,
    "gmail.users.labels.get": 1,
    "gmail.users.labels.create": 5,
    "gmail.users.labels.update": 5,
    "gmail.users.labels.patch": 5,
    "gmail.users.labels.delete": 5,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "gmail.users.messages.attachments.get": 20,
    "gmail.users.messages.modify": 5,
    "gmail.users.messages.untrash": 5,
    "gmail.users.messages.delete": 10,
    "gmail.users.messages.trash": 20,
    "gmail.users.messages.insert": 25,
    "gmail.users.messages.import": 25,
    "gmail.users.messages.batchModify": 50,
    "gmail.users.messages.batchDelete": 50,
    "gmail.users.messages.send": 100,
    "gmail.users.threads.list": 10,
    "gmail.users.threads.get": 40,
    "gmail.users.threads.modify": 10,
    "gmail.users.threads.trash": 20,
    "gmail.users.threads.untrash": 10,
    "gmail.users.threads.delete": 20,
    "gmail.users.drafts.list": 5,
    "gmail.users.drafts.get": 20,
    "gmail.users.drafts.create": 10,
    "gmail.users.drafts.update": 15,
    "gmail.users.drafts.delete": 10,
    "gmail.users.drafts.send": 100,
}
DRIVE_UNITS: Mapping[str, int] = {
    "drive.files.list": 100,
    "drive.files.get?alt=media": 200,
    "drive.files.export": 200,
    "drive.files.export?alt=media": 200,
    "drive.files.download": 200,
    "drive.files.create": 50,
    "drive.files.update": 50,
    "drive.files.copy": 50,
    "drive.files.delete": 50,
}
DRIVE_OTHER = 5  # what every other Drive method costs


@dataclass(frozen=True)
class Limits:
    """What one user may ask for; None = without end. `clock` counts seconds and never goes back."""

    gmail_units_per_minute: int | None = 6_000
    calendar_requests_per_minute: int | None = 600
    drive_units_per_minute: int | None = 325_000
    in_flight: int | None = 50
    clock: Callable[[], float] = time.monotonic


@dataclass
class _Account:
    spent: deque[tuple[float, int]] = field(default_factory=deque)
    total: int = 0
    in_flight: int = 0


class Quota:
    """The ledger of one service: what each user asked for in the last minute, and what is being answered."""

    def __init__(
        self, per_minute: int | None, limits: Limits, units: Mapping[str, int] | None = None, *, other: int = 1
    ) -> None:
        self._per_minute = per_minute
        self._limits = limits
        self._units = units or {}
        self._other = other
        self._accounts: dict[str, _Account] = {}
        self._lock = threading.Lock()

    def charge(self, user: str, method: str) -> int:
        """Book one call; 0, or the whole seconds to wait when there is not enough left (nothing is booked then)."""
        if self._per_minute is None:
            return 0
        units = self._units.get(method, self._other)
        now = self._limits.clock()
        with self._lock:
            account = self._accounts.setdefault(user, _Account())
            while account.spent and account.spent[0][0] <= now - WINDOW:
                account.total -= account.spent.popleft()[1]
            if account.total + units > self._per_minute:
                return self._wait(account, units, now)
            account.spent.append((now, units))
            account.total += units
            return 0

    def _wait(self, account: _Account, units: int, now: float) -> int:
        missing = account.total + units - (self._per_minute or 0)
        for moment, spent in account.spent:
            missing -= spent
            if missing <= 0:
                return max(1, ceil(moment + WINDOW - now))
        return int(WINDOW)

    def enter(self, user: str) -> bool:
        """Take one of the user's places in flight; False when all are taken."""
        with self._lock:
            account = self._accounts.setdefault(user, _Account())
            if self._limits.in_flight is not None and account.in_flight >= self._limits.in_flight:
                return False
            account.in_flight += 1
            return True

    def leave(self, user: str) -> None:
        with self._lock:
            self._accounts[user].in_flight -= 1
