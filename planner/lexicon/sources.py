"""Data files that only say where the data is: "QUESTION? a.csv", "(a.csv, b.csv)", "a.csv: …". Pure."""

from collections.abc import Callable

from planner.lexicon.tokens import Clause, Kind
from planner.lexicon.words import word_set

_AROUND = word_set(", and & + ) ( ? . ! : in from of for with using on file files data source sources see the is it's its it",
                   "i mean here dataset table tables take read csv look at") | {"\n"}  # fmt: skip
"""What may stand with the names of files that nothing is said of."""
_EDGES = word_set("? . ! : ; ( ,") | {"\n"}

Known = Callable[[str], bool]


def sources_apart(line: Clause, is_data: Known, is_there: Known) -> tuple[Clause, Clause]:
    """The data files named at an edge of the request, and the request without them.

    Behind a mere comma only files that are there count.
    """
    colon = next((place for place, token in enumerate(line) if token.low == ":"), 0)
    named = _named(line[:colon], is_data)
    if named and _says(line[colon + 1 :]):
        return named, line[colon + 1 :]
    for place, token in enumerate(line):
        named = _behind(line, place, is_data, is_there)
        if named:
            return named, line[: place if token.low in {"(", ","} else place + 1]
    return (), line


def _behind(line: Clause, place: int, is_data: Known, is_there: Known) -> Clause:
    """The data files behind an edge at the place, where something is said before it; else none."""
    token, before = line[place], line[:place]
    if token.low not in _EDGES or not _says(before):
        return ()
    named = _named(line[place + 1 :], is_data)
    if token.low != ",":
        return named
    apart = before[-1].kind is not Kind.PATH
    return named if apart and all(is_there(file.text) for file in named) else ()


def _named(part: Clause, is_data: Known) -> Clause:
    """The data files of a part of the request that names nothing else; else none."""
    named = tuple(token for token in part if token.kind is Kind.PATH)
    others = (token.low in _AROUND for token in part if token.kind is not Kind.PATH)
    return named if all(is_data(file.text) for file in named) and all(others) else ()


def _says(part: Clause) -> bool:
    return any(token.kind is not Kind.MARK for token in part)
