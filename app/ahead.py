"""What is surely needed is fetched while the rest still loads. Law: permission to read, and nothing is read with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from graphs.access import capability_of
from graphs.parts import Parts


@contextmanager
def leased_ahead(parts: Parts, tools: Iterable[str]) -> Iterator[None]:
    """Begin to lease what these tools read with, beside what follows. A need, or a fault, is met again by the call."""
    nodes = {name: parts.registry.node_of(name) for name in tools}
    found = [parts.registry.tool(name) for name, node in nodes.items() if node and node.effect == "read"]
    wanted = {tool.access for tool in found if tool and tool.access.connection}
    with ThreadPoolExecutor(max_workers=max(1, len(wanted)), thread_name_prefix="ahead") as pool:
        for access in wanted:
            pool.submit(parts.broker.lease, parts.user, "", capability_of(access, "read"))
        yield
