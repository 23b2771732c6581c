"""The newest attempts of one agent at one type of task, summed up. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from memory.model.agents.signal import Quality, Signal, SignalKind
from memory.profiles.quality import quality_of

RECENT = 200
"""How many of the newest attempts are looked at."""

DAY_S = 86_400.0


class Attempt(NamedTuple):
    """One attempt on record. `quality` and `strength` are None in rows of older versions."""

    succeeded: bool
    quality: float | None
    strength: float | None
    cost_micro_usd: int
    unpriced: int
    latency_ms: int
    at: datetime


def summed(
    newest: Sequence[Attempt], now: datetime | None, half_life_days: float
) -> dict[str, object]:
    """What a profile says of these attempts, newest first."""
    good = evidence = 0.0
    for attempt in newest:
        quality = _quality(attempt)
        age_s = max(0.0, (now - attempt.at).total_seconds()) if now else 0.0
        fresh = 0.5 ** (age_s / DAY_S / half_life_days)
        good += fresh * quality.strength * quality.value
        evidence += fresh * quality.strength
    return {
        "quality": min(1.0, good / evidence) if evidence else None,
        "evidence": evidence,
        "costs_micro_usd": tuple(
            attempt.cost_micro_usd for attempt in newest if not attempt.unpriced
        ),
        "latencies_ms": tuple(attempt.latency_ms for attempt in newest if attempt.succeeded),
    }


def _quality(attempt: Attempt) -> Quality:
    if attempt.quality is not None and attempt.strength is not None:
        return Quality.model_construct(value=attempt.quality, strength=attempt.strength)
    return _ARRIVED if attempt.succeeded else _BROKE


_ARRIVED = quality_of([Signal(kind=SignalKind.ARRIVED)])
_BROKE = quality_of([Signal(kind=SignalKind.BROKE)])
