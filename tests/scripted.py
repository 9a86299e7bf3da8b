"""A chat model that says what a test tells it to, through the same seam as any other model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from graphs.errors import ModelFailed

Reply = AIMessage | Exception


def calling(*calls: tuple[str, dict[str, Any]]) -> AIMessage:
    """A reply that proposes calls; ids are "call-1", "call-2" …"""
    return AIMessage("", tool_calls=[{"name": n, "args": a, "id": f"call-{i}"} for i, (n, a) in enumerate(calls, 1)])


class ScriptedModel(BaseChatModel):
    """Gives its replies in order and keeps what it was shown; one reply too few is an error."""

    replies: list[Any]
    seen: list[list[BaseMessage]]
    menus: list[list[dict[str, Any]]]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        self.menus.append(list(tools))
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.seen.append(messages)
        assert self.replies, "the script has no reply left"
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=reply)])


class ScriptedModels:
    """The Models seam over one scripted model."""

    faults: tuple[type[Exception], ...] = (ConnectionError,)

    def __init__(self, replies: Sequence[Reply] | Callable[[], list[Reply]]) -> None:
        self.model = ScriptedModel(replies=list(replies() if callable(replies) else replies), seen=[], menus=[])

    def chat(self, name: str) -> BaseChatModel:
        if name == "absent":
            raise ModelFailed("There is no model 'absent'.", "Choose another.")
        return self.model

    def explain(self, error: Exception) -> ModelFailed:
        return ModelFailed(f"The model cannot be reached: {error}.", "Ask again.")
