"""Whether values of a tape make sense, so that a file is refused by its line before anything is replayed of it.

Law: pure; each gives the value back as it is, or raises ValueError with what is wrong.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.tapes.bodies import raw
from app.tapes.permissions import KINDS, LEASE, OF_A_LEASE
from graphs.context import Context
from graphs.parts import Limits

LIMITS, OPTIONS = ({field.name for field in fields(kind)} for kind in (Limits, Context))


def moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("this time has no zone")
    return text


def zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"there is no zone {name!r} here") from error
    return name


def body(value: Any) -> Any:
    """Of a request or an answer, in the form of app/tapes/bodies.py."""
    try:
        raw(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("this is no body of a message") from error
    return value


def outcome(said: dict[str, Any]) -> dict[str, Any]:
    """Of a permission, in the form of app/tapes/permissions.py."""
    kind = str(said.get("is"))
    if kind not in (LEASE, *KINDS):
        raise ValueError(f"there is no permission of the kind {kind!r}")
    known = (
        {f.name: f.default is MISSING for f in fields(KINDS[kind])}
        if kind != LEASE
        else dict.fromkeys(OF_A_LEASE, True)
    )
    given = said.keys() - {"is", "asking"}
    if not {name for name, needed in known.items() if needed} <= given <= known.keys():
        raise ValueError(f"a {kind} has {', '.join(known)}")
    return said


def limits(given: dict[str, float]) -> dict[str, float]:
    return _known(given, LIMITS, "limit")


def options(given: dict[str, Any]) -> dict[str, Any]:
    return _known(given, OPTIONS, "option")


def _known(given: dict[str, Any], names: set[str], what: str) -> dict[str, Any]:
    odd = sorted(given.keys() - names)
    if odd:
        raise ValueError(f"there is no {what} {odd[0]!r}")
    return given
