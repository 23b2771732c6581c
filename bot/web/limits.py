"""Token buckets: how many requests somebody may make in a short time."""

from typing import Final

KEPT: Final = 10_000
"""So many are remembered; whoever was silent for long has a full bucket anyway."""


class Buckets:
    """A bucket for each key: `burst` at once, `per_s` after that."""

    def __init__(self, *, burst: float, per_s: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str, now: float) -> bool:
        """Take one out; False where it's empty. `now` in seconds of any clock that goes on."""
        left, then = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_s)
        fits = left >= 1
        self._left[key] = (left - 1 if fits else left, now)
        if len(self._left) > KEPT:
            del self._left[next(iter(self._left))]
        return fits
