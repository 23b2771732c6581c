"""What belongs to a row, held against a number of that row: campaigns over their budget, what is left of it. Pure."""

from collections.abc import Iterator, Sequence

from planner.questions.search.narrowing.against import is_limit, signs_alone
from planner.questions.search.pieces import Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import MEASURES
from planner.questions.spec import Field, Filter, Group, Having, Measure, OneOf
from planner.questions.words.lexicon import word_set
from planner.questions.words.terms import Ref

OVER, LEFT = "having against", "left of"
"""A condition on the figure that is asked for itself; and what is left of a number less that figure."""
_LEFT = word_set(
    "left remaining remains remain rest unspent unused owe owes owed owing outstanding short lacking"
)


def over_limits(said: Saying) -> Iterator[Piece[tuple[Having, ...]]]:
    """Each number of another file's rows that the words hold what belongs to them against."""
    signs = [*signs_alone(said)]
    for ref, of in _limits(said) if signs else ():
        for op, place in signs:
            count = said.reading.measure("count", None)
            held = Having(of=count, op=op, value=1, against=_limit(said, ref))
            near = min(abs(at - place) for at in of) <= 2
            features = {**_features(ref, of), "limit near": float(near)}
            yield Piece((held,), OVER, {**of, place: 1.0}, features)


def left_of(said: Saying) -> Iterator[Piece[tuple[Measure, ...]]]:
    """What is left of each such number when what belongs to the row is taken away."""
    cue = {p: 1.0 for p, mark in enumerate(said.marks) if mark.words.lower() in _LEFT}
    if not cue:
        return
    cue |= said.places("F", "sum")
    for ref, of in _limits(said):
        for spent in _spent(said, ref):
            total = said.reading.measure("sum", spent.field)
            features = {**_features(ref, of), "left named": float(bool(said.of(spent)))}
            yield Piece((_limit(said, ref), total), LEFT, {**said.of(spent), **of, **cue}, features)


def _spent(said: Saying, limit: Ref) -> Iterator[Ref]:
    for ref in _numbers(said, said.reading.base.path):
        if ref.role == limit.role or said.of(ref):
            yield ref


def _limits(said: Saying) -> Iterator[tuple[Ref, dict[int, float]]]:
    reading = said.reading
    owners = reading.files.owners(reading.base.path, reading.links)
    for path in dict.fromkeys(link.single for link in owners):
        yield from ((ref, of) for ref in _numbers(said, path) if (of := said.of(ref)))


def _numbers(said: Saying, path: str) -> Iterator[Ref]:
    every = said.reading.vocabulary.of_file(path)
    yield from (ref for ref in every if ref.column.numeric and ref.role in MEASURES)


def _limit(said: Saying, ref: Ref) -> Measure:
    return said.reading.measure("max", ref.field).model_copy(update={"name": ref.name})


def _features(ref: Ref, of: dict[int, float]) -> dict[str, float]:
    return {"limit link": max(of.values()), "limit called so": float(is_limit(ref))}


def is_of_row(said: Saying, by: Sequence[Group], limit: Measure) -> bool:
    """Whether each group is one row of the file that the number is of."""
    own = _names(said, limit)
    return bool(by) and all((g.field.file, g.field.column) in own for g in by)


def is_one_row(said: Saying, by: Sequence[Group], limit: Measure, held: Sequence[Filter]) -> bool:
    """Whether nothing is grouped and the conditions name one row of that file."""
    own = _names(said, limit)
    named = [each for each in held if isinstance(each, OneOf) and len(each.values) == 1]
    return not by and any((h.field.file, h.field.column) in own and not h.negated for h in named)


def _names(said: Saying, limit: Measure) -> set[tuple[str, str]]:
    """The columns that tell its file's rows apart, there and beside the rows that belong to them."""
    file = limit.of.file if isinstance(limit.of, Field) else ""
    reading = said.reading
    owners = reading.files.owners(reading.base.path, reading.links)
    links = [link for link in owners if link.single == file]
    ends = {end for link in links for end in ((link.many, link.left), (link.single, link.right))}
    own = {(file, ref.name) for ref in reading.vocabulary.of_file(file) if _is_own(ref)}
    return ends | own | (_called(said, file) if links else set())


def _called(said: Saying, file: str) -> set[tuple[str, str]]:
    """The columns that its rows are called by."""
    named = said.reading.entity(said.reading.files.by_path[file]) or ()
    return {(group.field.file, group.field.column) for group in named}


def _is_own(ref: Ref) -> bool:
    """Whether each row has its own."""
    return bool(ref.column.distinct) and ref.column.distinct == ref.file.rows
