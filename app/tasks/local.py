"""The tasks API of this machine: where its file and keys are, and what a demo workspace puts into it.

Law: tasks of a demo workspace and one's own never stand in one file; both are encrypted with keys of the vault.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage_seal import VaultSeal
from app.tasks.keys import VaultKeys
from app.tasks.server import TasksServer

if TYPE_CHECKING:
    from app.tasks.application import Application
    from auth.local.vault import Vault

FOLDER = "tasks"


@dataclass(frozen=True)
class Elsewhere:
    """An issuer that is not ours: its name as in `iss`, the audience of its tokens for the tasks API, where its keys
    are published, and its id of the person with an address.
    """

    issuer: str
    audience: str
    jwks: str
    subject: Callable[[str], str] = str


def file_of(home: Path, workspace: str, elsewhere: bool = False) -> Path:
    """The database; `workspace` is the name of a demo workspace, "" for one's own tasks.

    Of people that an issuer `elsewhere` names it is another one: they are nobody the embedded issuer knows.
    """
    whose = f"demo-{workspace}" if workspace else "own"
    return home / FOLDER / f"{whose}{'@elsewhere' if elsewhere else ''}.db"


def local_tasks(
    home: Path,
    user: str,
    vault: Vault,
    *,
    workspace: Path | None,
    port: int = 0,
    elsewhere: Elsewhere | None = None,
    clock: Callable[[], float] = time.time,
) -> TasksServer:
    """Serve the person's tasks, or those of a demo workspace's file. Raises OSError where the port is taken.

    With an issuer `elsewhere` nothing is issued here, and the tasks are those of the people it names.
    """
    _drop_older_keys(home)

    def build(origin: str) -> Application:
        from app.tasks.application import Application, Embedded, Trusted

        path = file_of(home, workspace.stem if workspace else "", elsewhere is not None)
        seal = VaultSeal.of(vault, "tasks")
        issuer: Embedded | Trusted = Embedded(user, VaultKeys(vault))
        if elsewhere is not None:
            issuer = Trusted(elsewhere.issuer, elsewhere.audience, elsewhere.jwks)
        application = Application(path, seal, issuer, origin, clock)
        if workspace is not None and workspace.exists():
            _fill(application, elsewhere.subject if elsewhere else lambda address: user, workspace, clock)
        return application

    return TasksServer(build, port)


def _drop_older_keys(home: Path) -> None:
    """Secrets once lay here in the clear; new ones are made in the vault, and nobody has to log in for that."""
    folder = home / FOLDER / "keys"
    if folder.is_dir():
        shutil.rmtree(folder)


def _fill(application: Application, subject: Callable[[str], str], file: Path, clock: Callable[[], float]) -> None:
    """`subject` gives the id of the workspace's person."""
    from app.demo.seed.errands import errands, errands_mark
    from app.demo.workspace import Workspace
    from app.tasks.planting import Material, plant
    from app.tasks.task_store import TaskStore

    workspace = Workspace.open(file)
    try:
        mark = errands_mark(workspace)
        if mark:
            tasks = TaskStore(application.database, clock)
            user = subject(workspace.owner.address)
            plant(application.database, tasks, user, Material(mark, lambda: errands(workspace)))
    finally:
        workspace.close()
