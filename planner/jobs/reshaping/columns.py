"""A table with fewer columns, or with one that is called otherwise, in a file of its own."""

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.draft import CannotPlan, Draft
from planner.jobs.forms import Match
from planner.jobs.making import Making, OtherWork
from planner.jobs.reshaping.parts import Parts
from planner.jobs.reshaping.writing import exported, table_of, view
from planner.names import listed, quoted


def drop(making: Making, found: Parts) -> Draft:
    """Without the columns that are named."""
    file = table_of(making, found)
    gone = _columns(making, file, found, text("Which column should go?"))
    left = [column for column in file.columns if column not in gone]
    if not left:
        raise CannotPlan("Then {path} would have no columns left.", path=file.path)
    title = text("{path} without {columns}", path=file.path, columns=_names(gone))
    return exported(making, file, found, _select(file, left), "less", title)


def hide(making: Making, found: Parts) -> Draft:
    """The same where no word says that they're columns: only with both names said."""
    if not (found.columns and found.tables and found.out):
        raise OtherWork
    return drop(making, found)


def keep(making: Making, found: Parts) -> Draft:
    """With the columns that are named, in their order."""
    file = table_of(making, found)
    kept = _columns(making, file, found, text("Which column should stay?"))
    title = text("{columns} of {path}", path=file.path, columns=_names(kept))
    return exported(making, file, found, _select(file, kept), "columns", title)


def only(making: Making, found: Parts) -> Draft:
    """The same where nothing but the columns and a place for them is said."""
    if not (found.columns and found.tables and found.out):
        raise OtherWork
    return keep(making, found)


def _columns(making: Making, file: FileInfo, found: Parts, question: str) -> list[Column]:
    if found.columns:
        return list(found.columns)
    names = [column.name for column in file.columns]
    name = making.ask(f"column of {file.path}", question, names[:6])
    return [column for column in file.columns if column.name == name] or [file.columns[0]]


def rename(making: Making, match: Match) -> Draft:
    """With a column called otherwise."""
    file = making.table(match["file"])
    old, new = match["column"].casefold(), match["new"].strip()
    if not any(column.name.casefold() == old for column in file.columns):
        raise OtherWork
    if any(column.name.casefold() == new.casefold() != old for column in file.columns):
        raise CannotPlan("{path} has a column {name} already.", path=file.path, name=new)
    shown = [
        f"{quoted(column.name)} AS {quoted(new)}"
        if column.name.casefold() == old
        else quoted(column.name)
        for column in file.columns
    ]
    sql = f"SELECT {', '.join(shown)} FROM {view(file)}"  # noqa: S608 - quoted
    found = Parts(tables=(file,), out=match["out"])
    title = text("{path} with {old} as {new}", path=file.path, old=match["column"], new=new)
    return exported(making, file, found, sql, "renamed", title)


def _select(file: FileInfo, columns: list[Column]) -> str:
    return f"SELECT {', '.join(quoted(column.name) for column in columns)} FROM {view(file)}"  # noqa: S608 - quoted


def _names(columns: list[Column]) -> str:
    return listed([column.name for column in columns], word="and")
