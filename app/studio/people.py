"""Everyone on the server, each with a Valet of their own: vault, ledger, grants, tasks and demo workspace.

Law: who somebody is comes from the server's authentication alone; nothing of one person is reached by another.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.models import ChatModels
from app.settings import Settings, load
from app.studio.keys import Keys, checked
from app.wiring import local_user, opened_accounts, parts_of
from graphs.parts import Parts

KEYS = "server-keys.json"
PEOPLE = "people"


@dataclass(frozen=True)
class Person:
    """One person's Valet, open; `graph` is compiled, without a checkpointer."""

    graph: Any
    parts: Parts
    models: ChatModels
    open: ExitStack


class People:
    """Whoever has asked for something since the server started. Safe to use from any thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[str, Person] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def keys(self) -> Keys:
        return Keys(self._settings.home / KEYS)

    def of(self, name: str) -> Person:
        """This person's Valet; opening it the first time blocks, so call it from a worker thread.

        Raises BadName, DeclarationError, StorageError, VaultError, WorkspaceError.
        """
        with self._locks[name]:
            if name not in self._open:
                self._open[name] = self._opened(name)
            return self._open[name]

    def _opened(self, name: str) -> Person:
        from graphs.assistant import assistant

        settings = self._settings.at(home_of(self._settings, name))
        with ExitStack() as opening:
            accounts = opening.enter_context(opened_accounts(settings, name))
            parts, models = parts_of(settings, accounts)
            return Person(assistant(parts).compile(name="valet"), parts, models, opening.pop_all())

    async def close(self) -> None:
        """Close everyone's."""
        while self._open:
            _, person = self._open.popitem()
            await person.models.close()
            await asyncio.to_thread(person.open.close)


def home_of(settings: Settings, name: str) -> Path:
    """The person who started the server has the data of the terminal; everyone else a folder of their own."""
    return settings.home if name == local_user() else settings.home / PEOPLE / checked(name)


@cache
def people() -> People:
    """Those of this process. Reads the settings; call it from a worker thread. Raises SettingsError."""
    return People(load(cwd=Path.cwd()))
