"""Several files as one: rows beside each other by a shared column, or one under the other. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.names import listed
from planner.offline.data.columns import column_at, is_key, sure_column
from planner.offline.data.query import identifier, literal, table_name
from planner.offline.grammar.lexer import Clause, Kind, Token, lows
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.words import FUNCTIONS, word_set
from planner.offline.sketch import Sketch, is_data

BY = word_set("on using via through")
LINKS = word_set("with and to join merge combine into = the , both vs versus against plus & from in of",
              "file files data between")  # fmt: skip
"""What may stand between the names of files that belong together."""
FILE = "file"
"""The column that says which file a row is from, where files are put one under the other."""


def data_paths(clause: Clause) -> tuple[Token, ...]:
    """The data files the clause names, each once."""
    return tuple(dict.fromkeys(t for t in clause if t.kind is Kind.PATH and is_data(t.text)))


def parted(clause: Clause) -> tuple[Clause, ...]:
    """Two questions in one breath, each with its file, one by one: "… of a.csv and … of b.csv"."""
    places = [place for place, token in enumerate(clause) if token in data_paths(clause)]
    for first, second in pairwise(places):
        for cut in range(first + 1, second):
            asks = lows(clause[cut:second]) & {*FUNCTIONS, "by", "per", "many"}
            if clause[cut].low in {"and", ","} and asks:
                return (clause[:cut], *parted(clause[cut + 1 :]))
    return (clause,)


def together(
    sketch: Sketch, clause: Clause, files: Sequence[FileInfo] = ()
) -> tuple[FileInfo, Clause]:
    """The files the clause names as one, or those given, and the clause without what says so."""
    named = data_paths(clause)
    files = files or [sketch.known_file(token.text) for token in named]
    _check(files)
    end = clause.index(named[-1]) + 1 if named else 0
    before, rest = tuple(token for token in clause[:end] if token not in named), clause[end:]
    same = len({frozenset(map(_key, file.columns)) for file in files}) == 1
    if same and not lows(rest[:1]) & BY:
        return _stacked(sketch, files), (*before, *rest)
    if len(files) > 2:
        raise CannotPlan(
            "{files} don't have the same columns. Name two of them, and I'll join those by a "
            "column they share.",
            files=_named(files),
        )
    joined, rest = _joined(sketch, files[0], files[1], rest)
    return joined, (*before, *rest)


def _check(files: Sequence[FileInfo]) -> None:
    for file in files:
        if not file.columns:
            raise CannotPlan("{path} has no columns to join by.", path=file.path)
    if len({table_name(file.path) for file in files}) < len(files):
        raise CannotPlan(
            "Two of the files have the same name. Rename one so that I can tell them apart."
        )


def fitting(files: Sequence[FileInfo], clause: Clause) -> tuple[FileInfo, ...]:
    """The files a question without a file is about: the one that has all columns, or several."""
    held = [{low for low in lows(clause) if sure_column(low, file.columns)} for file in files]
    every = set().union(*held)
    whole = tuple(file for file, names in zip(files, held, strict=True) if names == every)
    return whole or tuple(file for file, names in zip(files, held, strict=True) if names)


def find_same(name: str, columns: tuple[Column, ...]) -> Column | None:
    """The column of exactly this name, whatever its case."""
    return next((column for column in columns if _key(column) == name_key(name)), None)


def _key(column: Column) -> str:
    return name_key(column.name)


def _named(files: Iterable[FileInfo]) -> str:
    return listed((PurePosixPath(file.path).name for file in files), word="and")


def _stacked(sketch: Sketch, files: Sequence[FileInfo]) -> FileInfo:
    """The rows of all files, one file under the other, with a column that says whose they are."""
    names = [PurePosixPath(file.path).name for file in files]
    columns, whose = files[0].columns, [""] * len(files)
    if find_same(FILE, columns) is None:
        columns = (*columns, Column(name=FILE, type="VARCHAR", samples=tuple(names)))
        whose = [f", {literal(name)} AS {identifier(FILE)}" for name in names]
    selects = [
        f"SELECT *{mark} FROM {identifier(table_name(file.path))}"  # noqa: S608 - quoted by identifier()
        for file, mark in zip(files, whose, strict=True)
    ]
    together_named = _named(files)
    sketch.joins[together_named] = (
        tuple(file.path for file in files),
        f"({' UNION ALL BY NAME '.join(selects)})",
    )
    sketch.assume(
        text("{files} have the same columns; their rows are put together.", files=together_named)
    )
    rows = [file.rows for file in files if file.rows is not None]
    return FileInfo(
        path=together_named,
        media_type=files[0].media_type,
        size=sum(file.size for file in files),
        columns=columns,
        rows=sum(rows) if len(rows) == len(files) else None,
    )


def _joined(
    sketch: Sketch, first: FileInfo, second: FileInfo, rest: Clause
) -> tuple[FileInfo, Clause]:
    """The joined rows as a file, and the rest without the words that say by what."""
    left, right, rest = _keys(sketch, first, second, rest)
    name = _named((first, second))
    double = [column for column in second.columns if find_same(column.name, first.columns)]
    sketch.joins[name] = ((first.path, second.path), _sql(first, second, left, right, double))
    kept = (*first.columns, *(column for column in second.columns if column not in double))
    by = left if name_key(left) == name_key(right) else f"{left} = {right}"
    sketch.assume(
        text("{files} are joined on {column}; rows without a match are left out.",
             files=name, column=by)
    )  # fmt: skip
    file = FileInfo(path=name, media_type=first.media_type, size=first.size, columns=kept)
    return file, rest


def _keys(
    sketch: Sketch, first: FileInfo, second: FileInfo, rest: Clause
) -> tuple[str, str, Clause]:
    """The columns to join by, said or shared, and what is left of the clause."""
    if not rest or rest[0].low not in BY:
        left, right = _shared(sketch, first, second)
        return left, right, rest
    left, rest = _column(rest[1:], first)
    if rest and rest[0].low in {"=", "equals"}:
        right, rest = _column(rest[1:], second)
        return left, right, rest
    shared = find_same(left, second.columns)
    if shared is None:
        raise CannotPlan(
                "{path} has no column {column}. Say “on {column} = …” with one of {names}.",
                path=second.path, column=left, names=_names(second, 8),
            )  # fmt: skip
    return left, shared.name, rest


def _shared(sketch: Sketch, first: FileInfo, second: FileInfo) -> tuple[str, str]:
    """The column both files have, as each spells it; where there are several, one is asked for."""
    pairs = [(column.name, find_same(column.name, second.columns)) for column in first.columns]
    shared = {left: right.name for left, right in pairs if right is not None}
    keys = [name for name in shared if is_key(name)] or list(shared)
    if not keys:
        raise CannotPlan(
                "{first} and {second} have no column in common. Say which columns to join them by: "
                "“join {first} with {second} on … = …”, one of {left} and one of {right}.",
                first=first.path, second=second.path, left=_names(first), right=_names(second),
            )  # fmt: skip
    key = keys[0]
    if len(keys) > 1:
        question = text(
            "Which column should {first} and {second} be joined on?",
            first=first.path,
            second=second.path,
        )
        slot = f"join of {first.path} and {second.path}"
        key = sketch.questions.choose(slot, question, keys[:6], also=shared)
    return key, shared[key]


def _names(file: FileInfo, most: int = 6) -> str:
    return listed(column.name for column in file.columns[:most])


def _column(clause: Clause, file: FileInfo) -> tuple[str, Clause]:
    """The column the clause begins with, the longest name first, and what is left of it."""
    column, length = column_at([token.text for token in clause[:3]], file.columns)
    if column is None:
        words = clause[0].text if clause else "…"
        raise CannotPlan("{path} has no column {column}; it has {names}.",
                 path=file.path, column=words, names=_names(file, 8))  # fmt: skip
    return column.name, clause[length:]


def _sql(first: FileInfo, second: FileInfo, left: str, right: str, double: list[Column]) -> str:
    names = ", ".join(identifier(column.name) for column in double)
    without = f" EXCLUDE ({names})" if double else ""
    return (
        f"(SELECT a.*, b.*{without} FROM {identifier(table_name(first.path))} AS a "  # noqa: S608 - quoted by identifier()
        f"JOIN {identifier(table_name(second.path))} AS b "
        f"ON a.{identifier(left)} = b.{identifier(right)})"
    )
