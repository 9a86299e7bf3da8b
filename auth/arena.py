"""How the process takes memory from the system. Law: a hint, and no more: without it everything goes on as well.

Threads that read hold the interpreter by turns, so that arenas of their own (mallopt(3)) win them nothing; and each of
those gives megabytes back to the system after every answer, only to have them cleared and handed out anew for the next.
"""

from __future__ import annotations

import sys
from functools import cache

M_ARENA_MAX = -8
"""Of malloc.h, in the GNU C library."""


@cache
def one_arena() -> None:
    """All threads begun from now on share one."""
    if sys.platform != "linux":
        return
    import ctypes  # here: 7 ms

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
