"""Words of a question to data that its SQL knows nothing of: values, extremes and exclusions. Pure."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from memory.model.base import name_key
from memory.model.work.graph import Task, TaskGraph, constants
from memory.model.work.value import FileInfo
from planner.coverage.evidence import Evidence
from planner.port import PlanRequest
from planner.tools import QUERY, SOURCES, SQL

_EXTREME: Final = re.compile(
    r"\b(?:most|least|fewest|best|worst|highest|lowest|biggest|largest|smallest|top|bottom|first|last|"
    r"earliest|latest|oldest|newest|longest|shortest|cheapest|youngest)\b(?! (?:month|week|year|quarter|day|"
    r"\d+ (?:month|week|year|quarter|day)s?|name|of all|first)\b)(?<!est first)(?<!most first)",
    re.IGNORECASE,
)
_PICKS: Final = re.compile(
    r"\blimit\b|\bmin\(|\bmax\(|arg_m|\brank\b|row_number|qualify", re.IGNORECASE
)
_EXCLUDES: Final = re.compile(
    r"\bnot (?:in|exists|like|ilike|coalesce)\b|\bnot \(|\bwhere not\b|\band not\b|<>|!=|"
    r"(?<!not )\bis null\b|\bexcept\b|\banti\b|= 0\b|\bfilter\b",
    re.IGNORECASE,
)
_ASKING: Final = frozenset({QUERY.name, "data.export"})
LEAST_CHARS: Final = 3


def unread_of_data(
    words: str, graph: TaskGraph, request: PlanRequest, evidence: Evidence
) -> Iterator[str]:
    """Values of the files that the words name and no query has, and extremes that none picks."""
    queries = list(asking(graph))
    if not queries:
        return
    files = [file for task in queries for file in _files(task, request)]
    yield from _values(words, files, evidence)
    names = {word for file in files for word in _names(file)}
    extremes = (found for found in _EXTREME.finditer(words) if name_key(found[0]) not in names)
    extreme = next(extremes, None)
    if extreme and not any(_PICKS.search(_sql(task)) for task in queries):
        yield extreme[0]


def asking(graph: TaskGraph) -> Iterator[Task]:
    """The tasks that ask something of data: for the chat or for a file."""
    return (task for task in graph.tasks if task.type in _ASKING)


def excludes(graph: TaskGraph) -> bool:
    """Whether a query leaves something out: NOT IN, <>, IS NULL, an anti-join."""
    return any(_EXCLUDES.search(_sql(task)) for task in asking(graph))


def _values(words: str, files: list[FileInfo], evidence: Evidence) -> Iterator[str]:
    names = {word for file in files for word in _names(file)}
    known = {value for file in files for column in file.columns for value in column.values}
    for value in sorted(known):
        if len(value) < LEAST_CHARS or value.isdigit() or name_key(value) in names:
            continue
        said = re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", words, re.IGNORECASE)
        if said and not evidence.has(value):
            yield said[0]


def _names(file: FileInfo) -> Iterator[str]:
    """Words that name columns or the file, and may be values besides."""
    for name in (PurePosixPath(file.path).stem, *(column.name for column in file.columns)):
        key = name_key(name)
        yield from (key, key.removesuffix("s"), *re.split(r"[\W_]+", key))


def _files(task: Task, request: PlanRequest) -> list[FileInfo]:
    given = task.inputs.get(SOURCES)
    paths = constants(given) if given is not None else []
    return [file for file in request.readable if file.path in paths]


def _sql(task: Task) -> str:
    given = task.inputs.get(SQL)
    return " ".join(constants(given)) if given is not None else ""
