"""Says what is named like a setting and is none. Law: on standard error, and once, before anything else is said."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.settings import Settings


def mention(settings: Settings) -> None:
    """One line for each."""
    for told in settings.strangers:
        sys.stderr.write(f"! {told}\n")
