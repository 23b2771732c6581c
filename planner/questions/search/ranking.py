"""The likeliest readings of a question as a whole, with the chance of each. Pure but for the language model."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memory.model.work.value import Ran
from planner.questions.asking import Questions
from planner.questions.composition.chunks import put_together
from planner.questions.conditions.partners import take_partners
from planner.questions.conditions.several import take_several
from planner.questions.conditions.strangers import take_strangers
from planner.questions.conditions.wording import reworded
from planner.questions.context import Context
from planner.questions.naming.kindred import told_alike
from planner.questions.readers.assembly import assembled
from planner.questions.readers.conditions import take_conditions, take_units
from planner.questions.readers.having import take_having
from planner.questions.readers.related import take_related
from planner.questions.readers.state import Parts, Reading, Unclear
from planner.questions.search.narrowing.asides import to_the_point
from planner.questions.search.narrowing.contrasts import reconciled
from planner.questions.search.saying import Saying, saying
from planner.questions.search.telling import reading_told
from planner.questions.search.trying import features_of, outcomes
from planner.questions.search.weighing import dot, fitted
from planner.questions.search.whole import Whole, wholes
from planner.questions.sources import Files
from planner.questions.spec import Either, Filter, QuerySpec
from planner.questions.sql.checking import check
from planner.questions.sql.select import render
from planner.questions.truth.alternatives import chooses
from planner.questions.truth.unsaid import unsaid
from planner.questions.words.likeness import likeness
from planner.questions.words.marks import Line, Mark, marked
from planner.questions.words.mending import mended
from planner.questions.words.terms import Vocabulary

CHECKED, MEANT, SAME = 16, 8, 150
"""How many readings are made into queries, how many of them are compared by meaning, and among how
many the composed one is looked for.
"""


@dataclass(frozen=True)
class Ranked:
    """A reading as a whole. `chance`: how likely it is meant, 0..1, among those found."""

    spec: QuerySpec
    sql: str
    features: Mapping[str, float]
    explained: float
    """What part of the words speaks for it, 0..1."""
    chance: float = 0.0
    ran: Ran | None = None
    """What came of it where it was tried on the files."""
    kin: str = ""
    """The same for readings that tell a person the same."""


@dataclass(frozen=True)
class Composed:
    """The reading that was composed piece by piece; `asked` and `assumed`: how many questions it left open, and
    sentences it had to state; `exact`: every word that names something does so by its very name; `unread`: how
    many words it says nothing of, so that it could not stand by itself.
    """

    spec: QuerySpec
    asked: int = 0
    assumed: int = 0
    exact: bool = False
    unread: int = 0

    @property
    def explained(self) -> float:
        """What part of the words speaks for it, 0..1: a guess where some of them weren't read."""
        return 1.0 if not self.unread else 0.7 if self.unread == 1 else 0.4

    @property
    def features(self) -> dict[str, float]:
        """What speaks for it, beside its pieces."""
        if self.unread:
            return {"nearly composed": 1.0, "composed unread": float(min(self.unread, 4))}
        open_ones = min(self.asked, 3)
        return {
            "composed": 1.0, "composed asks": float(open_ones > 0), "composed asks more": float(open_ones),
            "composed assumes": float(min(self.assumed, 4)), "composed exact": float(self.exact),
            "composed exact only": float(self.exact and not self.asked and not self.assumed),
        }  # fmt: skip


def ranked(
    words: str, context: Context, composed: Composed | None = None, checked: int = CHECKED
) -> tuple[Ranked, ...]:
    """The readings, the likeliest first."""
    files = Files(
        tuple({f.path: f for f in (*context.pinned, *context.every) if f.columns}.values())
    )
    known, words = fitted(tried=False).reading, to_the_point(words)
    said = {
        file.path: _said(words, file.path, files, context) for file in context.pinned or files.every
    }
    drafts = [draft for each in said.values() for draft in _of_file(each, known)]
    drafts.sort(key=lambda draft: -draft[0].score)
    found = _distinct(drafts, checked)
    found += _either_of(found, drafts)
    if composed is not None:
        found = [*_beside([*found, *_same(composed, found, drafts)], composed)]
    checked_ones = [_checked(entry, said, context) for entry in found]
    return _weighed(words, [*_tried(checked_ones, context)], context)


