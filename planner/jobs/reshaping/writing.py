"""Where a reshaped table goes: beside its source unless that is said, never over a file unasked."""

from pathlib import PurePosixPath

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.draft import Draft
from planner.jobs.making import Making
from planner.jobs.reshaping.parts import Parts
from planner.names import SAVED, quoted


def table_of(making: Making, found: Parts) -> FileInfo:
    """The one table that is meant; asked for where none is said. Raises OtherWork for several."""
    if found.tables:
        return making.table(found.tables[0].path)
    return making.table("")


def ending_of(file: FileInfo, found: Parts) -> str:
    """The format that is asked for, else that of the source."""
    suffix = PurePosixPath(file.path.partition("#")[0]).suffix.casefold()
    return found.ending or (suffix if suffix in SAVED else ".csv")


def view(file: FileInfo) -> str:
    """The table as SQL names it."""
    return quoted(PurePosixPath(file.path).stem)


def exported(
    making: Making, file: FileInfo, found: Parts, sql: str, kind: str, title: str
) -> Draft:
    """The rows of the query in a file; where it goes is asked unless it was said."""
    path = found.out
    if not path:
        source = PurePosixPath(file.path.partition("#")[0])
        proposal = making.free(
            str(source.with_name(f"{source.stem}-{kind}{ending_of(file, found)}"))
        )
        question = text("Where should the rows go?")
        path = making.ask(f"{kind} rows of {file.path}", question, (proposal,), free=True, matters="effects")  # fmt: skip
    sources = dict.fromkeys([file.path, *(table.path for table in found.tables)])
    making.add("data.export", title, sources=list(sources), sql=sql, path=path)
    return making.drafted()
