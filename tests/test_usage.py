"""Usage: counted by the endpoint or estimated, kept by day, thread and turn, and a clear stop at a budget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.setting_rows import prices
from app.usage import Used
from tests.openai_endpoint import Raw, openai_endpoint, said, streamed
from tests.terminal import piped, surroundings

NOW = {"VALET_NOW": "2026-11-22T09:00:00+00:00", "VALET_ZONE": "UTC"}
SUM = ("calculate", {"expression": "6*7"})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def counted(message: dict[str, Any], sent: int, received: int) -> Raw:
    return Raw(body=streamed(message, usage=(sent, received)))


def environment(home: Path, url: str = "", **more: str) -> dict[str, str]:
    model = {"VALET_MODEL": "openai:loopback", "VALET_MODEL_URL": url} if url else {}
    return surroundings(home, **model, **NOW, **more)


def test_usage_is_kept_by_day_and_by_turn_with_its_cost(home: Path) -> None:
    answers = (counted(said("", SUM), 1000, 20), counted(said("42."), 1100, 10), counted(said("Welcome."), 1200, 5))
    with openai_endpoint(*answers) as endpoint:
        for request in ("6*7", "thanks"):
            done = piped("ask", request, "--thread", "sums", env=environment(home, endpoint.url))
            assert done.returncode == 0, done.stderr
    priced = environment(home, VALET_MODEL_PRICES="loopback=2/10", VALET_TOKENS_PER_DAY="10000")
    told = json.loads(piped("usage", "--json", env=priced).stdout)
    assert told["today"] == 3335
    assert told["day_limit"] == 10_000
    (day,) = told["used"]
    assert day | {"cost": 0} == {
        "of": "2026-11-22", "model": "loopback", "requests": 3, "sent": 3300, "received": 35, "estimated": 0, "cost": 0
    }  # fmt: skip
    assert day["cost"] == pytest.approx(0.0066 + 0.00035)
    turns = json.loads(piped("usage", "--thread", "sums", "--json", env=environment(home)).stdout)["used"]
    assert [(turn["of"], turn["sent"], turn["cost"]) for turn in turns] == [("1", 2100, None), ("2", 1200, None)]
    screen = piped("usage", env=priced).stdout
    assert "3,300" in screen
    assert "0.0070" in screen or "0.0069" in screen
    assert "6,665 of 10,000 tokens are left today." in screen


def test_a_day_over_its_budget_asks_no_model_and_says_what_to_do(tmp_path: Path) -> None:
    with openai_endpoint(counted(said("Here."), 900, 200)) as endpoint:
        env = environment(tmp_path, endpoint.url, VALET_TOKENS_PER_DAY="1000")
        assert piped("ask", "hello", env=env).returncode == 0
        done = piped("ask", "hello again", "--json", env=env)
        assert len(endpoint.requests) == 1
        assert done.returncode == 4
        told = json.loads(done.stdout)
        assert "Today 1,100 tokens were used, and 1,000 may be." in str(told)
        assert "VALET_TOKENS_PER_DAY" in str(told)
        tomorrow = env | {"VALET_NOW": "2026-11-23T09:00:00+00:00"}
        assert piped("ask", "hello", env=tomorrow).returncode == 0


def test_what_an_endpoint_does_not_count_is_estimated_and_said(tmp_path: Path) -> None:
    with openai_endpoint(said("Here.")) as endpoint:
        assert piped("ask", "hello", env=environment(tmp_path, endpoint.url)).returncode == 0
    told = json.loads(piped("usage", "--json", env=environment(tmp_path)).stdout)
    assert told["used"][0]["estimated"] == 1
    assert told["used"][0]["sent"] > 100
    assert "1 requests are estimated" in piped("usage", env=environment(tmp_path)).stdout


def test_the_offline_planner_uses_nothing(tmp_path: Path) -> None:
    assert piped("ask", "6*7", env=environment(tmp_path)).returncode == 0
    assert "No model was asked" in piped("usage", env=environment(tmp_path)).stdout


def test_a_price_fits_the_dated_names_of_its_model_and_no_other() -> None:
    used = Used("2026-11-22", "gpt-5.2-2026-01-01", 1, 1_000_000, 100_000, 0)
    assert used.cost(prices("gpt-5=1/1, gpt-5.2=2/10")) == pytest.approx(3.0)
    assert used.cost(prices("other=1/1, gpt-5=1/1")) is None
    with pytest.raises(ValueError, match="MODEL=SENT/RECEIVED"):
        prices("gpt-5.2=cheap")
