"""What a question says, gathered from all its parts: its values, numbers, columns and signs. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from planner.questions.readers.assembly import fields_of, filter_fields
from planner.questions.spec import (
    Compare,
    DatePart,
    Either,
    Field,
    Filter,
    Having,
    Like,
    Linked,
    Measure,
    Missing,
    OneOf,
    QuerySpec,
)
from planner.questions.words.lexicon import folded
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref


@dataclass(frozen=True)
class Contents:
    """What the question says, gathered from all its parts."""

    spec: QuerySpec
    marks: tuple[Mark, ...]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Every figure, those of conditions on groups and those figures are divided by included."""
        own = [*self.spec.measures, *(having.of for having in self.spec.having)]
        return tuple(m for measure in own for m in (measure, measure.per) if m is not None)

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition, wherever it stands."""
        narrowed = [held for measure in self.measures for held in measure.only]
        return tuple(_all_of([*self.spec.filters, *narrowed]))

    @cached_property
    def comparisons(self) -> tuple[Compare | Having, ...]:
        """What is compared with a number."""
        return (*(f for f in self.filters if isinstance(f, Compare)), *self.spec.having)

    @cached_property
    def fields(self) -> frozenset[Field]:
        """Every column it looks at."""
        found = {*fields_of(self.spec)}
        for held in self.filters:
            found |= {*filter_fields(held)}
            found |= {held.other} if isinstance(held, Linked) else set()
        for join in self.spec.joins:
            found |= {join.left, Field(file=join.file, column=join.right)}
        return frozenset(field.model_copy(update={"written": ""}) for field in found)

    @cached_property
    def values(self) -> frozenset[str]:
        """Values and words of conditions, and those that are counted apart."""
        found: set[str] = set()
        for held in self.filters:
            if isinstance(held, OneOf):
                found |= {folded(str(value)).strip() for value in held.values}
            elif isinstance(held, Like):
                found |= {folded(held.words).strip()}
        return frozenset(found)

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Every number it holds."""
        spec = self.spec
        found: set[float] = {held.value for held in self.comparisons}
        found |= {float(n) for n in (spec.limit, spec.per_group) if n is not None}
        found |= {float(window.size) for window in spec.windows}
        for measure in self.measures:
            share = measure.quantile
            found |= {
                share * 100,
                round(share * 4, 6),
                round(share * 10, 6),
                float(measure.digits or 0),
            }
        for held in self.filters:
            if isinstance(held, OneOf):
                found |= {n for value in held.values if (n := _number(value)) is not None}
            elif isinstance(held, DatePart):
                found |= {float(number) for number in held.numbers}
            elif isinstance(held, Linked) and held.at_least > 1:
                found |= {float(held.at_least), float(held.at_least - 1)}
        found |= {group.width for group in spec.groups if group.width is not None}
        return frozenset(found)

    @property
    def negations(self) -> int:
        """How many conditions turn something round, or say that there is nothing."""
        turned = [
            held
            for held in self.filters
            if isinstance(held, Missing)
            or (isinstance(held, Compare) and held.op in {"<>", "<", "<=", ">"})
            or (not isinstance(held, Compare | Missing | Either) and held.negated)
        ]
        twice = [held for held in turned if isinstance(held, Missing) and held.negated]
        return len(turned) + len(twice) + len(self.spec.having)

    @property
    def ordered(self) -> bool:
        """Whether the largest, the smallest or an order can be seen in it."""
        extremes = any(measure.function in {"min", "max", "quantile"} for measure in self.measures)
        return bool(extremes or self.spec.limit or self.spec.per_group or self.windowed("rank"))

    def after(self, mark: Mark) -> Mark | None:
        """The mark behind it."""
        place = next((n for n, held in enumerate(self.marks) if held is mark), len(self.marks))
        return self.marks[place + 1] if place + 1 < len(self.marks) else None

    def before(self, mark: Mark, letter: str) -> Mark | None:
        """The mark in front of it, if it is of this kind."""
        place = next((n for n, held in enumerate(self.marks) if held is mark), 0)
        found = self.marks[place - 1] if place else None
        return found if found is not None and found.letter in letter else None

    def is_apart(self, mark: Mark, refs: Sequence[Ref]) -> bool:
        """Whether rows are put together by a column that stands apart from all that "by" names:
        "vet costs per month" are no costs of each vet.
        """
        letters = "".join(held.letter for held in self.marks)
        parted = {group.field for group in self.spec.groups if group.grain in {None, "day"}}
        grouped = parted & {ref.field for ref in refs}
        if not grouped or "B" not in letters or set(letters) & set("WTLdhkUSD") or self.spec.having:
            return False
        place = next((n for n, held in enumerate(self.marks) if mark in (held, held.also)), 0)
        return not re.search(r"B[CEGV,aBw]*$", letters[:place]) and "B" in letters[place:]

    def windowed(self, *kinds: str) -> bool:
        """Whether there is a figure from row to row of one of these kinds."""
        return any(window.kind in kinds for window in self.spec.windows)

    def turned(self) -> Iterator[tuple[Mark, Mark]]:
        """Comparisons with a number that is compared in another way."""
        for sign, number in pairwise([mark for mark in self.marks if mark.letter not in "Iw"]):
            if sign.letter != "O" or number.letter != "N" or number.number is None:
                continue
            held = [c for c in self.comparisons if c.value == number.number]
            listed = number.number in self.numbers and sign.carries in {"=", "<>"}
            ways = {sign.carries, _OPPOSITE.get(sign.carries, "") if self._is_turned(sign) else ""}
            if not listed and held and not any(c.op in ways for c in held):
                yield sign, number

    def _is_turned(self, sign: Mark) -> bool:
        doubtful = {"better", "worse"} & set(sign.words.split())
        return bool(doubtful) or any(mark.letter == "X" for mark in self.marks)


_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _all_of(filters: Iterable[Filter]) -> Iterator[Filter]:
    for held in filters:
        yield held
        if isinstance(held, Linked):
            yield from _all_of(held.where)
        elif isinstance(held, Either):
            yield from _all_of(held.filters)


def _number(value: str | float) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
