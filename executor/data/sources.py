"""Data files as views of a DuckDB that can read nothing else.

Used by data.query and by the description of a project's files, so that a plan is made from the
very names and types the query will find.
"""

import csv
import itertools
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from executor.data import fields, sheets
from executor.data.decoding import decode
from executor.egress.files import ProjectFiles
from memory.model.base import name_key
from memory.model.errors import BadInput
from memory.model.limits import FILE_READ_BYTES

if TYPE_CHECKING:
    import duckdb

HANDLES = Path("/proc/self/fd")
MEMORY_LIMIT = "1GB"
THREADS = 2
WHOLE_FILE_BYTES = 5_000_000
"""Up to this size column types are found from every row, beyond it from the first 20,480."""

READABLE = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", *sheets.ENDINGS)


@dataclass(frozen=True)
class Source:
    """A file and the view that shows its rows."""

    path: str
    view: str
    target: Path
    """By handle (/proc/self/fd/7): the very file that was opened, whatever its name leads to since."""
    suffix: str


class Scratch:
    """The one file beside the sources that a query may write. It lives as long as the connection."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.place = Path()

    @property
    def literal(self) -> str:
        """Its path as an SQL string."""
        return literal(str(self.place))


@contextmanager
def opened(
    files: ProjectFiles, paths: Sequence[str], *, scratch: Scratch | None = None
) -> "Iterator[tuple[duckdb.DuckDBPyConnection, tuple[Source, ...]]]":
    """A connection with a view for each file, named by the file's stem, then locked.

    Blocking. Raises BadInput with a sentence for a file that is missing, empty or no table.
    """
    import duckdb  # noqa: PLC0415 - 0.1 s that only queries should pay

    with tempfile.TemporaryDirectory(prefix="orchestra-") as folder, ExitStack() as held:
        copies = ProjectFiles(Path(folder) / "copies")
        copies.root.mkdir()
        connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
        try:
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET python_enable_replacements = false")
            connection.execute(f"SET temp_directory = {literal(folder + '/spill')}")
            connection.execute("SET max_temp_directory_size = '1GB'")
            sources = _views(connection, _Readers(files, copies, held), paths)
            if scratch is not None:
                scratch.place = Path(folder) / scratch.name
            open_to = [
                *(source.target for source in sources),
                *([scratch.place] if scratch else []),
            ]
            allowed = ", ".join(literal(str(target)) for target in open_to)
            connection.execute(f"SET allowed_paths = [{allowed}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection, sources
        finally:
            connection.close()


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def identifier(text: str) -> str:
    """The text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'


def _views(
    connection: "duckdb.DuckDBPyConnection", readers: "_Readers", paths: Sequence[str]
) -> tuple[Source, ...]:
    if not paths:
        raise BadInput("Name the file to query, such as sales.csv.")
    taken: set[str] = set()
    sources = []
    for path in dict.fromkeys(paths):
        target = readers.target(connection, path)
        view = _free(PurePosixPath(path).stem, taken)
        suffix = target.suffix or PurePosixPath(path).suffix
        source = Source(path=path, view=view, target=target, suffix=suffix.casefold())
        _create(connection, source)
        for other in (PurePosixPath(path).name, path):
            # `FROM 'sales.csv'` is how many write it; the name of a view goes before a file.
            if name_key(other) not in taken:
                taken.add(name_key(other))
                connection.execute(
                    f"CREATE VIEW {identifier(other)} AS FROM {identifier(source.view)}"
                )
        sources.append(source)
    return tuple(sources)


def _free(stem: str, taken: set[str]) -> str:
    name, count = stem, 1
    while name_key(name) in taken:
        count += 1
        name = f"{stem}_{count}"
    taken.add(name_key(name))
    return name


