"""Columns whose numbers are names: ids, years, codes, phones. Written without thousands marks."""

import re
from typing import Final

_NAMING: Final = frozenset(
    [
        "year",
        "years",
        "jahr",
        "id",
        "ids",
        "code",
        "codes",
        "zip",
        "zipcode",
        "postcode",
        "plz",
        "no",
        "nr",
        "nummer",
        "uuid",
        "sku",
        "isbn",
        "iban",
        "phone",
        "tel",
        "telephone",
        "mobile",
        "fax",
    ]
)
_WORDS: Final = re.compile(r"[\W_]|(?<=[a-z])(?=[A-Z])")


def is_naming(column: str) -> bool:
    """Whether the column's name says so: "order_id", "Year", "customerNo", not "paid" or "total"."""
    last = [word for word in _WORDS.split(column) if word][-1:]
    return bool(last) and last[0].casefold() in _NAMING
