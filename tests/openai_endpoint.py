"""An OpenAI-compatible endpoint on loopback that says what a test tells it to: real HTTP for the real client."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = dict[str, Any] | tuple[int, dict[str, Any]]


@dataclass
class Endpoint:
    """`answers` are given in order; `requests` are the bodies that came in, `paths` where to."""

    url: str
    answers: list[Answer]
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def said(text: str = "", *calls: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A chat completion's message."""
    made = [
        {"id": f"call_{i}", "type": "function", "function": {"name": n, "arguments": json.dumps(a)}}
        for i, (n, a) in enumerate(calls)
    ]
    return {"role": "assistant", "content": text, **({"tool_calls": made} if made else {})}


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
    deltas = [{"role": "assistant"}, *words, *({"tool_calls": [call]} for call in calls)]
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
            answer = endpoint.answers.pop(0)
            if isinstance(answer, tuple):
                self._send(answer[0], "application/json", json.dumps(answer[1]).encode())
            elif body.get("stream"):
                lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in _chunks(answer)]
                self._send(200, "text/event-stream", ("".join(lines) + "data: [DONE]\n\n").encode())
            else:
                self._send(200, "application/json", json.dumps(_completion(answer)).encode())

        def _send(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Requests are kept, not printed."""

    return Conversation


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
        server.shutdown()
        server.server_close()
        thread.join()
