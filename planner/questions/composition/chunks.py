"""Marks to pieces: which words belong together. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from planner.questions.composition.pieces import (
    Adverb,
    Asked,
    By,
    Figure,
    Moving,
    Number,
    Piece,
    Share,
    Sorting,
    Superlative,
    Thing,
    Verb,
    is_measure,
)
from planner.questions.semantics import Role
from planner.questions.words.lexicon import plain
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.phrases import DIVIDING

_THINGS = "CEAt"


def chunked(marks: Sequence[Mark]) -> list[Piece]:
    """The pieces of the marks, in order. What belongs to no piece is left out."""
    chunker = _Chunker(marks)
    return chunker.pieces()


def put_together(marks: Sequence[Mark]) -> frozenset[int]:
    """The places of what stands behind "by" or "per": no condition is about these."""
    groups = [piece for piece in chunked(marks) if isinstance(piece, By) and piece.things]
    spans = [range(by.start, by.end) for by in groups if not is_measure(by.things[0].mark)]
    return frozenset(place for span in spans for place in span)


class _Chunker:
    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._letters = "".join(mark.letter for mark in marks)

    def _at(self, place: int) -> str:
        return self._letters[place : place + 1]

    def _past(self, place: int, letters: str = "_") -> int:
        """The next place whose mark is none of these."""
        while self._at(place) and self._at(place) in letters:
            place += 1
        return place

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        place = 0
        while place < len(self._marks):
            piece = self._piece(place)
            if piece is None:
                place += 1
            else:
                found.append(piece)
                place = piece.end
        return found

    def _piece(self, place: int) -> Piece | None:
        letter, mark = self._at(place), self._marks[place]
        if letter in _READ:
            return _READ[letter](self, place)
        if letter in "HR":
            return Share(place, place + 1)
        if letter == "K":
            return Verb(place, place + 1, mark)
        if letter == "G" and mark.words.startswith("a "):
            return By(place, place + 1, (Thing(place, place + 1, mark),), per=True)
        if letter == "w" and mark.words.startswith("who"):
            return Asked(place, place + 1, Mark("W", mark.words, carries="who"))
        return self._figure(place) or self._alone(place)

    def numbered(self, place: int) -> Piece | None:
        """A number before a superlative or a thing."""
        after = self._past(place + 1)
        if self._at(after) and self._at(after) in "TL":
            made = self.superlative(after)
            if isinstance(made, Superlative):
                return replace(made, start=place, number=made.number or self._marks[place])
        if self._at(after) == "m" or (self._at(after) == "G" and self._at(after + 1) == "m"):
            return self.moving(place)
        return (
            Number(place, place + 1, self._marks[place]) if self._at(after) in {"C", "E"} else None
        )

    def moving(self, start: int) -> Moving:
        """Growth, a running total, a moving average, a rank."""
        number = grain = None
        place = start
        while self._at(place) in {"N", "G"}:
            if self._at(place) == "N":
                number = int(self._marks[place].number or 3)
            else:
                grain = self._marks[place]
            place += 1
        return Moving(start, place + 1, self._marks[place], number, grain)

    # -- noun phrases ------------------------------------------------------------------------

    def _thing(self, start: int, letters: str = _THINGS) -> Thing | None:
        """ "order value", "shipping month", "product"."""
        place = self._past(start)
        letter = self._at(place)
        if not letter or letter not in letters:
            return None
        mark = self._marks[place]
        after = self._marks[place + 1] if place + 1 < len(self._marks) else None
        if after is not None and letter in "EC" and self._owns(mark, after):
            return Thing(start, place + 2, after, owner=mark)
        if letter == "t":
            return Thing(start, self._past_dates(place + 1), self._dated(place))
        return Thing(start, place + 1, mark)

    def _owns(self, mark: Mark, after: Mark) -> bool:
        if after.letter == "A":
            return mark.letter == "E" or not is_measure(mark)
        return mark.letter == "E" and after.letter == "C" and is_measure(after)

    def _dates(self, place: int) -> list[Mark]:
        """ "between booked and finished" behind a duration."""
        place = self._past(place, "b_")
        found = self._letters[place : place + 3]
        if found[:1] + found[2:] == "CC" and found[1] in "a,I":
            marks = [self._marks[place], self._marks[place + 2]]
            if all(any(ref.role is Role.DATE for ref in refs_of(mark)) for mark in marks):
                return marks
        return []

    def _past_dates(self, place: int) -> int:
        return self._past(place, "b_") + 3 if self._dates(place) else place

    def _dated(self, place: int) -> Mark:
        dates = self._dates(place + 1)
        mark = self._marks[place]
        return replace(mark, term=dates[0].term, also=dates[1]) if dates else mark

    def _figure(self, start: int) -> Figure | Adverb | None:
        """ "total and average revenue", "number of different products", "in total"."""
        functions: list[Mark] = []
        counted = distinct = False
        grain: Mark | None = None
        place = start
        while self._at(place) and self._at(place) in "F!d_Ga,":
            letter = self._at(place)
            after = self._at(self._past(place + 1))
            if letter in "a,_" and (
                place == start or (letter != "_" and (not functions or after not in {"F"}))
            ):
                break
            if letter == "G" and (not functions or not after or after not in "CEA!"):
                break
            if letter == "!" and counted:
                break
            if letter == "F":
                functions.append(self._marks[place])
            counted, distinct = counted or letter == "!", distinct or letter == "d"
            grain = self._marks[place] if letter == "G" else grain
            place += 1
        if not functions and not counted:
            return None
        spans = counted and not self._letters[start:place].endswith("_")
        thing = self._thing(place, "CEAtG" if spans else _THINGS)
        if thing is None:
            return self._without_thing(start, place, functions, counted=counted)
        things = [thing] if counted else [thing, *self._coordinated(thing.end)]
        made = Figure(
            start, things[-1].end, tuple(functions), counted, distinct, tuple(things), grain
        )
        return self._rated(made)

    def _rated(self, figure: Figure) -> Figure:
        """ "average visits a day" are so many each day, "visits per day" may be those of each."""
        place = figure.end
        rate = self._at(place) == "G" and self._marks[place].words.startswith(("a ", "an "))
        averaged = "avg" in {mark.carries for mark in figure.functions}
        if not rate or not averaged or figure.grain is not None:
            return figure
        return replace(figure, grain=self._marks[place], end=place + 1)

    def _without_thing(
        self, start: int, place: int, functions: list[Mark], *, counted: bool
    ) -> Figure | Adverb:
        end = start + len(self._letters[start:place].rstrip("_a,"))
        if counted:
            return Figure(start, end, tuple(functions), counted=True)
        return Adverb(start, start + 1, functions[0])

    def _coordinated(self, place: int) -> list[Thing]:
        """ "labour and parts": further numbers that the function is of."""
        found: list[Thing] = []
        while self._at(place) in {"a", ","}:
            thing = self._thing(self._past(place, "a,"))
            after = self._at(thing.end) if thing is not None else ""
            if thing is None or not is_measure(thing.mark) or after in {"F", "!"}:
                break
            found.append(thing)
            place = thing.end
        return found

    def _alone(self, place: int) -> Piece | None:
        """A thing without a function before it; the function may stand behind it."""
        thing = self._thing(place, "CEAtG")
        if thing is None:
            return None
        behind = self._past(thing.end)
        if self._at(behind) == "F" and (is_measure(thing.mark) or thing.mark.letter == "E"):
            further = self._figure(behind)
            if isinstance(further, Adverb):
                return Figure(place, behind + 1, (self._marks[behind],), things=(thing,))
        return thing

    # -- other pieces ------------------------------------------------------------------------

    def by(self, start: int) -> By | None:
        """ "by region and month", "per customer", "by total revenue"."""
        per = self._marks[start].words in DIVIDING
        place = self._past(start + 1)
        made = self._figure(place)
        if isinstance(made, Figure) and not (made.counted and not made.things):
            return By(start, made.end, figure=made, per=per)
        if self._at(place) == "K" and not per:
            return By(start, place + 1, verb=self._marks[place])
        things: list[Thing] = []
        while (thing := self._grouping(place)) is not None:
            if things and is_measure(thing.mark) and not is_measure(things[0].mark):
                break
            things.append(thing)
            after = self._past(thing.end, "a,")
            if after == thing.end:
                break
            place = after + 1 if self._at(after) == "B" else after
        return By(start, things[-1].end, tuple(things), per=per) if things else None

    def _grouping(self, place: int) -> Thing | None:
        """A thing to put rows together by: "month of order_date", "region"."""
        if self._letters[place : place + 2] in {"GC", "CG"}:
            pair = self._marks[place : place + 2]
            grain, column = sorted(pair, key=lambda mark: mark.letter == "C")
            if any(ref.role is Role.DATE for ref in refs_of(column)):
                return Thing(place, place + 2, grain, owner=column)
        if self._at(place) and self._at(place) in "CEGAt":
            thing = self._thing(place, "CEGAt")
            if thing is not None and self._at(thing.end) != "!":
                return thing
        return None

    def superlative(self, start: int) -> Superlative | Sorting:
        """ "the 5 biggest orders", "cheapest and dearest"; "busiest first" is an order."""
        sign, place = self._marks[start], start + 1
        follows = self._marks[place] if place < len(self._marks) else None
        if follows is not None and follows.letter == "L" and follows.words == "first":
            return Sorting(start, place + 1, down=sign.letter == "T")
        second = None
        pair = self._past(place, "a,_")
        if (
            pair > place
            and self._at(pair) in {"T", "L"}
            and self._marks[pair].letter != sign.letter
        ):
            second, place = self._marks[pair], pair + 1
        number = None
        if self._at(place) == "N":
            number, place = self._marks[place], place + 1
        place = self._past(place, "_K")
        made = self._figure(place)
        if isinstance(made, Figure):
            return Superlative(start, made.end, sign, number, second, figure=made)
        thing = self._thing(place, "CEAtG")
        end = thing.end if thing is not None else place
        again = self._again(sign, thing) if second is None and thing is not None else None
        if again is not None:
            second, end = self._marks[again.start], again.end
        if thing is not None and is_measure(thing.mark):
            of = Figure(thing.start, thing.end, things=(thing,))
            return Superlative(start, end, sign, number, second, figure=of, thing=thing)
        return Superlative(start, end, sign, number, second, thing=thing)

    def _again(self, sign: Mark, thing: Thing) -> Thing | None:
        """ "oldest dog and youngest dog": the other end of the same thing."""
        place = self._past(thing.end, "a,_")
        opposite = {"T": "L", "L": "T"}[sign.letter]
        if place == thing.end or self._at(place) != opposite:
            return None
        other = self._thing(place + 1, "CEAtG")
        same = other is not None and plain(other.mark.words) == plain(thing.mark.words)
        return replace(other, start=place) if other is not None and same else None

    def sorting(self, start: int) -> Sorting:
        """ "sorted by name descending"."""
        down, place = self._at(start) == "D", start + 1
        figure = thing = None
        if self._at(start) == "S":
            made = self._figure(place)
            figure = made if isinstance(made, Figure) else None
            thing = None if made is not None else self._thing(place, "CEAtG")
            if thing is not None and self._at(thing.end) == "B":  # "sort the towns by revenue"
                return Sorting(start, start + 1, down=False)
            place = made.end if made is not None else thing.end if thing is not None else place
        if self._at(place) in {"U", "D"}:
            down, place = self._at(place) == "D", place + 1
        return Sorting(start, place, down, figure, thing)

    def asked(self, start: int) -> Asked:
        """ "which 3 products", "who"."""
        word = self._marks[start]
        place = self._past(start + 1)
        number = None
        if self._at(place) == "N":
            number, place = self._marks[place], self._past(place + 1)
        thing = self._thing(place, "CEG") if word.carries == "what" else None
        if thing is None or is_measure(thing.mark):
            return Asked(start, start + 1, word)
        return Asked(start, thing.end, word, thing, number)


_READ: Final[Mapping[str, Callable[[_Chunker, int], Piece | None]]] = {
    **dict.fromkeys("TL", _Chunker.superlative),
    **dict.fromkeys("SUD", _Chunker.sorting),
    **dict.fromkeys("rkgm", _Chunker.moving),
    "N": _Chunker.numbered,
    "B": _Chunker.by,
    "W": _Chunker.asked,
}
"""Who reads a piece, by the letter it begins with."""
