"""Two files by a common column: "join orders.csv with customers.csv on customer_id". Pure."""

from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.value import Column, FileInfo
from planner.names import listed
from planner.offline import data
from planner.offline.columns import find_column
from planner.offline.lexer import Clause, Kind, Token
from planner.offline.query import Query, identifier, table_name
from planner.offline.sketch import DATA, CannotPlan, Sketch

BY = frozenset({"on", "using", "via", "through"})
LINKS = frozenset(
    {"with", "and", "to", "join", "merge", "combine", "into", "=", "the", ",", "both"}
)


def is_join(clause: Clause) -> bool:
    """Whether the clause names two data files to be joined."""
    return len(_data_paths(clause)) == 2


def join(sketch: Sketch, clause: Clause) -> None:
    """Take the joined rows into use, and ask of them what the rest of the clause asks."""
    sketch.settle()
    first, second = (sketch.known_file(token.text) for token in _data_paths(clause))
    for one in (first, second):
        if not one.columns:
            raise CannotPlan(f"{one.path} has no columns to join by.")
    if table_name(first.path) == table_name(second.path):
        raise CannotPlan(
            "The two files have the same name; rename one so that I can tell them apart."
        )
    rest = clause[clause.index(_data_paths(clause)[1]) + 1 :]
    left, right, rest = _keys(first, second, rest)
    name = f"{PurePosixPath(first.path).name} and {PurePosixPath(second.path).name}"
    double = [one for one in second.columns if find_same(one.name, first.columns)]
    sketch.joins[name] = ((first.path, second.path), _sql(first, second, left, right, double))
    kept = (*first.columns, *(one for one in second.columns if one not in double))
    sketch.file = FileInfo(path=name, media_type=first.media_type, size=first.size, columns=kept)
    sketch.assume(f"Rows of {first.path} without a match in {second.path} are left out.")
    asked = tuple(token for token in rest if token.low not in LINKS)
    if any(token.kind is Kind.WORD for token in asked):
        data.query(sketch, rest)
    else:
        sketch.query = Query(source=name)


def find_same(name: str, columns: tuple[Column, ...]) -> Column | None:
    """The column of exactly this name, whatever its case."""
    return next((one for one in columns if name_key(one.name) == name_key(name)), None)


def _data_paths(clause: Clause) -> list[Token]:
    return [
        token
        for token in clause
        if token.kind is Kind.PATH and PurePosixPath(token.text).suffix.lower()[1:] in DATA
    ]


def _keys(first: FileInfo, second: FileInfo, rest: Clause) -> tuple[str, str, Clause]:
    """The columns to join by, said or shared, and what is left of the clause."""
    if rest and rest[0].low in BY:
        left, used = _column(rest[1:], first)
        after = rest[1 + used :]
        if after and after[0].low in {"=", "equals"}:
            right, used = _column(after[1:], second)
            return left, right, after[1 + used :]
        shared = find_same(left, second.columns)
        if shared is None:
            raise CannotPlan(
                f"{second.path} has no column {left}; say “on {left} = …” with one of "
                f"{listed(one.name for one in second.columns[:8])}."
            )
        return left, shared.name, after
    shared_names = [one.name for one in first.columns if find_same(one.name, second.columns)]
    ids = [name for name in shared_names if name_key(name).endswith("id")] or shared_names
    if len(ids) != 1:
        which = (
            f"they share {listed(shared_names, word='and')}" if shared_names else "none is shared"
        )
        raise CannotPlan(
            f"Say by which column to join {first.path} and {second.path} ({which}), for example "
            "“on customer_id”."
        )
    same = find_same(ids[0], second.columns)
    assert same is not None
    return ids[0], same.name, rest


def _column(words: Clause, file: FileInfo) -> tuple[str, int]:
    """The column the words begin with, the longest name first, and how many words it took."""
    for count in range(min(3, len(words)), 0, -1):
        found = find_column(" ".join(token.text for token in words[:count]), file.columns)
        if found is not None and found.sure:
            return found.column.name, count
    said = words[0].text if words else "that"
    raise CannotPlan(
        f"{file.path} has no column {said}; there is {listed(c.name for c in file.columns[:8])}."
    )


def _sql(first: FileInfo, second: FileInfo, left: str, right: str, double: list[Column]) -> str:
    names = ", ".join(identifier(one.name) for one in double)
    without = f" EXCLUDE ({names})" if double else ""
    return (
        f"(SELECT a.*, b.*{without} FROM {identifier(table_name(first.path))} AS a "  # noqa: S608 - quoted by identifier()
        f"JOIN {identifier(table_name(second.path))} AS b "
        f"ON a.{identifier(left)} = b.{identifier(right)})"
    )
