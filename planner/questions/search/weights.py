"""What each feature of a reading counts: fitted on questions of people who never saw the product, see `fitting`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("weights.json")


@dataclass(frozen=True)
class Weights:
    """Of readings beside one another, of the chance that the likeliest is right, and that one of the first is."""

    reading: Mapping[str, float] = field(default_factory=dict)
    trust: Mapping[str, float] = field(default_factory=dict)
    offer: Mapping[str, float] = field(default_factory=dict)


@lru_cache(maxsize=1)
def known() -> Weights:
    """The fitted weights; a feature that isn't there counts nothing."""
    return Weights(**json.loads(FILE.read_text(encoding="utf-8")))
