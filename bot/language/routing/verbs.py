"""The table's rows as verbs of the router, with the phrasings that lie beside it as data.

A row is taught by ten phrasings or more in `bot/language/phrasings/GROUP.toml`, under its name.
`python -m bot.language.routing` then fits the router anew.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bot.language.routing.row import Row
from bot.language.table import ROWS
from planner.understanding.utterance import Verb

FOLDER: Final = Path(__file__).parents[1] / "phrasings"
WEIGHTS: Final = FOLDER / "weights.json"
PROBE: Final = FOLDER / "kinds.npz"
VECTORS: Final = FOLDER / "vectors.npz"

_ONLY_TELLS: Final = frozenset(
    [
        "help",
        "plan.approve",
        "plan.approve_part",
        "plan.what_if",
        "project.switch",
        "run.priority",
        "run.rate",
        "secret.forget",
        "secret.keep",
    ]
)
"""What changes nothing where it's read by likeness: the person is told how to do it."""


def verbs_of(rows: Sequence[Row], phrasings: Mapping[str, Sequence[str]]) -> tuple[Verb, ...]:
    """What can be said of these rows: those that have phrasings."""
    return tuple(
        Verb(
            name=row.name,
            kind=row.kind,
            takes=row.takes,
            scenes=row.scenes,
            safe=row.safe,
            shows=row.kind in {"about", "social"}
            or row.api.startswith("GET")
            or row.name in _ONLY_TELLS,
            phrasings=tuple(dict.fromkeys((*phrasings.get(row.name, ()), *row.phrases))),
        )
        for row in rows
        if phrasings.get(row.name)
    )


@cache
def phrasings() -> dict[str, tuple[str, ...]]:
    """Ways to say each row, by its name."""
    files = sorted(FOLDER.glob("*.toml"))
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return {name: tuple(said) for group in found for name, said in group.items()}


@cache
def verbs() -> tuple[Verb, ...]:
    """Everything the table lets people say."""
    return verbs_of(ROWS, phrasings())
