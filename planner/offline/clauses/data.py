"""Clauses about data: load, query, chart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from planner.offline.clauses.joins import FILE, data_paths, find_same, parted
from planner.offline.clauses.sources import COMPARED, by_file, only_named, take, taken
from planner.offline.data.chart_words import CHART_KINDS, kinds_in
from planner.offline.data.query import Query
from planner.offline.data.questions import read_query
from planner.offline.data.reading import Reading
from planner.offline.grammar.lexer import Clause, Kind, Token
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.verbs import CHART_NOUNS
from planner.offline.sketch import ROWS_SHOWN, Sketch, Step

_CHART_WORDS = CHART_NOUNS | set(CHART_KINDS) | {
    "draw", "visualise", "visualize", "it", "that", "them", "this", "result", "results", "as", "a",
    "an", "the", "make", "create", "generate", "of", "with", "in", "for", "show", "plotted", "and",
    "produce", "build", "include", "please", "me", "these", "those", "table", "numbers", "to",
    "using", "use", "type", "style", "from", "data", "put", "into", "give", "add", "on", "together",
    "called", "named", "both", "each", "all", "titled", "save", "saved", "then",
}  # fmt: skip
PICTURES = (".png", ".svg")
"""What names a picture; only the first is drawn, and the compiler says so of the other."""


def load(sketch: Sketch, clause: Clause) -> None:
    """Take files into use; nothing is done until something is asked of them."""
    paths = [token.text for token in clause if token.kind is Kind.PATH]
    if not paths:
        sketch.file = None
        sketch.file = sketch.data_file(_text(clause))
        return
    for path in paths:
        take(sketch, path)
    several = tuple(sketch.known_file(token.text) for token in data_paths(clause))
    sketch.loaded = several if len(several) > 1 else ()
    rest = tuple(token for token in clause[1:] if token.kind is not Kind.PATH)
    words = [t for t in rest if t.low not in {"the", "file", "data", "from", "in", "and", "all",
                                              "rows", "it", "table", "please", "a", "into",
                                              "memory", "me"}]  # fmt: skip
    if words:
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
    file = sketch.data_file(_text(clause))
    if re.search(r"\btop (?!\d)", reworded_top := _text(clause)) and " by " in reworded_top:
        sketch.assume("“Top” without a number means the first 10.")
    if not file.columns:
        raise CannotPlan(f"{file.path} has no columns I could query.")
    reading = Reading(file, sketch.answers, sketch.request.now.date())
    before = sketch.query
    asked = read_query(_text(rest), reading, before)
    if any(token.low in COMPARED for token in clause) and find_same(FILE, file.columns):
        asked = by_file(asked, file)
    sketch.gaps += reading.gaps
    if reading.unread:
        names = ", ".join(column.name for column in file.columns[:12])
        sketch.unread.append(f"“{'; '.join(reading.unread)}” ({file.path} has {names})")
    sketch.query = _merged(sketch, before, asked)


def join(sketch: Sketch, clause: Clause) -> None:
    """Take the joined rows into use, and ask of them what the rest of the clause asks."""
    rest = taken(sketch, clause)
    file = sketch.data_file("")
    if any(token.kind is Kind.WORD for token in rest):
        _query(sketch, rest)
    else:
        sketch.query = Query(source=file.path)


def chart(sketch: Sketch, clause: Clause) -> None:
    """Draw the newest table, or the one the clause itself asks for."""
    sketch.tool("data.chart")
    pictures = [t for t in clause if t.kind is Kind.PATH and t.text.lower().endswith(PICTURES)]
    titles = [t.text for t in clause if t.kind is Kind.QUOTED]
    rest = tuple(t for t in clause if t not in pictures and t.kind is not Kind.QUOTED)
    kinds = kinds_in([t.low for t in rest]) or ("auto",)
    if any(t.low not in _CHART_WORDS for t in rest if t.kind is not Kind.MARK):
        asked = tuple(t for t in rest if t.low not in CHART_NOUNS | set(CHART_KINDS))
        query(sketch, asked)
    if sketch.query is None and sketch.newest("table") is None:
        sketch.query = Query(source=sketch.data_file(_text(rest)).path)
    if sketch.query is not None:
        sketch.settle()
    if {t.low for t in rest} & {"both", "each", "them", "all"}:
        for earlier in [step for step in sketch.steps if step.kind == "table"][:-1]:
            _draw_each(sketch, earlier, kinds, (), "")
    table = sketch.newest("table")
    if table is None:
        raise CannotPlan(
            "There is no table to chart; say which numbers, for example “total revenue by region”."
        )
    _draw_each(sketch, table, kinds, [t.text for t in pictures], titles[0] if titles else "")


def _draw_each(
    sketch: Sketch, table: Step, kinds: Sequence[str], paths: Sequence[str], title: str
) -> None:
    """A chart of each kind."""
    for kind, path in zip_longest(kinds, paths[: len(kinds)], fillvalue=""):
        step = draw(sketch, table, kind=kind, path=path, title=title)
        if len(kinds) > 1:
            step.title = f"{step.title} ({kind})"


def draw(sketch: Sketch, table: Step, *, kind: str, path: str, title: str) -> Step:
    """Add the chart of a table."""
    shown = title or (table.query.title().capitalize() if table.query else table.title)
    step = sketch.add("data.chart", f"Chart {shown[0].lower()}{shown[1:]}", "chart", key="chart")
    step.feed("table", table.key)
    step.give("kind", kind)
    if table.query is not None and table.query.groups and table.query.measures:
        step.give("x", table.query.groups[0].name)
        step.give("y", table.query.measures[0].name)
    step.give("title", shown)
    if path:
        step.give("path", path)
    return step


def show_all(sketch: Sketch) -> None:
    """Files that were loaded and not asked anything: show their first rows."""
    if sketch.file is None:
        return
    for one in sketch.loaded or (sketch.file,):
        sketch.settle()
        sketch.query = Query(source=one.path, limit=20)
        sketch.assume(f"The first 20 rows of {one.path} are shown.")


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
        f"At most {ROWS_SHOWN} rows are shown; say “all rows” with a number to have more."
    )
    return replace(asked, limit=ROWS_SHOWN)


def _merged(sketch: Sketch, before: Query | None, asked: Query) -> Query:
    if before is None or before.source != asked.source:
        earlier = sketch.newest("table")
        goes_on = not asked.measures and not asked.columns and not asked.groups
        says_something = asked != Query(source=asked.source)
        old = earlier.query if before is None and earlier is not None else None
        if old is not None and goes_on and says_something and old.source == asked.source:
            return old.refined(asked)
        return asked
    if not asked.measures:
        return before.refined(asked)
    if not before.measures:
        return replace(asked.refined(Query(source=asked.source, filters=before.filters,
                                           words=before.words)))  # fmt: skip
    sketch.settle()
    return asked


def _text(clause: Clause) -> str:
    parts = [f"“{t.text}”" if t.kind is Kind.QUOTED else _low(t) for t in clause]
    return re.sub(r"\s+", " ", " ".join(parts).replace("’", "'"))


def _low(token: Token) -> str:
    return token.low
