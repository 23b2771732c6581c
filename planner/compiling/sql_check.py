"""Whether a SELECT fits the columns of the files it names: asked of an empty DuckDB.

Nothing of a user's is read: the tables are made from the schema alone, and have no rows.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from memory.model.base import TaskKey, name_key
from memory.model.work.graph import Const, FromTask, Item, Task, TaskGraph
from memory.model.work.value import FileInfo


def sql_problems(graph: TaskGraph, files: tuple[FileInfo, ...]) -> tuple[str, ...]:
    """What is wrong with each query of the graph, a sentence each."""
    by_path = {one.path: one for one in files}
    columns: dict[TaskKey, tuple[str, ...]] = {}
    problems = []
    for task in graph.tasks:
        if task.type == "data.query":
            problem, columns[task.key] = _looked_at(task, by_path)
            problems += [f"Task {task.key}: {problem}"] if problem else []
    return (*problems, *(one for task in graph.tasks for one in _unknown_fields(task, columns)))


def _unknown_fields(task: Task, columns: Mapping[TaskKey, tuple[str, ...]]) -> Iterator[str]:
    """Conditions and items that name a column which the query does not give."""
    for one in task.when:
        known = columns.get(one.task, ())
        names = {name_key(name) for name in known} | {"rows", "total_rows"}
        if known and one.path and name_key(one.path) not in names:
            yield (
                f"Task {task.key}: its condition looks at {one.path}, but {one.task} gives "
                f"{', '.join(known)}."
            )
    over = columns.get(task.each.task, ()) if isinstance(task.each, FromTask) else ()
    for field in dict.fromkeys(one.field for one in task.singles() if isinstance(one, Item)):
        if over and field and (field not in over or len(over) == 1):
            yield f"Task {task.key}: the items of its list have no {field}; one column is the item."


def _looked_at(task: Task, files: dict[str, FileInfo]) -> tuple[str, tuple[str, ...]]:
    """What is wrong with the query, and the columns it gives; () where nobody can tell yet."""
    import duckdb  # noqa: PLC0415 - 0.1 s that only a model's SQL should cost

    sql, sources = task.inputs.get("sql"), task.inputs.get("sources")
    if not isinstance(sql, Const) or not isinstance(sources, Const):
        return "", ()
    paths = sources.value if isinstance(sources.value, list) else [sources.value]
    named = [files[path] for path in paths if isinstance(path, str) and path in files]
    if len(named) != len(paths) or not all(one.columns for one in named):
        return "", ()  # A file that an earlier task writes has no schema yet.
    with duckdb.connect(config={"enable_external_access": "false", "threads": "1"}) as connection:
        for statement in _tables(named):
            connection.execute(statement)
        try:
            statements = connection.extract_statements(str(sql.value))
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                return "sql has to be exactly one SELECT.", ()
            given = connection.execute(f"DESCRIBE {statements[0].query}").fetchall()
        except duckdb.Error as error:
            return re.sub(r"\s+", " ", str(error).split("LINE ")[0])[:300].strip(), ()
    return "", tuple(row[0] for row in given)


def _tables(files: list[FileInfo]) -> Iterator[str]:
    for one in files:
        columns = ", ".join(f"{_quoted(column.name)} {column.type}" for column in one.columns)
        stem, name = PurePosixPath(one.path).stem, PurePosixPath(one.path).name
        yield f"CREATE TABLE {_quoted(stem)} ({columns})"
        for other in dict.fromkeys((name, one.path)):
            yield f"CREATE VIEW {_quoted(other)} AS FROM {_quoted(stem)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
