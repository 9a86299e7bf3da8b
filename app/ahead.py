"""What is surely needed is made ready while the rest still loads: a lease, and connections to where it is used.

Law: permission to read only, and nothing is read with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

from auth.capability import Capability
from auth.lease import Lease
from auth.wire import Cut
from graphs.access import capability_of
from graphs.parts import Parts

CONNECTIONS = 3
"""As many as a mailbox is read over; where fewer are needed, the rest cost a handshake."""
HEAD_START_SECONDS = 0.02
"""What a lease from the vault takes; one that is asked for over the network is under way by then."""


@contextmanager
def leased_ahead(parts: Parts, tools: Iterable[str], accounts: Mapping[str, str]) -> Iterator[None]:
    """Begin to get ready what these tools read with, beside what follows; `accounts` are those named, by connection."""
    nodes = {name: parts.registry.node_of(name) for name in tools}
    found = [parts.registry.tool(name) for name, node in nodes.items() if node and node.effect == "read"]
    wanted = {tool.access for tool in found if tool and tool.access.connection}
    cut = Cut()
    with ThreadPoolExecutor(max_workers=max(1, len(wanted)), thread_name_prefix="ahead") as pool:
        begun = [
            pool.submit(_ready, parts, accounts.get(access.connection, ""), capability_of(access, "read"), cut)
            for access in wanted
        ]
        wait(begun, HEAD_START_SECONDS)  # what is loaded next would keep them from the processor
        try:
            yield
        finally:
            cut.make()


def _ready(parts: Parts, account: str, capability: Capability, cut: Cut) -> None:
    """Lease, and open connections. A need, or a fault, is met again by the call, and told there."""
    lease = parts.broker.lease(parts.user, account, capability)
    if isinstance(lease, Lease):
        transport = parts.gateway.open(lease, capability, cut=cut, renew=lambda dead: None)
        for host in capability.hosts:
            transport.warm(f"https://{host}/", CONNECTIONS)
