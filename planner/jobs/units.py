"""Units of measurement and what they are in the base unit of their kind. Exact by definition."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from memory.model.patterns import short

Scale = tuple[str, Decimal, Decimal]
"""The kind, the factor to its base unit, and what is added first (for temperatures)."""


def _scales(kind: str, *lines: tuple[str, str]) -> dict[str, Scale]:
    return {
        name: (kind, Decimal(factor), Decimal(0))
        for factor, names in lines
        for name in names.split(", ")
    }


_UNITS: Final[Mapping[str, Scale]] = {
    **_scales(
        "length", ("0.001", "mm, millimeter, millimetre"), ("0.01", "cm, centimeter, centimetre"),
        ("0.1", "dm, decimeter, decimetre"), ("1", "m, meter, metre"),
        ("1000", "km, kilometer, kilometre, kilo meter"), ("0.0254", "in, inch, inches, \""),
        ("0.3048", "ft, foot, feet"), ("0.9144", "yd, yard"), ("1609.344", "mi, mile"),
        ("1852", "nmi, nautical mile"),
    ),
    **_scales(
        "weight", ("0.000001", "mg, milligram"), ("0.001", "g, gram, gramme"),
        ("1", "kg, kilo, kilogram, kilogramme"), ("1000", "t, ton, tonne, metric ton"),
        ("0.028349523125", "oz, ounce"), ("0.45359237", "lb, lbs, pound"), ("6.35029318", "st, stone"),
    ),
    **_scales(
        "volume", ("0.001", "ml, milliliter, millilitre"), ("0.01", "cl, centiliter, centilitre"),
        ("1", "l, liter, litre"), ("1000", "m3, m³, cubic meter, cubic metre"),
        ("3.785411784", "gal, gallon, us gallon"), ("4.54609", "imperial gallon, uk gallon"),
        ("0.473176473", "pt, pint, us pint"), ("0.56826125", "imperial pint, uk pint"),
        ("0.2365882365", "cup, us cup"), ("0.0295735295625", "fl oz, fluid ounce"),
        ("0.01478676478125", "tbsp, tablespoon"), ("0.00492892159375", "tsp, teaspoon"),
    ),
    **_scales(
        "area", ("1", "m2, m², sqm, square meter, square metre"), ("10000", "ha, hectare"),
        ("1000000", "km2, km², square kilometer, square kilometre"), ("4046.8564224", "acre"),
        ("0.09290304", "sq ft, sqft, ft2, square foot, square feet"),
        ("2589988.110336", "square mile"),
    ),
    **_scales(
        "time", ("0.001", "ms, millisecond"), ("1", "s, sec, second"), ("60", "min, minute"),
        ("3600", "h, hr, hour"), ("86400", "d, day"), ("604800", "week, wk"),
    ),
    **_scales(
        "speed", ("1", "m/s, meters per second, metres per second"),
        ("0.44704", "mph, miles per hour"), ("0.514444444444444444", "kn, knot"),
        ("0.277777777777777777777777777777777777777777777777778",
         "km/h, kmh, kph, kilometers per hour, kilometres per hour"),
    ),
    **_scales(
        "data", ("1", "byte, b"), ("1000", "kb, kilobyte"), ("1000000", "mb, megabyte"),
        ("1000000000", "gb, gigabyte"), ("1000000000000", "tb, terabyte"),
        ("1024", "kib, kibibyte"), ("1048576", "mib, mebibyte"), ("1073741824", "gib, gibibyte"),
    ),
    **_scales("energy", ("1", "j, joule"), ("1000", "kj, kilojoule"), ("3600000", "kwh, kilowatt hour"),
              ("4184", "kcal, kilocalorie"), ("4.184", "cal, calorie")),
    **dict.fromkeys(("c", "°c", "celsius", "degree celsius", "centigrade"),
                    ("temperature", Decimal(1), Decimal("273.15"))),
    **dict.fromkeys(("k", "kelvin"), ("temperature", Decimal(1), Decimal(0))),
    **dict.fromkeys(("f", "°f", "fahrenheit", "degree fahrenheit"),
                    ("temperature", Decimal(5) / Decimal(9), Decimal("459.67"))),
}  # fmt: skip
_MIXED: Final = r"(?:\d+ )?\d+/\d+"
LESSER: Final[Mapping[str, str]] = {
    "stone": "lb", "st": "lb", "lb": "oz", "pound": "oz", "ft": "in", "foot": "in", "feet": "in", "'": "in",
    "hour": "min", "hours": "min", "h": "min", "minutes": "s", "min": "s", "kg": "g", "m": "cm", "km": "m",
}  # fmt: skip
"""The unit that goes without saying behind another: "12 stone 4"."""
COMPOUND: Final = short(
    r"(?P<amount>\d+) ?(?P<unit>[a-z']+?)(?:,| and)? ?(?P<amount2>\d+(?:\.\d+)?) ?(?P<unit2>[a-z\"]+)? "
    r"(?:in|to|into|as|=) (?P<other>[a-z°²³][\w°²³/ ]*)",
    re.IGNORECASE,
    most=200,
)
PAIR: Final = short(
    rf"(?P<amount>{_MIXED}|[-+]?[\d.,]+(?:\s?[km](?=\s))?|an?|one|half an?)\s?(?P<unit>[a-z°²³\"][\w°²³/\" ]*?) "
    r"(?:in|to|into|as|=|are how many|is how many|equals how many) (?P<other>[a-z°²³][\w°²³/ ]*)",
    re.IGNORECASE,
    most=200,
)
MANY: Final = short(
    r"how (?:many|much) (?P<other>[a-z°²³][\w°²³/ ]*?) (?:are|is|in|make|do|equals?)(?: there)?(?: in| make)? "
    r"(?P<amount>[-+]?[\d.,]+|an?|one|half an?) ?(?P<unit>[a-z°²³\"][\w°²³/\" ]*)",
    re.IGNORECASE,
    most=200,
)


def unit(words: str) -> Scale | None:
    """The unit of that name or sign, in the singular or plural."""
    low = " ".join(words.casefold().replace("degrees", "degree").split()).rstrip(".")
    return (
        _UNITS.get(low) or _UNITS.get(low.removesuffix("es")) or _UNITS.get(low.removesuffix("s"))
    )


def compound(match: "re.Match[str]") -> tuple[Decimal, str] | None:
    """The amount of "5 ft 11" in its larger unit, and that unit; None for none."""
    great, small = (
        unit(match["unit"]),
        unit(match["unit2"] or LESSER.get(match["unit"].casefold(), "")),
    )
    if match["unit"] == "'":
        great = unit("ft")
    if great is None or small is None or great[0] != small[0] or small[1] >= great[1]:
        return None
    more = Decimal(match["amount2"]) * small[1] / great[1]
    return Decimal(match["amount"]) + more, "ft" if match["unit"] == "'" else match["unit"]


def converted(amount: Decimal, given: Scale, wanted: Scale) -> Decimal:
    """The amount in the other unit of the same kind."""
    base = (amount + given[2]) * given[1]
    return base / wanted[1] - wanted[2]