@dataclass(frozen=True)
class _Readers:
    """Where files are read from: by their handles, or as copies in a scratch folder."""

    files: ProjectFiles
    copies: ProjectFiles
    held: ExitStack

    def target(self, connection: "duckdb.DuckDBPyConnection", path: str) -> Path:
        """The file to read: itself, or a copy where it is a sheet or its text isn't in UTF-8."""
        book, sheet = sheets.parted(path)
        if self.files.kind(book) != "file":
            raise BadInput(
                "There's no file {path} in the project's folder.{hint}",
                path=book,
                hint=_near(self.files, book),
            )
        suffix = PurePosixPath(book).suffix.casefold()
        if suffix in sheets.ENDINGS:
            return self._sheet(connection, path, sheet)
        if suffix not in READABLE:
            raise BadInput(
                "{path} isn't a table. Name a CSV, TSV, JSON, JSONL, Parquet or Excel file.",
                path=path,
            )
        handle = self.held.enter_context(self.files.opened(book))
        size = os.fstat(handle).st_size
        if size and (suffix == ".parquet" or size > FILE_READ_BYTES):
            return self._itself(handle, suffix)
        decoded = decode(_contents(handle), name=path)
        if not decoded.text.strip():
            raise BadInput("{path} is empty. Put rows into it and try again.", path=path)
        if decoded.encoding in {"utf-8", "utf-8-sig"}:
            return self._itself(handle, suffix)
        return self.copies.write(f"{self._count()}{suffix}", decoded.text.encode())

    def _itself(self, handle: int, suffix: str) -> Path:
        """The open file under a name that DuckDB can open; a copy where there is no /proc."""
        target = HANDLES / str(handle)
        if target.exists():
            return target
        return self.copies.write(f"{self._count()}{suffix}", _contents(handle))

    def _sheet(self, connection: "duckdb.DuckDBPyConnection", path: str, sheet: str) -> Path:
        """The sheet as a Parquet file, which keeps the types of its cells."""
        data = self.files.read(sheets.parted(path)[0])
        rows, kinds = sheets.as_csv(data, path=path, sheet=sheet)
        number = self._count()
        written = self.copies.write(f"{number}.csv", rows)
        parquet = self.copies.root / f"{number}.parquet"
        options = _csv_options(written, {"header": True, "delim": ",", "nullstr": ""}, kinds)
        connection.execute(f"COPY (FROM read_csv({options})) TO {literal(str(parquet))}")
        return parquet

    def _count(self) -> int:
        return len(self.copies.names("."))


def _contents(handle: int) -> bytes:
    with os.fdopen(os.dup(handle), "rb") as file:
        file.seek(0)
        return file.read()


def _near(files: ProjectFiles, path: str) -> str:
    return fields.did_you_mean(
        PurePosixPath(path).name, files.names(str(PurePosixPath(path).parent))
    )


def _create(connection: "duckdb.DuckDBPyConnection", source: Source) -> None:
    import duckdb  # noqa: PLC0415 - see opened()

    try:
        match source.suffix:
            case ".parquet":
                select = f"FROM read_parquet({literal(str(source.target))})"
            case ".json" | ".jsonl" | ".ndjson":
                select = f"FROM read_json_auto({literal(str(source.target))})"
            case _:
                select = _csv_select(connection, source.target)
        connection.execute(f"CREATE VIEW {identifier(source.view)} AS {select}")
    except duckdb.Error as error:
        raise unreadable(source.path, str(error)) from error


def _csv_select(connection: "duckdb.DuckDBPyConnection", target: Path) -> str:
    whole = target.stat().st_size <= WHOLE_FILE_BYTES
    sample = f"sample_size = {-1 if whole else 20480}"
    cursor = connection.execute(f"FROM sniff_csv({literal(str(target))}, {sample})")
    fields_ = [field[0] for field in cursor.description]
    sniffed = dict(zip(fields_, cursor.fetchone() or (), strict=True))
    types = {column["name"]: column["type"] for column in sniffed["Columns"]}
    head = _first_lines(target, int(sniffed["SkipRows"]) + 1)
    if mark := _ragged_by(str(sniffed["Delimiter"]), list(types), head):
        return _strict(connection, target, head, mark)
    reader = f"read_csv({_csv_options(target, _dialect(sniffed, whole=whole), types)})"
    words = [name for name, kind in types.items() if kind == "VARCHAR"]
    return _with_figures(connection, reader, words)


def _strict(
    connection: "duckdb.DuckDBPyConnection", target: Path, head: Sequence[str], mark: str
) -> str:
    """Read by the widths of the first line, it says which line is wrong."""
    names = next(csv.reader([line for line in head if line.strip()], delimiter=mark))
    types = dict.fromkeys(_unlike(names), "VARCHAR")
    select = f"FROM read_csv({_csv_options(target, {'delim': mark, 'header': True}, types)})"
    connection.execute(f"SELECT count(*) {select}").fetchall()
    return select


