"""What is put off is not loaded with LangGraph, and is all there once it is asked for."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ASKED = """
import json, sys, threading
from app.later import put_off
put_off(); put_off()
import langgraph.graph
late = ["httpx", "langsmith.types.run", "langgraph_sdk.client"]
before = [name in sys.modules for name in late]
import langgraph_sdk, langsmith.types
found = []
def ask():
    found.append([callable(langgraph_sdk.get_client), langsmith.types.Run.__name__])
threads = [threading.Thread(target=ask) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
import httpx, langsmith
from langsmith import Client
print(json.dumps({
    "before": before, "after": [name in sys.modules for name in late], "found": found,
    "kind": type(langgraph_sdk).__name__, "nothing": hasattr(langgraph_sdk, "no_such_thing"),
    "client": Client.__name__, "cli": "httpx._main" in sys.modules, "get": callable(httpx.get),
    "finders": sum(type(one).__module__ == "app.later" for one in sys.meta_path),
}))
"""
BROKEN = """
import sys
from app import later
later.PUT_OFF = {"halting"}
later.put_off()
import halting
for _ in range(2):
    try:
        halting.anything
    except RuntimeError as error:
        print(error)
"""


def ran(program: str, *paths: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"PYTHONPATH": ":".join(map(str, (ROOT, *paths)))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_what_is_put_off_is_loaded_when_it_is_asked_for_and_not_before() -> None:
    said: dict[str, Any] = json.loads(ran(ASKED))
    assert said["before"] == [False, False, False]
    assert said["after"] == [True, True, True]
    assert said["found"] == [[True, "Run"]] * 8
    assert said["kind"] == "module"
    assert not said["nothing"]
    assert said["client"] == "Client"
    assert said["get"]
    assert not said["cli"]
    assert said["finders"] == 1


def test_a_module_that_fails_when_it_is_asked_says_so_every_time(tmp_path: Path) -> None:
    (tmp_path / "halting.py").write_text("raise RuntimeError('no further')\n")
    assert ran(BROKEN, tmp_path) == "no further\nno further\n"
