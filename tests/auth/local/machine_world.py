"""Programs on a token endpoint that answers as a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from auth.local.machine import Given, MachineBroker
from tests.auth.local.google_world import World


class Machines(NamedTuple):
    world: World
    broker: MachineBroker


def machines(world: World, connection: str, locate: Callable[[str], str], given: Given | None = None) -> MachineBroker:
    return MachineBroker(
        connection=connection,
        wire=world.wire,
        grants_kept=world.grants,
        audit=world.audit,
        clock=lambda: world.now,
        locate=locate,
        given=given,
    )
