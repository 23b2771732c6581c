"""Readings tried on the files: what comes of each tells which may be meant, and which are the same. Pure but for the trial."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from memory.model.work.value import Ran
from planner.questions.context import Context
from planner.questions.spec import QuerySpec

TOGETHER = 12
"""So many tables are kept at hand as a whole; of more, only those that are asked for."""
FEW, MANY, VERY_MANY = 15, 50, 300
"""Rows that a person reads at a glance, and that nobody reads."""


def outcomes(
    specs: Sequence[QuerySpec], queries: Sequence[str], context: Context
) -> Sequence[Ran | None]:
    """What each reading gives; None where it could not be tried."""
    if context.trial is None or not specs:
        return [None] * len(specs)
    every = {file.path for file in context.every if file.columns}
    asked = {path for spec in specs for path in spec.paths}
    return context.trial(
        sorted(every if asked <= every and len(every) <= TOGETHER else asked), queries
    )


def features_of(
    found: Sequence[Mapping[str, float]], ran: Sequence[Ran | None]
) -> Iterator[dict[str, float]]:
    """What the outcome of each reading says of it: nothing found, a single group, as others have it."""
    alike = Counter(each.digest for each in ran if each is not None)
    for features, each in zip(found, ran, strict=True):
        yield {} if each is None else _of(features, each, alike[each.digest])


def _of(features: Mapping[str, float], ran: Ran, alike: int) -> dict[str, float]:
    rows = "rows" in features
    grouped = (
        not rows and not {"no group", "only composed", "only nearly composed"} & features.keys()
    )
    said = {
        "ran empty": ran.rows == 0,
        "ran empty rows" if rows else "ran empty figure": ran.rows == 0,
        "ran composed empty": ran.rows == 0 and "composed" in features,
        "ran blank": ran.blank,
        "ran zero": ran.zero,
        "ran one group": ran.rows == 1 and grouped,
        "ran one row": ran.rows == 1 and rows,
        "ran few": 1 < ran.rows <= FEW,
        "ran many": ran.rows > MANY,
        "ran very many": ran.rows > VERY_MANY,
    }
    return {"ran alike": math.log(alike), **{name: 1.0 for name, is_so in said.items() if is_so}}


def told_apart(
    found: Sequence[tuple[int, float]],
    ran: Sequence[Ran | None],
    features: Sequence[Mapping[str, float]],
    kin: Sequence[str],
) -> list[tuple[int, float]]:
    """Readings with the chance of each, those together that give the same rows or tell a person the
    same, the likeliest first.

    `found` are places in `ran`, `features` and `kin`. The composed one stands for those it is among,
    else the likeliest.
    """
    best: dict[str, tuple[int, float]] = {}
    same: dict[str, str] = {}
    for place, chance in found:
        each = ran[place]
        given = each.digest if each is not None else f"{place}"
        key = same.get(given) or same.get(kin[place]) or given
        same |= {given: key, kin[place]: key}
        first, before = best.get(key, (place, 0.0))
        best[key] = (place if "composed" in features[place] else first, before + chance)
    return sorted(best.values(), key=lambda entry: -entry[1])
