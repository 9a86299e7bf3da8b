"""The graph as the LangGraph server loads it (`langgraph.json`), without our checkpointer: the server has its own.

Law: it is the graph of the authenticated person, and of nobody where nobody is.
"""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph_sdk.runtime import ServerRuntime

from app.studio.people import people
from graphs.context import Context


async def graph(runtime: ServerRuntime[Context]) -> Any:  # the server reads these names at run time
    """The compiled graph over the person's own accounts. Raises PermissionError without an authenticated person."""
    name = runtime.ensure_user().identity
    return (await asyncio.to_thread(lambda: people().of(name))).graph
