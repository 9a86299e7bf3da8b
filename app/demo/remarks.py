"""What the doubles noticed beside their answers: misuse a real service would let pass, and a tenant's own log."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal

LONGEST = 1000


@dataclass(frozen=True)
class Remark:
    """A violation is something no client may do though it is answered; an event is a line of a service's log."""

    kind: Literal["violation", "event"]
    service: str
    text: str


class Remarks:
    """The last remarks, oldest first; never a secret."""

    def __init__(self) -> None:
        self._remarks: deque[Remark] = deque(maxlen=LONGEST)
        self._lock = threading.Lock()

    def violation(self, service: str, text: str) -> None:
        self._add(Remark("violation", service, text))

    def event(self, service: str, text: str) -> None:
        self._add(Remark("event", service, text))

    def _add(self, remark: Remark) -> None:
        with self._lock:
            self._remarks.append(remark)

    def listed(self, kind: Literal["violation", "event"] | None = None) -> list[Remark]:
        with self._lock:
            return [remark for remark in self._remarks if kind in (None, remark.kind)]
