"""Which whole reading is meant: asked where words can't be read piece by piece."""

from memory.model.text import text
from planner.questions.context import Context
from planner.questions.guessing.readings import guesses
from planner.questions.spec import QuerySpec

EXPLAINED, LEAST, BESIDE = 0.6, 0.4, 2.0
"""What part of the words has to speak for a reading, what the best has to weigh, and by how much
less others may.
"""
SHOWN = 70
"""The longest option that fits a button."""


def offered(words: str, context: Context) -> tuple[QuerySpec, str] | None:
    """The reading that was chosen, or the likeliest with the question left open, and in words.

    None where no reading is likely, or none of them is meant.
    """
    likely = [guess for guess in guesses(words, context) if guess.explained >= EXPLAINED]
    if not likely or likely[0].weight < LEAST:
        return None
    near = [guess for guess in likely if guess.weight >= likely[0].weight - BESIDE]
    found = {_capital(guess.said)[:SHOWN]: guess.spec for guess in reversed(near)}
    options, other = [*reversed(found)], text("something else")
    question = text(
        "I'm not sure how to read “{words}”. What do you want to know?", words=words[:160]
    )
    chosen = context.questions.choose(f"reading of {words}", question, [*options, other])
    return (found[chosen], chosen) if chosen in found else None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
