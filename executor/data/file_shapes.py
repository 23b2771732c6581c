"""The files of a project and their shape: all that a planner may know about them."""

import itertools
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

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
VALUES = 200
LOOKS = 5
"""Facts of each column."""
SAMPLED_ROWS = 20_000
WHOLE_ROWS = 200_000
"""Of larger files only the first rows are looked at, and nothing is said of gaps and doubles."""
SAMPLED_COLUMNS = 40
SHAPES_KEPT = 2_000
LISTINGS_KEPT = 32
COUNTED_BYTES = 50_000_000
"""Rows of larger files aren't counted: it would take too long."""


def describe(files: ProjectFiles, path: str) -> FileInfo:
    """The shape of a file: type, size, columns with a few values, rows; never its contents.

    Blocking, a few tens of milliseconds. A file that is missing or unreadable has a `problem`.
    """
    book, _ = sheets.parted(path)
    try:
        status = files.status(book)
    except BadInput as error:
        return FileInfo(path=path, media_type=media_type(book), size=0, problem=error.user_text)
    info = FileInfo(path=path, media_type=media_type(book), size=status.st_size)
    if PurePosixPath(book).suffix.casefold() not in TABLES:
        return info
    return info.model_copy(update=_shape(files.root, path, status.st_mtime_ns, status.st_size))


def described(files: ProjectFiles, path: str) -> tuple[FileInfo, ...]:
    """The shape of the file, or of each sheet (budget.xlsx#Q2) of a workbook of several."""
    found: tuple[str, ...] = ()
    if path.casefold().endswith(sheets.ENDINGS):
        with suppress(BadInput):  # describe() says what is wrong
            status = files.status(path)
            found = _sheets(files.root, path, status.st_mtime_ns, status.st_size)
    parts = [f"{path}{sheets.MARK}{name}" for name in found] if len(found) > 1 else [path]
    return tuple(describe(files, part) for part in parts)


def listing(files: ProjectFiles) -> tuple[str, ...]:
    """The project's files by path, hidden and installed ones left out, 500 at most. Blocking."""
    return tuple(path for path, _, _ in seen(files))


def seen(files: ProjectFiles) -> tuple["Seen", ...]:
    """The project's files as they are now, hidden and installed ones left out. Blocking."""
    found = itertools.islice(files.walk(SKIPPED), FILES_LISTED)
    return tuple((path, at.st_mtime_ns, at.st_size) for path, at in found)


def every(files: ProjectFiles) -> tuple[FileInfo, ...]:
    """The shapes of all of the project's files. Blocking; until one changes, hardly."""
    return _every(files.root, seen(files))


Seen = tuple[str, int, int]
"""A file's path, and when it was changed and its size."""


@lru_cache(maxsize=LISTINGS_KEPT)
def _every(root: Path, seen: tuple[Seen, ...]) -> tuple[FileInfo, ...]:
    """Kept until a file comes, goes or changes: who reads words and who plans both look."""
    files = ProjectFiles(root)
    return tuple(info for path, _, _ in seen for info in described(files, path))


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
            types = {row[0]: row[1] for row in described}
            rows = _count(connection, view) if size <= COUNTED_BYTES else None
            facts = _facts(connection, view, types, rows)
            columns = tuple(
                Column(name=name, type=kind, **facts.get(name, {})) for name, kind in types.items()
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


def _facts(
    connection: "duckdb.DuckDBPyConnection", view: str, types: dict[str, str], rows: int | None
) -> dict[str, dict[str, Any]]:
    """What is seen in each of the first columns: values, gaps, range. One look at the file."""
    names = list(types)[:SAMPLED_COLUMNS]
    if not names:
        return {}
    whole = rows is not None and rows <= WHOLE_ROWS
    source = view if whole else f"(FROM {view} LIMIT {SAMPLED_ROWS})"
    looks = ", ".join(_look(identifier(name), types[name]) for name in names)
    row = connection.execute(f"SELECT {looks} FROM {source}").fetchone() or ()  # noqa: S608 - quoted by identifier()
    found: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(names):
        distinct, nulls, least, most, values = row[place * LOOKS : (place + 1) * LOOKS]
        seen = _shown(values or ())
        found[name] = {
            "samples": tuple(sorted(seen[:SAMPLES])),
            "values": tuple(sorted(seen)),
            "least": _said(least),
            "most": _said(most),
        }
        if whole:
            found[name] |= {"distinct": distinct, "nulls": nulls}
    return found


def _look(column: str, kind: str) -> str:
    """The facts of a column, in SQL. Values come in the order of their hashes: a fair sample."""
    head = kind.split("(")[0].upper()
    counts = f"count(DISTINCT {column}), count(*) - count({column})"
    if head == "VARCHAR":
        pairs = f"list_transform(list(DISTINCT {column}), lambda v: {{'h': hash(v), 'v': v}})"
        values = f"list_transform(list_slice(list_sort({pairs}), 1, {VALUES}), lambda p: p.v)"
        return f"{counts}, NULL, NULL, {values}"
    if head.endswith("]") or head in {"STRUCT", "MAP", "LIST", "JSON", "UNION"}:
        return f"NULL, count(*) - count({column}), NULL, NULL, NULL"
    return f"{counts}, min({column}), max({column}), NULL"


def _shown(values: Sequence[object]) -> list[str]:
    return [str(value)[:SAMPLE_CHARS] for value in values if value is not None]


def _said(value: object) -> str:
    return "" if value is None else str(value)[:SAMPLE_CHARS]
