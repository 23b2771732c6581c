"""A table's rows in order or each once, and two tables as one, in a file of its own."""

from typing import Final

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.draft import CannotPlan, Draft
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping.parts import Parts
from planner.jobs.reshaping.writing import exported, table_of, view
from planner.lexicon.words import word_set
from planner.names import listed, quoted

DOWN: Final = word_set(
    "descending desc highest largest biggest newest latest dearest most z-a backwards reverse reversed decreasing downwards high"
)
UP: Final = word_set(
    "ascending asc lowest smallest oldest earliest cheapest least a-z alphabetical alphabetically increasing upwards low"
)


_AGES: Final = word_set("newest latest oldest earliest")


def sort(making: Making, found: Parts) -> Draft:
    """All rows in order, saved. What is only to be shown in order is a question to the data."""
    if not found.out and not found.ending:
        raise OtherWork
    file = table_of(making, found)
    names = [column.name for column in file.columns]
    columns = _ordered_by(making, file, found)
    ways = [word for word in found.words if word in DOWN | UP]
    down = bool(ways) and ways[0] in DOWN  # "largest to smallest"
    if not ways:
        making.assume(text("The order is ascending."))
    way = " DESC" if down else ""
    keys = [f"{quoted(name)}{way} NULLS LAST" for name in columns]
    keys += [quoted(name) for name in names[:1] if name not in columns]
    sql = f"SELECT * FROM {view(file)} ORDER BY {', '.join(keys)}"  # noqa: S608 - quoted
    title = text("{path} by {columns}", path=file.path, columns=listed(columns, word="and"))
    return exported(making, file, found, sql, "sorted", title)


def _ordered_by(making: Making, file: FileInfo, found: Parts) -> list[str]:
    """The columns that are named, else the only date where an age is said; asked for otherwise."""
    if found.columns:
        return [column.name for column in found.columns]
    dates = [
        column.name for column in file.columns if column.type.startswith(("DATE", "TIMESTAMP"))
    ]
    if _AGES.intersection(found.words) and len(dates) == 1:
        return dates
    names = [column.name for column in file.columns[:6]]
    return [making.ask(f"order of {file.path}", text("Sorted by which column?"), names)]


def one_each(making: Making, found: Parts) -> Draft:
    """The same, said of rows: only where it is to be saved, else it's a question to data."""
    if not found.out:
        raise OtherWork
    return unique(making, found)


def unique(making: Making, found: Parts) -> Draft:
    """One row for each value of the columns that are named; says which row that is."""
    if not found.columns:
        raise OtherWork  # whole rows that come twice
    file = table_of(making, found)
    keys = [column for column in file.columns if column in found.columns]
    others = [column for column in file.columns if column not in keys]
    names = listed([column.name for column in keys], word="and")
    first = others[0] if others else keys[0]
    among = ", ".join(quoted(column.name) for column in keys)
    missing = " OR ".join(f"{quoted(column.name)} IS NULL" for column in keys)
    number = f"row_number() OVER (PARTITION BY {among} ORDER BY {quoted(first.name)})"
    sql = f"SELECT * FROM {view(file)} QUALIFY {missing} OR {number} = 1 ORDER BY {quoted(first.name)}"  # noqa: S608 - quoted
    making.assume(text("Of rows with the same {columns}, the one with the lowest {first} stays; rows without any {columns} all stay.",
                       columns=names, first=first.name))  # fmt: skip
    title = text("{path}, one row for each {columns}", path=file.path, columns=names)
    return exported(making, file, found, sql, "unique", title)


def together(making: Making, found: Parts) -> Draft:
    """Two tables beside each other by what they share, or one below the other where they're alike."""
    if len(found.tables) != 2:
        raise OtherWork
    left, right = found.tables
    shared = _shared(left, right)
    if len(shared) == len(left.columns) == len(right.columns):
        sql = f"SELECT * FROM {view(left)} UNION ALL BY NAME SELECT * FROM {view(right)}"  # noqa: S608 - quoted
        title = text("{left} and {right}, one below the other", left=left.path, right=right.path)
        return exported(making, left, found, sql, "all", title)
    key = _key(making, found, shared)
    if _is_single(left, key) and not _is_single(right, key):
        left, right = right, left
    if not _is_single(right, key):
        making.assume(text("{key} comes more than once in {path}, so rows of {other} come as often.",
                           key=key, path=right.path, other=left.path))  # fmt: skip
    making.assume(text("Rows of {left} without a match in {right} stay, with nothing in its columns.",
                       left=left.path, right=right.path))  # fmt: skip
    sql = f"SELECT * FROM {view(left)} LEFT JOIN {view(right)} USING ({quoted(key)})"  # noqa: S608 - quoted
    title = text("{left} with {right} by {key}", left=left.path, right=right.path, key=key)
    return exported(making, left, found, sql, "joined", title)


def _shared(left: FileInfo, right: FileInfo) -> list[str]:
    theirs = {column.name.casefold() for column in right.columns}
    return [column.name for column in left.columns if column.name.casefold() in theirs]


def _key(making: Making, found: Parts, shared: list[str]) -> str:
    """The column that both have and that ties them; asked for where several may."""
    left, right = found.tables
    if not shared:
        raise CannotPlan(
            "{left} and {right} have no column of the same name to match them by.",
            left=left.path, right=right.path,
        )  # fmt: skip
    named = [name for name in shared if name in {column.name for column in found.columns}]
    ties = [name for name in shared if _is_single(left, name) or _is_single(right, name)]
    likely = named or ties or shared
    if len(likely) == 1:
        return likely[0]
    return making.ask(f"key of {left.path} and {right.path}", text("Matched by which column?"), likely)  # fmt: skip


def _is_single(file: FileInfo, name: str) -> bool:
    """Whether each of the column's values comes once."""
    column = _column(file, name)
    return column is not None and column.distinct is not None and column.distinct == file.rows


def _column(file: FileInfo, name: str) -> Column | None:
    return next((c for c in file.columns if c.name.casefold() == name.casefold()), None)
