"""Serves the tasks API on loopback. Law: the port is there at once, the cost is paid at the first request.

A connection made before the server is loaded waits in the socket's queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import sqlite3
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.storage_error import StorageError
from auth.local.vault_error import VaultError

if TYPE_CHECKING:
    import uvicorn

    from app.tasks.application import Application

BACKLOG = 128
Build = Callable[[str], "Application"]
"""Makes the application, told the origin it is served under."""


class TasksServer:
    """On 127.0.0.1, in a thread of its own that ends with the process. Raises OSError where the port is taken.

    `failure` says why it ended by itself, "" while it did not.
    """

    def __init__(self, build: Build, port: int = 0) -> None:
        self._build = build
        self.failure = ""
        self._listening = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
        self._ending, self._end = socket.socketpair()
        self.origin = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, name="tasks-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop accepting, break what is still open, and wait for the thread."""
        with contextlib.suppress(OSError):  # closed before
            self._end.send(b"!")
        self._thread.join()
        for sock in (self._listening, self._ending, self._end):
            sock.close()

    def _run(self) -> None:
        ready, _, _ = select.select([self._listening, self._ending], [], [])
        if self._ending in ready:
            return
        try:
            with contextlib.closing(self._build(self.origin)) as application:
                asyncio.run(self._serve(application))
        except (OSError, sqlite3.Error, StorageError, VaultError) as error:
            self.failure = str(error)
        finally:
            self._listening.close()  # else those who have connected would wait

    async def _serve(self, application: Application) -> None:
        """uvicorn's own loop wakes ten times a second to see whether to end; this waits for the word."""
        server = _uvicorn(application)
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[self._listening])
        self._ending.setblocking(False)
        await asyncio.get_running_loop().sock_recv(self._ending, 1)
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.gather(*server.server_state.tasks, return_exceptions=True)


def _uvicorn(application: Application) -> uvicorn.Server:
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            application.asgi,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # what strangers send is not to be told in the person's terminal
            access_log=False,
            server_header=False,
            date_header=False,
            backlog=BACKLOG,
            proxy_headers=False,
        )
    )
