"""The crash test: kills Valet on its way through every write, and counts what the services then say was done.

`python -m tests.crash.crash [--short] [--lanes N] [--tools a,b]`; exits with 1 where anything was done twice, was not
done although it was said to be, was done without a yes, or was left open.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.crash.orders import few, orders
from tests.crash.processes import fork, join
from tests.crash.rounds import Lane, Round
from tools.registry import Registry, discover

NO_SAMPLE = "tests/crash/samples.py has no sample"


def write_tools(registry: Registry) -> list[str]:
    return [tool.name for node in registry.of_effect("write") for tool in node.tools]


def short_tools(registry: Registry) -> list[str]:
    """The first and the last tool of each node."""
    named = [(node.tools[0].name, node.tools[-1].name) for node in registry.of_effect("write")]
    return list(dict.fromkeys(name for pair in named for name in pair))


@dataclass(frozen=True)
class Work:
    """What one lane has to do, and where it writes what came of it."""

    folder: Path
    tools: Sequence[str]
    short: bool

    def do(self) -> None:
        lane = Lane(self.folder / "lane")
        lane.prepare()
        with (self.folder / "rounds").open("a", encoding="utf-8") as out:
            for number, tool in enumerate(self.tools):
                for played in self._rounds(lane, number, tool):
                    out.write(json.dumps(_plain(played)) + "\n")
                    out.flush()

    def _rounds(self, lane: Lane, number: int, tool: str) -> Any:
        if tool not in lane.requests:
            yield {"tool": tool, "kind": "undisturbed", "wrong": NO_SAMPLE}
            return
        usual = lane.usually(tool)
        yield usual
        if usual.wrong:
            return
        known = lane.usual[tool]
        for order in few(tool, known) if self.short else orders(tool, known, number):
            yield lane.play(order)


def _plain(played: Round | dict[str, Any]) -> dict[str, Any]:
    if isinstance(played, dict):
        return {"kills": 0, "step": "", "stage": "", "order": "", **played}
    order = {name: value for name, value in asdict(played.order).items() if value}
    kept = {"kills": played.kills, "step": played.step, "stage": played.stage, "wrong": played.wrong}
    return {"tool": played.order.tool, "kind": played.order.kind, "order": str(order)[:300], **kept}


def run(tools: Sequence[str], *, lanes: int, short: bool) -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="valet-crash-") as name:
        works = [Work(Path(name) / str(lane), tools[lane::lanes], short) for lane in range(lanes)]
        for work in works:
            work.folder.mkdir()
        codes = join([fork(work.do, work.folder / "said") for work in works])
        rounds = [json.loads(line) for work in works for line in _lines(work.folder / "rounds")]
        broken = [_text(work.folder / "said") for work, code in zip(works, codes, strict=True) if code]
    return told(rounds, broken, time.monotonic() - begun)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _lines(file: Path) -> list[str]:
    return _text(file).splitlines()


def told(rounds: Sequence[dict[str, Any]], broken: Sequence[str], seconds: float) -> int:
    """Print what was counted. The exit code."""
    for tool in dict.fromkeys(row["tool"] for row in rounds):
        mine = [row for row in rounds if row["tool"] == tool]
        kinds = Counter(row["kind"] for row in mine if row["kind"] != "undisturbed")
        ends = Counter(row["stage"] for row in mine)
        _say(f"{tool}: {sum(row['kills'] for row in mine)} kills, {len(mine)} rounds")
        _say("   at   " + ", ".join(f"{kind} {count}" for kind, count in kinds.items()))
        _say("   ends " + ", ".join(f"{stage} {count}" for stage, count in ends.items()))
    wrong = [row for row in rounds if row["wrong"]]
    for row in wrong:
        _say(f"WRONG {row['tool']}, {row['order']} at {row['step']!r}: {row['wrong']}")
    for text in broken:
        _say(f"A lane broke off:\n{text[-4000:]}")
    kills, faults = sum(row["kills"] for row in rounds), sum(row["kind"].startswith(_AT_HTTP) for row in rounds)
    _say(f"{kills} kills, {faults} faults at HTTP, {len(rounds)} rounds in {seconds:.0f} s: {len(wrong)} wrong.")
    return 1 if wrong or broken or not rounds else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


_AT_HTTP = ("fault", "outage")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="crash")
    parser.add_argument("--short", action="store_true", help="about 40 kills, at the steps that tell most")
    parser.add_argument("--lanes", type=int, default=2, help="so many at once")
    parser.add_argument("--tools", default="", help="only these, separated by commas")
    given = parser.parse_args(arguments)
    registry = discover()
    tools = given.tools.split(",") if given.tools else (short_tools if given.short else write_tools)(registry)
    return run(tools, lanes=max(1, min(given.lanes, len(tools))), short=given.short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