def _ragged_by(delimiter: str, names: Sequence[str], head: Sequence[str]) -> str:
    """The delimiter of rows of unlike width; "" where they are alike.

    Such rows make the sniffer see one column, or skip all rows before the odd one.
    """
    if len(names) == 1:
        return next((mark for mark in ",;\t|" if mark in names[0]), "")
    above = head[:-1]  # a title above the table has a blank line below it
    return delimiter if all(above) and any(delimiter in line for line in above) else ""


def _dialect(sniffed: Mapping[str, Any], *, whole: bool) -> dict[str, str | int | bool]:
    """What the sniffer found, written out so that the file is not sniffed for every query."""
    dialect: dict[str, str | int | bool] = {
        "delim": sniffed["Delimiter"],
        "skip": sniffed["SkipRows"],
        "header": sniffed["HasHeader"],
    }
    for option, field in (("quote", "Quote"), ("escape", "Escape"), ("comment", "Comment")):
        seen = sniffed[field] != "(empty)"
        # A part of a large file may just have had no quotes in it.
        dialect[option] = sniffed[field] if seen else "" if whole or option == "comment" else '"'
    for option, field in (("dateformat", "DateFormat"), ("timestampformat", "TimestampFormat")):
        if sniffed[field]:
            dialect[option] = sniffed[field]
    return dialect


def _csv_options(
    target: Path, dialect: Mapping[str, str | int | bool], types: Mapping[str, str]
) -> str:
    options = [
        f"{option} = {literal(value) if isinstance(value, str) else str(value).lower()}"
        for option, value in dialect.items()
    ]
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
    return ", ".join(
        [literal(str(target)), "auto_detect = false", *options, f"columns = {{{columns}}}"]
    )


def _first_lines(target: Path, count: int) -> list[str]:
    with target.open(encoding="utf-8-sig", errors="replace") as file:
        return [line.rstrip("\r\n") for line in itertools.islice(file, count)]


def _unlike(names: Sequence[str]) -> list[str]:
    return [
        f"{place}_{name}" if name in names[:place] else name for place, name in enumerate(names)
    ]


def _with_figures(
    connection: "duckdb.DuckDBPyConnection", reader: str, names: Sequence[str]
) -> str:
    """The view's SELECT: figures written as text ("1,234.50", "1.234,50 €") become numbers."""
    if not names:
        return f"FROM {reader}"
    tests = ", ".join(
        f"coalesce(bool_and(regexp_full_match(trim({identifier(name)}), {literal(style.pattern)}))"
        f" AND bool_or(regexp_matches({identifier(name)}, {literal(style.sure)})), false)"
        for name in names
        for style in fields.FIGURES
    )
    query = f"SELECT {tests} FROM (FROM {reader} LIMIT 100000)"  # noqa: S608 - quoted above
    row = connection.execute(query).fetchone() or ()
    replaced = []
    for place, name in enumerate(names):
        hits = row[place * len(fields.FIGURES) : (place + 1) * len(fields.FIGURES)]
        for style in itertools.islice(itertools.compress(fields.FIGURES, hits), 1):
            column = identifier(name)
            replaced.append(f"{style.expression.format(column=column)} AS {column}")
    star = f"SELECT * REPLACE ({', '.join(replaced)})" if replaced else "SELECT *"
    return f"{star} FROM {reader}"


def unreadable(path: str, message: str) -> BadInput:
    """Why a file can't be read as a table, from what DuckDB says of it."""
    line = re.search(r"CSV Error on Line: (\d+)", message)
    width = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    facts = {"detail": message, "path": path, "line": line[1] if line else ""}
    if line and width:
        return BadInput(
            "{path} can't be read as a table: line {line} has {found} columns instead of "
            "{expected}. Fix that line and try again.",
            found=width[2],
            expected=width[1],
            **facts,
        )
    if line:
        return BadInput(
            "{path} can't be read as a table. Look at line {line}, fix it and try again.", **facts
        )
    if "json" in message.casefold():
        return BadInput("{path} isn't valid JSON. Fix it and try again.", **facts)
    return BadInput(
        "{path} can't be read as a table. Check that its rows have the same columns.", **facts
    )
