"""When two locations are surely different places, and when that would be a guess."""

from __future__ import annotations

import pytest

from tools.agenda.places import far_apart, read_place

HQ = "Room Tagus, Northwind HQ"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HQ, "Contoso, 18 Quay Street"),
        (HQ, "Brightwater Dental, 9 Elm Road"),
        ("Quayside, 5 Harbour Quay", "Mill Lane Bistro, 2 Mill Lane"),
        ("Northwind HQ, Limmatquai 3, 8001 Zürich", "Café Sprüngli, Paradeplatz 1, 8001 Zürich"),
        ("Zurich office", "Basel office"),
        ("Room 3", "Mill Lane Bistro, 2 Mill Lane"),
        ("12 Elm Road", "Park fields"),
        ("渋谷スクランブルスクエア", "東京駅"),
    ],
)
def test_different_places(first: str, second: str) -> None:
    assert far_apart(first, second)
    assert far_apart(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HQ, "Room Douro, Northwind HQ"),
        (HQ, "Atrium, Northwind HQ"),
        (HQ, "northwind hq"),
        ("Northwind HQ, Limmatquai 3", "Limmatquai 3, 8001 Zürich"),
        ("Harbour Baths", "Café at the Harbour Baths"),
        ("Room 3", "Room 4"),
        ("4th floor, room 12", "Room 3"),
        ("Boardroom", HQ),
        ("HQ", "Northwind HQ"),
        ("Room 3", "Café"),
        (HQ, ""),
        (HQ, "https://meet.example/abc"),
        (HQ, "Microsoft Teams Meeting"),
        ("Zoom", "Contoso, 18 Quay Street"),
        ("Phone: +41 44 555 01 42", "Contoso, 18 Quay Street"),
        ("...", "Contoso, 18 Quay Street"),
        ("Café Zürich", "CAFÉ ZURICH"),
    ],
)
def test_the_same_place_or_none_or_not_sure(first: str, second: str) -> None:
    assert not far_apart(first, second)
    assert not far_apart(second, first)


def test_a_call_is_no_place() -> None:
    assert read_place("https://zoom.example/j/1") is None
    assert read_place("Online") is None
    assert read_place("Contoso, 18 Quay Street") is not None
