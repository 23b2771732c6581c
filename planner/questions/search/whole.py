"""Pieces put together into whole readings, the likeliest kept. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import NamedTuple

from planner.questions.readers.state import Parts, Rank
from planner.questions.search.conditions import conditions
from planner.questions.search.figures import Figures, figures, pairs, parts_of, shares
from planner.questions.search.groups import Groups, groups, listed
from planner.questions.search.orders import ranks
from planner.questions.search.partners import having
from planner.questions.search.pieces import Held, Made, Piece
from planner.questions.search.saying import Saying
from planner.questions.search.weighing import Weigher
from planner.questions.spec import Field, Having

FILTER_SETS, KEPT = 8, 120
"""How many sets of conditions are tried, and how many readings of a file are kept."""
TRIED, SINGLES, PAIRED = 12, 22, 7
"""How many conditions are put together, figures tried, and figures tried side by side."""


@dataclass(frozen=True)
class Whole:
    """A reading as a whole: what its pieces make, and what they score together."""

    parts: Parts
    score: float
    features: Mapping[str, float]
    explained: float
    """What part of the words speaks for it, 0..1."""


class _Combo(NamedTuple):
    """Pieces that fit together, beside the conditions."""

    figure: Piece[Figures]
    by: Piece[Groups]
    rank: Piece[Rank | None]
    having: Piece[tuple[Having, ...]]
    shown: Piece[tuple[Field, ...]]


@dataclass(frozen=True)
class _Offered:
    """Pieces of each kind; the first of a kind asks for nothing of it."""

    figures: list[Piece[Figures]]
    groups: list[Piece[Groups]]
    ranks: list[Piece[Rank | None]]
    having: list[Piece[tuple[Having, ...]]]
    shown: list[Piece[tuple[Field, ...]]]


def wholes(
    said: Saying, held: Parts, taken: frozenset[int], known: Mapping[str, float]
) -> list[Whole]:
    """The likeliest readings of a saying, the best first.

    `held` are the conditions that were read for sure, `taken` the places of their words.
    """
    weigher = Weigher(said, known, taken)
    offered = _Offered(
        _free(figures(said), taken), _free(groups(said), taken), _free(ranks(said), taken),
        _free(having(said), taken), _free(listed(said), taken),
    )  # fmt: skip
    offered.figures.sort(key=lambda piece: -(weigher.piece(piece) + sum(piece.words.values())))
    scored = [
        (weigher.whole((*combo, *only)), combo, only)
        for only in _sets(said, taken, weigher)
        for combo in _combined([*_figures(said, offered.figures, held, only, taken)], offered)
    ]
    scored.sort(key=lambda entry: -entry[0])
    found: list[Whole] = []
    for score, combo, only in scored[: KEPT * 3]:
        parts = _parts(combo, only, held)
        if parts is not None:
            features = weigher.features((*combo, *only))
            found.append(Whole(parts, score, features, weigher.explained(features)))
        if len(found) >= KEPT:
            break
    return found


def _figures(
    said: Saying, singles: Sequence[Piece[Figures]], held: Parts, only: Sequence[Piece[Held]],
    taken: frozenset[int],
) -> Iterator[Piece[Figures]]:  # fmt: skip
    """Figures alone, side by side, and of what the conditions hold for."""
    own = [piece.made[0] for piece in only]
    yield from singles[:SINGLES]
    yield from pairs([piece for piece in singles if piece.words and piece.made][:PAIRED])
    yield from _free(shares(said, [*held.filters, *own]), taken)
    yield from _free(parts_of(said, singles, own), taken)


def _free(pieces: Iterable[Piece[Made]], taken: frozenset[int]) -> list[Piece[Made]]:
    """The pieces that don't only speak for words which were read already."""
    return [piece for piece in pieces if not piece.words or set(piece.words) - taken]


def _sets(said: Saying, taken: frozenset[int], weigher: Weigher) -> list[tuple[Piece[Held], ...]]:
    """Sets of conditions, the likeliest first; none is among them."""
    every = [piece for piece in conditions(said) if set(piece.words) - taken]
    every.sort(key=lambda piece: -(weigher.piece(piece) + 0.5 * sum(piece.words.values())))
    every = every[:TRIED]
    found: list[tuple[float, tuple[Piece[Held], ...]]] = [(0.0, ())]
    for size in (1, 2, 3):
        for chosen in combinations(every, size):
            if size > 1 and not _apart(chosen):
                continue
            gained = {p for piece in chosen for p in piece.words if p in weigher.open}
            score = sum(map(weigher.piece, chosen)) + 1.0 * len(gained)
            found.append((score, chosen))
    found.sort(key=lambda entry: -entry[0])
    kept = [chosen for _, chosen in found[:FILTER_SETS]]
    return kept if () in kept else [*kept, ()]


def _apart(chosen: Sequence[Piece[Held]]) -> bool:
    """Whether each has words of its own, and no two are about the same column."""
    columns = [
        getattr(piece.made[0], "field", getattr(piece.made[0], "of", None)) for piece in chosen
    ]
    own = all(
        set(piece.words) - {p for other in chosen if other is not piece for p in other.words}
        for piece in chosen
    )
    return own and len({str(column) for column in columns}) == len(columns)


def _combined(figures: Sequence[Piece[Figures]], offered: _Offered) -> Iterator[_Combo]:
    """Figures, groups, orders, conditions on groups and columns listed that fit together."""
    no_group, no_rank = offered.groups[0], offered.ranks[0]
    no_having, whole_rows = offered.having[0], offered.shown[0]
    rows = [rank for rank in offered.ranks if rank.made is None or rank.made.rows]
    groups = [rank for rank in offered.ranks if rank.made is None or not rank.made.rows]
    for figure in figures:
        if not figure.made:
            for rank, shown in product(rows, offered.shown):
                yield _Combo(figure, no_group, rank, no_having, shown)
        else:
            yield _Combo(figure, no_group, no_rank, no_having, whole_rows)
            for by, rank in product(offered.groups[1:], groups):
                yield _Combo(figure, by, rank, no_having, whole_rows)
        for by, condition in product(offered.groups[1:], offered.having[1:]):
            yield _Combo(figure, by, no_rank, condition, whole_rows)


def _parts(combo: _Combo, only: Sequence[Piece[Held]], held: Parts) -> Parts | None:
    """What the pieces make together; None where they don't fit."""
    made, by, columns = combo.figure.made, combo.by.made, combo.shown.made
    grouped: set[object] = {group.field for group in by}
    if any(measure.of in grouped for measure in made):
        return None
    part = any(measure.only for measure in made)
    beside = part and not made[0].only
    filters = [*held.filters, *(piece.made[0] for piece in only)]
    parts = Parts(
        filters=list(held.filters) if beside else [] if part else filters,
        said=[*held.said, *(piece.made[1] for piece in only)],
        groups=list(by),
        having=[*held.having, *combo.having.made],
        measures=list(made),
        columns=list(columns),
        distinct=bool(columns) and combo.rank.made is None,
    )
    if combo.rank.made is not None:
        _rank(parts, combo.rank.made)
    return parts


def _rank(parts: Parts, rank: Rank) -> None:
    """Put in order: rows by a column, or the last group by the first figure."""
    by = parts.groups
    if rank.rows:
        parts.rank = replace(rank)
        return
    several = len(by) > 1 and by[0].grain is None and by[-1].grain is None
    target = tuple(by) if several else tuple(by[-1:])
    parts.rank = replace(rank, target=target, by=parts.measures[0])
    parts.groups = [group for group in by if group not in target]
