"""Converts measures exactly (pint over decimals), and explains what cannot be converted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tools.errors import BadArgument
from tools.reckoning.figures import cut, written
from tools.reckoning.unit_names import spellings

DIGITS = 6
KINDS = {
    "[length]": "a length", "[mass]": "a mass", "[time]": "a time", "[temperature]": "a temperature",
    "[length] ** 2": "an area", "[length] ** 3": "a volume", "[length] / [time]": "a speed",
    "[length] / [time] ** 2": "an acceleration", "[length] * [mass] / [time] ** 2": "a force",
    "[length] ** 2 * [mass] / [time] ** 2": "an energy", "[length] ** 2 * [mass] / [time] ** 3": "a power",
    "[mass] / [length] / [time] ** 2": "a pressure", "1 / [time]": "a frequency", "[current]": "a current",
    "[mass] / [length] ** 3": "a density",
}  # fmt: skip
CUSTOMARY = ("gallon", "quart", "pint", "cup", "fluid_ounce", "gill")
SYMBOLS = {
    "cp": "cups",
    "floz": "fl oz",
    "sq_ft": "ft²",
    "a": "years",
    "sq_mi": "mi²",
    "oil_bbl": "oil barrels",
    "ten_years": "decades",
    "quarter_year": "quarters",
    "month": "months",
    "mi/h": "mph",
    "mi/gal": "mpg",
    "L/100km": "L/100 km",
}
OURS = (
    "liter_per_hundred_kilometers = 0.01 * liter / kilometer = L/100km",
    "ten_years = 10 * year",  # pint's own decade is a step of a logarithmic scale
    "quarter_year = 3 * month",
    "square_mile = mile ** 2 = sq_mi",
    "acre = 4840 * yard ** 2",  # the international foot: the one of US surveys was given up in 2022
    "league = 3 * mile",
    "furlong = 220 * yard = fur",
    "chain = 22 * yard",
    "rod = 5.5 * yard = rd",
    "fathom = 2 * yard",
)
ADVICE = "Convert between units of the same kind, such as miles to km."


@dataclass(frozen=True)
class Conversion:
    """`value` `unit` is `result` `to`; `note` says which definition was taken where there are several."""

    value: str
    unit: str
    result: str
    to: str
    exact: bool
    note: str = ""


def convert(value: float, unit: str, to: str) -> Conversion:
    """Convert a measure. Raises BadArgument for unknown and for incompatible units."""
    source, target = _both(unit, to)
    amount = Decimal(repr(value))
    result = _converted(amount, source, target)
    shown, exact = written(_settled(result), digits=DIGITS)
    return Conversion(written(amount)[0], _symbol(source), shown, _symbol(target), exact, _note(amount, source, target))


@cache
def _registry() -> Any:
    from pint import UnitRegistry

    registry: Any = UnitRegistry(non_int_type=Decimal, on_redefinition="ignore")
    for definition in OURS:
        registry.define(definition)
    return registry


def _both(unit: str, to: str) -> tuple[Any, Any]:
    """Both units; where a name has several meanings ("oz", "C"), the one that fits the other."""
    sources, targets = _readings(unit), _readings(to)
    pairs = [(source, target) for source in sources for target in targets]
    return next((pair for pair in pairs if _related(*pair)), pairs[0])


def _readings(name: str) -> list[Any]:
    """Every unit the name can stand for, the likeliest first. Raises BadArgument when there is none."""
    from pint.errors import DefinitionSyntaxError, UndefinedUnitError

    found = []
    for spelling in [*spellings(name), *_second_meanings(name)]:
        try:
            unit = _registry().parse_units(spelling)
        except (UndefinedUnitError, DefinitionSyntaxError, ValueError, TypeError, AttributeError, AssertionError):
            continue
        if unit not in found:
            found.append(unit)
    if not found:
        raise BadArgument(f"The unit {' '.join(name.split())[:40]!r} is not known.", "Write it out, as in kilometres.")
    return found


def _second_meanings(name: str) -> list[str]:
    meanings = {
        "oz": "fluid_ounce", "ounce": "fluid_ounce", "ounces": "fluid_ounce", "k": "kelvin",
        "quarter": "quarter_year", "quarters": "quarter_year",
    }  # fmt: skip
    second = meanings.get(name.strip().lower())
    return [second] if second else []


def _related(source: Any, target: Any) -> bool:
    """The same kind of thing; bytes and angles are both without dimension, and no kin."""
    if source.dimensionality != target.dimensionality:
        return _is_fuel(source) and _is_fuel(target)
    return bool(source.dimensionality) or _root(source) == _root(target)


def _root(unit: Any) -> Any:
    return _registry().get_root_units(unit)[1]


def _is_fuel(unit: Any) -> bool:
    return str(unit.dimensionality) in ("1 / [length] ** 2", "[length] ** 2") and (
        "/" in str(unit) or "_per_" in str(unit)
    )


def _converted(amount: Decimal, source: Any, target: Any) -> Decimal:
    from pint.errors import OffsetUnitCalculusError

    quantity = _registry().Quantity(amount, source)
    if not _related(source, target):
        raise BadArgument(f"{_kind(source)} cannot be turned into {_kind(target)}.", ADVICE)
    if source.dimensionality == {"[temperature]": 1} and quantity.to("kelvin").magnitude < 0:
        raise BadArgument(f"{amount} {_symbol(source)} is below absolute zero.", "Give a temperature that can exist.")
    try:
        if source.dimensionality != target.dimensionality:  # distance per fuel, and fuel per distance
            quantity = 1 / quantity
        return Decimal(quantity.to(target).magnitude)
    except (ZeroDivisionError, ArithmeticError):
        raise BadArgument("That measure has no value in the other unit.", "Give another number.") from None
    except OffsetUnitCalculusError:
        raise BadArgument("Degrees cannot stand inside another unit.", "Use kelvin there.") from None


def _kind(unit: Any) -> str:
    said = "a fuel consumption" if _is_fuel(unit) else KINDS.get(str(unit.dimensionality))
    return f"{unit:P} ({said})" if said else f"{unit:P}"


def _symbol(unit: Any) -> str:
    symbol = f"{unit:~P}"
    return SYMBOLS.get(symbol, symbol).replace("imperial_", "imperial ")


def _settled(value: Decimal) -> Decimal:
    """Without the last digits of 28, where divisions leave their dust."""
    return cut(value, 22)


def _note(amount: Decimal, source: Any, target: Any) -> str:
    """US measures are taken for gallon and its kin: say so, with the imperial result."""
    name = next((one for one in CUSTOMARY if one in (_bare(source), _bare(target))), None)
    if name is None:
        return ""
    imperial = [_imperial(unit, name) for unit in (source, target)]
    other, _ = written(_settled(_converted(amount, *imperial)), digits=DIGITS)
    return f"US {name.replace('_', ' ')}; with the imperial one it is {other}."


def _bare(unit: Any) -> str:
    """The one customary name in a unit, "" for none or an imperial one."""
    return next((name for name in CUSTOMARY if name in unit._units), "")


def _imperial(unit: Any, name: str) -> Any:
    return _registry().parse_units(str(unit).replace(name, f"imperial_{name}")) if _bare(unit) == name else unit
