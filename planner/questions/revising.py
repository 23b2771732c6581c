"""A question changed by what is said next: "and now by status", "only for 2024", "top 3". Pure."""

import re
from dataclasses import replace

from planner.questions.context import Context
from planner.questions.read import Asked, read
from planner.questions.readers.assembly import fields_of
from planner.questions.readers.merging import merged
from planner.questions.readers.state import Parts, Unclear
from planner.questions.spec import QuerySpec

_ALSO = re.compile(
    r"\b(?:also|too|as well|additionally|in addition|further|add|plus)\b", re.IGNORECASE
)
_OPENING = re.compile(
    r"^(?:(?:and|now|then|ok|okay|but|so|no|nope|sorry|actually|hm+|please|instead|rather|just|same|again|what about|how about|"
    r"the same|i meant|i mean|make it|make that|do it|do that|i want|i'd like|show|show me|give me|change it to|switch to|use|not)\b[, ]*)+",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(sort|order|group|split|filter|limit|round|rank|show|list)(?:ed)? (?:me )?(?:it|that|this|them|those|these|"
    r"the (?:table|results?|list|rows|numbers))\b",
    re.IGNORECASE,
)
"""What is there already, as the object of an order: "sort that by region"."""
_WHOLE = re.compile(
    r"\b(?:for )?(?:all|every|any) (?:years?|regions?|rows|time|of them|the data|values)\b|\bno filters?\b|\bwithout (?:the |any )?filters?\b|\boverall\b",
    re.IGNORECASE,
)


def revise(spec: QuerySpec, words: str, context: Context) -> Asked | None:
    """The question as the words change it; None where they change nothing of it.

    `context.pinned` is not looked at: the question keeps its files.
    """
    moved = _other_file(spec, words, context)
    base = next((file for file in context.every if file.path == spec.files[0]), None)
    if moved is not None or base is None:
        return moved
    whole = bool(_WHOLE.search(words))
    stacked = spec.files if len(spec.files) > 1 else ()
    inside = replace(context, pinned=(base,), stacked=stacked, earlier=spec, change=True)
    order = _OBJECT.sub(r"\1", _OPENING.sub("", words.strip()))
    asked = read(_ALSO.sub(" ", _WHOLE.sub(" ", order)), inside)
    if asked.unread or (asked.parts == Parts() and not whole):
        return None
    before = spec.model_copy(update={"filters": (), "said": ()}) if whole else spec
    return _changed(asked, before, also=bool(_ALSO.search(words)), unchanged=spec)


def _changed(asked: Asked, before: QuerySpec, *, also: bool, unchanged: QuerySpec) -> Asked | None:
    if asked.problem or asked.reading is None:
        return asked
    try:
        changed = merged(before, asked.parts, asked.reading, also=also)
    except Unclear as problem:
        return replace(asked, spec=None, problem=str(problem))
    assumptions = tuple(asked.reading.assumptions)
    return None if changed == unchanged else replace(asked, spec=changed, assumptions=assumptions)


def _other_file(spec: QuerySpec, words: str, context: Context) -> Asked | None:
    """ "the same for orders.csv": the same columns in another file."""
    if not re.search(
        r"\b(?:same|again|also|too|instead|and|now|for|with|from|what about|how about)\b",
        words,
        re.IGNORECASE,
    ):
        return None
    named = [
        file
        for file in context.every
        if file.path != spec.files[0]
        and re.search(rf"(?<![\w/.-]){re.escape(file.path)}\b", words, re.IGNORECASE)
    ]
    if len(named) != 1 or len(spec.files) > 1 or spec.joins:
        return None
    other = named[0]
    names = {column.name.casefold(): column.name for column in other.columns}
    if any(
        field.file == spec.files[0] and field.column.casefold() not in names
        for field in fields_of(spec)
    ):
        return None
    raw = spec.model_dump(mode="json")
    moved = QuerySpec.model_validate(_renamed(raw, spec.files[0], other.path, names))
    return Asked(moved, Parts(), other)


def _renamed(value: object, old: str, new: str, names: dict[str, str]) -> object:
    if isinstance(value, dict):
        if set(value) == {"file", "column", "written"} and value["file"] == old:
            return {
                "file": new,
                "column": names[str(value["column"]).casefold()],
                "written": value["written"],
            }
        return {key: _renamed(item, old, new, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new, names) for item in value]
    return new if value == old else value
