"""The storage of a test, with a vault whose key lies beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from app.storage import Storage, private_file, storage
from app.vault_opening import VAULT
from auth.local.keys import Beside, Ladder
from auth.local.vault import Vault


@asynccontextmanager
async def opened(home: Path, user: str, scope: str = "") -> AsyncIterator[Storage]:
    """The storage of this folder."""
    private_file(home / VAULT)
    with closing(Vault.open(home / VAULT, Ladder((Beside(home),)))) as vault:
        async with storage(home, user, vault, scope) as kept:
            yield kept