def _checked(found: Ranked, said: Mapping[str, Saying], context: Context) -> Ranked:
    """The reading with what the checks of finished questions say of it."""
    base = said.get(found.spec.files[0])
    untold = len(unsaid(base.marks, found.spec)) if base is not None else 0
    features = {
        "untold": float(min(untold, 3)), "untold any": float(untold > 0),
        "unfit": float(not _fits(found.spec, context)),
    }  # fmt: skip
    kin = told_alike(found.spec, base.reading.vocabulary) if base is not None else found.sql
    return replace(found, features={**found.features, **features}, kin=kin)


def _tried(found: Sequence[Ranked], context: Context) -> Iterator[Ranked]:
    """The readings with what comes of them."""
    ran = outcomes([r.spec for r in found], [r.sql for r in found], context)
    more = features_of([r.features for r in found], ran)
    for reading, each, said in zip(found, ran, more, strict=True):
        yield replace(reading, features={**reading.features, **said}, ran=each)


def _fits(spec: QuerySpec, context: Context) -> bool:
    """Whether the question can be asked of these files."""
    try:
        check(spec, context.every)
    except Unclear:
        return False
    return True


def _distinct(drafts: Sequence[tuple[Whole, Reading]], most: int) -> list[Ranked]:
    """The likeliest of them as queries, each once."""
    found: dict[str, Ranked] = {}
    seen: set[QuerySpec] = set()
    for whole, reading in drafts:
        spec = _spec(whole.parts, reading)
        if spec is None or (asked := _question(spec)) in seen:
            continue
        seen.add(asked)
        sql = render(spec)
        found.setdefault(sql, Ranked(spec, sql, whole.features, whole.explained))
        if len(found) >= most:
            break
    return [*found.values()]


def _either_of(
    found: Sequence[Ranked], drafts: Sequence[tuple[Whole, Reading]]
) -> Iterator[Ranked]:
    """The likeliest reading with one condition or the other, where "or" is said and none has it."""
    if any(chooses(reading.spec.filters) for reading in found):
        return
    for whole, reading in drafts:
        spec = _spec(whole.parts, reading) if chooses(whole.parts.filters) else None
        if spec is not None:
            yield Ranked(spec, render(spec), whole.features, whole.explained)
            return


def _question(spec: QuerySpec) -> QuerySpec:
    """The same question, however its conditions are said."""
    return spec.model_copy(update={"said": ()})


def _same(
    composed: Composed, found: Sequence[Ranked], drafts: Sequence[tuple[Whole, Reading]]
) -> Iterator[Ranked]:
    """The reading that was searched out and is the composed one, where it isn't among the likeliest."""
    asked = _question(composed.spec)
    if any(_question(reading.spec) == asked for reading in found):
        return
    for whole, reading in [d for d in drafts if d[1].base.path == asked.files[0]][:SAME]:
        spec = _spec(whole.parts, reading)
        if spec is not None and _question(spec) == asked:
            deep = {**whole.features, "composed deep": 1.0}
            yield Ranked(spec, render(spec), deep, whole.explained)
            return


def _beside(found: Sequence[Ranked], composed: Composed) -> Iterator[Ranked]:
    """The readings, with what speaks for the composed one; it is added where the search missed it."""
    sql = render(composed.spec)
    for reading in found:
        own = reading.sql == sql
        extra = composed.features if own else {} if composed.unread else {"not composed": 1.0}
        explained = max(composed.explained, reading.explained) if own else reading.explained
        yield replace(reading, features={**reading.features, **extra}, explained=explained)
    if all(reading.sql != sql for reading in found):
        only = "only nearly composed" if composed.unread else "only composed"
        yield Ranked(composed.spec, sql, {**composed.features, only: 1.0}, composed.explained)


