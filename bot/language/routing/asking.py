"""What a command still needs: the question for it, and whether the next words are the answer. Pure."""

from functools import cache
from typing import Final

from bot.language.intents import Lacking
from bot.language.replies import hedges
from bot.language.routing.row import Row
from bot.language.state import Open
from bot.language.table import BY_NAME
from memory.model.text import Sentence, sentence
from planner.lexicon.verbs import VERBS
from planner.lexicon.words import word_set
from planner.understanding.arguments import arguments, missing, without_role
from planner.understanding.spoken import spoken
from planner.understanding.utterance import ArgumentKind, Arguments

NAME_WORDS: Final = 5

_ASK: Final[dict[ArgumentKind, Sentence]] = {
    "number": sentence("Which one? Name it by its number, for example `{example}`.", example=""),
    "amount": sentence("How much, and for which time? Say it like `{example}`.", example=""),
    "person": sentence("Who? Name the person with @, for example `{example}`.", example=""),
    "role": sentence(
        "Which role: owner, approver, member or viewer? Say it like `{example}`.", example=""
    ),
    "name": sentence("Which one? Say its name, for example `{example}`.", example=""),
}
_BESIDE: Final = word_set(
    "number no nr nummer numéro número schedule zeitplan planification programación rule regel règle regla template the a an one",
    "it is it's that's make her him them as per each every day daily week weekly month monthly total in to at of be should role",
    "der die das den dem ein eine es am im pro tag woche monat le la les un une c'est par jour semaine mois el los las uno una es",
    "por al día semana mes schedule run",
)
"""What may stand beside a number, an amount, a person or a role that is given as an answer."""
_ASKING: Final = word_set(
    "who what which why how when where is are do does did can wer was wie wann warum qui que quoi comment quand pourquoi quién "
    "qué cómo cuándo"
)


def asked_for(row: Row, found: Arguments) -> Lacking | None:
    """A question where the words lack what the row requires; None where nothing is missing."""
    kind = next((kind for kind in missing(row.takes, found) if kind in _ASK), None)
    return None if kind is None else lacking(row.name, kind)


def lacking(name: str, kind: ArgumentKind) -> Lacking:
    """The question for that thing, with an example of how to say it all."""
    example = next(iter(BY_NAME[name].examples), "")
    return Lacking(name=name, say=_ASK[kind].model_copy(update={"params": {"example": example}}))


def completed(open_: Open, said: str) -> str:
    """The whole command, where these words are what it lacked; "" where they say something else."""
    row, whole = BY_NAME[open_.name], f"{open_.text} {said}"
    wanted = missing(row.takes, arguments(open_.text)) or ("name",)
    kind = wanted[0]
    if kind == "name":
        return (
            f"{open_.text} “{hedges.without_article(hedges.bare(said))}”" if _is_name(said) else ""
        )
    counted = f"number {said}" if kind == "number" else said
    if not arguments(counted).has(kind) or not _is_nothing_else(said):
        return ""
    return f"{open_.text} {counted}" if kind == "number" else whole


def _is_name(said: str) -> bool:
    words = hedges.bare(said).casefold().split()
    begins = not words or words[0] in VERBS or words[0] in _ASKING | _orders()
    return not begins and len(words) <= NAME_WORDS and not said.rstrip().endswith("?")


@cache
def _orders() -> frozenset[str]:
    """The verbs of commands about runs, plans and schedules: with one of them begins a new one."""
    return frozenset(
        phrase.split()[0]
        for name, row in BY_NAME.items()
        if name.startswith(("run.", "plan.", "schedule."))
        for phrase in (*row.says, *row.phrases)
    ) - {"the", "a"}


def _is_nothing_else(said: str) -> bool:
    left = without_role(spoken(hedges.bare(said)).text)
    return all(word.startswith("‹") or word in _BESIDE for word in spoken(f"number {left}").words)
