"""langchain-openai against endpoints as they are. Law: a stream that does not come to its end is an error.

Loaded with the first request to such a model, since it is heavy.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import openai
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI, StreamChunkTimeoutError
from pydantic import SecretStr

from app.endpoint import Endpoint
from auth.redaction import REMOVED, redacted
from graphs.errors import ContextTooLong, ModelFailed, NoTools

WRONG_KEY = "Check VALET_MODEL_KEY, or type the key anew: `valet connect model`."
FAULTS = (openai.OpenAIError, httpx.HTTPError, StreamChunkTimeoutError, json.JSONDecodeError)
_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum.{0,20}(prompt|input).{0,20}(length|tokens)|too many tokens"
    r"|prompt is too long|exceed.{0,40}(context|tokens)|reduce the length",
    re.IGNORECASE,
)
_NO_TOOLS = re.compile(
    r"(tool|function).{0,80}(support|not allowed|enable-auto)|support.{0,40}(tool|function)", re.IGNORECASE
)
_NO_COUNT = re.compile(r"stream_options|include_usage", re.IGNORECASE)


class BrokenOff(openai.OpenAIError):
    """The stream ended before the reply did."""


class Compatible(ChatOpenAI):
    """Chat completions, streamed. `uncounted`: the endpoint refuses to be asked for its usage."""

    uncounted: bool = False

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        begun = ended = False
        try:
            async for chunk in self._chunks(*args, **kwargs):
                ended = ended or "finish_reason" in (chunk.generation_info or {})
                yield chunk
                begun = True
        except openai.APIConnectionError as error:
            if begun and not isinstance(error, openai.APITimeoutError):
                raise BrokenOff("the connection ended before the reply did") from error
            raise
        if not ended:
            raise BrokenOff("the stream ended before the reply did")

    async def _chunks(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        try:
            async for chunk in super()._astream(*args, stream_usage=not self.uncounted, **kwargs):
                yield chunk
        except openai.BadRequestError as error:
            if self.uncounted or not _NO_COUNT.search(_said(error)):
                raise
            self.uncounted = True
            async for chunk in super()._astream(*args, stream_usage=False, **kwargs):
                yield chunk

    def _convert_chunk_to_generation_chunk(self, chunk: dict[str, Any], *args: Any) -> ChatGenerationChunk | None:
        delta = _delta(chunk)
        for number, call in enumerate(delta.get("tool_calls") or []):
            if call.get("index") is None:  # some servers number none of their calls
                call["index"] = number
        found = super()._convert_chunk_to_generation_chunk(chunk, *args)
        if found is not None and delta.get("refusal"):
            found.message.additional_kwargs["refusal"] = delta["refusal"]
        return found


def _delta(chunk: dict[str, Any]) -> dict[str, Any]:
    choices = chunk.get("choices") or [{}]
    return cast(dict[str, Any], choices[0].get("delta") or {})


def compatible(model: str, endpoint: Endpoint, http: httpx.AsyncClient) -> Compatible:
    """The chat model of this name at this endpoint."""
    parts = urlsplit(endpoint.url)
    query = dict(parse_qsl(parts.query))
    key = endpoint.key.reveal() if endpoint.key else "none"
    return Compatible(
        model=model,
        base_url=parts._replace(query="").geturl() or None,
        api_key=SecretStr(key),
        default_query=query or None,
        default_headers={"api-key": key} if "api-version" in query else None,  # Azure's older form
        use_responses_api=False,  # compatible servers speak chat completions
        streaming=True,
        stream_usage=True,
        max_retries=endpoint.retries,
        timeout=endpoint.seconds,
        stream_chunk_timeout=endpoint.seconds,
        http_async_client=http,
    )


def explained(error: Exception, endpoint: Endpoint) -> ModelFailed:
    """What an error of this endpoint means for the person."""
    where = endpoint.where
    match error:
        case openai.APITimeoutError() | StreamChunkTimeoutError() | httpx.TimeoutException():
            return ModelFailed(
                f"The model ({where}) gave no answer in time.", "Ask for less at once, or raise VALET_MODEL_SECONDS."
            )
        case BrokenOff() | httpx.HTTPError():
            return ModelFailed(
                f"The model's answer ({where}) broke off.", "Ask again; nothing of the broken one was carried out."
            )
        case openai.APIConnectionError():
            return ModelFailed(
                f"The model endpoint ({where}) cannot be reached.", "Check VALET_MODEL_URL and the network."
            )
        case openai.APIStatusError():
            return _refused(error, endpoint)
        case openai.APIError() if _TOO_LONG.search(error.message):
            return _too_long(where)
        case _:
            return ModelFailed(f"The model ({where}) gave an unusable answer.", "Ask again in a minute.")


def _refused(error: openai.APIStatusError, endpoint: Endpoint) -> ModelFailed:
    said, where = _said(error, endpoint), endpoint.where
    match error.status_code:
        case 401 | 403:
            return ModelFailed(f"The model endpoint ({where}) refuses the key.", WRONG_KEY)
        case 413:
            return _too_long(where)
        case 429:
            return _slow_down(error, said, where)
        case status if _TOO_LONG.search(said) and status < 500:
            return _too_long(where)
        case _ if _NO_TOOLS.search(said):
            return NoTools(f"The model at {where} takes no tools.", "Choose a model that can call tools.")
        case 404:
            return ModelFailed(f"The model endpoint ({where}) does not have this model.", "Check VALET_MODEL.")
        case status if status < 500:
            told = f": {said[:200]}" if said else ""
            return ModelFailed(
                f"The model endpoint ({where}) refuses the request (HTTP {status}){told}.", "Check VALET_MODEL."
            )
        case status:
            return ModelFailed(f"The model endpoint ({where}) failed (HTTP {status}).", "Ask again in a minute.")


def _too_long(where: str) -> ContextTooLong:
    return ContextTooLong(
        f"The request is too long for the model ({where}), even shortened.",
        "Ask for less at once, lower VALET_RESULT_CHARS, or choose a model with a longer context.",
    )


def _slow_down(error: openai.APIStatusError, said: str, where: str) -> ModelFailed:
    if "insufficient_quota" in said or "insufficient_quota" in str(error.code):
        return ModelFailed(f"The account at the model endpoint ({where}) has no credit left.", "Top it up there.")
    after = error.response.headers.get("retry-after", "")
    when = f"in {after} seconds" if after.isdigit() else "in a minute"
    return ModelFailed(f"The model endpoint ({where}) asks to slow down.", f"Ask again {when}.")


def _said(error: openai.APIStatusError, endpoint: Endpoint | None = None) -> str:
    """What the endpoint says is wrong, on one line, and without the key where it repeats that."""
    body = error.body if isinstance(error.body, dict) else {}
    told = body.get("message") or body.get("error") or body.get("detail") or error.message
    text = " ".join(f"{told} {error.code or ''}".split())
    return redacted(text.replace(endpoint.key.reveal(), REMOVED) if endpoint and endpoint.key else text)
