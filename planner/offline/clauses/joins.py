"""Several files as one: rows beside each other by a shared column, or one under the other. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.work.value import Column, FileInfo
from planner.draft import Gap
from planner.names import listed
from planner.offline.data.columns import find_column, is_key
from planner.offline.data.query import identifier, literal, table_name
from planner.offline.grammar.lexer import Clause, Kind, Token
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.words import FUNCTIONS
from planner.offline.sketch import DATA, Sketch

BY = frozenset({"on", "using", "via", "through"})
LINKS = frozenset({
    "with", "and", "to", "join", "merge", "combine", "into", "=", "the", ",", "both", "vs",
    "versus", "against", "plus", "&", "from", "in", "of", "file", "files", "data", "between",
})  # fmt: skip
"""What may stand between the names of files that belong together."""
FILE = "file"
"""The column that says which file a row is from, where files are put one under the other."""


def data_paths(clause: Clause) -> tuple[Token, ...]:
    """The data files the clause names, each once."""
    found = [
        token
        for token in clause
        if token.kind is Kind.PATH and PurePosixPath(token.text).suffix.lower()[1:] in DATA
    ]
    return tuple(dict.fromkeys(found))


def parted(clause: Clause) -> tuple[Clause, ...]:
    """Two questions in one breath, each with its file, one by one: "… of a.csv and … of b.csv"."""
    places = [place for place, token in enumerate(clause) if token in data_paths(clause)]
    for first, second in pairwise(places):
        for cut in range(first + 1, second):
            asked = {token.low for token in clause[cut:second]}
            if clause[cut].low in {"and", ","} and asked & {*FUNCTIONS, "by", "per", "many"}:
                return (clause[:cut], *parted(clause[cut + 1 :]))
    return (clause,)


def together(
    sketch: Sketch, clause: Clause, files: Sequence[FileInfo] = ()
) -> tuple[FileInfo, Clause]:
    """The files the clause names as one, or those given, and the clause without what says so."""
    named = data_paths(clause)
    files = files or [sketch.known_file(token.text) for token in named]
    _check(files)
    end = max((place + 1 for place, token in enumerate(clause) if token in named), default=0)
    before = tuple(token for token in clause[:end] if token not in named)
    rest = clause[end:]
    if all(_same_columns(files[0], one) for one in files) and not (rest and rest[0].low in BY):
        return _stacked(sketch, files), (*before, *rest)
    if len(files) > 2:
        raise CannotPlan(
            f"{_named(files)} do not have the same columns; name two of them, so that I can join "
            "these by a column they share."
        )
    joined, rest = _joined(sketch, files[0], files[1], rest)
    return joined, (*before, *rest)


def _check(files: Sequence[FileInfo]) -> None:
    for one in files:
        if not one.columns:
            raise CannotPlan(f"{one.path} has no columns to join by.")
    if len({table_name(one.path) for one in files}) < len(files):
        raise CannotPlan(
            "The two files have the same name; rename one so that I can tell them apart."
        )


def fitting(files: Sequence[FileInfo], words: Clause) -> tuple[FileInfo, ...]:
    """The files a question without a file is about: the one that has all columns, or several."""
    held = {
        one.path: {
            token.low
            for token in words
            if (found := find_column(token.low, one.columns)) is not None and found.sure
        }
        for one in files
    }
    every = set().union(*held.values())
    whole = tuple(one for one in files if held[one.path] == every)
    return whole or tuple(one for one in files if held[one.path])


def find_same(name: str, columns: tuple[Column, ...]) -> Column | None:
    """The column of exactly this name, whatever its case."""
    return next((one for one in columns if name_key(one.name) == name_key(name)), None)


def _same_columns(one: FileInfo, other: FileInfo) -> bool:
    return {name_key(c.name) for c in one.columns} == {name_key(c.name) for c in other.columns}


def _named(files: Sequence[FileInfo]) -> str:
    return listed((PurePosixPath(one.path).name for one in files), word="and")


def _stacked(sketch: Sketch, files: Sequence[FileInfo]) -> FileInfo:
    """The rows of all files, one file under the other, with a column that says whose they are."""
    marked = find_same(FILE, files[0].columns) is None
    parts = []
    for one in files:
        whose = f", {literal(PurePosixPath(one.path).name)} AS {identifier(FILE)}" if marked else ""
        parts.append(f"SELECT *{whose} FROM {identifier(table_name(one.path))}")  # noqa: S608 - quoted by identifier()
    name = _named(files)
    stacked = f"({' UNION ALL BY NAME '.join(parts)})"
    sketch.joins[name] = (tuple(one.path for one in files), stacked)
    sketch.assume(f"{name} have the same columns; their rows are put together.")
    whose_rows = Column(
        name=FILE, type="VARCHAR", samples=tuple(PurePosixPath(one.path).name for one in files)
    )
    rows = [one.rows for one in files]
    return FileInfo(
        path=name,
        media_type=files[0].media_type,
        size=sum(one.size for one in files),
        columns=(*files[0].columns, *((whose_rows,) if marked else ())),
        rows=None if None in rows else sum(one or 0 for one in rows),
    )


def _joined(
    sketch: Sketch, first: FileInfo, second: FileInfo, rest: Clause
) -> tuple[FileInfo, Clause]:
    """The joined rows as a file, and the rest without the words that say by what."""
    left, right, rest = _keys(sketch, first, second, rest)
    name = _named((first, second))
    double = [one for one in second.columns if find_same(one.name, first.columns)]
    sketch.joins[name] = ((first.path, second.path), _sql(first, second, left, right, double))
    kept = (*first.columns, *(one for one in second.columns if one not in double))
    by = left if name_key(left) == name_key(right) else f"{left} = {right}"
    sketch.assume(f"{name} are joined on {by}; rows without a match are left out.")
    file = FileInfo(path=name, media_type=first.media_type, size=first.size, columns=kept)
    return file, rest


def _keys(
    sketch: Sketch, first: FileInfo, second: FileInfo, rest: Clause
) -> tuple[str, str, Clause]:
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
    left = _shared(sketch, first, second)
    same = find_same(left, second.columns)
    assert same is not None
    return left, same.name, rest


def _shared(sketch: Sketch, first: FileInfo, second: FileInfo) -> str:
    """The column both files have; where there are several, one is asked for."""
    shared = [one.name for one in first.columns if find_same(one.name, second.columns)]
    keys = [name for name in shared if is_key(name)] or shared
    if not keys:
        raise CannotPlan(
            f"{first.path} and {second.path} have no column in common; say by which columns to join "
            f"them: “join {first.path} with {second.path} on … = …”, one of "
            f"{_some_names(first)} and one of {_some_names(second)}."
        )
    if len(keys) == 1:
        return keys[0]
    slot = f"join of {first.path} and {second.path}"
    chosen = find_same(sketch.answers.get(slot, ""), first.columns)
    if chosen is not None and chosen.name in shared:
        return chosen.name
    sketch.gaps.append(
        Gap(
            slot=slot,
            question=f"By which column are {first.path} and {second.path} joined?",
            options=tuple(keys[:6]),
            default=keys[0],
            matters="plan",
            accepts=tuple(shared[:200]),
        )
    )
    return keys[0]


def _some_names(file: FileInfo) -> str:
    return listed(one.name for one in file.columns[:6])


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
