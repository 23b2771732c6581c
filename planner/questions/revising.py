"""A question changed by what is said next: "and now by status", "only for 2024", "top 3". Pure."""

import re
from dataclasses import replace
from functools import partial
from typing import Final

from memory.model.patterns import short
from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.frames import (
    FUNCTION,
    as_share,
    completions,
    extreme,
    in_time,
    made_of,
    moved,
    named_file,
    overall,
    settled,
    without_columns,
    without_contrast,
    without_name,
)
from planner.questions.offers import groups_of
from planner.questions.read import Asked, read
from planner.questions.readers.merging import merged
from planner.questions.readers.state import Parts, Unclear
from planner.questions.spec import QuerySpec

_ALSO: Final = re.compile(
    r"\b(?:also|too|as well|additionally|in addition|further|add|plus|(?:break|broken|split) (?:(?:it|that|this|them) )?(?:down )?(?=by|per|into))\b",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^(?:(?:and|now|then|ok|okay|but|so|no|nope|sorry|actually|hm+|please|instead|rather|just|same|again|what about|how about|"
    r"the same|what's|what is|what are|what was|i meant|i mean|make it|make that|make them|turn it into|do it|do that|i want|i'd like|"
    r"show|show me|give me|change it to|change that to|switch to|switch it to|use|take)\b[, ]*)+",
    re.IGNORECASE,
)
_ENDING: Final = short(
    r"(?:(?<![, ])[, ]++(?:instead|rather|then|though|again|please|now|only please))+[.!?]*$|(?<![.!?])[.!?]+$",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(
    r"\b(sort|order|group|split|filter|limit|round|rank|show|list)(?:ed)? (?:me )?(?:it|that|this|them|those|these|"
    r"the (?:table|results?|list|rows|numbers))\b",
    re.IGNORECASE,
)
"""What is there already, as the object of an order: "sort that by region"."""
_WHOLE: Final = re.compile(
    r"\b(?:for )?(?:all|every|any) (?:the |of the )?(?:years?|rows|time|of them|the data|values|\w+s)(?: again)?\b|\bno filters?\b|"
    r"\bwithout (?:the |any )?filters?\b|\b(?:remove|drop|clear|reset) (?:the |all |any )?(?:filters?|conditions?)\b|\boverall\b",
    re.IGNORECASE,
)
_GOING: Final = re.compile(
    r"\b(?:the same|same|again|also|too|instead|and|now|but|for|from|of|in|what about|how about|do|show|it|this|that)\b",
    re.IGNORECASE,
)


def revise(spec: QuerySpec, words: str, context: Context) -> Asked | None:
    """The question as the words change it; None where they change nothing of it.

    `context.pinned` is not looked at: the question keeps its files.
    """
    words = without_contrast(_OPENING.sub("", words.strip()), spec)
    base = next((file for file in context.every if file.path == spec.files[0]), None)
    other = named_file(words, spec, context.every)
    if other is not None:
        return _elsewhere(spec, words, context, other)
    if base is None:
        return None
    asked = _framed(spec, words, base, context.questions) or _revised(
        spec, words, _inside(spec, context, base)
    )
    return None if asked is not None and asked.spec == spec else asked


def _framed(spec: QuerySpec, words: str, base: FileInfo, questions: Questions) -> Asked | None:
    """What is said of the result alone: its order, its shares, its total, its extremes."""
    plain = _ENDING.sub("", words)
    parted = made_of(plain, spec)
    if parted == spec:
        return Asked(None, Parts(), base, problem=text("The data says how much, not why. Look closer with "
                     "another group, for example “also by {column}”.", column=_another(spec, base)))  # fmt: skip
    if parted is not None:
        why = text("The data doesn't say why. This shows of how many rows each figure is made, and how big "
                   "they are.")  # fmt: skip
        return Asked(parted, Parts(), base, (why,))
    known = settled(spec, questions, base)
    timed = partial(in_time, base=base, questions=known)
    ways = (as_share, overall, extreme, timed, partial(without_columns, base=base))
    found = next((changed for way in ways if (changed := way(plain, spec)) is not None), None)
    return None if found is None else Asked(found, Parts(), base)


def _another(spec: QuerySpec, base: FileInfo) -> str:
    used = {group.field.column for group in spec.groups}
    return next((name for name in groups_of(base) if name not in used), "month")


def _inside(spec: QuerySpec, context: Context, base: FileInfo) -> Context:
    stacked = spec.files if len(spec.files) > 1 else ()
    questions = settled(spec, context.questions, base)
    return replace(
        context, pinned=(base,), stacked=stacked, earlier=spec, change=True, questions=questions
    )


def _revised(spec: QuerySpec, words: str, inside: Context) -> Asked | None:
    whole = bool(_WHOLE.search(words))
    order = _ENDING.sub("", _OBJECT.sub(r"\1", words))
    order = _ALSO.sub(" ", _WHOLE.sub(" ", order))
    gaps = len(inside.questions.gaps)
    asked = read(order, inside)
    if asked.unread or (asked.parts == Parts() and not whole):
        del inside.questions.gaps[gaps:]
        completed = _completed(order, spec, inside)
        if completed is None:
            return None
        asked = completed
    before = spec.model_copy(update={"filters": (), "said": ()}) if whole else spec
    return _changed(asked, before, also=bool(_ALSO.search(words)))


def _completed(words: str, spec: QuerySpec, inside: Context) -> Asked | None:
    """The words read as a whole question with the figure and groups they leave out; None where
    they say nothing of it.
    """
    gaps = len(inside.questions.gaps)
    silent = [read(whole, inside).parts for whole in completions("", spec)]
    del inside.questions.gaps[gaps:]
    for whole in completions(words, spec) if words.strip() else ():
        asked = read(whole, inside)
        sure = not asked.unread and not asked.problem and len(inside.questions.gaps) == gaps
        if sure and (asked.parts not in silent or FUNCTION.search(words)):
            return asked
        del inside.questions.gaps[gaps:]
    return None


def _elsewhere(spec: QuerySpec, words: str, context: Context, other: FileInfo) -> Asked | None:
    """ "the same for orders.csv": the same question to another file, and what else the words say."""
    found = moved(spec, other, words, context.questions)
    if isinstance(found, str):
        return Asked(None, Parts(), other, problem=found)
    rest = _GOING.sub(" ", without_name(other, words))
    if not re.search(r"\w", _ENDING.sub("", rest)):
        return Asked(found, Parts(), other)
    return _revised(found, rest.strip(), _inside(found, context, other))


def _changed(asked: Asked, before: QuerySpec, *, also: bool) -> Asked:
    if asked.problem or asked.reading is None:
        return asked
    try:
        changed = merged(before, asked.parts, asked.reading, also=also)
    except Unclear as problem:
        return replace(asked, spec=None, problem=str(problem))
    assumptions = tuple(asked.reading.assumptions)
    return replace(asked, spec=changed, assumptions=assumptions)
