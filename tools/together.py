"""Work of one call side by side, in threads. Law: at most IN_FLIGHT at a time, and a failure stays with its item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tools.errors import ToolError

IN_FLIGHT = 8
A = TypeVar("A")
B = TypeVar("B")


def each(
    items: Sequence[A], work: Callable[[A], B], tell: Callable[[int, int], None] = lambda done, total: None
) -> list[B | ToolError]:
    """`work` on every item in threads, in the order of `items`; a ToolError stands in its item's place.

    `tell` hears in the caller's thread how many are done, and of how many.
    """

    def attempt(item: A) -> B | ToolError:
        try:
            return work(item)
        except ToolError as error:
            return error

    done: list[B | ToolError] = []
    if not items:
        return done
    with ThreadPoolExecutor(max_workers=min(IN_FLIGHT, len(items)), thread_name_prefix="each") as pool:
        for answer in pool.map(attempt, items):
            done.append(answer)
            tell(len(done), len(items))
    return done


def beside(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Both at the same time, `first` in the caller's thread, where progress can be told.

    What `first` raises is raised before what `second` raises.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside") as pool:
        other = pool.submit(second)
        return first(), other.result()
