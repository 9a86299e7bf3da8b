"""The asks are read once, and anew whenever it could come out otherwise."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.offline.asks import FILE, Ask, Asks


class Reader:
    """Reads an ask as its words, and counts."""

    def __init__(self) -> None:
        self.read = list[str]()

    def __call__(self, text: str) -> Ask:
        self.read.append(text)
        return Ask(tuple(text.split()), "")


def test_what_was_read_before_is_not_read_again(tmp_path: Path) -> None:
    first, second = Reader(), Reader()
    before = Asks(tmp_path).read(["my mail", "my day"], ["mail"], first)
    after = Asks(tmp_path).read(["my day", "my files", "my mail"], ["mail"], second)
    assert first.read == ["my mail", "my day"]
    assert second.read == ["my files"]
    assert {text: after[text] for text in before} == before
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("spoilt", [b"", b'{"digest": "', b"\xff\xfe", b"[]", b'{"digest": "other", "asks": {}}'])
def test_a_file_that_is_spoilt_or_of_other_code_is_read_anew(tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / FILE).write_bytes(spoilt)
    reader = Reader()
    assert Asks(tmp_path).read(["my mail"], ["mail"], reader)["my mail"].features == ("my", "mail")
    assert reader.read == ["my mail"]
    Asks(tmp_path).read(["my mail"], ["mail"], reader)
    assert reader.read == ["my mail"]


def test_other_kinds_of_things_are_read_anew(tmp_path: Path) -> None:
    reader = Reader()
    for kinds in (["mail"], ["mail", "file"], ["file", "mail"]):
        Asks(tmp_path).read(["my mail"], kinds, reader)
    assert reader.read == ["my mail", "my mail"]


def test_without_a_folder_nothing_is_kept() -> None:
    reader = Reader()
    for _ in range(2):
        Asks().read(["my mail"], ["mail"], reader)
    assert reader.read == ["my mail", "my mail"]
