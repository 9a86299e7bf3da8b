"""A lease shows its token to nobody: not to a print, a copy, a pickle, nor to any serializer that meets it."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable
from typing import Any

import orjson
import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from pydantic import TypeAdapter

from auth.lease import Lease, Secret
from auth.local.grants import Client, Grant

CANARY = "ya29.canary-7f3a"
LEASE = Lease("me", "ana@example.org", "gmail.read", frozenset({"s"}), 1e9, Secret(CANARY))
GRANT = Grant("ana@example.org", frozenset({"s"}), Secret(CANARY))
HOLDERS = (LEASE, GRANT, LEASE.token)


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
@pytest.mark.parametrize("show", [repr, str, format, ascii, lambda holder: f"{holder!r:>9} {[holder]}"])
def test_no_print_shows_the_token(holder: object, show: Callable[[object], str]) -> None:
    assert CANARY not in show(holder)


ENCODERS: dict[str, Callable[[Any], object]] = {
    "pickle": pickle.dumps,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "asdict": lambda holder: repr(dataclasses.asdict(holder)),
    "json of vars": lambda holder: json.dumps(vars(holder), default=str),
    "msgpack": lambda holder: ormsgpack.packb(holder, default=str),
    "json as traces write it": lambda holder: orjson.dumps(holder, default=str),
    "checkpoint": lambda holder: JsonPlusSerializer().dumps_typed({"messages": [holder]}),
    "checkpoint with pickle": lambda holder: JsonPlusSerializer(pickle_fallback=True).dumps_typed([holder]),
    "pydantic": lambda holder: TypeAdapter(Any).dump_json(holder, fallback=str),
}


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
@pytest.mark.parametrize("name", ENCODERS)
def test_no_copy_or_serializer_takes_the_token_along(holder: object, name: str) -> None:
    try:
        made = repr(ENCODERS[name](holder))
    except (TypeError, ValueError, ormsgpack.MsgpackEncodeError) as refused:
        made = f"{refused} {refused.__cause__}"
    assert CANARY not in made


@pytest.mark.parametrize("encode", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_lease_cannot_be_stored_or_copied(encode: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="take a new one"):
        encode(LEASE)


def test_two_secrets_are_never_equal() -> None:
    assert Secret(CANARY) != Secret(CANARY)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Injected: 1", "ümlaut", "\x00"])
def test_a_token_no_header_can_hold_is_refused_without_being_told(token: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as refused:
        Secret(token)
    assert not token or token not in str(refused.value)


def test_the_client_does_not_print_its_secret() -> None:
    assert "hush" not in repr(Client("valet", "hush"))
