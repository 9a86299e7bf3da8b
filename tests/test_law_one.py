"""Law 1: on the compiled graph there is no road to a write but through `approve`."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from langgraph.graph import START

from graphs.assistant import Graph, assistant
from tests.small_graph import BELL, ECHO, LETTERS, parts_of
from tools.registry import discover


def reachable(graph: Graph, without: str) -> set[str]:
    """The nodes one can come to from START when `without` is taken out of the drawn, compiled graph."""
    edges = [(e.source, e.target) for e in graph.compile().get_graph().edges]
    seen, frontier = set(), [START]
    while frontier:
        here = frontier.pop()
        if here in seen or here == without:
            continue
        seen.add(here)
        frontier += [target for source, target in edges if source == here]
    return seen


def unguarded(graph: Graph, writers: Iterable[str]) -> set[str]:
    return reachable(graph, without="approve") & set(writers)


def test_no_write_node_is_reachable_without_approve() -> None:
    graph = assistant(parts_of([], modules=(LETTERS, ECHO, BELL)))
    assert {"letters", "echo_node", "bell"} <= reachable(graph, without="nothing")
    assert unguarded(graph, ["bell"]) == set()


@pytest.mark.parametrize("start", ["route", "authorize_reads", "letters", "answer"])
def test_a_stray_edge_is_found(start: str) -> None:
    graph = assistant(parts_of([], modules=(LETTERS, ECHO, BELL)))
    graph.add_edge(start, "bell")
    assert unguarded(graph, ["bell"]) == {"bell"}


def test_every_write_node_of_this_installation_is_guarded() -> None:
    registry = discover()
    parts = parts_of([])
    graph = assistant(type(parts)(**{**vars(parts), "registry": registry}))
    drawn = set(graph.compile().get_graph().nodes)
    assert {node.name for node in registry.nodes} <= drawn
    assert unguarded(graph, [node.name for node in registry.of_effect("write")]) == set()


def test_the_gate_is_drawn_only_where_there_are_writes() -> None:
    without = set(assistant(parts_of([], modules=(LETTERS,))).compile().get_graph().nodes)
    assert not without & {"approve", "authorize_writes"}


def test_every_node_is_drawn_with_a_way_in_and_a_way_out() -> None:
    drawn = assistant(parts_of([], modules=(LETTERS, ECHO, BELL))).compile().get_graph()
    sources, targets = {e.source for e in drawn.edges}, {e.target for e in drawn.edges}
    assert set(drawn.nodes) - {"__start__", "__end__"} == sources & targets
