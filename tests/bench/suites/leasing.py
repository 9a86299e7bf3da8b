"""What a permission costs: round trips and time of a lease that is held, one that is in the vault, and a fresh one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from app.demo.server import Running, serve
from app.storage import private_file
from auth.lease import Lease
from auth.local.keys import Beside, Ladder
from auth.local.vault import Vault
from auth.local.vault_grants import VaultGrants
from tests.auth.local.linking import MAIL, ME, Desk
from tests.bench.figures import Row
from tests.bench.runner import Bench
from tests.demo.little_office import Clock, open_office

ABOUT = "round trips and time of a lease"
ORDER = 9.5
TIMES = 200
HOUR = 3600.0


def run(bench: Bench) -> Iterator[Row]:
    folder = bench.folder / "leasing"
    folder.mkdir()
    with ExitStack() as stack:
        clock = Clock()
        workspace = stack.enter_context(closing(open_office(folder / "office.sqlite", clock)))
        running = stack.enter_context(serve(workspace))
        vault = stack.enter_context(closing(_vault(folder)))
        desk = _desk(running, clock, vault)
        desk.linked()
        costs = {
            "held": _cost(running, lambda: _lease(desk)),
            "of another process, in the vault": _cost(
                running, lambda: _lease(_desk(running, clock, vault)), TIMES // 10
            ),
        }
        fresh = _cost(running, lambda: _renewed(desk, clock), TIMES // 10)
    for what, (trips, seconds) in costs.items():
        note = f"{seconds * 1e6:.0f} µs, a fresh one {fresh[1] * 1e6:.0f} µs"
        yield Row(
            "leasing",
            f"round trips of a lease {what}",
            f"{trips:g}",
            f"fresh {fresh[0]:g}",
            trips,
            most=0,
            unit="",
            note=note,
        )


def _vault(folder: Path) -> Vault:
    return Vault.open(private_file(folder / "vault.db"), Ladder((Beside(folder),)))


def _desk(running: Running, clock: Clock, vault: Vault) -> Desk:
    """As a process that has just begun."""
    return Desk(running, clock, google=VaultGrants(vault, "demo", "google"))


def _lease(desk: Desk) -> None:
    found = desk.brokers.lease(ME, "", MAIL)
    if not isinstance(found, Lease):
        raise AssertionError(found)


def _renewed(desk: Desk, clock: Clock) -> None:
    clock.now += HOUR
    _lease(desk)


def _cost(running: Running, lease: Callable[[], None], times: int = TIMES) -> tuple[float, float]:
    """Round trips and seconds (median) of one; the first is not counted."""
    lease()
    before, taken = _trips(running), []
    for _ in range(times):
        start = time.perf_counter()
        lease()
        taken.append(time.perf_counter() - start)
    return (_trips(running) - before) / times, statistics.median(taken)


def _trips(running: Running) -> int:
    """Few enough requests are made here for the journal to keep them all."""
    return len(running.log)
