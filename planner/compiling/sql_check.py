"""Whether a SELECT fits the columns of the files it names: asked of an empty DuckDB.

Nothing of a user's is read: the tables are made from the schema alone, and have no rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from memory.model.base import TaskKey, name_key
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.graph import Const, FromTask, Item, Task, TaskGraph
from memory.model.work.value import FileInfo
from planner.names import quoted
from planner.tools import QUERY, SOURCES, SQL


def sql_problems(graph: TaskGraph, files: tuple[FileInfo, ...]) -> tuple[str, ...]:
    """What is wrong with each query of the graph, a sentence each."""
    by_path = {file.path: file for file in files}
    columns: dict[TaskKey, tuple[str, ...]] = {}
    problems: list[str] = []
    for task in graph.tasks:
        tables = _read_by(task, by_path) if task.type == QUERY.name else None
        sql = task.inputs.get(SQL)
        if tables is not None and isinstance(sql, Const):
            try:
                columns[task.key] = _columns_given(str(sql.value), tables)
            except BadInput as error:
                problems.append(text("Task {task}: {problem}", task=task.key, problem=error))
    for task in graph.tasks:
        problems += (*_wrong_conditions(task, columns), *_wrong_items(task, columns))
    return tuple(problems)


def _wrong_conditions(task: Task, columns: Mapping[TaskKey, Sequence[str]]) -> Iterator[str]:
    """Conditions on a column which the query does not give."""
    for condition in task.when:
        known = columns.get(condition.task, ())
        names = {name_key(name) for name in (*known, "rows", "total_rows")}
        if known and condition.path and name_key(condition.path) not in names:
            yield text(
                "Task {task}: its condition looks at {column}, but {source} gives {columns}.",
                task=task.key,
                column=condition.path,
                source=condition.task,
                columns=", ".join(known),
            )


def _wrong_items(task: Task, columns: Mapping[TaskKey, Sequence[str]]) -> Iterator[str]:
    """Items whose field is a column which the query does not give."""
    known = columns.get(task.each.task, ()) if isinstance(task.each, FromTask) else ()
    fields = dict.fromkeys(item.field for item in task.singles() if isinstance(item, Item))
    for field in fields if known else ():
        if field and (field not in known or len(known) == 1):
            yield text(
                "Task {task}: the items of its list have no {field}; one column is the item.",
                task=task.key,
                field=field,
            )


def _read_by(task: Task, files: Mapping[str, FileInfo]) -> Sequence[FileInfo] | None:
    """The files the query reads; None where one has no schema yet, as an earlier task writes it."""
    sources = task.inputs.get(SOURCES)
    if not isinstance(sources, Const):
        return None
    paths = sources.value if isinstance(sources.value, list) else [sources.value]
    named = [files[path] for path in paths if isinstance(path, str) and path in files]
    return named if len(named) == len(paths) and all(file.columns for file in named) else None


def _columns_given(sql: str, tables: Sequence[FileInfo]) -> tuple[str, ...]:
    """The columns of the query's result. Raises BadInput."""
    import duckdb  # noqa: PLC0415 - 0.1 s that only a model's SQL should cost

    with duckdb.connect(config={"enable_external_access": "false", "threads": "1"}) as connection:
        for statement in _tables(tables):
            connection.execute(statement)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise BadInput("sql has to be exactly one SELECT.")
            described = connection.execute(f"DESCRIBE {statements[0].query}").fetchall()
        except duckdb.Error as error:
            reason = re.sub(r"\s+", " ", str(error).split("LINE ")[0])[:300].strip()
            raise BadInput("{reason}", reason=reason) from error
    return tuple(column[0] for column in described)


def _tables(files: Sequence[FileInfo]) -> Iterator[str]:
    for file in files:
        columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in file.columns)
        stem, name = PurePosixPath(file.path).stem, PurePosixPath(file.path).name
        yield f"CREATE TABLE {quoted(stem)} ({columns})"
        for other in dict.fromkeys((name, file.path)):
            yield f"CREATE VIEW {quoted(other)} AS FROM {quoted(stem)}"
