"""Tells what of an HTML mail a reader would see, from inline styles and the simplest rules of its style sheet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

Colour = tuple[int, int, int]

STYLE_LIMIT = 60_000
SAME_COLOUR = 30
"""Two colours whose channels differ by less than this in sum cannot be told apart."""

_NAMED: dict[str, Colour] = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
    "navy": (0, 0, 128),
}
_PAINTS = ("color", "text", "bgcolor", "background")
_TELLING = frozenset(("style", "class", "id", "hidden", *_PAINTS))
"""The attributes a look depends on."""
_AT_BLOCK = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SIMPLE = re.compile(r"\s*[a-z0-9]*([.#][\w-]+)\s*\Z", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_NONE = re.compile(r"^0*\.?0*(?:px|pt|em|rem|%|vh)?$")
_TINY = re.compile(r"^(?:0*\.?0*(?:px|pt|em|rem|%)?|0*1(?:\.0*)?(?:px|pt)|0?\.\d+(?:px|pt))$")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})")


@dataclass(frozen=True)
class Sheet:
    """What the style sheet says outside of media queries: names (".a", "#b") that hide, and that paint a background."""

    hiding: frozenset[str] = frozenset()
    painting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Look:
    """How text stands at a place. `paper` is None where the background cannot be told."""

    hidden: bool = False
    tiny: bool = False
    ink: Colour = (0, 0, 0)
    paper: Colour | None = (255, 255, 255)

    @cached_property
    def unseen(self) -> bool:
        return self.hidden or self.tiny or (self.paper is not None and _alike(self.ink, self.paper))


class Looks:
    """The looks of one page. A page repeats few styles many times, so each is worked out once."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._found: dict[tuple[object, ...], tuple[Look, Look]] = {}

    def inside(self, outer: Look, attributes: Mapping[str, str | None]) -> Look:
        """The look inside an element with these attributes, standing in `outer`."""
        if _TELLING.isdisjoint(attributes):
            return outer
        get = attributes.get
        key = (id(outer), get("style"), get("class"), get("id"), "hidden" in attributes, *map(get, _PAINTS))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = outer, look_at(outer, attributes, self._sheet)  # with it, its id stays its own
        return found[1]


def read_sheet(css: str) -> Sheet:
    """Read the text of the <style> elements."""
    hiding: set[str] = set()
    painting: set[str] = set()
    for selectors, body in _RULE.findall(_AT_BLOCK.sub("", _COMMENT.sub("", css[:STYLE_LIMIT]))):
        style = declarations(body)
        for selector in selectors.split(","):
            if any(name.startswith("background") for name in style):
                painting.update(_NAME.findall(selector))
            if _hides(style) and (found := _SIMPLE.match(selector)):
                hiding.add(found.group(1))
    return Sheet(frozenset(hiding), frozenset(painting))


def declarations(style: str) -> dict[str, str]:
    """Property -> value of an inline style, in lower case."""
    pairs = (item.partition(":") for item in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def look_at(outer: Look, attributes: Mapping[str, str | None], sheet: Sheet) -> Look:
    """The look inside an element with these attributes, standing in `outer`."""
    names = _names(attributes)
    style = declarations(attributes.get("style") or "")
    if outer.hidden or "hidden" in attributes or _hides(style) or not sheet.hiding.isdisjoint(names):
        return replace(outer, hidden=True)
    inner = outer
    if size := style.get("font-size", ""):
        inner = replace(inner, tiny=bool(_TINY.match(size)))
    if ink := _colour(style.get("color") or attributes.get("color") or attributes.get("text") or ""):
        inner = replace(inner, ink=ink)
    return _painted(inner, style, attributes, not sheet.painting.isdisjoint(names))


def _painted(look: Look, style: Mapping[str, str], attributes: Mapping[str, str | None], by_sheet: bool) -> Look:
    value = style.get("background-color") or style.get("background") or attributes.get("bgcolor") or ""
    if "url(" in value or "gradient" in value or attributes.get("background") or "background-image" in style:
        return replace(look, paper=None)
    if value in ("", "none", "transparent", "inherit", "initial"):
        return replace(look, paper=None) if by_sheet else look
    return replace(look, paper=_colour(value))


def _names(attributes: Mapping[str, str | None]) -> set[str]:
    names = {f".{name}" for name in (attributes.get("class") or "").split()}
    return names | {f"#{attributes['id']}"} if attributes.get("id") else names


def _hides(style: Mapping[str, str]) -> bool:
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if _NONE.match(style.get("opacity", "1")) or _NONE.match(style.get("max-height", "none")):
        return True
    folded = style.get("overflow") == "hidden" and any(
        _NONE.match(style.get(side, "auto")) for side in ("height", "width")
    )
    away = any(
        value.startswith("-") and len(value) > 5 for value in (style.get("left", ""), style.get("text-indent", ""))
    )
    return folded or away


def _colour(value: str) -> Colour | None:
    value = value.strip().lower()
    digits = value[1:7] if value.startswith("#") else ""
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits[:3])
    if len(digits) == 6 and all(digit in "0123456789abcdef" for digit in digits):
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.match(value):
        red, green, blue = (min(int(channel), 255) for channel in found.groups())
        return red, green, blue
    return _NAMED.get(value.split(" ")[0])


def _alike(one: Colour, other: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < SAME_COLOUR
