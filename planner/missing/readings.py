"""The kinds of work that lack something, in the order they are tried; their questions in a draft."""

from typing import Final

from memory.model.text import text
from planner.draft import Draft
from planner.missing import figures, texts, vague
from planner.missing.asking import Lacking, Reading

TEXTS: Final[tuple[Reading, ...]] = (
    texts.translated, texts.summarised, texts.edited, texts.written, texts.coded, texts.mended,
    texts.researched, texts.planned, texts.published,
)  # fmt: skip
"""Work that needs somebody who writes."""
READINGS: Final[tuple[Reading, ...]] = (
    *TEXTS, figures.kept, figures.ordered, figures.summed, figures.counted, figures.split, figures.converted,
    figures.helped, vague.unclear,
)  # fmt: skip
"""All of them."""


def with_gaps(draft: Draft, lacking: Lacking) -> Draft:
    """The draft with the questions in it; what it asks itself may change with the answers to them."""
    more = draft.gaps if lacking.answered else ()
    return draft.model_copy(update={"gaps": (*lacking.gaps, *more)})


def withheld(lacking: Lacking) -> str:
    """The sentence where a question that has to be answered was not."""
    return text("I can't plan that without an answer: {question}", question=lacking.withheld)
