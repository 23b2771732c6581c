"""What the words of a question speak for: figures, groups, conditions, orders. Each says which words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from planner.questions.readers.state import Rank, Reading, Unclear
from planner.questions.readers.worth import amount_of
from planner.questions.semantics import AVERAGED, MEASURES, TRUE, Role, row_noun
from planner.questions.spec import (
    Combined,
    Compare,
    Field,
    Filter,
    Function,
    Grain,
    Group,
    Measure,
    OneOf,
    Operand,
)
from planner.questions.words.lexicon import concept, families, plain, senses
from planner.questions.words.light import hints
from planner.questions.words.linking import candidates
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref

UNSURE = 0.5
"""Conditions that nobody stated are offered only for links this sure."""
SPARE = 0.22
"""A word speaks for what it names with at least so much confidence."""
_FUNCTIONS: dict[str, Function] = {
    "sum": "sum", "avg": "avg", "max": "max", "min": "min", "median": "median", "stddev": "stddev",
}  # fmt: skip
_SIZES = frozenset({Role.AMOUNT, Role.PRICE, Role.PAY, Role.DURATION, Role.QUANTITY, Role.SCORE})
_SIZED = {
    "max": _SIZES, "min": _SIZES, "price": {Role.PRICE, Role.AMOUNT}, "pay": {Role.PAY, Role.PRICE},
    "length": {Role.DURATION, Role.MEASURED, Role.QUANTITY},
}  # fmt: skip
"""What rows are ranked by, where a superlative says nothing else."""
_BINDING = frozenset('XxON$"Vz')
_SILENT = frozenset("_,IwWaoBbEvdy")


Made = TypeVar("Made", covariant=True)
Held = tuple[Filter, str]
"""A condition, and how it is said."""


@dataclass(frozen=True)
class Piece(Generic[Made]):
    """Something that may be part of what is asked; `words`: how much of each word speaks for it."""

    made: Made
    words: dict[int, float] = field(default_factory=dict, hash=False)
    against: float = 0.0
    """What speaks against it without them."""


class Evidence:
    """What the marks of a question speak for, in the files of a reading."""

    def __init__(self, marks: Sequence[Mark], reading: Reading) -> None:
        self._marks = marks
        self._reading = reading
        self._links = [self._linked(mark) for mark in marks]
        self.weights = {
            place: weight
            for place, mark in enumerate(marks)
            if (weight := self._weight(place, mark))
        }

    @property
    def binding(self) -> frozenset[int]:
        """The places of words that narrow what is asked: a reading without one of them is wrong."""
        return frozenset(p for p, mark in enumerate(self._marks) if mark.letter in _BINDING)

    def _weight(self, place: int, mark: Mark) -> float:
        """How much it matters that the word is not left out: little where it names nothing here."""
        if mark.letter in 'VN$X"Oz':
            return 1.2
        if mark.letter in _SILENT:
            return 0.25 if mark.letter == "E" else 0.0
        if mark.letter == "~":
            return min(0.8, 0.1 + max(self._links[place].values(), default=self._value(mark)))
        return 1.0

    def _value(self, mark: Mark) -> float:
        found = candidates(mark.words, self._reading.vocabulary, self._reading.base)
        return found[0].confidence if found and found[0].confidence > UNSURE else 0.1

    def _linked(self, mark: Mark) -> dict[Ref, float]:
        """The columns that the word may name, with how sure that is."""
        found = {ref: 1.0 / max(1, len(refs_of(mark))) ** 0.5 for ref in refs_of(mark)}
        if mark.letter in "~CKAtTLG":
            for candidate in candidates(mark.words, self._reading.vocabulary, self._reading.base):
                for ref in candidate.term.refs:
                    found[ref] = max(found.get(ref, 0.0), candidate.confidence)
            for hinted in hints(mark.words):
                for ref in self._reading.own():
                    if any(concept(word) == hinted for word in ref.words):
                        found[ref] = max(found.get(ref, 0.0), 0.5)
        return {ref: sure for ref, sure in found.items() if sure >= SPARE}

    def _of(self, ref: Ref) -> dict[int, float]:
        return {place: links[ref] for place, links in enumerate(self._links) if ref in links}

    def _places(self, letters: str, carries: str = "") -> dict[int, float]:
        return {
            place: 1.0
            for place, mark in enumerate(self._marks)
            if mark.letter in letters and (not carries or mark.carries == carries)
        }

    # -- figures -----------------------------------------------------------------------------

    def figures(self) -> Iterator[Piece[Measure | None]]:
        """What may be worked out; None: the rows themselves are listed."""
        reading, base = self._reading, self._reading.base
        rows = self._rows()
        counting = self._places("!", "count") | self._places("TL", "count")
        yield Piece(None, rows, against=0.35)
        yield Piece(
            reading.measure("count", None), {**rows, **counting}, 0.0 if counting or rows else 0.5
        )
        for ref in reading.vocabulary.refs:
            of = self._of(ref)
            if ref.role in MEASURES and ref.column.numeric and of:
                yield from self._functions(ref.field, of, averaged=ref.role in AVERAGED)
            elif ref.role is Role.DATE and ref.file.path == base.path:
                yield from self._ends(ref, of)
        worth = amount_of(reading, base)
        money = {
            place: 0.8
            for place, mark in enumerate(self._marks)
            if mark.letter in "AK" or families(senses(mark.words)) & {"income", "outlay", "pay"}
        }
        if worth is not None and money:
            yield from self._functions(worth, money, averaged=False)
        yield from self._days()
        yield from self._averaged_rows()

    def shares(self, held: Sequence[Filter]) -> Iterator[Piece[Measure]]:
        """What part of the rows the conditions hold for, in percent."""
        places = self._places("HR")
        if places and held:
            count = self._reading.measure("count", None)
            part = count.model_copy(
                update={"only": tuple(held), "per": count, "percent": True, "name": "share_percent"}
            )
            yield Piece(part, {**self._rows(), **places})

    def _averaged_rows(self) -> Iterator[Piece[Measure]]:
        """ "return rate": one sum in percent of another."""
        rates = self._places("RH")
        numbers = [
            ref for ref in self._reading.own()
            if ref.role in {Role.QUANTITY, Role.AMOUNT} and ref.column.numeric
        ]  # fmt: skip
        for part in numbers if rates else ():
            of = self._of(part)
            for whole in numbers:
                if of and whole is not part and whole.role is part.role:
                    above = self._reading.measure("sum", part.field)
                    below = self._reading.measure("sum", whole.field)
                    name = f"{part.name}_percent_of_{whole.name}"
                    made = above.model_copy(update={"per": below, "percent": True, "name": name})
                    yield Piece(made, {**of, **rates}, 0.1)

    def _functions(
        self, of: Operand, words: dict[int, float], *, averaged: bool
    ) -> Iterator[Piece[Measure]]:
        usual: Function = "avg" if averaged else "sum"
        said = {
            function: self._places("F", carries)
            for carries, function in _FUNCTIONS.items()
            if self._places("F", carries)
        }
        said.setdefault(usual, {})
        for function, places in said.items():
            against = 0.0 if places or not any(said.values()) else 0.4
            yield Piece(self._reading.measure(function, of), {**words, **places}, against)
        for letters, extreme in (("T", "max"), ("L", "min")):
            places = self._places(letters)
            if places and extreme not in said:
                made = self._reading.measure("max" if extreme == "max" else "min", of)
                yield Piece(made, {**words, **places}, 0.3)

    def _ends(self, ref: Ref, of: dict[int, float]) -> Iterator[Piece[Measure]]:
        for letters, function in (("T", "max"), ("L", "min")):
            places = self._places(letters, "date")
            if places:
                made = self._reading.measure("max" if function == "max" else "min", ref.field)
                when = self._places("W", "when") or self._dated(of)
                yield Piece(made, {**of, **places}, 0.1 if when else 0.9)

    def _dated(self, of: dict[int, float]) -> bool:
        return any(self._marks[place].letter in "CG" for place in of)

    def _days(self) -> Iterator[Piece[Measure]]:
        dates = [ref for ref in self._reading.own() if ref.role is Role.DATE]
        places = self._places("t")
        if len(dates) == 2 and places:
            days = Combined(kind="days", first=dates[0].field, second=dates[1].field)
            yield from self._functions(days, places, averaged=True)

    def _rows(self) -> dict[int, float]:
        noun = row_noun(self._reading.base)
        return {
            place: 1.0
            for place, mark in enumerate(self._marks)
            if (mark.letter == "E" and mark.term is not None and mark.term.noun is not None
                and mark.term.noun.path == self._reading.base.path)
            or (mark.letter in "~K" and concept(plain(mark.words)) == concept(noun))
        }  # fmt: skip

    # -- groups ------------------------------------------------------------------------------

    def groups(self) -> Iterator[Piece[tuple[Group, ...]]]:
        """What rows may be put together by."""
        reading = self._reading
        for ref in reading.vocabulary.refs:
            of = self._of(ref)
            if of and ref.role not in MEASURES | {Role.DATE, Role.TEXT}:
                yield Piece((reading.group(ref),), of, self._alone(of))
        for place, mark in enumerate(self._marks):
            if mark.letter == "E" and mark.term is not None and mark.term.noun is not None:
                other = mark.term.noun
                made = reading.entity(other)
                if made and other.path != reading.base.path:
                    yield Piece(made, {place: 1.0}, self._alone({place: 1.0}))
        who = self._places("W", "who")
        if who:
            yield from self._people(who)
        yield from self._grains()

    def _people(self, who: dict[int, float]) -> Iterator[Piece[tuple[Group, ...]]]:
        reading = self._reading
        for ref in reading.vocabulary.refs:
            person = ref.role is Role.NAME or any(concept(w) == "person" for w in ref.words)
            if person and not self._of(ref):
                yield Piece((reading.group(ref),), dict.fromkeys(who, 0.9), 0.2)

    def _grains(self) -> Iterator[Piece[tuple[Group, ...]]]:
        grains = [(place, mark) for place, mark in enumerate(self._marks) if mark.letter == "G"]
        try:
            dated = self._reading.date_field() if grains else None
        except Unclear:
            return
        for place, mark in grains if dated is not None else ():
            grain: Grain = mark.carries  # type: ignore[assignment]  # "G" marks carry grains
            assert dated is not None
            made = Group(field=dated, grain=grain, name=grain)
            yield Piece((made,), {place: 1.0}, self._alone({place: 1.0}) * 0.6)

    def _alone(self, words: dict[int, float]) -> float:
        """Less likely where nothing says "by", "per" or "which" before it."""
        before = {self._marks[place - 1].letter for place in words if place > 0}
        near = {self._marks[place - 2].letter for place in words if place > 1}
        return 0.0 if before & set("BW") or near & set("BW") else 0.5

    # -- conditions and orders ---------------------------------------------------------------

    def conditions(self) -> Iterator[Piece[Held]]:
        """Conditions that words may be, beside those that were read."""
        for place, mark in enumerate(self._marks):
            truths = refs_of(mark) if mark.letter == "C" else ()
            for ref in (ref for ref in truths if ref.role is Role.BOOLEAN):
                yield Piece((_true(ref), ref.name), {place: 1.0})
            if mark.letter == "~":
                yield from self._of_values(mark.words, place)

    def _of_values(self, words: str, place: int) -> Iterator[Piece[Held]]:
        found = candidates(words, self._reading.vocabulary, self._reading.base, "rows")
        for candidate in [c for c in found[:4] if c.confidence > UNSURE]:
            sure = {place: candidate.confidence}
            for ref, values in candidate.term.values:
                held = OneOf(field=ref.field, values=tuple(values))
                yield Piece((held, f"{ref.name} is {', '.join(values)}"), sure)
            for ref in (ref for ref in candidate.term.refs if ref.role is Role.BOOLEAN):
                yield Piece((_true(ref), ref.name), sure)

    def compared(self) -> Iterator[Piece[Held]]:
        """A number with "over" or "at most" before it, of any figure that is near."""
        for place, (mark, after) in enumerate(zip(self._marks, self._marks[1:], strict=False)):
            if mark.letter != "O" or after.letter != "N" or after.number is None:
                continue
            for ref in self._reading.vocabulary.numbers():
                near = {at: sure for at, sure in self._of(ref).items() if abs(at - place) <= 4}
                if near or ref.file.path == self._reading.base.path:
                    held = Compare(of=ref.field, op=mark.carries, value=after.number)
                    said = f"{ref.name} {mark.carries} {after.number:g}"
                    words = {place: 1.0, place + 1: 1.0, **near}
                    yield Piece((held, said), words, 0.0 if near else 0.5)

    def ranks(self) -> Iterator[Piece[Rank | None]]:
        """In what order, and how many of it."""
        yield Piece(None)
        for place, mark in enumerate(self._marks):
            if mark.letter not in "TL":
                continue
            number = next(
                (int(other.number) for other in self._marks[max(0, place - 2) : place + 2]
                 if other.letter == "N" and other.number and other.number < 1000), 1,
            )  # fmt: skip
            numbers = {
                at: 1.0 for at in range(max(0, place - 2), min(len(self._marks), place + 2))
                if self._marks[at].letter == "N"
            }  # fmt: skip
            down = mark.letter == "T"
            words = {place: 1.0, **numbers}
            yield Piece(Rank(descending=down, number=number), words)
            for born in self._born() if mark.carries == "age" else ():
                yield Piece(Rank(descending=not down, number=number, by=born, rows=True), words)
            for ref in self._ranking(mark):
                yield Piece(
                    Rank(descending=down, number=number, by=ref, rows=True),
                    {**words, **self._of_field(ref)},
                )

    def _born(self) -> Iterator[Field]:
        """Whoever was born first is the oldest."""
        for ref in self._reading.own():
            if ref.role is Role.DATE and any(concept(word) == "born" for word in ref.words):
                yield ref.field

    def _of_field(self, of: Field) -> dict[int, float]:
        ref = self._reading.vocabulary.ref(of)
        return self._of(ref) if ref is not None else {}

    def _ranking(self, mark: Mark) -> Iterator[Field]:
        for ref in self._reading.own():
            dated = ref.role is Role.DATE and mark.carries == "date"
            linked = ref.role in MEASURES and ref.column.numeric and self._of(ref)
            sized = (
                mark.carries in _SIZED and ref.role in _SIZED[mark.carries] and ref.column.numeric
            )
            if dated or linked or sized:
                yield ref.field


def _true(ref: Ref) -> Filter:
    return OneOf(field=ref.field, values=tuple(sorted(TRUE)))
