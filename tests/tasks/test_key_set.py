"""The issuer's keys: cached, looked for again within bounds, and taken only where they are fit to be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from app.tasks.key_set import BETWEEN_SECONDS, FRESH_SECONDS, MOST_KEYS, KeySet, KeysUnavailable
from auth.wire import Wire
from tests.loopback import Got, Hostile, Line
from tests.tasks.office import Abroad, Clock


@contextmanager
def published(abroad: Abroad, clock: Clock) -> Iterator[KeySet]:
    wire = Wire()
    with Hostile(abroad.play) as hostile:
        yield KeySet(f"{hostile.origin}/keys", wire, clock)
        wire.close()


def test_a_new_key_is_found_after_a_while_and_an_old_one_forgotten_when_the_keys_are_stale() -> None:
    abroad, clock = Abroad(), Clock()
    with published(abroad, clock) as keys:
        assert keys.key("k1") is not None
        abroad.published = [abroad.public(RSAKey.generate_key(2048), "k2")]
        assert keys.key("k2") is None
        clock.now += BETWEEN_SECONDS
        assert keys.key("k2") is not None
        assert keys.key("k1") is None
        assert abroad.fetches == 2
        clock.now += FRESH_SECONDS + 1
        abroad.published = [abroad.public(abroad.key, "k1")]
        assert keys.key("k2") is None


def test_known_keys_outlive_an_issuer_that_is_down_and_none_are_invented() -> None:
    abroad, clock = Abroad(), Clock()
    with published(abroad, clock) as keys:
        abroad.down = True
        for _ in range(5):
            with pytest.raises(KeysUnavailable):
                keys.key("k1")
        assert abroad.fetches == 1
        abroad.down = False
        clock.now += BETWEEN_SECONDS
        assert keys.key("k1") is not None
        abroad.down = True
        clock.now += FRESH_SECONDS + 1
        assert keys.key("k1") is not None


def test_keys_that_are_unfit_are_left_out() -> None:
    abroad, clock = Abroad(), Clock()
    good = abroad.published[0]
    private = {**abroad.key.as_dict(private=True), "kid": "private"}
    elliptic: dict[str, Any] = {**ECKey.generate_key("P-256").as_dict(private=False), "kid": "ec"}
    abroad.published = [
        {**good, "kid": "encrypts", "use": "enc"},
        {**good, "kid": "other", "alg": "RS512"},
        {**good, "kid": 7},
        {**good, "kid": "broken", "n": "!"},
        {**good, "kid": "exponentless", "e": None},
        {**good, "kid": "small", "n": "w" * 171},
        private,
        elliptic,
        "no key",  # type: ignore[list-item]  # an issuer may send anything
        good,
    ]
    with published(abroad, clock) as keys:
        assert keys.key("k1") is not None
        names = ("encrypts", "other", "broken", "exponentless", "small", "private", "ec")
        assert [name for name in names if keys.key(name)] == []


def test_no_more_keys_are_read_than_an_issuer_has() -> None:
    abroad, clock = Abroad(), Clock()
    good = abroad.published[0]
    abroad.published = [{**good, "kid": f"k{number}"} for number in range(MOST_KEYS + 1)]
    with published(abroad, clock) as keys:
        assert keys.key(f"k{MOST_KEYS - 1}") is not None
        assert keys.key(f"k{MOST_KEYS}") is None


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"keys": 7}', b"[" * 60_000, b'{"keys": []}' + b" " * 70_000])
def test_what_is_no_key_set_is_none(body: bytes) -> None:
    def play(got: Got, line: Line) -> None:
        line.reply(200, body)

    wire = Wire()
    with Hostile(play) as hostile:
        with pytest.raises(KeysUnavailable):
            KeySet(hostile.origin, wire, Clock()).key("k1")
        wire.close()
