"""The pieces a question is made of: figures, groups, superlatives, orders, shares. Each claims its marks."""

from dataclasses import dataclass, replace

from planner.questions.readers.state import Reading
from planner.questions.semantics import MEASURES
from planner.questions.words.marks import Mark, refs_of


@dataclass(frozen=True)
class Piece:
    """Marks that belong together; `start` and `end` are their places in the line."""

    start: int
    end: int


@dataclass(frozen=True)
class Thing(Piece):
    """A column, rows, a worth, a duration or a part of a date that stands alone."""

    mark: Mark
    owner: Mark | None = None
    """Whose it is: the order of "order value"."""


@dataclass(frozen=True)
class Figure(Piece):
    """What is to be worked out: functions of things, or how many there are."""

    functions: tuple[Mark, ...] = ()
    counted: bool = False
    distinct: bool = False
    things: tuple[Thing, ...] = ()
    grain: Mark | None = None
    """ "average daily revenue": by so many of these."""

    def marks(self) -> list[Mark]:
        """As one phrase: a function, and what it is of."""
        said = list(self.functions[:1])
        said += [Mark("!", "number", carries="count")] if self.counted else []
        said += [Mark("d", "different")] if self.distinct else []
        return said + [thing.mark for thing in self.things[:1]]

    def applied(self, function: Mark | None) -> "Figure":
        """The same with a function said elsewhere, where it has none of its own."""
        bare = function is not None and not self.functions and not self.counted
        return replace(self, functions=(function,)) if bare and function else self


@dataclass(frozen=True)
class By(Piece):
    """What stands behind "by" or "per": `per` where it can only part the rows or divide."""

    things: tuple[Thing, ...] = ()
    figure: Figure | None = None
    verb: Mark | None = None
    per: bool = False


@dataclass(frozen=True)
class Superlative(Piece):
    """ "the 5 biggest", with what it stands before; `second` of "the cheapest and dearest"."""

    sign: Mark
    number: Mark | None = None
    second: Mark | None = None
    figure: Figure | None = None
    thing: Thing | None = None
    function: Mark | None = None
    """Said elsewhere: "the cheapest on average"."""


@dataclass(frozen=True)
class Sorting(Piece):
    """In what order the result comes."""

    down: bool
    figure: Figure | None = None
    thing: Thing | None = None


@dataclass(frozen=True)
class Share(Piece):
    """A part of the whole: "share of", "in percent"."""


@dataclass(frozen=True)
class Moving(Piece):
    """From row to row: growth, running totals, moving averages, ranks."""

    sign: Mark
    number: int | None = None
    grain: Mark | None = None


@dataclass(frozen=True)
class Asked(Piece):
    """ "which product", "who": what the answer names."""

    word: Mark
    thing: Thing | None = None
    number: Mark | None = None


@dataclass(frozen=True)
class Verb(Piece):
    """What was done: spent, earned, sold."""

    mark: Mark


@dataclass(frozen=True)
class Number(Piece):
    """ "5 products": how many are asked for, where something ranks them."""

    mark: Mark


@dataclass(frozen=True)
class Adverb(Piece):
    """ "on average", "in total": a function of a figure that stands elsewhere."""

    mark: Mark


def is_measure(mark: Mark) -> bool:
    """Whether it is a number of each row that can be worked with."""
    if mark.letter in "At":
        return True
    return mark.letter == "C" and any(
        ref.role in MEASURES and ref.column.numeric for ref in refs_of(mark)
    )


def is_rows(mark: Mark, reading: Reading) -> bool:
    """Whether it names the rows that are asked about."""
    noun = mark.term.noun if mark.letter == "E" and mark.term is not None else None
    return noun is not None and noun.path == reading.base.path
