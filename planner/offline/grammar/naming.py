"""Data files that only say where the data is: "QUESTION? a.csv", "(a.csv, b.csv)", "a.csv: …". Pure."""

from collections.abc import Callable

from planner.lexicon.tokens import Clause, Kind
from planner.lexicon.words import word_set

_BETWEEN = word_set(", and & + )") | {"("}
_BEFORE = word_set("in from of for with using on file files data source sources see the is it's its it i mean here dataset table tables "
                   "take read and csv look at")  # fmt: skip
_EDGES = word_set("? . ! : ;") | {"(", "\n"}
_ENDS = word_set("? . !") | {")", "\n"}

Known = Callable[[str], bool]


def sources_apart(line: Clause, is_data: Known, is_there: Known) -> tuple[Clause, Clause]:
    """The data files named at an edge of the request, and the request without them."""
    named, rest = _leading(line, is_data)
    if not named:
        named, rest = _trailing(line, is_data, is_there)
    return (named, rest) if named and any(t.kind is not Kind.MARK for t in rest) else ((), line)


def _leading(line: Clause, is_data: Known) -> tuple[Clause, Clause]:
    """ "a.csv: …", "in a.csv and b.csv: …"."""
    end = 0
    while end < len(line) and (_named(line, end, is_data) or line[end].low in _BETWEEN | _BEFORE):
        end += 1
    named = tuple(token for token in line[:end] if token.kind is Kind.PATH)
    colon = end < len(line) and line[end].low == ":"
    return (named, line[end + 1 :]) if named and colon else ((), line)


def _trailing(line: Clause, is_data: Known, is_there: Known) -> tuple[Clause, Clause]:
    """ "…? a.csv", "… (a.csv, b.csv)", "…, a.csv" where there is such a file."""
    end = len(line)
    while end and line[end - 1].low in _ENDS:
        end -= 1
    start = end
    while start and (_named(line, start - 1, is_data) or line[start - 1].low in _BETWEEN - {"("}):
        start -= 1
    named = tuple(token for token in line[start:end] if token.kind is Kind.PATH)
    if not named or not start:
        return (), line
    if line[start].low == "," and all(is_there(token.text) for token in named):
        return named, (*line[:start], *line[end:])
    edge = start
    while edge and line[edge - 1].low in _BEFORE | {":"} and line[edge - 1].kind is not Kind.PATH:
        edge -= 1
    if edge < start and line[edge].low == ":":
        edge += 1
    if edge and line[edge - 1].low in _EDGES:
        return named, line[:edge] if line[edge - 1].low != "(" else line[: edge - 1]
    return (), line


def _named(line: Clause, place: int, is_data: Known) -> bool:
    return line[place].kind is Kind.PATH and is_data(line[place].text)
