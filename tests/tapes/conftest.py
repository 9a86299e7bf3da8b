"""Collects the tapes of this folder: each is a test that replays it, strictly, from itself alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.tapes.tape_file import SUFFIX
from app.tapes.verdict import verdict


class Differs(Exception):
    """A tape does not replay as it was recorded."""


class TapeItem(pytest.Item):
    def runtest(self) -> None:
        came = asyncio.run(verdict(self.path))
        if not came.ok:
            raise Differs(came.told)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        return str(excinfo.value) if isinstance(excinfo.value, Differs) else str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class TapeFile(pytest.File):
    def collect(self) -> Iterator[TapeItem]:
        yield TapeItem.from_parent(self, name=self.path.name.removesuffix(SUFFIX))


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> TapeFile | None:
    return TapeFile.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None
