"""What is made of a question in the end: a reading that is sure is taken, likely ones are offered to choose from."""

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from memory.model.text import text
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.naming.exactness import is_exact
from planner.questions.read import Asked
from planner.questions.readers.assembly import assembled
from planner.questions.readers.state import Parts, Unclear
from planner.questions.search.judging import Judged, judged
from planner.questions.search.ranking import Composed, Ranked
from planner.questions.search.telling import reading_told
from planner.questions.sources import Files
from planner.questions.spec import QuerySpec
from planner.questions.words import facts
from planner.questions.words.light import orders
from planner.questions.words.terms import Vocabulary

TAKEN, NAMED, OFFERED, WHOLLY = 0.85, 0.6, 0.12, 0.8
"""From which chance of being right a reading is taken, and one of a file that was named, in words that are all
names; from which chance that one of them is right they are offered; what part of the words one that is taken
speaks for.
"""
LIKELY = 0.1
"""A composed reading that asks something is kept where it is at least so likely beside the others."""
_AS_BEFORE = re.compile(
    r"^\W*(and )?(the )?(same|ditto)\b\W*(but|for|again|with|thing|please|as|$)"
    r"|\bsame (thing|question|again)\b|\bthe other (?!day\b|side\b|hand\b|way\b)[a-z]+(?<!s)\b",
    re.IGNORECASE,
)
"""What goes on from something that was asked before."""
_LOOP = re.compile(r"(^|[.;:,]\s*)for (each|every)\b", re.IGNORECASE)
"""No question says what is to be done for each of something."""
SHOWN = 75
"""The longest option that fits a button."""


def settled(
    words: str, context: Context, asked: Asked | None, before: int, used: int, *, of: str = ""
) -> Asked | None:
    """What is asked: the composed reading where it is sure, another that is surer, or a choice.

    `asked` is the composed reading, `before` and `used` how many questions were open and answered
    before it, `of` the request that the words are of. None where nothing is likely enough to be said.
    """
    composed = asked if asked is not None and asked.spec is not None else None
    if _is_settled(composed, context, used) or _orders(words, of):
        return composed
    gaps = context.questions.gaps[before:]
    found = _judged(words, context, asked, len(gaps))
    if not found.readings:
        return composed
    first = found.readings[0]
    named = context.pinned and first.features.get("composed exact only", 0.0) > 0
    least = 1.0 if _AS_BEFORE.search(words) else NAMED if named else TAKEN
    sure = found.sure >= least and first.explained >= WHOLLY and _fits(first)
    if composed is not None:
        if not _forgets(found) and _is_kept(found, sure=sure, asks=bool(gaps)):
            return composed
    elif sure:
        return _taken(words, first, context)
    elif found.among < OFFERED:
        return None
    del context.questions.gaps[before:]
    return _offered(words, found, context, composed, alone=not orders(of))


def _is_settled(composed: Asked | None, context: Context, used: int) -> bool:
    """Whether nothing is to be weighed: it goes on from before, or somebody answered its questions."""
    answered = composed is not None and (composed.narrowed or context.questions.used > used)
    return answered or not context.every or bool(context.stacked) or context.change


def _is_kept(found: Judged, *, sure: bool, asks: bool) -> bool:
    """Whether the composed reading stands. Its own questions say best what is open."""
    mine = [reading for reading in found.readings if "composed" in reading.features]
    likely = sum(reading.chance for reading in mine) >= LIKELY
    exact = any(reading.features["composed exact"] for reading in mine)
    own = "composed" in found.readings[0].features
    return (own and sure) or (asks and (likely or exact))


def _forgets(found: Judged) -> bool:
    """Whether a word of the composed reading would be lost."""
    return any(r.features["untold"] for r in found.readings if "composed" in r.features)


def _orders(words: str, request: str) -> bool:
    """Whether something is to be done that is no question to data: written, sent, done for each."""
    return orders(words) or _LOOP.search(request) is not None


def _judged(words: str, context: Context, asked: Asked | None, gaps: int) -> Judged:
    said, _ = facts.defined(words, context.facts)
    quiet = replace(context, questions=Questions({}))
    return judged(said, quiet, as_candidate(words, asked, gaps, context))


def as_candidate(words: str, asked: Asked | None, gaps: int, context: Context) -> Composed | None:
    """The composed reading as one of those that are weighed, where some words weren't read too; `gaps`: how many
    questions it left open.
    """
    spec = _whole(asked) if asked is not None else None
    if asked is None or spec is None:
        return None
    unread = len(asked.unread) if asked.spec is None else 0
    near = Files(context.every).reachable(asked.base.path, context.links)
    exact = is_exact(words, Vocabulary([asked.base, *near]), context.today)
    return Composed(spec, gaps, len(asked.assumptions), exact, unread)


def _whole(asked: Asked) -> QuerySpec | None:
    """What was read as a query, without the words that weren't; None where nothing can be made of it."""
    if asked.spec is not None or asked.reading is None or asked.narrowed:
        return asked.spec
    fresh = replace(
        asked.reading,
        parts=deepcopy(asked.parts),
        questions=Questions({}),
        assumptions=[],
        unread=[],
    )
    try:
        spec = assembled(fresh, (asked.base.path,))
    except Unclear:
        return None
    order = tuple(dict.fromkeys(spec.order))  # what stood there already is assembled once more
    return None if spec.plain else spec.model_copy(update={"order": order})


def _fits(reading: Ranked) -> bool:
    """Whether the check of finished questions lets it be asked."""
    return not reading.features["unfit"]


def _taken(words: str, reading: Ranked, context: Context) -> Asked:
    said = text(
        "“{words}” is read as: {meant}.",
        words=words[:120],
        meant=reading_told(reading.spec, context.every),
    )
    base = next(file for file in context.every if file.path == reading.spec.files[0])
    return Asked(reading.spec, Parts(), base, (said,))


def _offered(
    words: str, found: Judged, context: Context, composed: Asked | None, *, alone: bool
) -> Asked | None:
    """The reading that was chosen, or the likeliest with the question left open.

    What the composed one takes for granted is stated where it is the one.
    """
    told, known = _told(found.likely(alone=alone), context), _told(found.every, context)
    if not told:
        return None
    other = text("something else")
    question = text(
        "I'm not sure how to read “{words}”. What do you want to know?", words=words[:160]
    )
    # Where the files changed since, another reading may stand for the one that was chosen.
    chosen = context.questions.choose(f"reading of {words}", question, [*told, other], also=known)
    reading = told.get(chosen) or known.get(chosen)
    if reading is None:
        return None
    taken = _taken(words, reading, context)
    if composed is None or "composed" not in reading.features:
        return taken
    return replace(composed, assumptions=(*composed.assumptions, *taken.assumptions))


def _told(readings: Iterable[Ranked], context: Context) -> dict[str, Ranked]:
    """The readings by the words they are offered with."""
    told: dict[str, Ranked] = {}
    for reading in filter(_fits, readings):
        told.setdefault(_short(reading_told(reading.spec, context.every)), reading)
    return told


def _short(said: str) -> str:
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"
