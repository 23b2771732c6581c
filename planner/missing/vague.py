"""Orders that say neither what is to be worked on nor what should come of it. Pure."""

from typing import Final

from memory.model.agents.spec import INSTRUCTED
from memory.model.text import text
from planner.missing import words
from planner.missing.asking import Open
from planner.missing.reading import Said
from planner.questions.offers import groups_of, measures_of
from planner.questions.words.lexicon import word_set

MOST_WORDS: Final = 8
_VERBS: Final = (
    words.HELP
    | words.EDIT
    | words.MEND
    | words.RESEARCH
    | words.SUMMARISE
    | words.SPLIT
    | words.PLAN
    | words.PUBLISH
    | words.KEEP
    | words.SORT
    | words.SUM
    | word_set(
        "analyse analyze evaluate assess review inspect examine explain get fetch collect gather send share post update "
        "find read investigate verify test optimise optimize automate finish complete sort tidy improve report present"
    )
) - word_set("what are is see test")
_NOUNS: Final = (
    words.DATA
    | words.GIVEN
    | words.POINTING
    | words.REPORTS
    | words.FIGURES
    | words.BUGS
    | word_set(
        "usual latest newest current recent last next important right necessary needed problem problems process processes "
        "workflow system situation matter topic case delay delays trouble backlog performance quality efficiency business "
        "company work project projects website site update updates anything team boss colleagues mistake mistakes complaint "
        "complaints feedback numbers list lists"
        "monday tuesday wednesday thursday friday saturday sunday tomorrow tonight week weekend month soon before after "
        "meeting ready same everyone everybody customers clients done properly better"
    )
)


def unclear(said: Said, asked: Open) -> str:
    """ "clean this up", "do the usual": what exactly, and with which file."""
    if (
        said.verb not in _VERBS | _NOUNS
        or len(said.tokens) > MOST_WORDS
        or said.files
        or said.columns
    ):
        return ""
    if said.telling(_VERBS, _NOUNS) or said.language:
        return ""
    question = text("What exactly should I do, and with which file?")
    return asked.ask("goal", question, _orders(said), needed=not (said.tables or said.texts))


def instead(said: Said, asked: Open) -> str:
    """Work that needs somebody who writes, where nobody does: what else, of what can be done here."""
    writers = any(agent.kind in INSTRUCTED for agent in said.request.catalogue.agents)
    orders = _orders(said)
    edits = said.verb in words.EDIT and said.has(words.POINTING) and not said.files
    if writers or not edits or not orders:
        return ""
    question = text("I can't rewrite texts without a language model. What else should I do?")
    return asked.ask("goal instead", question, orders)


def _orders(said: Said) -> list[str]:
    """What could be meant: a look at a file, a figure of it, a summary."""
    found: list[str] = []
    for file in said.tables[:2]:
        groups = groups_of(file)
        by = f" by {groups[0]}" if groups else ""
        found += [f"describe {file.path}", f"{measures_of(file)[0]}{by} in {file.path}"]
    return [*found, *(f"summarise {file.path}" for file in said.texts[:2])]
