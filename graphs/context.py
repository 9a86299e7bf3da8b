"""Per-run options a client may set. Law: plain JSON; never a live object, never a secret, never an identity."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Context:
    """`model` as in VALET_MODEL ("" = as configured); `accounts` maps a connection to a linked account's name.

    `briefing` asks for the briefing, whatever the request says, without asking a model; `undo`, the id of a receipt,
    for the call that takes that write back.
    """

    model: str = ""
    accounts: dict[str, str] = field(default_factory=dict)
    briefing: bool = False
    undo: str = ""
