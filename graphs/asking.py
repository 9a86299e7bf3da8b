"""Asks a model, and makes of what it says something the graph can go on with.

Law: what a model got wrong is told to it or to the person; a reply that broke off, or said nothing, is never filled in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, SystemMessage, ToolCall, ToolMessage
from langchain_core.messages.utils import count_tokens_approximately

from graphs import prompts
from graphs.call import UNREADABLE
from graphs.errors import ContextTooLong, ModelFailed, NoTools
from graphs.menu import menu_of
from graphs.parts import Parts
from graphs.past import line, turns, within
from graphs.state import Past, this_turn
from graphs.usage import affordable, counted
from graphs.written_calls import as_text, spoken

SQUEEZES = ((1.0, 0), (0.25, 0), (0.0, 4000), (0.0, 800))
"""How much of the history is sent, and how many characters of a result of this turn (0: all), try by try."""


@dataclass
class Asking:
    """Asks the models of these parts. `toolless`: the models whose endpoint took no tools."""

    parts: Parts
    toolless: set[str] = field(default_factory=set)

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        return menu_of(self.parts)

    async def reply(self, thread: str, name: str, messages: list[AnyMessage], past: Past) -> AIMessage:
        """What the model says. Raises ModelFailed."""
        await asyncio.to_thread(affordable, self.parts, this_turn(messages))
        reply = await self._fitting(thread, name, messages, past)
        if _says_nothing(reply):
            reply = await self._fitting(thread, name, messages, past)
        return _sound(reply)

    async def _fitting(self, thread: str, name: str, messages: list[AnyMessage], past: Past) -> AIMessage:
        """The reply to as much as the model takes."""
        turn = past["turns"] + len(turns(messages))
        for share, chars in SQUEEZES:
            sent = shown(self.parts, squeezed(messages, chars), past, share)
            try:
                reply = await self._once(name, sent)
                return await asyncio.to_thread(counted, self.parts, thread, turn, sent, reply)
            except ContextTooLong as error:
                failed = error
        raise failed

    async def _once(self, name: str, sent: list[BaseMessage]) -> AIMessage:
        """One request; a second, with the menu as text, where the endpoint takes no tools."""
        model = await asyncio.to_thread(self.parts.models.chat, name)
        if name not in self.toolless:
            try:
                return await self._asked(model.bind_tools(self.menu), sent)
            except NoTools:
                self.toolless.add(name)
        return await self._asked(model, as_text(sent, self.menu))

    async def _asked(self, model: Any, sent: list[BaseMessage]) -> AIMessage:
        try:
            reply = await model.ainvoke(sent)
        except self.parts.models.faults as error:
            raise self.parts.models.explain(error) from error
        if not isinstance(reply, AIMessage):
            raise TypeError(f"the chat model answered with {type(reply).__name__}")
        return spoken(_with_unreadable(reply))


def _with_unreadable(reply: AIMessage) -> AIMessage:
    """The reply with a call for each whose arguments were no JSON object, so that it is told what was wrong."""
    calls = [
        ToolCall(name=c["name"] or "?", args={UNREADABLE: (c["args"] or "")[:200]}, id=c["id"], type="tool_call")
        for c in reply.invalid_tool_calls
    ]
    return reply.model_copy(update={"tool_calls": [*reply.tool_calls, *calls], "invalid_tool_calls": []})


def _says_nothing(reply: AIMessage) -> bool:
    return not reply.tool_calls and not reply.text.strip() and not reply.additional_kwargs.get("refusal")


def _sound(reply: AIMessage) -> AIMessage:
    """The reply, if it came to its end. Raises ModelFailed for a refusal, and for calls that broke off."""
    ended = str(reply.response_metadata.get("finish_reason", ""))
    refusal = str(reply.additional_kwargs.get("refusal") or "")
    if refusal or ended.startswith("content_filter"):
        said = f": {refusal}" if refusal else "."
        raise ModelFailed(prompts.DECLINED.format(said=said), "Put it differently, or ask for a part of it.")
    if _says_nothing(reply):
        raise ModelFailed(prompts.SAID_NOTHING, "Ask again, or put it differently.")
    if ended.startswith("length"):
        if reply.tool_calls:
            raise ModelFailed(prompts.CALLS_CUT, "Ask for less at once.")
        return reply.model_copy(update={"content": reply.text.rstrip() + prompts.ANSWER_CUT})
    return reply


def squeezed(messages: list[AnyMessage], chars: int) -> list[AnyMessage]:
    """The messages with results of at most so many characters; 0: as they are."""
    if not chars:
        return messages
    return [_cut(m, chars) if isinstance(m, ToolMessage) and len(m.text) > chars else m for m in messages]


def _cut(message: ToolMessage, chars: int) -> ToolMessage:
    text = prompts.fenced(prompts.bounded(message.text, chars), message.tool_call_id)
    return message.model_copy(update={"content": text})


def shown(parts: Parts, messages: Sequence[AnyMessage], past: Past, share: float = 1.0) -> list[BaseMessage]:
    """What the model is given: the system text, as many turns as fit, and this turn whole.

    `share` of the history's room is used. Of the turns that do not fit, and of those in `past`, the system text has a
    line each, as far as these fit.
    """
    *before, turn = turns(messages)
    room = int(share * parts.limits.history_tokens) - count_tokens_approximately(turn)
    whole: list[list[AnyMessage]] = []
    while before and (room := room - count_tokens_approximately(before[-1])) >= 0:
        whole.insert(0, before.pop())
    lines = within([*past["lines"], *map(line, before)], int(max(share, 0.25) * parts.limits.summary_tokens))
    text = prompts.system(parts.registry, parts.now(), parts.zone.key)
    system = SystemMessage(text + prompts.earlier(lines, past["turns"] + len(before)))
    return [system, *chain.from_iterable(whole), *turn]
