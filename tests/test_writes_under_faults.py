"""Every write node when its service fails: done, failed or unknown, told truthfully, and never done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from graphs.effect import SETTLED, Carrier
from tests.straying import Straying
from tests.write_scenes import SAMPLES, Sample, Scene
from tests.write_world import last
from tools.registry import discover

REFUSED = (["429"],)
NOTHING = (["503", "503"],)
DONE = (["503"], ["503 after"], ["504 after"], ["no connection"], ["lost"], ["cut short"], ["slow after"], ["garbage"])
SILENT = (["504"], ["reset"], ["slow"], ["late"])
"""Nothing came about, or not yet, and no answer says so."""
GIVEN_UP = (["slow", "slow"], ["late", "late"], ["late", "429"])
SAID = {"done": "Done:", "failed": "FAILED.", "unknown": "not known"}


def ending(sample: Sample, faults: Sequence[str]) -> tuple[str, int]:
    """The stage in which the row ends, and how often the service did it until then."""
    if faults in REFUSED or faults in NOTHING:
        return "failed", 0
    if faults in DONE or (faults in SILENT and sample.keyed):
        return "done", 1
    return "unknown", 0


@pytest.mark.parametrize("faults", [*REFUSED, *NOTHING, *DONE, *SILENT, *GIVEN_UP], ids=", ".join)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.tool)
def test_a_write_ends_as_it_is_told_and_is_done_at_most_once(tmp_path: Path, sample: Sample, faults: list[str]) -> None:
    wire = Straying()
    with sample.opened(tmp_path, wire) as scene:
        text = asyncio.run(_written(scene, sample, wire, faults))
        person = scene.person
        assert (person.row().stage, scene.count()) == ending(sample, faults)
        assert SAID[person.row().stage] in text
        wire.arrive()
        assert scene.count() <= 1
        later = person.parts.now() + SETTLED
        Carrier(replace(person.parts, clock=lambda: later)).carry_out(person.row())
        assert person.row().stage == ("done" if scene.count() else "failed")


async def _written(scene: Scene, sample: Sample, wire: Straying, faults: list[str]) -> str:
    if scene.looked is not None:
        await scene.looked()
    await scene.person.propose(sample.tool, **sample.args)
    wire.match, wire.faults = sample.match, list(faults)
    return last(await scene.person.resume(True)).text


def test_no_write_node_is_left_out() -> None:
    registry = discover()
    nodes = [registry.node_of(sample.tool) for sample in SAMPLES]
    assert {node.name for node in nodes if node} == {node.name for node in registry.of_effect("write")}
