"""The readings of questions that people wrote, and which of them give the right rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb

from executor.data import file_shapes
from executor.data.trials import tried
from executor.egress.files import ProjectFiles
from memory.model.work.value import FileInfo, Ran, Table, Trial
from planner.questions.asking import Questions
from planner.questions.context import Context
from planner.questions.read import read
from planner.questions.search.offering import as_candidate
from planner.questions.search.ranking import Ranked, ranked
from planner.questions.sql.select import render
from tests.acceptance.numbers import Row, database_of, gives_any

TODAY = date(2026, 11, 27)
ROWS = 300


@dataclass(frozen=True)
class Case:
    """A question. `writer` wrote it; `right` says of each reading whether its rows are the wanted ones."""

    writer: str
    text: str
    answerable: bool
    features: tuple[Mapping[str, float], ...]
    right: tuple[bool, ...]
    ran: tuple[Ran | None, ...]
    kin: tuple[str, ...]


def cases(folder: Path, most: int) -> Iterator[Case]:
    """The questions of a set: `q.jsonl` beside the folder `files`."""
    database = database_of(folder / "files")
    files = ProjectFiles(folder / "files")
    shapes = tuple(
        s for path in file_shapes.listing(files) for s in file_shapes.described(files, path)
    )
    for line in (folder / "q.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        gold = [database.execute(sql).fetchall() for sql in asked.get("sql", ())]
        readings = _readings(asked["text"], shapes, most, partial(tried, files))
        yield Case(
            folder.parent.name, asked["text"], bool(gold), tuple(r.features for r in readings),
            tuple(_is_right(database, r, gold) for r in readings), tuple(r.ran for r in readings),
            tuple(r.kin for r in readings),
        )  # fmt: skip


def _readings(words: str, files: Sequence[FileInfo], most: int, trial: Trial) -> tuple[Ranked, ...]:
    questions = Questions({})
    context = Context(every=tuple(files), today=TODAY, questions=questions, trial=trial)
    asked = read(words, context)
    composed = as_candidate(words, asked, len(questions.gaps), context)
    return ranked(words, context, composed, most)


def _is_right(
    database: duckdb.DuckDBPyConnection, reading: Ranked, gold: Sequence[Sequence[Row]]
) -> bool:
    try:
        result = database.execute(render(reading.spec))
    except duckdb.Error:
        return False
    columns = tuple(column[0] for column in result.description or ())
    rows = result.fetchall()
    plain = (
        tuple(c if isinstance(c, int | float | str | bool | None) else str(c) for c in row)
        for row in rows[:ROWS]
    )
    table = Table(columns=columns, rows=tuple(plain), total_rows=len(rows))
    return gives_any(gold, [table])
