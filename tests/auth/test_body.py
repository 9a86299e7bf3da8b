"""Bodies that are packed, in pieces, or too large: all of it or an error."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest

from auth.body import BODY_LIMIT, ZLIB, Codec, Packed, codec
from auth.errors import Oversized, Unreachable
from auth.wire import Answer, Cut, Wire
from tests.loopback import Got, Hostile, Line, ok, once_each

TEXT = b"a long answer " * 50_000
PACKED = gzip.compress(TEXT)


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def send(wire: Wire, server: Hostile) -> Answer:
    return wire.send("GET", f"{server.origin}/", body=None, headers={}, cut=Cut())


def test_chunked_and_compressed_answers_come_whole(wire: Wire) -> None:
    text = b"a long answer " * 50_000

    def chunked(got: Got, line: Line) -> None:
        pieces = (text[:7], text[7:90_000], text[90_000:])
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.send(head + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n")

    def compressed(got: Got, line: Line) -> None:
        line.reply(200, gzip.compress(text), Content_Encoding="gzip")

    with Hostile(once_each(chunked, compressed)) as server:
        assert send(wire, server).body == text
        answer = send(wire, server)
        assert answer.body == text
        assert "content-encoding" not in answer.headers
        assert server.got[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("packed", [False, True])
def test_an_oversized_body_is_not_read_to_its_end(wire: Wire, packed: bool) -> None:
    def endless(got: Got, line: Line) -> None:
        size = BODY_LIMIT + 1
        if packed:  # 64 KB on the wire
            line.reply(200, gzip.compress(bytes(size)), Content_Encoding="gzip")
            return
        line.send(f"HTTP/1.1 200 OK\r\nContent-Length: {10 * size}\r\n\r\n".encode())
        piece = bytes(1024 * 1024)
        while True:
            line.send(piece)

    with Hostile(endless) as server, pytest.raises(Oversized, match="64 MB"):
        send(wire, server)


@pytest.mark.parametrize("split", [0, 1, 100, len(PACKED)])
def test_a_body_packed_in_two_members_is_one_body(wire: Wire, split: int) -> None:
    both = PACKED + gzip.compress(b"and the end")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(both)}\r\n\r\n".encode()

    def in_two(got: Got, line: Line) -> None:
        line.send(head + both[:split])
        line.send(both[split:])

    with Hostile(in_two) as server:
        assert send(wire, server).body == TEXT + b"and the end"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"this is no gzip"),
        ("gzip", PACKED[:-9]),
        ("gzip", PACKED + b"and more"),
        ("gzip", PACKED[:50] + b"X" + PACKED[51:]),
        ("deflate", zlib.compress(TEXT)),
        ("br", b"whatever"),
    ],
    ids=["no gzip", "half a gzip", "more than it", "damaged", "not asked for", "unknown"],
)
def test_what_cannot_be_unpacked_whole_is_an_error_and_the_next_answer_is_its_own(
    wire: Wire, coding: str, body: bytes
) -> None:
    with Hostile(once_each(lambda got, line: line.reply(200, body, Content_Encoding=coding), ok)) as server:
        with pytest.raises(Unreachable, match="packed"):
            send(wire, server)
        assert send(wire, server).body == b'{"path": "/", "target": "/"}'


def test_an_empty_body_may_be_called_packed(wire: Wire) -> None:
    with Hostile(lambda got, line: line.reply(200, b"", Content_Encoding="gzip")) as server:
        assert send(wire, server).body == b""


CODECS = pytest.mark.parametrize("by", [ZLIB, codec()], ids=["zlib", "the codec in use"])
SMALL = bytes(range(256)) * 3 + b"and the same again " * 40


def unpacked(by: Codec, body: bytes, size: int, room: int = BODY_LIMIT) -> bytes | None:
    """The body, come in pieces of a size; None where it broke off."""
    packed = Packed(by)
    found = b"".join(packed.unpacked(body[at : at + size], room) for at in range(0, len(body), size))
    return found if packed.stream.eof else None


@CODECS
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_however_a_body_is_cut_into_pieces_it_is_the_same(by: Codec, size: int) -> None:
    assert unpacked(by, gzip.compress(SMALL), size) == SMALL
    assert unpacked(by, gzip.compress(SMALL) + gzip.compress(b"") + gzip.compress(b"end"), size) == SMALL + b"end"


@CODECS
def test_a_body_that_breaks_off_anywhere_is_not_whole(by: Codec) -> None:
    body = gzip.compress(SMALL)
    assert [unpacked(by, body[:end], 7) for end in range(1, len(body))] == [None] * (len(body) - 1)


@CODECS
def test_a_body_with_any_bit_turned_is_the_same_text_or_an_error(by: Codec) -> None:
    """Without harm: bits of the time in the head, and of the filling before the check."""
    body = gzip.compress(SMALL, mtime=0)
    harmless = 0
    for bit in range(len(body) * 8):
        turned = bytearray(body)
        turned[bit // 8] ^= 1 << bit % 8
        try:
            found = unpacked(by, bytes(turned), 50)
        except Unreachable:
            continue
        assert found in (SMALL, None)
        harmless += found == SMALL
    assert harmless


@CODECS
def test_no_more_is_unpacked_than_there_is_room_for(by: Codec) -> None:
    packed = Packed(by)
    assert packed.unpacked(gzip.compress(bytes(1_000_000)), 1_000) == bytes(1_000)
