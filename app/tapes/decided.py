"""What the answer to a card comes to, in whatever shape it was given."""

from __future__ import annotations

from typing import Any

AGREEING = ("approve", "accept", "edit")


def each(said: Any) -> list[Any]:
    """The decisions of an answer, one by one."""
    if isinstance(said, dict):
        return list(said["decisions"]) if isinstance(said.get("decisions"), list) else list(said.values())
    return [said]


def agreed(said: Any) -> bool:
    """Whether all of it was agreed to."""
    return said in (True, "yes") or all(
        d is True or (isinstance(d, dict) and d.get("type") in AGREEING) for d in each(said)
    )
