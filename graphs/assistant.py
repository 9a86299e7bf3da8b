"""The graph on one page.

START -> route --- no calls ------------------------------------------------> answer -> END
           |--- reads ------> authorize_reads -> [read tool nodes, in parallel] -> approve, if writes are pending
           |                        |                                           -> route, if not
           |--- writes only -> approve -> authorize_writes -> [write tool nodes] -> route
                                 |              |
                                 +--------------+-- nothing left to do -> route

Law 1: no road to a write but through `approve`. Nodes and edges follow from the registry; every conditional edge
names its targets, so the drawn graph is the whole graph. `approve` and `authorize_writes` stand where writes do. Each
of the three that may ask leads back to itself: one run asks one thing, and an unclear answer is asked about again.
"""

from __future__ import annotations

from collections.abc import Callable

from langgraph.graph import END, START, StateGraph

from graphs.act import act
from graphs.act_write import act_write
from graphs.answer import answer
from graphs.approve import approve, authorize_writes
from graphs.authorize import authorize_reads, reads, writes
from graphs.context import Context
from graphs.genuine import binding
from graphs.node import Node
from graphs.parts import Parts
from graphs.route import route
from graphs.state import State

Graph = StateGraph[State, Context, State, State]
Choose = Callable[[State], str | list[str]]


def assistant(parts: Parts) -> Graph:
    """The state machine over these parts, ready to compile with a checkpointer or without."""
    graph: Graph = StateGraph(State, Context)
    readers = [node.name for node in parts.registry.of_effect("read")]
    writers = [node.name for node in parts.registry.of_effect("write")]
    gate = ["approve"] if writers else []
    _add(graph, parts, "route", route(parts))
    _add(graph, parts, "authorize_reads", authorize_reads(parts))
    _add(graph, parts, "answer", answer(parts))
    for node in parts.registry.nodes:
        _add(graph, parts, node.name, act_write(parts, node) if node.effect == "write" else act(parts, node))
    graph.add_edge(START, "route")
    graph.add_conditional_edges("route", _after_route(parts), ["answer", "authorize_reads", *gate])
    graph.add_conditional_edges(
        "authorize_reads", _after_authorize(parts), ["authorize_reads", *readers, *gate, "route"]
    )
    for name in readers:
        graph.add_conditional_edges(name, _after_read(parts), [*gate, "route"])
    if writers:
        _gate(graph, parts, writers)
    graph.add_edge("answer", END)
    return graph


def _add(graph: Graph, parts: Parts, name: str, node: Node) -> None:
    graph.add_node(name, binding(parts, node))


def _gate(graph: Graph, parts: Parts, writers: list[str]) -> None:
    _add(graph, parts, "approve", approve(parts))
    _add(graph, parts, "authorize_writes", authorize_writes(parts))
    graph.add_conditional_edges("approve", _after_approve(parts), ["approve", "authorize_writes", "route"])
    graph.add_conditional_edges("authorize_writes", _to_writers(parts), ["authorize_writes", *writers, "route"])
    for name in writers:
        graph.add_edge(name, "route")


def _after_route(parts: Parts) -> Choose:
    def choose(state: State) -> str:
        if reads(parts, state):
            return "authorize_reads"
        return "approve" if writes(parts, state) else "answer"

    return choose


def _after_authorize(parts: Parts) -> Choose:
    def choose(state: State) -> str | list[str]:
        if state.get("asking"):
            return "authorize_reads"
        named = {node.name for call in reads(parts, state) if (node := parts.registry.node_of(call["name"]))}
        return sorted(named) or _after_read(parts)(state)

    return choose


def _after_read(parts: Parts) -> Choose:
    def choose(state: State) -> str:
        return "approve" if writes(parts, state) else "route"

    return choose


def _after_approve(parts: Parts) -> Choose:
    def choose(state: State) -> str:
        if state.get("asking"):
            return "approve"
        return "authorize_writes" if writes(parts, state) else "route"

    return choose


def _to_writers(parts: Parts) -> Choose:
    def choose(state: State) -> str | list[str]:
        if state.get("asking"):
            return "authorize_writes"
        named = {node.name for call in writes(parts, state) if (node := parts.registry.node_of(call["name"]))}
        return sorted(named) or "route"

    return choose
