"""The whole body of an answer, unpacked. Law: never half of it, and never more than BODY_LIMIT in memory."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

import urllib3

from auth.errors import Oversized, TooSlow, Unreachable

BODY_LIMIT = 64 * 1024 * 1024
BITE = 64 * 1024
"""Bytes taken from an answer at a time, before they are unpacked; what they unpack to stays near the processor."""
GZIP = 31
"""zlib's number for a gzip stream of any window."""


class Stream(Protocol):
    """One member of a gzip body on its way, as zlib gives it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(frozen=True)
class Codec:
    """What unpacks: how a stream begins, and what is raised for one that is damaged."""

    begin: Callable[[int], Stream]
    error: type[Exception]


ZLIB = Codec(zlib.decompressobj, zlib.error)


@cache
def codec() -> Codec:
    """ISA-L where it is installed, three times as fast over mail; else zlib. Loaded by the thread that fetches."""
    try:
        from isal import isal_zlib
    except ImportError:
        return ZLIB
    error: object = isal_zlib.error  # its stub takes the class for one of its instances
    return Codec(isal_zlib.decompressobj, cast(type[Exception], error))


def whole(response: urllib3.BaseHTTPResponse, ends: float) -> bytes:
    """The body, unpacked. Not by urllib3, which copies what it has unpacked twice more."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "identity"):
        raise Unreachable("the service packed its answer in a way it was not asked for")
    packed = Packed(codec()) if coding == "gzip" else None
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(BITE, decode_content=False):
        piece = packed.unpacked(chunk, BODY_LIMIT + 1 - size) if packed else chunk
        size += len(piece)
        if size > BODY_LIMIT:
            raise Oversized(f"the answer is larger than {BODY_LIMIT // 2**20} MB; ask for less")
        if time.monotonic() > ends:
            raise TooSlow("the answer came too slowly")
        parts.append(piece)
    if packed and parts and not packed.stream.eof:
        raise Unreachable("the packed answer broke off")
    return b"".join(parts)


class Packed:
    """A gzip body (RFC 1952: one or more members, one after the other)."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self.stream = codec.begin(GZIP)

    def unpacked(self, chunk: bytes, room: int) -> bytes:
        """What the chunk holds, at most `room` bytes of it. Raises Unreachable for what is no gzip."""
        try:
            found = self.stream.decompress(chunk, room)
            while len(found) < room and (rest := self.stream.unused_data):
                self.stream = self._codec.begin(GZIP)
                found += self.stream.decompress(rest, room - len(found))
        except self._codec.error as error:
            raise Unreachable("the service sent an answer that cannot be unpacked") from error
        return found
