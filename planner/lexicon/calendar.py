"""Names of months and days of the week. Pure."""

from collections.abc import Mapping
from typing import Final

MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august",
                 "september", "october", "november", "december")  # fmt: skip
GERMAN_MONTHS: Final = ("januar", "februar", "märz", "april", "mai", "juni", "juli", "august",
                        "september", "oktober", "november", "dezember")  # fmt: skip
FRENCH_MONTHS: Final = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                        "septembre", "octobre", "novembre", "décembre")  # fmt: skip
SPANISH_MONTHS: Final = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                         "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
_ALL_MONTHS: Final = (MONTHS, GERMAN_MONTHS, FRENCH_MONTHS, SPANISH_MONTHS)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTH: Final = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "sept"])
"""The English name of a month, as a pattern."""
MONTH_NUMBERS: Final[Mapping[str, int]] = {
    name: number for names in _ALL_MONTHS for number, name in enumerate(names, 1)
} | {name: MONTHS.index(month) + 1 for month in MONTHS for name in (month[:3], month[:4])}
"""The months by name, in four languages; English ones short as well: "sep", "sept"."""


def month_number(name: str) -> int:
    """1 for "January", "jan." or "enero". Raises KeyError for no month."""
    return MONTH_NUMBERS[name.casefold().rstrip(".")]
