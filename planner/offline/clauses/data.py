"""Clauses about data: load, query, chart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from memory.model.text import text
from planner.offline.clauses.joins import FILE, data_paths, find_same, parted
from planner.offline.clauses.sources import COMPARED, by_file, only_named, take, taken
from planner.offline.data.query import Query
from planner.offline.data.questions import read_query
from planner.offline.data.reading import Reading
from planner.offline.grammar.lexer import Clause, Kind, lows, texts_of
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.words import word_set
from planner.offline.sketch import ROWS_SHOWN, Sketch, Step
from planner.tools import CHART, CHARTING, chart_kinds

_CHART_WORDS = CHARTING | word_set(
    "draw visualise visualize it that them this result results as a an the make create generate of",
    "with in for show plotted and produce build include please me these those table numbers to using",
    "use type style from data put into give add on together called named both each all titled save",
    "saved then",
)
_LOAD_WORDS = word_set("the file data from in and all rows it table please a into memory me")
PICTURES = (".png", ".svg")
"""What names a picture; only the first is drawn, and the compiler says so of the other."""


def load(sketch: Sketch, clause: Clause) -> None:
    """Take files into use; nothing is done until something is asked of them."""
    paths = texts_of(clause, Kind.PATH)
    if not paths:
        sketch.file = None
        sketch.file = sketch.data_file(_said(clause))
        return
    for path in paths:
        take(sketch, path)
    several = tuple(sketch.known_file(token.text) for token in data_paths(clause))
    sketch.loaded = several if len(several) > 1 else ()
    rest = tuple(token for token in clause[1:] if token.kind is not Kind.PATH)
    if not lows(rest) <= _LOAD_WORDS:
        query(sketch, rest)


def query(sketch: Sketch, clause: Clause) -> None:
    """Read the clause as a question to the data in use, or as several, each with its file."""
    if only_named(clause):
        load(sketch, data_paths(clause))
        show_all(sketch)
        return
    for part in parted(clause):
        _query(sketch, part)


def _query(sketch: Sketch, clause: Clause) -> None:
    rest = taken(sketch, clause)
    file = sketch.data_file(_said(clause))
    if re.search(r"\btop (?!\d).* by ", _said(clause)):
        sketch.assume(text("“Top” without a number means the first 10."))
    if not file.columns:
        raise CannotPlan("{path} has no columns to query.", path=file.path)
    reading = Reading(file, sketch.questions, sketch.request.now.date())
    before = sketch.query
    asked = read_query(_said(rest), reading, before)
    if lows(clause) & COMPARED and find_same(FILE, file.columns):
        asked = by_file(asked, file)
    if reading.unread:
        names = ", ".join(column.name for column in file.columns[:12])
        unread = "; ".join(reading.unread)
        sketch.unread.append(
            text("“{words}” ({path} has {names})", words=unread, path=file.path, names=names)
        )
    sketch.query = _merged(sketch, before, asked)


def join(sketch: Sketch, clause: Clause) -> None:
    """Take the joined rows into use, and ask of them what the rest of the clause asks."""
    rest = taken(sketch, clause)
    if texts_of(rest, Kind.WORD):
        _query(sketch, rest)
    else:
        sketch.query = Query(source=sketch.data_file("").path)


def chart(sketch: Sketch, clause: Clause) -> None:
    """Draw the newest table, or the one the clause itself asks for."""
    sketch.tool(CHART.name)
    paths = [path for path in texts_of(clause, Kind.PATH) if path.lower().endswith(PICTURES)]
    rest = tuple(t for t in clause if t.kind is not Kind.QUOTED and t.text not in paths)
    kinds = chart_kinds([token.low for token in rest]) or ("auto",)
    _ask_for_rows(sketch, rest)
    tables = sketch.all_of("table")
    if not tables:
        raise CannotPlan(
            "There's no table to chart. Say which numbers you want, for example “total revenue by "
            "region”."
        )
    several = lows(rest) & {"both", "each", "them", "all"}
    for earlier in tables[:-1] if several else ():
        _draw_each(sketch, earlier, kinds, (), "")
    title = " ".join(texts_of(clause, Kind.QUOTED)[:1])
    _draw_each(sketch, tables[-1], kinds, paths, title)


def _ask_for_rows(sketch: Sketch, clause: Clause) -> None:
    """Leave a table to be drawn: what the clause asks for, the newest, or all rows of the file."""
    asked = tuple(token for token in clause if token.kind is not Kind.MARK)
    if not lows(asked) <= _CHART_WORDS:
        query(sketch, tuple(token for token in clause if token.low not in CHARTING))
    if sketch.query is None and sketch.newest("table") is None:
        sketch.query = Query(source=sketch.data_file(_said(clause)).path)
    if sketch.query is not None:
        sketch.settle()


def _draw_each(
    sketch: Sketch, table: Step, kinds: Sequence[str], paths: Sequence[str], title: str
) -> None:
    """A chart of each kind."""
    for kind, path in zip_longest(kinds, paths[: len(kinds)], fillvalue=""):
        step = _draw(sketch, table, kind=kind, path=path, title=title)
        if len(kinds) > 1:
            step.title = f"{step.title} ({kind})"


def _draw(sketch: Sketch, table: Step, *, kind: str, path: str, title: str) -> Step:
    shown = title or (table.query.title().capitalize() if table.query else table.title)
    name = text("Chart {subject}", subject=f"{shown[0].lower()}{shown[1:]}")
    x = y = ""
    if table.query is not None and table.query.groups and table.query.measures:
        x, y = table.query.groups[0].name, table.query.measures[0].name
    return sketch.run_tool(CHART.name, name, "chart", key="chart", table=table, kind=kind, x=x,
                           y=y, title=shown, path=path)  # fmt: skip


def show_all(sketch: Sketch) -> None:
    """Files that were loaded and not asked anything: show their first rows."""
    for file in sketch.loaded or filter(None, (sketch.file,)):
        sketch.settle()
        sketch.query = Query(source=file.path, limit=20)
        sketch.assume(text("The first 20 rows of {path} are shown.", path=file.path))


def show_rows(sketch: Sketch) -> None:
    """The rows of the file in use, as many as can be passed on."""
    if sketch.file is not None and sketch.query is None:
        sketch.query = capped(sketch, Query(source=sketch.file.path))


def capped(sketch: Sketch, asked: Query) -> Query:
    """A list of rows without a limit, cut to what a chat can show."""
    rows = sketch.file.rows if sketch.file else None
    if asked.measures or asked.limit is not None or asked.distinct or (rows or 0) <= ROWS_SHOWN:
        return asked
    sketch.assume(
        text(
            "At most {most} rows are shown. Ask for a number of rows to see more.", most=ROWS_SHOWN
        )
    )
    return replace(asked, limit=ROWS_SHOWN)


def _merged(sketch: Sketch, before: Query | None, asked: Query) -> Query:
    """The question as it goes on from the one before it, or from the newest table."""
    if before is None:
        table = sketch.newest("table")
        earlier = table.query if table is not None else None
        goes_on = earlier is not None and earlier.source == asked.source and asked.narrows
        return earlier.refined(asked) if earlier is not None and goes_on else asked
    if before.source != asked.source:
        return asked
    if not asked.measures:
        return before.refined(asked)
    if not before.measures:
        return asked.refined(Query(asked.source, filters=before.filters, words=before.words))
    sketch.settle()
    return asked


def _said(clause: Clause) -> str:
    parts = [f"“{token.text}”" if token.kind is Kind.QUOTED else token.low for token in clause]
    return re.sub(r"\s+", " ", " ".join(parts).replace("’", "'"))
