"""The likeliest readings of a question as a whole: composed of what its words speak for, and weighed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import PurePosixPath

from memory.model.text import text
from planner.questions.asking import Questions
from planner.questions.bases import choose_base
from planner.questions.composition.chunks import put_together
from planner.questions.conditions.partners import take_partners
from planner.questions.conditions.several import take_several
from planner.questions.conditions.strangers import take_strangers
from planner.questions.conditions.wording import reworded
from planner.questions.context import Context
from planner.questions.describing import title_of
from planner.questions.guessing.evidence import Evidence, Held, Piece
from planner.questions.readers.assembly import assembled
from planner.questions.readers.conditions import take_conditions
from planner.questions.readers.having import take_having
from planner.questions.readers.related import take_related
from planner.questions.readers.state import Parts, Rank, Reading, Unclear
from planner.questions.sources import Files
from planner.questions.spec import Field, Group, Measure, QuerySpec
from planner.questions.sql.checking import check
from planner.questions.sql.select import render
from planner.questions.words.likeness import likeness
from planner.questions.words.marks import Line, Mark, marked
from planner.questions.words.mending import mended
from planner.questions.words.terms import Vocabulary

FILES, WEIGHED, CHECKED = 3, 400, 14
"""How many files are tried as the one whose rows are meant, readings weighed, and described."""
PIECES = 12
"""How many pieces of a kind are put together with the others."""
LIKENESS, LOST, TWICE, MADE = 1.5, 1.2, 0.3, 0.15
"""What counts: likeness of meaning; a word that says nothing, or speaks twice; each piece."""


@dataclass(frozen=True)
class Guess:
    """A reading as a whole, and in words. `weight` says how likely it is beside the others,
    `explained` which part of the words speaks for it.
    """

    spec: QuerySpec
    said: str
    weight: float
    explained: float


def guesses(words: str, context: Context, most: int = 4) -> tuple[Guess, ...]:
    """The likeliest readings, each of another SQL; () where the words speak for nothing here."""
    quiet = replace(context, questions=Questions({}))
    files = Files(
        tuple({f.path: f for f in (*context.pinned, *context.every) if f.columns}.values())
    )
    found = [
        draft
        for base in _bases(words, files, quiet)
        for draft in _drafts(words, base, files, quiet)
    ]
    found.sort(key=lambda draft: -draft.weight)
    specs = _distinct(found)
    if not specs:
        return ()
    near = likeness(words, [title_of(guess.spec) for guess in specs])
    weighed = [replace(g, weight=g.weight + LIKENESS * n) for g, n in zip(specs, near, strict=True)]
    weighed.sort(key=lambda guess: -guess.weight)
    return tuple(weighed[:most])


@dataclass(frozen=True)
class _Draft:
    reading: Reading
    parts: Parts
    weight: float
    explained: float


def _bases(words: str, files: Files, context: Context) -> list[str]:
    pool = [file.path for file in (context.pinned or files.every)]
    if len(pool) == 1:
        return pool
    first = choose_base(words, files, context).path
    return [first, *(path for path in pool if path != first)][:FILES]


def _drafts(words: str, base: str, files: Files, context: Context) -> Iterator[_Draft]:
    file = files.by_path[base]
    near = files.reachable(base, context.links)
    vocabulary = Vocabulary([file, *near])
    said, _ = mended(words, vocabulary)
    marks = reworded(marked(said, vocabulary, context.today), vocabulary)

    def fresh() -> Reading:
        return Reading(
            files=files, vocabulary=vocabulary, base=file, questions=Questions({}),
            today=context.today, links=context.links,
        )  # fmt: skip

    held, taken = _conditions(marks, fresh())
    evidence = Evidence(marks, fresh())
    for weight, explained, parts in _composed(evidence, held, taken):
        yield _Draft(fresh(), parts, weight, explained)


def _conditions(marks: Sequence[Mark], reading: Reading) -> tuple[Parts, set[int]]:
    """The conditions that can be read for sure, and the places of their words."""
    line = Line(marks)
    try:
        take_strangers(line, reading)
        take_several(line, reading)
        take_partners(line, reading)
        take_having(line, reading)
        take_related(line, reading)
        grouped = line.hide(put_together(line.marks))
        take_conditions(line, reading)
        line.show(grouped)
    except Unclear:
        return Parts(), set()
    left = {id(mark) for mark in line.marks}
    return reading.parts, {place for place, mark in enumerate(marks) if id(mark) not in left}


@dataclass(frozen=True)
class _Chosen:
    """Pieces that may go together."""

    figure: Piece[Measure | None]
    by: tuple[Piece[tuple[Group, ...]], ...]
    rank: Piece[Rank | None]
    only: tuple[Piece[Held], ...]

    @property
    def pieces(self) -> tuple[Piece[object], ...]:
        return (self.figure, *self.by, self.rank, *self.only)


def _composed(
    evidence: Evidence, held: Parts, taken: set[int]
) -> Iterator[tuple[float, float, Parts]]:
    open_words = {place: w for place, w in evidence.weights.items() if place not in taken}
    known = sum(evidence.weights.get(place, 0.0) for place in taken)
    binding = evidence.binding - taken
    weighed = [
        (*_weighed(chosen.pieces, open_words, known), chosen)
        for chosen in _chosen(evidence, held)
        if binding <= {place for piece in chosen.pieces for place in piece.words}
    ]
    weighed.sort(key=lambda entry: -entry[0])
    for weight, explained, chosen in weighed[:WEIGHED]:
        parts = _parts(chosen, held)
        if parts is not None:
            yield weight, explained, parts


def _chosen(evidence: Evidence, held: Parts) -> Iterator[_Chosen]:
    groups = [*evidence.groups()][:PIECES]
    grouped = [(), *((group,) for group in groups), *combinations(groups, 2)]
    only = [(), *((held,) for held in [*evidence.conditions(), *evidence.compared()][:PIECES])]
    figures, ranks = [*evidence.figures()][:PIECES], [*evidence.ranks()][:PIECES]
    for entry in product(figures, grouped, ranks, only):
        yield _Chosen(*entry)
    for extra in only:
        shares = evidence.shares((*held.filters, *(piece.made[0] for piece in extra)))
        for share, by in product([*shares], grouped):
            yield _Chosen(share, by, Piece(None), extra)


def _weighed(
    pieces: Sequence[Piece[object]], open_words: dict[int, float], known: float
) -> tuple[float, float]:
    explained: dict[int, float] = {}
    cost = 0.0
    for piece in pieces:
        cost += piece.against + (MADE if piece.made is not None else 0.0)
        for place, sure in piece.words.items():
            if place in open_words:
                cost += TWICE * min(explained.get(place, 0.0), sure)
                explained[place] = max(explained.get(place, 0.0), sure)
    gained = sum(open_words[place] * sure for place, sure in explained.items())
    lost = sum(weight for place, weight in open_words.items() if place not in explained)
    whole = sum(open_words.values()) + known
    return gained - LOST * lost - cost, (gained + known) / whole if whole else 0.0


def _parts(chosen: _Chosen, held: Parts) -> Parts | None:
    """What the pieces make together; None where they don't fit."""
    measure, rank = chosen.figure.made, chosen.rank.made
    groups = [group for piece in chosen.by for group in piece.made]
    rows = rank is not None and rank.rows
    if len({group.field for group in groups}) < len(groups) or (groups and measure is None):
        return None
    if rank is not None and rows and (groups or measure is not None):
        return None
    if rank is not None and not rows and (not groups or measure is None):
        return None
    share = measure is not None and bool(measure.only)
    extra = [] if share else [piece.made for piece in chosen.only]
    made = Parts(
        filters=[] if share else [*held.filters, *(condition for condition, _ in extra)],
        said=[*held.said, *(said for _, said in extra)],
        groups=groups,
        having=[*held.having],
        measures=[measure] if measure is not None else [],
    )
    if rank is not None:
        target = () if rows else tuple(groups[-1:])
        made.rank = replace(rank, target=target, by=rank.by if rows else measure)
        made.groups = groups[:-1] if target else groups
    return made


def _distinct(drafts: Sequence[_Draft]) -> list[Guess]:
    found: dict[str, Guess] = {}
    for draft in drafts:
        if len(found) >= CHECKED:
            break
        draft.reading.parts = draft.parts
        try:
            spec = assembled(draft.reading, (draft.reading.base.path,))
            check(spec, draft.reading.files.every)
        except Unclear:
            continue
        if spec.plain:
            continue
        sql = render(spec)
        if sql not in found:
            found[sql] = Guess(spec, _said(spec), draft.weight, draft.explained)
    return list(found.values())


def _said(spec: QuerySpec) -> str:
    """The reading in words, told apart from others of its kind."""
    said = title_of(spec)
    if any(measure.function == "count" for measure in spec.measures):
        rows = text("rows of {file}", file=PurePosixPath(spec.files[0]).name)
        said = said.replace("number of rows", text("number of {rows}", rows=rows))
    ordered = spec.order[0].by if spec.order and not spec.measures else None
    return f"{said} by {ordered.column}" if isinstance(ordered, Field) else said
