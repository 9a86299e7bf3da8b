"""Whether two locations are surely different places. Law: in doubt they are the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ONLINE = re.compile(
    r"https?://|www\.|\b(zoom|google meet|meet\.google|ms teams|microsoft teams|teams meeting|webex|skype|hangouts?|"
    r"jitsi|online|virtual|remote|phone|call|dial[- ]in|video|telefon|"
    r"to be (decided|announced|confirmed)|tbd|tbc|tba)\b",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"\b(room|rm|boardroom|floor|fl|level|desk|suite|lobby|auditorium|canteen|kitchen|raum|saal|sitzungszimmer|zimmer|"
    r"besprechungsraum|stock|etage|og|eg|ug|salle|étage|sala|piso|planta|aula|andar|huddle|booth)\b|^\d+\w?$",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    {"the", "a", "at", "in", "of", "and", "our", "your", "my", "client", "customer", "main", "head", "central"}
    | {
        "office",
        "offices",
        "building",
        "bldg",
        "hq",
        "headquarters",
        "site",
        "campus",
        "house",
        "home",
        "centre",
        "center",
    }
    | {"cafe", "restaurant", "street", "st", "road", "rd", "avenue", "ave", "lane", "strasse", "str", "rue", "calle"}
    | {"via", "platz", "square", "plaza", "place"}
)
_PARTS = re.compile(r"[,;()\n|]+|\s[–—-]\s|\s/\s")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Place:
    """Somewhere to go: the names in its venue, the names in its street address, and whether it is a room inside."""

    venue: frozenset[str]
    street: frozenset[str]
    room: bool


def read_place(text: str) -> Place | None:
    """The place a location names; None for nothing, a link or a call. What follows the street is the city: left out."""
    if _ONLINE.search(text) or not _WORDS.search(text):
        return None
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    outer = [part for part in parts if not _ROOM.search(part)]
    at = next((n for n, part in enumerate(outer) if _is_street(part)), len(outer))
    return Place(
        venue=frozenset[str]().union(*(_names(part) for part in outer[:at])),
        street=_names(outer[at]) if at < len(outer) else frozenset(),
        room=len(outer) < len(parts),
    )


def far_apart(first: str, second: str) -> bool:
    """Both are places to go to, and they are surely not the same venue or street."""
    a, b = read_place(first), read_place(second)
    if a is None or b is None or a.venue & b.venue or a.street & b.street:
        return False
    if (a.venue or a.street) and (b.venue or b.street):
        return True
    unnamed, named = (b, a) if a.venue or a.street else (a, b)
    return unnamed.room and bool(named.street) and not named.room


def _names(part: str) -> frozenset[str]:
    """The words of a part that tell it from others, without case and accents."""
    folded = unicodedata.normalize("NFKD", part.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return frozenset(word for word in _WORDS.findall(bare) if not word.isdigit()) - _GENERIC


def _is_street(part: str) -> bool:
    words = _WORDS.findall(part)
    return any(word[0].isdigit() for word in words) and any(word.isalpha() and len(word) > 2 for word in words)
