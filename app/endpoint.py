"""Where a chat model is asked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.settings import Secret


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server. `url` "" means OpenAI's own; `seconds` without a word are too long."""

    url: str
    key: Secret | None
    seconds: float = 60.0
    retries: int = 2

    @property
    def where(self) -> str:
        """Its host, for the person."""
        return urlsplit(self.url).netloc.rpartition("@")[2] or "OpenAI"
