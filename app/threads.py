"""Names conversations. Law: an id is free, and short enough to be typed."""

from __future__ import annotations

import os


def new_thread() -> str:
    """An id nobody has used."""
    return os.urandom(5).hex()
