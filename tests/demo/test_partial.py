"""The `fields` language."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.google_errors import GoogleError
from app.demo.partial import parse_fields, select

VALUE = {
    "kind": "k",
    "items": [{"id": 1, "start": {"date": "d", "zone": "z"}, "end": {"date": "e"}}, {"id": 2}],
    "next": None,
}


@pytest.mark.parametrize(
    ("fields", "selected"),
    [
        ("kind", {"kind": "k"}),
        ("kind,next", {"kind": "k", "next": None}),
        ("items/id", {"items": [{"id": 1}, {"id": 2}]}),
        ("items(id,start/date)", {"items": [{"id": 1, "start": {"date": "d"}}, {"id": 2}]}),
        ("items(start(date))", {"items": [{"start": {"date": "d"}}, {}]}),
        ("items/*/date", {"items": [{"id": 1, "start": {"date": "d"}, "end": {"date": "e"}}, {"id": 2}]}),
        ("items/id, items/end", {"items": [{"id": 1, "end": {"date": "e"}}, {"id": 2}]}),
        ("*", VALUE),
        ("missing", {}),
    ],
)
def test_selections(fields: str, selected: Any) -> None:
    assert select(VALUE, parse_fields(fields)) == selected


@pytest.mark.parametrize("fields", ["", ",", "a,", "a(", "a()", "a)", "a/", "/a", "a(b))", "a b", "a/" * 50 + "b"])
def test_what_is_no_selection(fields: str) -> None:
    with pytest.raises(GoogleError, match="Invalid field selection"):
        parse_fields(fields)
