"""Whether what was to be shown besides is shown: who, and the columns that were named. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from planner.questions.readers.assembly import filter_fields
from planner.questions.spec import Field
from planner.questions.truth.contents import Contents
from planner.questions.words.lexicon import families, plain, senses
from planner.questions.words.marks import refs_of


def not_shown(facts: Contents) -> Iterator[str]:
    """ "… and who made it", "… with their town": what was to be shown besides, and isn't."""
    spec = facts.spec
    for before, mark in pairwise(facts.marks):
        if (
            before.letter not in "aw,"
            or mark.letter not in "Ww"
            or "who" not in mark.words.split()[:1]
        ):
            continue
        if before.letter == "w" or mark.words.startswith(("who have", "who are", "who were")):
            continue
        persons = [field for field in _shown(facts) if _is_person(field)]
        if not persons:
            yield mark.words
    asked = [
        mark
        for before, mark in zip((None, *facts.marks), facts.marks, strict=False)
        if mark.letter == "W" and mark.carries == "who"
        if before is None or before.letter in "a,"  # not "customers who …"
    ]
    days = all(group.grain is not None for group in spec.groups)
    if asked and spec.measures and days:  # also where there are no groups at all
        yield asked[0].words
    yield from _not_beside(facts)


def _not_beside(facts: Contents) -> Iterator[str]:
    """ "… with their town", "the teas and the prices": columns that were to be shown, and aren't."""
    spec = facts.spec
    everything = not (spec.measures or spec.groups or spec.columns)
    letters = "".join(mark.letter for mark in facts.marks)
    listed = re.search("[VE]aC$", letters) and not set(letters) & set("F!TLBHR")
    if listed and spec.measures and not spec.groups:  # "the teas and the prices"
        yield facts.marks[-1].words
    for sign, mark in pairwise(facts.marks):
        refs = refs_of(mark) if mark.letter == "C" else ()
        besides = sign.words in _BESIDES and bool(refs)
        kept = {field.model_copy(update={"written": ""}) for field in _shown(facts)}
        kept |= {m.of for m in facts.measures if isinstance(m.of, Field)}
        kept |= {of for held in facts.filters for of in filter_fields(held)}
        own = everything and any(ref.file.path in spec.files for ref in refs)
        if besides and not own and not {ref.field for ref in refs} & kept:
            yield mark.words


_BESIDES = frozenset(["with", "and their", "and its", "along with", "together with", "as well as"])


def _shown(facts: Contents) -> Iterator[Field]:
    yield from facts.spec.columns if not facts.spec.measures else ()
    yield from (group.field for group in facts.spec.groups)


def _is_person(field: Field) -> bool:
    words = plain(field.column.replace("_", " ")).split()
    kinds = families(frozenset().union(*map(senses, words))) if words else frozenset()
    return bool(kinds & {"client", "staff"}) or "name" in words
