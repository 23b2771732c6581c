"""Conditions: the order in which their kinds are looked for. What is empty, and what is true."""

from memory.model.text import text
from planner.questions.conditions.dates import Dates
from planner.questions.conditions.intervals import hold, is_of_being
from planner.questions.conditions.numbers import Numbers
from planner.questions.conditions.partners import linked
from planner.questions.conditions.values import Values
from planner.questions.readers.state import Reading
from planner.questions.semantics import MEASURES, TRUE, Role
from planner.questions.spec import Compare, Either, Missing, OneOf
from planner.questions.words.marks import Line, Mark

_HAVING = (" a", " an")
_RELATIVE = ("that ha", "which ha", "who ha", "having")


def take_conditions(line: Line, reading: Reading) -> None:
    """Take out every condition on rows."""
    values, numbers, dates = Values(reading), Numbers(reading), Dates(reading)
    line.take(r"VE?o[wI]*C?[wI]*X?ON|C?[wI]*X?ONo[wI]*V", lambda marks: _either(marks, reading))
    line.take(r"[EC]wE", lambda marks: linked(marks, reading))
    line.take(r"C?b(?:N|\$)a(?:N|\$)(?!E)C?|C?w?ON[aoB,]*N(?=$)", numbers.between)
    line.take(r"[zX]?C?I?P[\"~VCEN]+", values.like)
    line.take(r"C[wI]*X?IO?F(?![CEA!])|C[wI]*X?O[wI]*F(?![CEA!])", numbers.average)
    line.take(r"w?C[wI]*X?O[wI]*N(?:[,ao]*X?O[wI]*N)*|w?C[wI]*NO", numbers.compared)
    line.take(r"X?ON(?:[,ao]*X?O[wI]*N)*[CG]|NC?O(?!N)", numbers.compared_before)
    _take_missing(line, reading)
    line.take(r"(?:X[IwK]*)?CI*X?\$([,ao]+I?\$)*", dates.dated)
    line.take(r"X[IB]?\$([,ao]+\$)*", dates.undated)
    line.take(r"w?C?[IO]*X[IOBwK]*C?[V\"](?:(?:[,ao]+[XC]?|X)[V\"])*", values.negated)
    line.take(r"[V\"]([,ao]+[V\"])*[,EIC]*x|CI*x", values.negated)
    line.take(r"w?C[wIO]*[V\"]([,ao]+C?[V\"])*", values.equal)
    line.take(r"V([,ao]+V)*C?", values.beside)
    line.take(r"V([,ao]+V)*", values.values)
    line.take(r"w?CI[~E]+|w?CO[~E]+|wC[~E]+", values.unknown)
    line.take(r"[CE][IO]?N([,ao]+N(?![A-Z]))*", values.numbered)
    line.take(r"X[wI]*N", numbers.nonzero)
    line.take(r"X?NC", numbers.nth)
    line.take(r"w?C[wIO]*X?[IO]*N([,ao]+N(?![A-Z]))*", numbers.numbered)
    line.take(r"w?IXC|XI*C|w?C(?=E)|IC|w?C(?=$|[_YB])", values.truth)
    line.take(r"w?C(?=$|[_Y])", values.truth)  # "nervous ones that haven't been neutered"
    line.take(r"wC(?![VON$~\"PzZ])", lambda marks: _having(marks, reading))
    if is_of_being(line.marks):
        line.take(r"\$", lambda marks: hold(marks, reading))
    line.take(r"\$([,ao]+\$)*", dates.spans)


def take_units(line: Line, reading: Reading) -> None:
    """Take out "over 12 years" and "between 2 and 5 hours", before their units are taken for groups."""
    numbers = Numbers(reading)
    line.take(r"X?ON(?:[,ao]*X?O[wI]*N)*G", numbers.compared_before)
    line.take(r"bNaNG", numbers.between)


def take_bare(line: Line, reading: Reading) -> None:
    """Take out "over 100", which is about the figure that was asked for, or what a row is worth."""
    line.take(r"w?[EK]*X?ON(?:[,ao]*X?ON)*(?![GY])", Numbers(reading).bare)


