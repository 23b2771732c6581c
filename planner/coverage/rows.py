"""Words of a question to data that its SQL knows nothing of: values, extremes and exclusions. Pure."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from memory.model.base import name_key
from memory.model.work.graph import Task, TaskGraph, constants
from memory.model.work.value import FileInfo
from planner.coverage.evidence import Evidence
from planner.port import PlanRequest
from planner.tools import QUERY, SOURCES, SQL

_EXTREME: Final = re.compile(
    r"\b(?<!at )(?:most|least|fewest|best|worst|highest|lowest|biggest|largest|smallest|top|bottom|first|last|"
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
    if not any(_PICKS.search(_sql(task)) for task in queries):
        yield from _extremes(words, files)


def _extremes(words: str, files: list[FileInfo]) -> Iterator[str]:
    """The first extreme that is said, and is no name."""
    names = {word for file in files for word in _names(file)}
    said = (found[0] for found in _EXTREME.finditer(words))
    yield from [word for word in said if name_key(word) not in names][:1]


def asking(graph: TaskGraph) -> Iterator[Task]:
    """The tasks that ask something of data: for the chat or for a file."""
    return (task for task in graph.tasks if task.type in _ASKING)


def excludes(graph: TaskGraph) -> bool:
    """Whether a query leaves something out: NOT IN, <>, IS NULL, an anti-join."""
    return any(_EXCLUDES.search(_sql(task)) for task in asking(graph))


def _values(words: str, files: list[FileInfo], evidence: Evidence) -> Iterator[str]:
    for value in sorted(_telling(files)):
        said = re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", words, re.IGNORECASE)
        if said and not evidence.has(value):
            yield said[0]


def _telling(files: list[FileInfo]) -> set[str]:
    """The values that are long enough to be meant, and are no names besides."""
    names = {word for file in files for word in _names(file)}
    known = {value for file in files for value in _contents(file)}
    long = (v for v in known if len(v) >= LEAST_CHARS and not v.isdigit())
    return {value for value in long if name_key(value) not in names}


def _contents(file: FileInfo) -> Iterator[str]:
    return chain.from_iterable(column.values for column in file.columns)


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
