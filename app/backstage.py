"""Gets Valet ready behind the prompt, and carries out work on one event loop in a thread of its own.

Law: the thread that owns the terminal never waits for an import; it only waits for work it asked for, and Ctrl-C there
cancels that work and nothing else.
"""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractAsyncContextManager
    from typing import Any, TypeVar

    from app.settings import Settings
    from app.wiring import Valet

    T = TypeVar("T")

PATIENCE_SECONDS = 5.0


class Stopped(Exception):
    """The person stopped the work with Ctrl-C; it has ended."""


class Backstage:
    """One wired Valet. Begins to get ready when it is made. `tape` records a thread on a file, as (file, thread)."""

    def __init__(self, settings: Settings, tape: tuple[str, str] | None = None) -> None:
        self._settings, self._tape = settings, tape
        self._up = threading.Event()
        self._failed: BaseException | None = None
        self._valet: Valet | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._live, name="backstage", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Is it wired, or has it failed to be?"""
        return self._up.is_set()

    @property
    def failed(self) -> bool:
        return self._failed is not None

    def wait(self) -> Valet:
        """The wired Valet. Raises what went wrong while it was got ready."""
        self._up.wait()
        if self._valet is None:
            raise self._failed or RuntimeError("Valet has been closed")
        return self._valet

    def perform(self, work: Callable[[Valet], Coroutine[Any, Any, T]]) -> T:
        """Do this on the loop and wait for it. Raises Stopped after Ctrl-C, once the work has let go."""
        import asyncio
        from contextlib import suppress

        valet, ended = self.wait(), threading.Event()

        async def told() -> T:
            try:
                return await work(valet)
            finally:
                ended.set()

        if self._loop is None:
            raise RuntimeError("Valet has been closed")
        future = asyncio.run_coroutine_threadsafe(told(), self._loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            with suppress(KeyboardInterrupt):  # pressed again: no more waiting
                ended.wait(PATIENCE_SECONDS)
            raise Stopped from None

    def close(self) -> None:
        """Close what was opened, and wait a moment for it. What is still loading is left to the end of the process."""
        if self.ready and self._loop and self._end and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(PATIENCE_SECONDS)

    def _live(self) -> None:
        try:
            import asyncio
            import gc

            gc.disable()  # while loading makes objects that stay; wiring ends it
            with asyncio.Runner() as runner:
                runner.run(self._stand_by())
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits, and raised there
            self._failed, self._valet = error, None
        finally:
            self._up.set()

    async def _stand_by(self) -> None:
        import asyncio

        from app import screen, turn  # noqa: F401 - loaded here, so that the first turn need not
        from app.wiring import wire

        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with self._recording() if self._tape else wire(self._settings) as valet:
            self._valet = valet
            self._up.set()
            await self._end.wait()

    def _recording(self) -> AbstractAsyncContextManager[Valet]:
        from pathlib import Path

        from app.tapes.recording import recorded

        file, thread = self._tape or ("", "")
        return recorded(self._settings, Path(file), thread)
