"""The files of a project and their shape: all that a planner may know about them."""

import itertools
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from executor.data import sheets
from executor.data.media import media_type
from executor.data.sources import identifier, opened
from executor.egress.files import ProjectFiles
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import Column, FileInfo

if TYPE_CHECKING:
    import duckdb

FILES_LISTED = 500
SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
TABLES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", *sheets.ENDINGS})
SAMPLES = 8
SAMPLE_CHARS = 60
SAMPLED_ROWS = 20_000
SAMPLED_COLUMNS = 40
SHAPES_KEPT = 2_000
COUNTED_BYTES = 50_000_000
"""Rows of larger files aren't counted: it would take too long."""


def describe(files: ProjectFiles, path: str) -> FileInfo:
    """The shape of a file: type, size, columns with a few values, rows; never its contents.

    Blocking, a few tens of milliseconds. A file that is missing or unreadable has a `problem`.
    """
    book, _ = sheets.parted(path)
    try:
        target = files.existing(book)
    except BadInput as error:
        return FileInfo(path=path, media_type=media_type(book), size=0, problem=error.user_text)
    stat = target.stat()
    info = FileInfo(path=path, media_type=media_type(book), size=stat.st_size)
    if target.suffix.casefold() not in TABLES:
        return info
    return info.model_copy(update=_shape(files.root, path, stat.st_mtime_ns, stat.st_size))


def described(files: ProjectFiles, path: str) -> tuple[FileInfo, ...]:
    """The shape of the file, or of each sheet (budget.xlsx#Q2) of a workbook of several."""
    found: tuple[str, ...] = ()
    if path.casefold().endswith(sheets.ENDINGS):
        with suppress(BadInput):  # describe() says what is wrong
            stat = files.existing(path).stat()
            found = _sheets(files.root, path, stat.st_mtime_ns, stat.st_size)
    parts = [f"{path}{sheets.MARK}{name}" for name in found] if len(found) > 1 else [path]
    return tuple(describe(files, part) for part in parts)


def listing(files: ProjectFiles) -> tuple[str, ...]:
    """The project's files by path, hidden and installed ones left out, 500 at most. Blocking."""
    paths = itertools.islice(_walk(files.root), FILES_LISTED)
    return tuple(files.relative(path) for path in paths)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED
        )
        for name in sorted(names):
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


@lru_cache(maxsize=SHAPES_KEPT)
def _sheets(root: Path, path: str, _modified_ns: int, _size: int) -> tuple[str, ...]:
    return sheets.names(ProjectFiles(root).read(path), path=path)


@lru_cache(maxsize=SHAPES_KEPT)
def _shape(root: Path, path: str, _modified_ns: int, size: int) -> dict[str, object]:
    """Columns and rows; kept until the file changes, as every plan looks at every file."""
    import duckdb  # noqa: PLC0415 - 0.1 s that only data files should cost

    try:
        with opened(ProjectFiles(root), [path]) as (connection, sources):
            view = identifier(sources[0].view)
            described = connection.execute(f"DESCRIBE {view}").fetchall()
            samples = _samples(connection, view, [r[0] for r in described if r[1] == "VARCHAR"])
            rows = _count(connection, view) if size <= COUNTED_BYTES else None
            columns = tuple(
                Column(name=row[0], type=row[1], samples=samples.get(row[0], ()))
                for row in described
            )
            return {"columns": columns, "rows": rows}
    except BadInput as error:
        return {"problem": error.user_text}
    except duckdb.Error:
        return {"problem": text("{path} can't be read as a table. Check its rows.", path=path)}


def _count(connection: "duckdb.DuckDBPyConnection", view: str) -> int | None:
    query = f"SELECT count(*) FROM {view}"  # noqa: S608 - quoted by identifier()
    counted = connection.execute(query).fetchone()
    return int(counted[0]) if counted else None


def _samples(
    connection: "duckdb.DuckDBPyConnection", view: str, names: list[str]
) -> dict[str, tuple[str, ...]]:
    names = names[:SAMPLED_COLUMNS]
    if not names:
        return {}
    lists = ", ".join(f"list_slice(list(DISTINCT {identifier(n)}), 1, {SAMPLES})" for n in names)
    query = f"SELECT {lists} FROM (FROM {view} LIMIT {SAMPLED_ROWS})"  # noqa: S608 - quoted by identifier()
    row = connection.execute(query).fetchone()
    return {
        name: tuple(
            sorted(str(value)[:SAMPLE_CHARS] for value in values or () if value is not None)
        )
        for name, values in zip(names, row or (), strict=False)
    }
