"""Every write node when its service fails: done, failed or unknown, told truthfully, and never done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from graphs.effect import SETTLED, Carrier
from graphs.parts import Parts
from tests.straying import Died, Straying
from tests.write_scenes import SAMPLES, Sample, Scene
from tests.write_world import last
from tools.registry import discover

REFUSED = (["429"],)
NOTHING = (["503", "503"],)
DONE = (["503"], ["503 after"], ["504 after"], ["no connection"], ["lost"], ["cut short"], ["slow after"], ["garbage"])
SILENT = (["504"], ["502"], ["reset"], ["slow"], ["late"])
"""Nothing came about, or not yet, and no answer says so."""
GIVEN_UP = (["504", "504"], ["slow", "slow"], ["late", "late"], ["late", "429"])
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
        Carrier(_later(person.parts)).carry_out(person.row())
        assert person.row().stage == ("done" if scene.count() else "failed")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.tool)
@pytest.mark.parametrize("comes", [True, False], ids=["comes late", "never comes"])
def test_what_a_dead_process_left_on_its_way_makes_no_second(tmp_path: Path, sample: Sample, comes: bool) -> None:
    with _died(tmp_path, sample) as (scene, wire):
        person = scene.person
        Carrier(person.parts).carry_out(person.row())  # the next process, at once
        assert (person.row().stage, scene.count()) == (("done", 1) if sample.keyed else ("unknown", 0))
        if comes:
            wire.arrive()
        assert scene.count() == (1 if comes or sample.keyed else 0)
        Carrier(_later(person.parts)).carry_out(person.row())
        assert person.row().stage == ("done" if scene.count() else "failed")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.tool)
def test_what_a_dead_process_left_is_done_once_it_can_no_longer_come(tmp_path: Path, sample: Sample) -> None:
    with _died(tmp_path, sample) as (scene, _):
        Carrier(_later(scene.person.parts)).carry_out(scene.person.row())
        assert (scene.person.row().stage, scene.count()) == ("done", 1)


@contextmanager
def _died(folder: Path, sample: Sample) -> Iterator[tuple[Scene, Straying]]:
    """A process ended while its request was on its way, and the request still is."""
    wire = Straying()
    with sample.opened(folder, wire) as scene:
        asyncio.run(_approved(scene, sample))
        wire.match, wire.faults = sample.match, ["died"]
        with pytest.raises(Died):
            Carrier(scene.person.parts).carry_out(scene.person.row())
        yield scene, wire


def _later(parts: Parts) -> Parts:
    later = parts.now() + SETTLED
    return replace(parts, clock=lambda: later)


async def _proposed(scene: Scene, sample: Sample) -> None:
    if scene.looked is not None:
        await scene.looked()
    await scene.person.propose(sample.tool, **sample.args)


async def _approved(scene: Scene, sample: Sample) -> None:
    await _proposed(scene, sample)
    parts, row = scene.person.parts, scene.person.row()
    assert parts.ledger.decide(row, "approved", by=parts.user, why="", now=parts.now())


async def _written(scene: Scene, sample: Sample, wire: Straying, faults: list[str]) -> str:
    await _proposed(scene, sample)
    wire.match, wire.faults = sample.match, list(faults)
    return last(await scene.person.resume(True)).text


def test_no_write_node_is_left_out() -> None:
    registry = discover()
    nodes = [registry.node_of(sample.tool) for sample in SAMPLES]
    assert {node.name for node in nodes if node} == {node.name for node in registry.of_effect("write")}
