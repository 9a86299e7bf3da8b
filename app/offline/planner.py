"""The offline planner as a chat model: it proposes the calls of a plan, round by round, and then phrases the answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import ToolCall, tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field, GetPydanticSchema
from pydantic_core.core_schema import any_schema

from app.offline import answer, recall, rounds
from app.offline.learnt import Learnt
from app.offline.plan import Plan
from app.offline.planning import Planning
from app.offline.rounds import Course
from app.offline.thread import Thread
from tools.base import Tool

_WORDS = re.compile(r"\S+\s*|\s+")
_AS_IT_IS = GetPydanticSchema(lambda source, handler: any_schema())
"""Of live things nothing is checked or copied; a declaration's own checks are the registry's."""


class OfflinePlanner(BaseChatModel):
    """Plans with the tools' own words, without a model. The same messages at the same time give the same reply."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    tools: Annotated[tuple[Tool, ...], _AS_IT_IS]
    learnt: Annotated[Learnt, _AS_IT_IS] = Field(exclude=True)
    clock: Callable[[], datetime] = Field(exclude=True)
    zone: ZoneInfo

    @property
    def _llm_type(self) -> str:
        return "offline-planner"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The planner with only those of its tools that are named here; `tool_choice` "none" proposes no call."""
        schemas = [convert_to_openai_tool(tool) for tool in tools]
        choice = {} if tool_choice is None else {"tool_choice": tool_choice}
        return self.bind(tools=schemas, **choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages, kwargs))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await asyncio.to_thread(self._generate, messages, stop, None, **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _chunks(self._reply(messages, kwargs))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(await asyncio.to_thread(self._reply, messages, kwargs)):
            yield chunk

    def _reply(self, messages: Sequence[BaseMessage], options: dict[str, Any]) -> AIMessage:
        tools = self._bound(options)
        thread = recall.read(messages)
        now = self.clock().astimezone(self.zone)
        plan = Planning(self.learnt.from_tools(tools), thread, now).plan()
        course = rounds.course(plan, thread.now)
        calls = [] if options.get("tool_choice") == "none" else _calls(course, thread)
        if calls:
            aside = [call["id"] for call, aside in zip(calls, course.aside, strict=True) if aside]
            return AIMessage(plan.beside, tool_calls=calls, response_metadata={"aside": aside} if aside else {})
        return AIMessage(answer.told(plan, thread.now, course, tools, now), response_metadata=_metadata(plan, course))

    def _bound(self, options: dict[str, Any]) -> tuple[Tool, ...]:
        if "tools" not in options:
            return self.tools
        named = {schema["function"]["name"] for schema in options["tools"]}
        return tuple(tool for tool in self.tools if tool.name in named)


def _calls(course: Course, thread: Thread) -> list[ToolCall]:
    return [
        tool_call(name=name, args=args, id=f"call-{thread.number}-{number}")
        for number, (name, args) in enumerate(course.due, 1)
    ]


def _metadata(plan: Plan, course: Course) -> dict[str, Any]:
    """What the answer was, for the next turn and for whoever looks: `outcome`, and the question if one was put, with
    the handles it leaves to choose from."""
    outcome = (
        "ask" if plan.question or plan.open else "cannot" if plan.cannot else "unknown" if plan.unknown else
        "talk" if plan.talks else "answered"
    )  # fmt: skip
    told: dict[str, Any] = {"model_name": "offline", "outcome": outcome}
    if plan.question:
        asked = plan.question
        told["asked"] = {"name": asked.name, "args": dict(asked.args), "missing": asked.slot.name}
        told |= {"near": [*asked.near]} if asked.near else {}
    for lost in course.lost if not plan.question else ():
        near = [ref.handle for ref in course.near if lost.wait and ref.kind == lost.wait.kind]
        if lost.wait and near:
            told["asked"] = {"name": lost.name, "args": dict(lost.args), "missing": lost.wait.argument}
            told["near"] = near
    return told


def _chunks(reply: AIMessage) -> Iterator[ChatGenerationChunk]:
    """The reply in pieces: its calls at once, its text word by word, what is known about it last."""
    if reply.tool_calls:
        yield ChatGenerationChunk(message=_calling(reply))
        return
    for word in _WORDS.findall(reply.text):
        yield ChatGenerationChunk(message=AIMessageChunk(content=word))
    last = AIMessageChunk(content="", response_metadata=reply.response_metadata, chunk_position="last")
    yield ChatGenerationChunk(message=last)


def _calling(reply: AIMessage) -> AIMessageChunk:
    chunks = [
        tool_call_chunk(name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=i)
        for i, call in enumerate(reply.tool_calls)
    ]
    return AIMessageChunk(
        content=reply.text, tool_call_chunks=chunks, chunk_position="last", response_metadata=reply.response_metadata
    )
