"""What was learnt from past plans, kept on disk: a restart reads it instead of working it out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import structlog

from memory.model.base import sha256
from planner.experience.backing import Backing
from planner.experience.past import Fit, PastPlan

LAYOUT = 1
"""Raise it when fitting changes: what was kept of another layout is worked out again."""
_KEPT = 8
"""So many fits are kept, the newest; one of 3,000 plans takes 20 to 40 MB."""

log = structlog.get_logger(__name__)


class Fits:
    """Fits by what they were made from. Without a folder none is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def has(self, key: str) -> bool:
        """Whether a fit of this key is kept."""
        return self._folder is not None and (self._folder / f"{key}.npz").is_file()

    def read(self, key: str) -> Fit | None:
        """The fit of this key; None where there is none, or it can't be read."""
        if self._folder is None or not self.has(key):
            return None
        try:
            with np.load(self._folder / f"{key}.npz", allow_pickle=False) as kept:
                backing = Backing(**json.loads(str(kept["backing"])))
                return Fit(kept["weights"], kept["mean"], backing)
        except (OSError, ValueError, KeyError, TypeError, BadZipFile, EOFError) as error:
            log.warning("a kept fit can't be read and is made again", reason=repr(error))
            return None

    def keep(self, key: str, fit: Fit) -> None:
        """Keep it, and drop the oldest of too many."""
        if self._folder is None:
            return
        beside = self._folder / f"{key}.part.npz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            np.savez(
                beside,
                weights=fit.weights,
                mean=fit.mean,
                backing=np.array(json.dumps(asdict(fit.backing))),
            )
            beside.replace(self._folder / f"{key}.npz")
            kept = sorted(self._folder.glob("*.npz"), key=lambda path: -path.stat().st_mtime)
            for path in kept[_KEPT:]:
                path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("a fit can't be kept", reason=repr(error))


def key_of(past: Sequence[PastPlan], model: str) -> str:
    """What a fit depends on: the past plans, and the model whose meanings were compared ("": none).

    Tools' descriptions are no part of it: one that changes makes nobody learn everything again.
    """
    plans = "\0".join(plan.model_dump_json() for plan in past)
    return sha256(f"{LAYOUT}\0{model}\0{plans}".encode())