def _either(marks: list[Mark], reading: Reading) -> bool:
    """ "by phone or over 500": one condition of two kinds."""
    cut = next(place for place, mark in enumerate(marks) if mark.letter == "o")
    parts = reading.parts
    before, said = [*parts.filters], [*parts.said]
    for side in (marks[:cut], marks[cut + 1 :]):
        line = Line(side)
        take_conditions(line, reading)
        take_bare(line, reading)
    held, words = parts.filters[len(before) :], parts.said[len(said) :]
    parts.filters, parts.said = before, said
    return len(held) == len(words) == 2 and reading.only(
        Either(filters=tuple(held)), text(" or ").join(words)
    )


def _take_missing(line: Line, reading: Reading) -> None:
    def missing(marks: list[Mark]) -> bool:
        return _missing(marks, reading)

    line.take(r"X[EWw]*CI?Z", missing)
    line.take(r"X[EC]?w?[Xx]I*C", lambda marks: _kept(marks, reading))
    line.take(r"w?C?I?X?C[I]*z|zC|zE(?=C)|w?CI?Z|C[I]*z|Xz", missing)
    line.take(r"w?X(?:E?w)?I*C(?![VON$~])", missing)
    line.take(r"X[wI]*G", lambda marks: _yearless(marks, reading))


def _kept(marks: list[Mark], reading: Reading) -> bool:
    """ "leave out castles without a theme": those that have one."""
    signs = [mark for mark in marks if mark.letter == "X"]
    ref = reading.ref(marks[-1]) if {*signs[0].words.split()} & _LEAVING else None
    if ref is None:
        return False
    if ref.role is Role.BOOLEAN:
        held = OneOf(field=ref.field, values=tuple(sorted(TRUE)))
        return reading.only(held, ref.name)
    said = text("with {column}", column=ref.name)
    return reading.only(Missing(field=ref.field, negated=True), said)


_LEAVING = frozenset(
    ["leave", "leaving", "exclude", "excluding", "except", "ignore", "ignoring", "skip", "omit", "drop",
     "remove", "without", "counting", "not", "disregard", "disregarding"]
)  # fmt: skip
"""Of what is left out."""


def _missing(marks: list[Mark], reading: Reading) -> bool:
    columns = [mark for mark in marks if mark.letter == "C"]
    if not columns:
        return False
    ref = reading.ref(columns[-1])
    if ref is None:
        return False
    letters = {mark.letter for mark in marks}
    if ref.role is Role.BOOLEAN and not letters & set("zZ"):
        return False
    negated = "X" not in letters if "Z" in letters else {"X", "z"} <= letters
    said = (
        text("with {column}", column=ref.name)
        if negated
        else text("without {column}", column=ref.name)
    )
    zero = (
        ref.column.numeric and ref.role in MEASURES and "X" in letters and not letters & set("zZ")
    )
    if zero:  # "products without stock"
        reading.assume(text("Without {column} means 0 or empty.", column=ref.name))
    return reading.only(Missing(field=ref.field, negated=negated, zero=zero), said)


def _yearless(marks: list[Mark], reading: Reading) -> bool:
    """ "books without a year"."""
    years = [ref for ref in reading.own() if marks[-1].carries == "year" and ref.role is Role.YEAR]
    if len(years) != 1:
        return False
    said = text("without {column}", column=years[0].name)
    return reading.only(Missing(field=years[0].field), said)


def _having(marks: list[Mark], reading: Reading) -> bool:
    """ "loans with a fine", "members that have an email": one that is there, and isn't 0."""
    words = marks[0].words
    if not (words.endswith(_HAVING) or words.startswith(_RELATIVE)):
        return False
    ref = reading.ref(marks[1])
    if ref is None or ref.role is Role.BOOLEAN:
        return False
    said = text("with {column}", column=ref.name)
    if ref.column.numeric and ref.role in MEASURES:
        reading.assume(text("With {column} means more than 0.", column=ref.name))
        return reading.only(Compare(of=ref.field, op=">", value=0), said)
    return reading.only(Missing(field=ref.field, negated=True), said)
