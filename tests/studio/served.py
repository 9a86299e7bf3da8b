"""The LangGraph server in a process of its own, with its files and the people's in folders of the test."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from app.studio.keys import Keys
from app.studio.people import KEYS

ROOT = Path(__file__).parent.parent.parent
QUIET = {"LANGGRAPH_CLI_NO_ANALYTICS": "1", "LANGGRAPH_NO_VERSION_CHECK": "true", "LANGSMITH_TRACING": "false"}
READY = "Application started up"


@dataclass(frozen=True)
class Served:
    """A running server. `home` is the data folder of whoever started it, `work` where the server keeps its own."""

    origin: str
    home: Path
    work: Path
    log: Path

    def key(self, name: str) -> str:
        return Keys(self.home / KEYS).issue(name)

    def client(self, key: str) -> LangGraphClient:
        return get_client(url=self.origin, headers={"Authorization": f"Bearer {key}"} if key else {})


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Served]:
    """Start it as `make studio` does, and stop it."""
    home, work, port = folder / "home", folder / "work", free_port()
    work.mkdir(parents=True)
    (work / "langgraph.json").write_text(json.dumps(_config()), encoding="utf-8")
    environ = {**os.environ, **QUIET, "VALET_HOME": str(home), "NO_COLOR": "1", "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "app.studio.start", "--port", str(port)]
    log = folder / "server.log"
    with log.open("w") as into:
        process = subprocess.Popen(command, cwd=work, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        ready = threading.Event()
        reader = threading.Thread(target=_copied, args=(process.stdout, into, ready))
        reader.start()
        try:
            assert ready.wait(120), f"the server did not start:\n{log.read_text()}"
            assert process.poll() is None, f"the server ended:\n{log.read_text()}"
            yield Served(f"http://127.0.0.1:{port}", home, work, log)
        finally:
            process.terminate()
            process.wait(60)
            reader.join()
            if process.stdout:
                process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _config() -> dict[str, Any]:
    """The project's own, with the places of its files spelled out."""
    found: dict[str, Any] = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    found["dependencies"] = [str(ROOT)]
    for part in (*found["graphs"].values(), found["auth"]):
        part["path"] = str(ROOT / part["path"])
    found["http"]["app"] = str(ROOT / found["http"]["app"])
    return found


def _copied(output: Any, into: Any, ready: threading.Event) -> None:
    """Copy what the server prints; a server that ended is as ready as it will ever be."""
    for line in output:
        text = line.decode("utf-8", "replace")
        into.write(text)
        into.flush()
        if READY in text:
            ready.set()
    ready.set()
