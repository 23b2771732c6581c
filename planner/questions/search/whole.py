"""Pieces put together into whole readings, the likeliest kept. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import NamedTuple

from planner.questions.readers.state import Parts, Rank
from planner.questions.search.conditions import conditions
from planner.questions.search.figures import (
    GROWING,
    PORTION,
    Figures,
    figures,
    growing,
    pairs,
    parts_of,
    portions,
    shares,
)
from planner.questions.search.groups import Groups, groups, listed
from planner.questions.search.narrowing.contrasts import contrasts
from planner.questions.search.narrowing.limits import LEFT, OVER, is_of_row, is_one_row
from planner.questions.search.orders import ranks
from planner.questions.search.partners import OF_FIGURE, having
from planner.questions.search.pieces import Held, Made, Piece
from planner.questions.search.saying import Saying
from planner.questions.search.weighing import Weigher
from planner.questions.spec import Field, Filter, Having, Order, Window

FILTER_SETS, KEPT = 8, 120
"""How many sets of conditions are tried, and how many readings of a file are kept."""
TRIED, SINGLES, PAIRED = 12, 24, 9
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
    """Pieces of each kind; the first of a kind asks for nothing of it, but for conditions."""

    figures: list[Piece[Figures]]
    groups: list[Piece[Groups]]
    ranks: list[Piece[Rank | None]]
    having: list[Piece[tuple[Having, ...]]]
    shown: list[Piece[tuple[Field, ...]]]
    conditions: list[Piece[Held]]

    def free(self, taken: frozenset[int]) -> "_Offered":
        """Those that don't only speak for words which were read already."""
        return _Offered(
            _free(self.figures, taken), _free(self.groups, taken), _free(self.ranks, taken),
            _free(self.having, taken), _free(self.shown, taken), _free(self.conditions, taken),
        )  # fmt: skip

    def contrasting(self, said: Saying, held: Parts, only: Sequence[Piece[Held]]) -> "_Offered":
        """Beside them, groups by what the conditions take more than one of."""
        more = contrasts(said, [*held.filters, *(piece.made[0] for piece in only)])
        return replace(self, groups=[*self.groups, *more]) if more else self


Round = tuple[Parts, frozenset[int]]
"""Conditions that were read for sure, and the places of their words."""


def wholes(said: Saying, rounds: Sequence[Round], known: Mapping[str, float]) -> list[Whole]:
    """The likeliest readings of a saying in each round, the best of a round first."""
    every = _Offered(
        figures(said), groups(said), ranks(said), having(said), listed(said), conditions(said)
    )
    return [
        whole
        for held, taken in rounds
        for whole in _wholes(Weigher(said, known, taken), every.free(taken), held, taken)
    ]


def _wholes(
    weigher: Weigher, offered: _Offered, held: Parts, taken: frozenset[int]
) -> Iterator[Whole]:
    offered.figures.sort(key=lambda piece: -(weigher.piece(piece) + sum(piece.words.values())))
    scored = [
        (weigher.whole((*combo, *only)), combo, only)
        for only in _sets(offered.conditions, weigher)
        for combo in _combined(
            [*_figures(weigher.said, offered.figures, held, only, taken)],
            offered.contrasting(weigher.said, held, only),
        )
    ]
    scored.sort(key=lambda entry: -entry[0])
    found = 0
    for score, combo, only in scored[: KEPT * 3]:
        parts = _parts(weigher.said, combo, only, held)
        if parts is not None:
            features = weigher.features((*combo, *only))
            yield Whole(parts, score, features, weigher.explained(features))
            found += 1
        if found >= KEPT:
            break


def _figures(
    said: Saying, singles: Sequence[Piece[Figures]], held: Parts, only: Sequence[Piece[Held]],
    taken: frozenset[int],
) -> Iterator[Piece[Figures]]:  # fmt: skip
    """Figures alone, side by side, and of what the conditions hold for."""
    own = [piece.made[0] for piece in only]
    yield from singles[:SINGLES]
    yield from pairs([piece for piece in singles if piece.words and piece.made][:PAIRED])
    yield from _free(shares(said, singles, held.filters, only), taken)
    yield from _free([*portions(said, singles), *growing(said, singles)], taken)
    yield from _free(parts_of(said, singles, own), taken)


def _free(pieces: Iterable[Piece[Made]], taken: frozenset[int]) -> list[Piece[Made]]:
    """The pieces that don't only speak for words which were read already."""
    return [piece for piece in pieces if not piece.words or set(piece.words) - taken]


