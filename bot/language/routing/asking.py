"""The question for what a command still needs, with an example of how to say it. Pure."""

from typing import Final

from bot.language.intents import Unclear
from bot.language.phrases import BUDGET_EXAMPLE
from bot.language.routing.row import Row
from memory.model.text import Sentence, sentence
from planner.understanding.utterance import ArgumentKind, Arguments

_ASK: Final[dict[ArgumentKind, Sentence]] = {
    "number": sentence("Which one? Name it by its number, for example `{example}`.", example=""),
    "amount": BUDGET_EXAMPLE,
    "person": sentence("Who? Name the person with @, for example `{example}`.", example=""),
    "role": sentence(
        "Which role: owner, approver, member or viewer? Say it like `{example}`.", example=""
    ),
    "name": sentence("Which one? Say its name, for example `{example}`.", example=""),
}


def asked_for(row: Row, found: Arguments) -> Unclear | None:
    """A question where the words lack what the row requires; None where nothing is missing."""
    for argument in row.takes:
        if argument.required and not found.has(argument.kind) and argument.kind in _ASK:
            asks = _ASK[argument.kind]
            example = next(iter(row.examples), "")
            return Unclear(say=asks.model_copy(update={"params": {"example": example}}))
    return None
