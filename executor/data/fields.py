"""Columns by name and figures written as text."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from memory.model.text import text

NAMES_LISTED = 12


@dataclass(frozen=True)
class FigureStyle:
    """A way to write numbers: what all values look like, what at least one must, and the SQL."""

    pattern: str
    sure: str
    expression: str


FIGURES = (
    FigureStyle(  # 1,234.50  $1,234  -$12.00  (at least one mark that a plain number lacks)
        pattern=r"[-+]?[$€£]?\s?\d{1,3}(,\d{3})*(\.\d+)?|[-+]?[$€£]?\s?\d+(\.\d+)?",
        sure=r"[$€£]|\d,\d{3}(,\d{3}|\.\d)",
        expression="CAST(regexp_replace({column}, '[$€£,\\s]', '', 'g') AS DOUBLE)",
    ),
    FigureStyle(  # 1.234,50 €  12,5
        pattern=r"[-+]?\d{1,3}(\.\d{3})*(,\d+)?\s?€?|[-+]?\d+(,\d+)?\s?€?",
        sure=r"\d,\d{1,2}(\D|$)|\d\.\d{3},",
        expression=(
            "CAST(replace(regexp_replace({column}, '[€.\\s]', '', 'g'), ',', '.') AS DOUBLE)"
        ),
    ),
)
"""Tried in order. `1,234` alone could be either and stays text."""


ALIKE = 0.75
"""“profit” is not a slip for “product” (0.62); “revnue” is one for “revenue” (0.92)."""


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """` Did you mean sales.csv?`, or what there is, or nothing; begins with a space."""
    by_key = {known_name.casefold(): known_name for known_name in known}
    near = difflib.get_close_matches(name.casefold(), list(by_key), n=2, cutoff=ALIKE)
    if near:
        return text(" Did you mean {names}?", names=" or ".join(by_key[key] for key in near))
    names = ", ".join(sorted(known)[:NAMES_LISTED])
    left = len(known) - NAMES_LISTED
    if left > 0:
        return text(" Available: {names} and {left} more.", names=names, left=left)
    return text(" Available: {names}.", names=names) if names else ""
