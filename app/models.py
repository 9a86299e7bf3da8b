"""Chat models by name: the offline planner, or any OpenAI-compatible endpoint through langchain-openai."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.endpoint import Endpoint
from graphs.briefing import offered
from graphs.errors import ModelFailed
from tools.base import Tool
from tools.registry import Registry

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

    from app.offline.learnt import Learnt
    from app.settings import Secret

__all__ = ["ChatModels", "Endpoint"]

OFFLINE = "offline"
COMPATIBLE = "app.models_openai"


class ChatModels:
    """Makes the chat model a name asks for, once, and says what its failures mean."""

    def __init__(
        self,
        default: str,
        endpoint: Endpoint,
        registry: Registry,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        home: Path | None = None,
        kept: Callable[[], Secret | None] = lambda: None,
        learnt: Learnt | None = None,
    ) -> None:
        """`home`: a private folder, where the planner keeps what it has learnt from the tools.

        `kept` gives the endpoint's key from the vault, where the endpoint came without one. `learnt` is what the
        planner knows of these tools, where it has learnt it already.
        """
        self._default, self._endpoint = default, endpoint
        self._registry, self._clock, self._zone, self._home = registry, clock, zone, home
        self._kept, self._known = kept, learnt
        self._made: dict[str, BaseChatModel] = {}
        self._http: httpx.AsyncClient | None = None

    def chat(self, name: str) -> BaseChatModel:
        """The model of this name, "" for the configured one. Raises ModelFailed where it cannot be had."""
        wanted = name or self._default
        if wanted not in self._made:
            self._made[wanted] = self._planner if wanted == OFFLINE else self._openai(wanted)
        return self._made[wanted]

    def foreseen(self, request: str) -> list[str]:
        """The tools a new thread with this request surely begins with; none where that is a model's choice."""
        if self._default != OFFLINE:
            return []
        return self._first(request)

    async def reads(self, request: str) -> bool:
        """Whether the offline planner would begin by reading, and only that; it is asked whatever model is set."""
        wanted = await asyncio.to_thread(self._first, request)
        return bool(wanted) and not any(tool.writing for tool in self._tools if tool.name in wanted)

    def _first(self, request: str) -> list[str]:
        return self._learnt.first(request, self._tools, self._clock().astimezone(self._zone))

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return (*self._registry.tools, *offered(self._registry))

    @cached_property
    def _learnt(self) -> Learnt:
        if self._known is not None:
            return self._known
        from app.offline.asks import Asks
        from app.offline.learnt import Learnt

        return Learnt({tool.name: node for node in self._registry.nodes for tool in node.tools}, Asks(self._home))

    @cached_property
    def _planner(self) -> BaseChatModel:
        from app.offline.planner import OfflinePlanner

        return OfflinePlanner(tools=self._tools, learnt=self._learnt, clock=self._clock, zone=self._zone)

    def _openai(self, wanted: str) -> BaseChatModel:
        provider, _, model = wanted.partition(":")
        if provider != "openai" or not model:
            raise ModelFailed(f"There is no model {wanted!r}.", 'Set VALET_MODEL to "offline" or "openai:NAME".')
        if self._endpoint.key is None:
            self._endpoint = replace(self._endpoint, key=self._kept())
        if self._endpoint.key is None and not self._endpoint.url:
            raise ModelFailed(
                f"No key is set for {wanted}.",
                "`valet connect model` takes one, or set VALET_MODEL_KEY, or VALET_MODEL_URL for a server of your own.",
            )
        import httpx

        from app.models_openai import compatible

        # The library's own client would be shared by every event loop of the process and never closed.
        self._http = self._http or httpx.AsyncClient(timeout=self._endpoint.seconds)
        return compatible(model, self._endpoint, self._http)

    async def close(self) -> None:
        """Close the connections to the endpoint."""
        if self._http is not None:
            await self._http.aclose()

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """What a model call may raise; nothing where no such client was ever loaded."""
        return sys.modules[COMPATIBLE].FAULTS if COMPATIBLE in sys.modules else ()

    def explain(self, error: Exception) -> ModelFailed:
        """What one of `faults` means for the person."""
        from app.models_openai import explained

        return explained(error, self._endpoint)
