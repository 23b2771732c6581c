"""Ways to say that a figure lies above or below its average, put as "labour above average". Pure."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

_MEAN: Final = r"(?:the |its |their |an |our )?(?:overall |general )?(?:average|mean)\b"
_WHAT: Final = (
    r"(?!(?:of|on|in|for|at|per|by|is|was|and|or|than|that|this|with|who|which|where|from|to|as|only|please|sorted|"
    r"ordered|grouped|but|then|last)\b)[a-z][\w-]*"
)
_SIDES: Final = (
    ("above", "more|higher|greater|larger|bigger|above|over|beyond"),
    ("below", "less|lower|fewer|smaller|below|under|beneath"),
)
_NAMED: Final = {
    "dearer|pricier|more expensive": "price above", "cheaper|less expensive": "price below",
    "costlier|more costly": "cost above", "older": "age above", "younger": "age below",
    "heavier": "weight above", "lighter": "weight below", "longer|slower": "duration above",
    "shorter|quicker|faster": "duration below",
}  # fmt: skip
"""What is compared by a word that names it besides: "dearer than average"."""


def against_average(words: str) -> str:
    """ "more hours than average" as "hours above average", "over average on labour" as "with labour above …"."""
    for pattern, meant in _ways():
        words = pattern.sub(meant, words)
    return words


@cache
def _ways() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(said, re.IGNORECASE), meant) for said, meant in _patterns())


def _patterns() -> Iterator[tuple[str, str]]:
    for said, meant in _NAMED.items():
        verb = r"(?:(?:is|are|was|were|took|takes?|lasts?|lasted) )?"
        yield rf"\b{verb}(?:{said}) than {_MEAN}(?! {_WHAT})", f"with {meant} average"
    for side, more in _SIDES:
        yield (
            rf"\b({_WHAT}) (is|was|are|were) (?:{more})(?: than)? {_MEAN}(?: \1\b|(?! {_WHAT}))",
            rf"\1 \2 {side} average",
        )
        yield (
            rf"\b(?:{more})[ -](?:than )?{_MEAN} (?:on|in|for|at) ({_WHAT})",
            rf"with \1 {side} average",
        )
        yield (
            rf"\b(?:with|have|has|had|of|at|charged?|paid|got) (?:an? |the )?(?:{more})[ -](?:than )?{_MEAN} ({_WHAT})",
            rf"with \1 {side} average",
        )
        yield (
            rf"\b(?:{more}) ({_WHAT}(?: an? {_WHAT})?) than {_MEAN}(?: {_WHAT})?",
            rf"\1 {side} average",
        )
