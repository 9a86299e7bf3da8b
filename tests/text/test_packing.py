"""What is remembered comes back as it was, whatever packed it; what is damaged is said to be."""

from __future__ import annotations

import zlib

import pytest

from tools.text.packing import packed, unpacked

TEXTS = (b"", b"a", b"Dear Ana, " * 900, bytes(range(256)) * 40)


@pytest.mark.parametrize("raw", TEXTS)
def test_what_one_packed_the_other_unpacks(raw: bytes) -> None:
    assert unpacked(packed(raw)) == raw
    assert zlib.decompress(packed(raw)) == raw
    assert unpacked(zlib.compress(raw)) == raw


@pytest.mark.parametrize("data", [b"", b"not packed", packed(TEXTS[2])[:-3], packed(TEXTS[2])[:-4] + b"\0\0\0\0"])
def test_what_is_damaged_is_told(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be unpacked"):
        unpacked(data)
