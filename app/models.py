"""Chat models by name: the offline planner, or any OpenAI-compatible endpoint through langchain-openai."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.settings import Secret
from graphs.briefing import offered
from graphs.errors import ModelFailed
from tools.base import Tool
from tools.registry import Registry

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

    from app.offline.learnt import Learnt

OFFLINE = "offline"
TIMEOUT_SECONDS = 60.0
RETRIES = 2


@dataclass(frozen=True)
class Endpoint:
    """Where an OpenAI-compatible server is. `url` "" means OpenAI's own."""

    url: str
    key: Secret | None


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
    ) -> None:
        """`home`: a private folder, where the planner keeps what it has learnt from the tools."""
        self._default, self._endpoint = default, endpoint
        self._registry, self._clock, self._zone, self._home = registry, clock, zone, home
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
        return self._learnt.first(request, self._tools, self._clock().astimezone(self._zone))

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return (*self._registry.tools, *offered(self._registry))

    @cached_property
    def _learnt(self) -> Learnt:
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
        if self._endpoint.key is None and not self._endpoint.url:
            raise ModelFailed(f"No key is set for {wanted}.", "Set VALET_MODEL_KEY, or VALET_MODEL_URL for a server.")
        import httpx
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        # The library's own client would be shared by every event loop of the process and never closed.
        self._http = self._http or httpx.AsyncClient(timeout=TIMEOUT_SECONDS)

        key = self._endpoint.key.reveal() if self._endpoint.key else "none"
        return ChatOpenAI(
            model=model,
            base_url=self._endpoint.url or None,
            api_key=SecretStr(key),
            use_responses_api=False,  # compatible servers speak chat completions
            stream_usage=True,
            max_retries=RETRIES,
            timeout=TIMEOUT_SECONDS,
            http_async_client=self._http,
        )

    async def close(self) -> None:
        """Close the connections to the endpoint."""
        if self._http is not None:
            await self._http.aclose()

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """What a model call may raise; nothing where no such client was ever loaded."""
        openai = sys.modules.get("openai")
        return (openai.OpenAIError,) if openai else ()

    def explain(self, error: Exception) -> ModelFailed:
        """What an openai error means for the person."""
        import openai

        where = urlsplit(self._endpoint.url).netloc.rpartition("@")[2] or "OpenAI"
        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return ModelFailed(f"The model endpoint ({where}) refuses the key.", "Check VALET_MODEL_KEY.")
            case openai.NotFoundError():
                return ModelFailed(f"The model endpoint ({where}) does not have this model.", "Check VALET_MODEL.")
            case openai.RateLimitError():
                return ModelFailed(f"The model endpoint ({where}) asks to slow down.", "Ask again in a minute.")
            case openai.APITimeoutError():
                return ModelFailed(f"The model ({where}) gave no answer in time.", "Ask again, or for less at once.")
            case openai.APIConnectionError():
                return ModelFailed(
                    f"The model endpoint ({where}) cannot be reached.", "Check VALET_MODEL_URL and the network."
                )
            case openai.APIStatusError():
                return ModelFailed(
                    f"The model endpoint ({where}) failed (HTTP {error.status_code}).", "Ask again in a minute."
                )
            case _:
                return ModelFailed(f"The model ({where}) gave an unusable answer.", "Ask again in a minute.")
