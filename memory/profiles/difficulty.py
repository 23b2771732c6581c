"""How hard a task looks before it is done. Pure."""

from math import log2

WORDS_EASY, WORDS_HARD = 8, 512
"""Up to so many words a task is short; from so many on it counts as long as can be."""

INPUTS_HARD = 6


def difficulty(text: str, inputs: int = 0) -> float:
    """0 (a short task that takes nothing in) to 1 (a long one with many inputs)."""
    words = max(WORDS_EASY, min(WORDS_HARD, len(text.split())))
    length = log2(words / WORDS_EASY) / log2(WORDS_HARD / WORDS_EASY)
    return 0.7 * length + 0.3 * min(1.0, inputs / INPUTS_HARD)
