"""The tasks API of this machine: where its file and keys are, and what a demo workspace puts into it.

Law: tasks of a demo workspace and one's own never stand in one file. Importing this costs next to nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.tasks.keys import FileKeys
from app.tasks.server import TasksServer

if TYPE_CHECKING:
    from app.tasks.application import Application

FOLDER = "tasks"


def local_keys(home: Path) -> FileKeys:
    return FileKeys(home / FOLDER / "keys")


def file_of(home: Path, workspace: str) -> Path:
    """The database; `workspace` is the name of a demo workspace, "" for one's own tasks."""
    return home / FOLDER / (f"demo-{workspace}.db" if workspace else "own.db")


def local_tasks(
    home: Path, user: str, *, workspace: Path | None, port: int = 0, clock: Callable[[], float] = time.time
) -> TasksServer:
    """Serve the person's tasks, or those of a demo workspace's file. Raises OSError where the port is taken."""

    def build(origin: str) -> Application:
        from app.tasks.application import Application, Embedded

        path = file_of(home, workspace.stem if workspace else "")
        application = Application(path, Embedded(user, local_keys(home)), origin, clock)
        if workspace is not None and workspace.exists():
            _fill(application, user, workspace, clock)
        return application

    return TasksServer(build, port)


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
