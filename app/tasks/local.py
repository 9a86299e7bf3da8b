"""The tasks API of this machine: where its file and keys are, and what a demo workspace puts into it.

Law: tasks of a demo workspace and one's own never stand in one file; both are encrypted with keys of the vault.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage_seal import VaultSeal
from app.tasks.keys import VaultKeys
from app.tasks.server import TasksServer

if TYPE_CHECKING:
    from app.tasks.application import Application
    from auth.local.vault import Vault

FOLDER = "tasks"


def file_of(home: Path, workspace: str) -> Path:
    """The database; `workspace` is the name of a demo workspace, "" for one's own tasks."""
    return home / FOLDER / (f"demo-{workspace}.db" if workspace else "own.db")


def local_tasks(
    home: Path,
    user: str,
    vault: Vault,
    *,
    workspace: Path | None,
    port: int = 0,
    clock: Callable[[], float] = time.time,
) -> TasksServer:
    """Serve the person's tasks, or those of a demo workspace's file. Raises OSError where the port is taken."""
    _drop_older_keys(home)

    def build(origin: str) -> Application:
        from app.tasks.application import Application, Embedded

        path = file_of(home, workspace.stem if workspace else "")
        seal = VaultSeal.of(vault, "tasks")
        application = Application(path, seal, Embedded(user, VaultKeys(vault)), origin, clock)
        if workspace is not None and workspace.exists():
            _fill(application, user, workspace, clock)
        return application

    return TasksServer(build, port)


def _drop_older_keys(home: Path) -> None:
    """Secrets once lay here in the clear; new ones are made in the vault, and nobody has to log in for that."""
    folder = home / FOLDER / "keys"
    if folder.is_dir():
        shutil.rmtree(folder)


def _fill(application: Application, user: str, file: Path, clock: Callable[[], float]) -> None:
    from app.demo.seed.errands import errands, errands_mark
    from app.demo.workspace import Workspace
    from app.tasks.planting import Material, plant
    from app.tasks.task_store import TaskStore

    workspace = Workspace.open(file)
    try:
        mark = errands_mark(workspace)
        if mark:
            tasks = TaskStore(application.database, clock)
            plant(application.database, tasks, user, Material(mark, lambda: errands(workspace)))
    finally:
        workspace.close()
