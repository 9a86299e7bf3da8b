from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.studio.served import Served, served


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests of it; each makes people and threads of its own."""
    pytest.importorskip("langgraph_api", reason="the LangGraph server is not installed here: `make test-studio`")
    with served(tmp_path_factory.mktemp("studio")) as running:
        yield running
