"""Values against discovery schemas."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.routes import load
from app.demo.schema_check import SchemaError, check_moment, check_value

SCHEMAS = load("calendar.v3").schemas


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"summary": 1}, "summary"),
        ({"sequence": True}, "sequence"),
        ({"attendees": [{"email": "a@x.example"}, {"email": None, "optional": "yes"}]}, "attendees[1].optional"),
        ({"attendees": {}}, "attendees"),
        ({"extendedProperties": {"private": {"a": 1}}}, "extendedProperties.private.a"),
        ({"colour": "red"}, ""),
        ({"start": {"day": "2026-03-25"}}, "start"),
        ("event", ""),
    ],
)
def test_what_does_not_fit_is_named(value: Any, place: str) -> None:
    with pytest.raises(SchemaError) as refused:
        check_value(value, SCHEMAS["Event"], SCHEMAS)
    assert refused.value.place == place


def test_what_fits() -> None:
    event: dict[str, Any] = {
        "summary": None,
        "sequence": 2,
        "extendedProperties": {"private": {"any": "thing"}},
        "attendees": [],
    }
    check_value(event, SCHEMAS["Event"], SCHEMAS)
    local = {"start": {"dateTime": "2026-03-25T09:00:00"}}
    check_value(local, SCHEMAS["Event"], SCHEMAS, offsets=False)
    with pytest.raises(SchemaError, match="offset"):
        check_value(local, SCHEMAS["Event"], SCHEMAS)


@pytest.mark.parametrize("text", ["2026-03-25", "2026-03-25T09:00:00", "2026-02-30T09:00:00Z", "now", ""])
def test_moments_name_their_offset(text: str) -> None:
    with pytest.raises(SchemaError):
        check_moment(text, "timeMin")
    assert check_moment("2026-03-25t09:00:00.5z", "timeMin").microsecond == 500_000
