"""What the LangGraph server runs beside its own routes: nothing but closing everyone's Valet when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from app.studio.people import people


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    everyone = await asyncio.to_thread(people)
    try:
        yield
    finally:
        await everyone.close()


app = Starlette(lifespan=_lifespan)
