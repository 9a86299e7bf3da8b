"""A conversation on the demo workspace, a process for each request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.terminal import piped, surroundings

NOW = {"VALET_NOW": "2026-11-23T09:00:00+00:00", "VALET_ZONE": "UTC", "VALET_DEMO_CONSENT": "at-once"}


class Talk:
    """One conversation, a process for each request."""

    def __init__(self, home: Path, thread: str) -> None:
        self._env, self._thread = surroundings(home, **NOW), thread

    def say(self, text: str) -> list[str]:
        """What is printed."""
        done = piped("ask", text, "--thread", self._thread, env=self._env)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout.splitlines()

    def proposed(self, text: str) -> list[dict[str, Any]]:
        """The changes that are put on a card."""
        done = piped("ask", text, "--thread", self._thread, "--json", env=self._env)
        assert done.returncode == 3, done.stdout
        return [call["args"] for call in json.loads(done.stdout)["calls"] if call["effect"] == "write"]
