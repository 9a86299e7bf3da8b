"""What a model is sent is what tests/golden says. After a change: `make golden`, and read the difference."""

from __future__ import annotations

import pytest

from tests.golden_prompts import GOLDEN, file_of, golden


@pytest.mark.parametrize("name", golden())
def test_a_model_is_sent_what_was_read_and_found_good(name: str) -> None:
    assert golden()[name]() + "\n" == file_of(name).read_text(encoding="utf-8"), "`make golden` writes it anew"


def test_no_golden_text_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {file_of(name).name for name in golden()}
