"""What waits for a decision, and what waited too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal import piped, surroundings


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    """A post was proposed on Wednesday, and nobody has answered."""
    env = surroundings(tmp_path, VALET_ZONE="UTC")
    done = piped("ask", 'post "hello" in #launch', env=env | {"VALET_NOW": "2026-11-18T09:30:00+00:00"})
    assert done.returncode == 3, done.stdout + done.stderr
    return env


def told(env: dict[str, str], now: str) -> str:
    return " ".join(piped("approvals", env=env | {"VALET_NOW": now}).stdout.split())


def test_a_card_that_expired_is_named_for_a_week_and_no_longer(asked: dict[str, str]) -> None:
    assert "Post in #aurora-launch" in told(asked, "2026-11-18T12:00:00+00:00")
    late = told(asked, "2026-11-20T09:30:00+00:00")
    assert "Nothing waits for your decision." in late
    assert "Post in #aurora-launch (expired without an answer: ask for it again" in late
    assert told(asked, "2026-11-28T09:30:00+00:00") == "Nothing waits for your decision."
