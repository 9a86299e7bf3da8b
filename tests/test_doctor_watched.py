"""What `valet doctor` says of the watched channels: nothing is asked before Slack is linked, then each name is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.terminal import piped, surroundings

PLACE = "VALET_SLACK_WATCH comes from the environment; change it there."


def checks(env: dict[str, str]) -> list[tuple[str, str, str]]:
    told = json.loads(piped("doctor", "--json", env=env).stdout)
    return [(check["state"], check["what"], check["next"]) for check in told["checks"] if check["name"] == "watched"]


def test_before_slack_is_linked_nothing_is_asked_and_nothing_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = surroundings(home, HOME=str(tmp_path))
    assert checks(env) == []
    assert checks(env | {"VALET_SLACK_WATCH": "product,#lanch"}) == [
        ("ok", "product, lanch: looked for once Slack is linked.", "")
    ]
    assert not home.exists(), "a doctor changes nothing"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("home")
    env = surroundings(home, VALET_NOW="2026-11-18T09:30:00+00:00", VALET_ZONE="UTC")
    assert piped("ask", "what are my action items in slack?", env=env).returncode == 0
    return env


def test_a_wrong_name_is_said_with_the_nearest_and_where_it_is_set(linked: dict[str, str]) -> None:
    assert checks(linked) == []
    found = checks(linked | {"VALET_SLACK_WATCH": "#Product,aurora-lanch"})
    assert found == [
        ("ok", "#product (the environment).", ""),
        (
            "note",
            "#aurora-lanch is watched, but there is no such conversation you are in: did you mean #aurora-launch?",
            PLACE,
        ),
    ]


def test_the_setting_reaches_the_answer(linked: dict[str, str]) -> None:
    env = linked | {"VALET_SLACK_WATCH": "product"}
    told = json.loads(piped("ask", "--json", "what are my action items in slack?", env=env).stdout)
    assert "you watch #product; of " in told["answer"]


def test_a_service_that_fails_is_said_and_ends_nothing(linked: dict[str, str]) -> None:
    ((state, what, following),) = checks(linked | {"VALET_SLACK_WATCH": "product", "VALET_DEMO_FAULTS": "slack:503*99"})
    assert state == "note"
    assert what.startswith("product: ")
    assert following == "Then run `valet doctor` again."
