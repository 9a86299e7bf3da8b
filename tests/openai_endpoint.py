"""An OpenAI-compatible endpoint on loopback that says what a test tells it to: real HTTP for the real client."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Raw:
    """Anything an endpoint might send. `cut`: the connection ends before as much came as was said; `silent`: it stays
    open and no more comes, nor a status where there is no body."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/event-stream"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: bool = False


Answer = dict[str, Any] | tuple[int, dict[str, Any]] | Raw


@dataclass
class Endpoint:
    """`answers` are given in order, the last for ever; `requests` are the bodies that came in, `paths` where to."""

    url: str
    answers: list[Answer]
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


def said(text: str = "", *calls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A chat completion's message."""
    made = [
        {"id": f"call_{i}", "type": "function", "function": {"name": n, "arguments": json.dumps(a)}}
        for i, (n, a) in enumerate(calls)
    ]
    return {"role": "assistant", "content": text, **({"tool_calls": made} if made else {})}


def streamed(message: dict[str, Any], *, reason: str = "", usage: tuple[int, int] | None = None) -> bytes:
    """The events of a message; `reason` why it ended, where not as usual; `usage` in tokens sent and received."""
    chunks = _chunks(message)
    if reason:
        chunks[-1]["choices"][0]["finish_reason"] = reason
    if usage:
        total = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        chunks.append({**chunks[-1], "choices": [], "usage": total})
    return b"".join(event(chunk) for chunk in chunks) + b"data: [DONE]\n\n"


def event(data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(data)}\n\n".encode()


def _completion(message: dict[str, Any]) -> dict[str, Any]:
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "loopback",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def _chunks(message: dict[str, Any]) -> list[dict[str, Any]]:
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "loopback"}
    calls = [{**call, "index": i} for i, call in enumerate(message.get("tool_calls", []))]
    words = [{"content": word + " "} for word in message["content"].split()]
    refused = [{"refusal": message["refusal"]}] if "refusal" in message else []
    deltas = [{"role": "assistant"}, *words, *refused, *({"tool_calls": [call]} for call in calls)]
    choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": "tool_calls" if calls else "stop"})
    return [{**base, "choices": [choice]} for choice in choices]


def _conversation(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Conversation(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append(body)
            endpoint.paths.append(self.path)
            endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = endpoint.answers.pop(0) if len(endpoint.answers) > 1 else endpoint.answers[0]
            if isinstance(answer, Raw):
                _raw(self, answer, endpoint.closing)
            elif isinstance(answer, tuple):
                self._send(answer[0], "application/json", json.dumps(answer[1]).encode())
            elif body.get("stream"):
                self._send(200, "text/event-stream", streamed(answer))
            else:
                self._send(200, "application/json", json.dumps(_completion(answer)).encode())

        def do_GET(self) -> None:
            self._send(200, "application/json", b'{"data": []}')

        def _send(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Requests are kept, not printed."""

    return Conversation


def _raw(handler: BaseHTTPRequestHandler, answer: Raw, closing: threading.Event) -> None:
    if not answer.silent or answer.body:
        handler.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, **answer.headers}.items():
            handler.send_header(name, value)
        more = 1000 if answer.cut or answer.silent else 0
        handler.send_header("Content-Length", str(len(answer.body) + more))
        handler.end_headers()
        handler.wfile.write(answer.body)
    if answer.silent:
        closing.wait()
    handler.close_connection = answer.cut or answer.silent


@contextmanager
def openai_endpoint(*answers: Answer) -> Iterator[Endpoint]:
    """Serve until the block ends."""
    endpoint = Endpoint("", list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _conversation(endpoint))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield endpoint
    finally:
        endpoint.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
