"""Which whole reading is meant: asked where words can't be read piece by piece."""

import re

from memory.model.text import text
from planner.questions.context import Context
from planner.questions.guessing.readings import guesses
from planner.questions.read import Asked
from planner.questions.readers.state import Parts
from planner.questions.spec import QuerySpec

EXPLAINED, LEAST, BESIDE = 0.6, 0.4, 2.0
"""What part of the words has to speak for a reading, what the best has to weigh, and by how much
less others may.
"""
_LOOP = re.compile(r"(^|[.;:,]\s*)for (each|every)\b", re.IGNORECASE)
"""No question says what is to be done for each of something."""
SHOWN = 70
"""The longest option that fits a button."""


def offered(words: str, context: Context, *, of: str = "") -> Asked | None:
    """The reading that was chosen, or the likeliest with the question left open.

    None where no reading is likely, or none of them is meant. `of`: the request that the words are of.
    """
    if not context.every or context.stacked or _LOOP.search(of):
        return None
    found = _likely(words, context)
    if not found:
        return None
    options, other = [*found], text("something else")
    shown = words.replace("( ", "")[:160]
    question = text("I'm not sure how to read “{words}”. What do you want to know?", words=shown)
    chosen = context.questions.choose(f"reading of {words}", question, [*options, other])
    if chosen not in found:
        return None
    spec = found[chosen]
    base = next(file for file in context.every if file.path == spec.files[0])
    said = text("“{words}” is read as: {meant}.", words=shown[:120], meant=chosen)
    return Asked(spec, Parts(), base, (said,))


def _likely(words: str, context: Context) -> dict[str, QuerySpec]:
    """The readings worth offering, as they are said, the likeliest first."""
    known = [guess for guess in guesses(words, context) if guess.explained >= EXPLAINED]
    best = known[0].weight if known else LEAST - 1
    near = [guess for guess in known if guess.weight >= best - BESIDE] if best >= LEAST else []
    said: dict[str, QuerySpec] = {}
    for guess in near:
        said.setdefault(_capital(guess.said)[:SHOWN], guess.spec)
    return said


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
