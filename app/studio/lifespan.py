"""What the LangGraph server runs beside its own routes: it closes everyone's Valet when it stops, and pages of the
internet that may ask are told so (`app/studio/private_network.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from app.studio.people import people
from app.studio.private_network import PrivateNetwork


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    everyone = await asyncio.to_thread(people)
    try:
        yield
    finally:
        await everyone.close()


app = Starlette(lifespan=_lifespan, middleware=[Middleware(PrivateNetwork)])
