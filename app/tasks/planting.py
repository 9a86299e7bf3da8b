"""Puts made-up tasks where nothing was written yet, and dates them anew with the workspace they belong to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.tasks.database import Database
from app.tasks.task import NewTask
from app.tasks.task_store import TaskStore


@dataclass(frozen=True)
class Material:
    """Tasks of somebody's, as bodies of the API. `mark` changes when they do."""

    mark: str
    bodies: Callable[[], Sequence[Any]]


def plant(database: Database, tasks: TaskStore, user: str, material: Material) -> None:
    """Only the material's tasks from now on, unless they stand there already or somebody has changed anything."""
    with database.transaction():
        facts = {row["key"]: row["value"] for row in database.rows("SELECT key, value FROM facts")}
        if "written" in facts or facts.get("planted") == material.mark:
            return
        tasks.replace_all(user, [NewTask.model_validate(body) for body in material.bodies()])
        database.run("INSERT OR REPLACE INTO facts VALUES ('planted', ?)", material.mark)