def _sets(every: Sequence[Piece[Held]], weigher: Weigher) -> list[tuple[Piece[Held], ...]]:
    """Sets of conditions, the likeliest first; none is among them."""
    every = sorted(
        every, key=lambda piece: -(weigher.piece(piece) + 0.5 * sum(piece.words.values()))
    )[:TRIED]
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
        (getattr(piece.made[0], "field", getattr(piece.made[0], "of", None)), _end(piece))
        for piece in chosen
    ]
    own = all(
        set(piece.words) - {p for other in chosen if other is not piece for p in other.words}
        for piece in chosen
    )
    return own and len({str(column) for column in columns}) == len(columns)


def _end(piece: Piece[Held]) -> str:
    """Which end of a range the condition is: both of them are of one column."""
    return getattr(piece.made[0], "op", "") if piece.kind == "range" else ""


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
            led = [by for by in offered.groups[1:] if by.features.get("group led")]
            for by, rank in product(led, rows[1:]):  # "the biggest loan per branch"
                yield _Combo(figure, by, rank, no_having, whole_rows)
        else:
            yield _Combo(figure, no_group, no_rank, no_having, whole_rows)
            for by, rank in product(offered.groups[1:], groups):
                yield _Combo(figure, by, rank, no_having, whole_rows)
        for by, condition in product(offered.groups[1:], offered.having[1:]):
            yield _Combo(figure, by, no_rank, condition, whole_rows)


def _parts(said: Saying, combo: _Combo, only: Sequence[Piece[Held]], held: Parts) -> Parts | None:
    """What the pieces make together; None where they don't fit."""
    made, by, columns = combo.figure.made, combo.by.made, combo.shown.made
    grouped: set[object] = {group.field for group in by}
    if any(measure.of in grouped for measure in made):
        return None
    filters = [*dict.fromkeys((*held.filters, *(piece.made[0] for piece in only)))]
    windows = _windows(said, combo, filters)
    if windows is None:
        return None
    conditions = combo.having.made
    if combo.having.kind in {OF_FIGURE, OVER}:
        if len(made) != 1:
            return None
        conditions = tuple(h.model_copy(update={"of": made[0]}) for h in conditions)
    limits = [h.against for h in conditions if h.against is not None]
    if not all(is_of_row(said, by, limit) and limit.of != made[0].of for limit in limits):
        return None
    part = any(measure.only for measure in made)
    beside = part and not made[0].only
    parts = Parts(
        filters=list(held.filters) if beside else _of_whole(made, filters) if part else filters,
        said=[*held.said, *(piece.made[1] for piece in only)],
        groups=list(by),
        having=[*held.having, *conditions],
        measures=[*made, *limits],
        columns=list(columns),
        windows=windows,
        distinct=bool(columns) and combo.rank.made is None,
    )
    if combo.rank.made is not None and not _rank(parts, combo.rank.made):
        return None
    return parts


def _windows(said: Saying, combo: _Combo, held: Sequence[Filter]) -> list[Window] | None:
    """The further figures that go with the figure; None where there is nothing they can go by."""
    kind, made, by = combo.figure.kind, combo.figure.made, combo.by.made
    if kind.endswith(PORTION):
        return [Window(kind="share", of=made[0].name, name="share_percent")] if by else None
    if kind.endswith(GROWING):
        of = made[0].name
        changes = [
            Window(kind="change", of=of, name="change"),
            Window(kind="growth", of=of, name="growth_percent"),
        ]
        return changes if any(group.grain for group in by) else None
    if kind == LEFT:
        rest = [Window(kind="minus", of=made[0].name, other=made[1].name, name="left")]
        return rest if is_of_row(said, by, made[0]) or is_one_row(said, by, made[0], held) else None
    return []


def _of_whole(made: Figures, filters: Sequence[Filter]) -> list[Filter]:
    """The conditions that hold for the whole a part is of as well."""
    only = [each for measure in made for each in measure.only]
    return [each for each in filters if each not in only]


def _rank(parts: Parts, rank: Rank) -> bool:
    """Put in order: rows by a column, the groups by one of them, or the last group by the first figure.

    False where the column to go by groups nothing.
    """
    by = parts.groups
    if rank.ends and isinstance(rank.by, Field):
        parts.ends = rank.by
    elif rank.rows:
        parts.rank = replace(rank)
    elif isinstance(rank.by, Field):
        names = [group.name for group in by if group.field == rank.by]
        parts.order = [Order(by=name, descending=rank.descending) for name in names]
        return bool(names)
    else:
        _rank_groups(parts, rank)
    return True


def _rank_groups(parts: Parts, rank: Rank) -> None:
    by = parts.groups
    several = len(by) > 1 and by[0].grain is None and by[-1].grain is None
    target = tuple(by) if several else tuple(by[-1:])
    parts.rank = replace(rank, target=target, by=parts.measures[0])
    parts.groups = [group for group in by if group not in target]
