"""Puts what handles stand for in place of them. Law: an id of a service enters a call by a handle that was shown."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from graphs import prompts
from graphs.state import Handled
from tools.base import Pointer, Ref, Tool
from tools.errors import BadArgument


def resolved(tool: Tool, args: Mapping[str, Any], handles: Mapping[str, Handled]) -> dict[str, Any]:
    """The arguments with ids where a Handle is declared, and Refs where a Pointer is. Raises BadArgument."""
    given = {name: _pointed(value, tool.hints.get(name), handles) for name, value in args.items()}
    for name, kind in tool.handles.items():
        held = given.get(name)
        if isinstance(held, list | tuple):
            given[name] = [_ref(str(one), (kind,), handles).id for one in held]
        elif held is not None:
            given[name] = _ref(str(held), (kind,), handles).id
    return given


def _pointed(value: Any, hint: Any, handles: Mapping[str, Handled]) -> Any:
    """The value with a Ref at each place where its type carries a Pointer."""
    pointer = next((mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Pointer)), None)
    if isinstance(value, list | tuple):
        inner = hint if pointer else _element(hint)
        return [_pointed(one, inner, handles) for one in value]
    if pointer is not None:
        return None if value is None else _ref(str(value), pointer.kinds, handles)
    model = next((one for one in _alternatives(hint) if isinstance(one, type) and issubclass(one, BaseModel)), None)
    if isinstance(value, dict) and model is not None:
        hints = typing.get_type_hints(model, include_extras=True)
        return {name: _pointed(part, hints.get(name), handles) for name, part in value.items()}
    return value


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """The types that an annotation or a union comes down to."""
    if hasattr(hint, "__metadata__"):
        return _alternatives(typing.get_args(hint)[0])
    if isinstance(typing.get_origin(hint), type) and issubclass(typing.get_origin(hint) or object, list | tuple):
        return (hint,)
    return tuple(one for arg in typing.get_args(hint) for one in _alternatives(arg)) or (hint,)


def _element(hint: Any) -> Any:
    """What a list holds."""
    return next((args[0] for one in _alternatives(hint) if (args := typing.get_args(one))), None)


def _ref(given: str, kinds: tuple[str, ...], handles: Mapping[str, Handled]) -> Ref:
    known = [handle for handle in handles if handle.partition(":")[0] in kinds]
    if given not in known:
        shown = f" ({known[0]} to {known[-1]} are)" if known else "; list them first"
        kind = " or ".join(filter(None, (", ".join(kinds[:-1]), kinds[-1])))
        raise BadArgument(
            prompts.UNKNOWN_HANDLE.format(given=given, kind=kind, known=shown), "Use a handle that was shown."
        )
    held = handles[given]
    return Ref(kind=given.partition(":")[0], id=held["id"], label=held["label"])