def are_tried(found: Iterable[Ranked]) -> bool:
    """Whether readings were tried on the files; else other weights count."""
    return any(reading.ran is not None for reading in found)


def _weighed(words: str, found: Sequence[Ranked], context: Context) -> tuple[Ranked, ...]:
    known = fitted(tried=are_tried(found)).reading
    first = [place for place, _ in chances([entry.features for entry in found], known)][:MEANT]
    told = [reading_told(found[p].spec, context.every).replace("_", " ") for p in first]
    near = dict(zip(first, likeness(words, told), strict=True))
    best, least = max(near.values(), default=0.0), min(near.values(), default=0.0)
    said = []
    for place, entry in enumerate(found):
        alike = near.get(place, least)
        said.append({**entry.features, "likeness": alike, "less alike": best - alike})
    return tuple(
        replace(found[place], features=said[place], chance=chance)
        for place, chance in chances(said, known)
    )


def chances(
    features: Sequence[Mapping[str, float]], known: Mapping[str, float]
) -> list[tuple[int, float]]:
    """The places of the readings, the likeliest first, with the chance of each among them."""
    scores = [dot(each, known) for each in features]
    top = max(scores, default=0.0)
    raised = [math.exp(score - top) for score in scores]
    whole = sum(raised)
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    return [(place, raised[place] / whole) for place in order]


def _spec(parts: Parts, reading: Reading) -> QuerySpec | None:
    fresh = replace(reading, parts=parts, questions=Questions({}), assumptions=[], unread=[])
    try:
        spec = assembled(fresh, (reading.base.path,))
    except Unclear:
        return None
    return None if spec.plain else spec


def _said(words: str, path: str, files: Files, context: Context) -> Saying:
    file = files.by_path[path]
    vocabulary = Vocabulary([file, *files.reachable(path, context.links)])
    said, _ = mended(words, vocabulary)
    marks = reworded(marked(said, vocabulary, context.today), vocabulary)
    reading = Reading(
        files=files, vocabulary=vocabulary, base=file, questions=Questions({}),
        today=context.today, links=context.links,
    )  # fmt: skip
    return saying(words, marks, reading)


def _of_file(said: Saying, known: Mapping[str, float]) -> list[tuple[Whole, Reading]]:
    held, taken = _conditions(said.marks, replace(said.reading, parts=Parts()))
    rounds = [(held, taken), *([(Parts(), frozenset[int]())] if taken else [])]
    return [(whole, said.reading) for whole in wholes(said, rounds, known)]


def _either(held: Sequence[Filter]) -> bool:
    """Whether something in these conditions is one or the other."""
    several = (getattr(each, "values", ()) or getattr(each, "spans", ()) for each in held)
    return any(isinstance(each, Either) for each in held) or any(len(s) > 1 for s in several)


def _conditions(marks: Sequence[Mark], reading: Reading) -> tuple[Parts, frozenset[int]]:
    """The conditions that can be read for sure, and the places of their words."""
    line = Line(marks)
    try:
        take_strangers(line, reading)
        take_several(line, reading)
        take_partners(line, reading)
        take_units(line, reading)
        take_having(line, reading)
        take_related(line, reading)
        grouped = line.hide(put_together(line.marks))
        take_conditions(line, reading)
        line.show(grouped)
    except Unclear:
        return Parts(), frozenset()
    left = {id(mark) for mark in line.marks}
    taken = frozenset(place for place, mark in enumerate(marks) if id(mark) not in left)
    if any(marks[place].letter == "o" for place in taken) and not _either(reading.parts.filters):
        return Parts(), frozenset()
    return Parts(
        filters=reconciled(reading.parts.filters), having=[], said=reading.parts.said
    ), taken
