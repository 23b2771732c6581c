"""From what was seen of an attempt to how good it was. Pure.

Evidence is added up as log odds, as in naive Bayes: each kind moves the odds that the result was
good by so much, whatever else was seen. Weights are a judgement: an answer alone says little, a
person's word says most. They are the only ones, so that changing them and reckoning all attempts
again (`learning.reckon`) is enough.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from memory.model.agents.signal import Quality, Signal, SignalKind


class _Weight(NamedTuple):
    """By how much the log odds move, and how much such evidence is believed (0..1)."""

    shift: float
    strength: float


ARRIVED = _Weight(1.1, 0.25)
"""Three of four answers that nobody has looked at are of use."""

_MOVES = {
    SignalKind.CHECKED: _Weight(0.9, 0.35),
    SignalKind.APPROVED: _Weight(1.4, 0.5),
    SignalKind.CHANGED: _Weight(-0.5, 0.4),
    SignalKind.UNAPPROVED: _Weight(-1.8, 0.5),
    SignalKind.RERUN: _Weight(-1.8, 0.5),
    SignalKind.EDITED: _Weight(-1.2, 0.4),
    SignalKind.MENDED: _Weight(-1.0, 0.3),
    SignalKind.REPLACED: _Weight(-3.2, 0.8),
    SignalKind.ROLLED_BACK: _Weight(-3.2, 0.8),
    SignalKind.LIKED: _Weight(2.2, 0.8),
    SignalKind.DISLIKED: _Weight(-3.6, 0.8),
}
_SHARED = frozenset({SignalKind.LIKED, SignalKind.DISLIKED, SignalKind.CHANGED})
"""Kinds whose value multiplies their weight."""

_GRADES = {SignalKind.GRADED: 1.0, SignalKind.TESTED: 0.25}
"""How much a known answer's grade is believed; of a test less, for it isn't the project's work."""

_FAILURES = {
    SignalKind.INVALID: 0.9,
    SignalKind.BROKE: 0.6,
    SignalKind.TIMED_OUT: 0.6,
    SignalKind.UNREACHABLE: 0.3,
    SignalKind.PAUSED: 0.5,
}
"""Nothing came of it; how much that says of the agent at such work."""


def quality_of(signals: Sequence[Signal]) -> Quality:
    """What the signals of one attempt come to; without any, an answer of which nothing is known."""
    for kind, strength in _GRADES.items():
        grades = [signal.value for signal in signals if signal.kind is kind]
        if grades:
            value = min(1.0, max(0.0, sum(grades) / len(grades)))
            return Quality(value=value, strength=strength, reasons=(kind.value,))
    failures = [signal.kind for signal in signals if signal.kind in _FAILURES]
    return _of_failures(failures) if failures else _of_moves(signals)


def _of_failures(failures: Sequence[SignalKind]) -> Quality:
    worst_first = sorted(failures, key=_FAILURES.__getitem__, reverse=True)
    believed = _together([_FAILURES[kind] for kind in worst_first])
    return Quality(value=0.0, strength=believed, reasons=_named(worst_first))


def _of_moves(signals: Sequence[Signal]) -> Quality:
    moves = [(signal.kind, _move(signal)) for signal in signals if signal.kind in _MOVES]
    moves.sort(key=lambda move: -abs(move[1].shift))
    odds = ARRIVED.shift + sum(move.shift for _, move in moves)
    believed = _together([ARRIVED.strength, *(move.strength for _, move in moves)])
    reasons = _named([kind for kind, _ in moves]) or (SignalKind.ARRIVED.value,)
    return Quality(value=1 / (1 + exp(-odds)), strength=believed, reasons=reasons)


def _move(signal: Signal) -> _Weight:
    shift, strength = _MOVES[signal.kind]
    if signal.kind not in _SHARED:
        return _Weight(shift, strength)
    return _Weight(shift * signal.value, min(1.0, strength * min(1.0, signal.value)))


def _together(strengths: Sequence[float]) -> float:
    """Noisy or: each piece leaves a share of the doubt that was left."""
    doubt = 1.0
    for strength in strengths:
        doubt *= 1 - strength
    return 1 - doubt


def _named(kinds: Sequence[SignalKind]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind.value for kind in kinds))
