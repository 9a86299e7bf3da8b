"""Units as people write them, in the spelling that pint knows. Law: nothing that pint would compute gets through."""

from __future__ import annotations

import re

from tools.errors import BadArgument

MAX_LENGTH = 60
_BITS = {"Kb": "kbit", "Mb": "Mbit", "Gb": "Gbit", "Tb": "Tbit"}
_SPELLINGS: dict[str, str] = {
    "celsius": "degC", "centigrade": "degC", "degrees celsius": "degC", "degc": "degC",
    "fahrenheit": "degF", "degrees fahrenheit": "degF", "degf": "degF", "kelvin": "kelvin", "kelvins": "kelvin",
    "mph": "mile/hour", "kph": "km/hour", "kmh": "km/hour", "kmph": "km/hour", "fps": "ft/s",
    "mpg": "mile/gallon", "us mpg": "mile/gallon", "uk mpg": "mile/imperial_gallon",
    "imperial mpg": "mile/imperial_gallon",
    "kb": "kB", "mb": "MB", "gb": "GB", "tb": "TB", "pb": "PB", "kib": "KiB", "mib": "MiB", "gib": "GiB", "tib": "TiB",
    "kbps": "kbit/s", "mbps": "Mbit/s", "gbps": "Gbit/s", "kbit/s": "kbit/s", "mbit/s": "Mbit/s", "gbit/s": "Gbit/s",
    "sqm": "m**2", "sqft": "ft**2", "sqkm": "km**2", "cbm": "m**3", "cc": "cm**3",
    "'": "ft", "\"": "inch", "″": "inch", "′": "ft", "lbs": "pound", "kilos": "kg", "kilo": "kg", "stones": "stone",
    "fl oz": "fluid_ounce", "fl. oz.": "fluid_ounce", "floz": "fluid_ounce", "kwh": "kWh", "ml": "ml", "l": "liter",
    "tonnes": "metric_ton", "tonne": "metric_ton", "hours": "hour", "hrs": "hour", "mins": "minute", "secs": "second",
    "fortnights": "fortnight", "decade": "ten_years", "decades": "ten_years", "barrel": "oil_barrel",
    "barrels": "oil_barrel", "bbl": "oil_barrel", "c": "degC", "f": "degF",
}  # fmt: skip
_MONEY = re.compile(
    r"[$€£¥₹]|\b(usd|eur|gbp|chf|jpy|inr|cad|aud|cny|dollars?|euros?|yen|rupees?|francs?|pounds? sterling|btc)\b"
)
_PER_100_KM = re.compile(r"(l|lit(?:er|re)s?)\s*(?:/|per)\s*100\s*(km|kilomet(?:er|re)s?)")
_POWERS = {"²": "**2", "³": "**3", "^": "**", "·": "*", "⋅": "*", "×": "*"}
_ATTACHED = re.compile(r"(?<=[^\W\d_])([234])(?![\w.])")
_TERM = r"[^\W\d_]+(?:[ _][^\W\d_]+)*(?: ?\*\* ?-?[1-9])?"
_UNIT = re.compile(rf"(?:1 ?/ ?)?{_TERM}(?: ?[*/ ] ?{_TERM})*")


def spellings(text: str) -> list[str]:
    """What the unit may be called in pint, the likeliest first. Raises BadArgument for what can be no unit."""
    shown = " ".join(text.split())[: MAX_LENGTH + 1]
    if not shown or len(shown) > MAX_LENGTH:
        raise BadArgument(f"{shown[:30]!r} is not a unit.", "Name a unit such as km, miles per hour or °C.")
    lower = re.sub(r"^(?:degrees?|deg|°)\s*(?=[cfk]\b|celsius|fahrenheit)|°", "", shown.lower()).strip()
    if _MONEY.search(lower):
        raise BadArgument("Exchange rates are not known here.", "Convert units of measure only, or give the rate.")
    if _PER_100_KM.fullmatch(lower):
        return ["liter_per_hundred_kilometers"]
    if known := _BITS.get(shown) or _SPELLINGS.get(lower):
        return [known]
    plain = _powers(shown)
    imperial = re.sub(r"^(?:uk|imperial)\s+", "imperial_", re.sub(r"^us\s+", "", plain.lower()))
    tried = (plain.replace(" ", "_"), plain, imperial.replace(" ", "_"), plain.lower())
    return list(dict.fromkeys(tried))


def _powers(shown: str) -> str:
    """With powers as pint writes them; refuses anything pint would have to calculate."""
    plain = shown
    for sign, by in _POWERS.items():
        plain = plain.replace(sign, by)
    plain = _ATTACHED.sub(r"**\1", re.sub(r"(?i)\bsq\.?\s+", "square ", plain))
    if not _UNIT.fullmatch(plain):
        raise BadArgument(f"{shown!r} is not a unit.", "Name a unit such as km, miles per hour or m^2.")
    return plain
