"""Lets pages that may ask at all ask from the internet too (Chrome's private network access). Law: no origin is judged
here; where the server's own CORS admits one, so does this.

The server's CORS refuses whoever asks for it, and its own remedy tells every origin yes.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKING = b"access-control-request-private-network"
YES = "Access-Control-Allow-Private-Network"
ADMITTED = "Access-Control-Allow-Origin"


class PrivateNetwork:
    """Stands outside the server's CORS, which is not shown that question."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(ASKING.decode()) == "true"
        plain = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != ASKING]}

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                del headers[YES]
                if asked and message["status"] == 200 and ADMITTED in headers:
                    headers[YES] = "true"
            await send(message)

        await self.app(plain, receive, answered)
