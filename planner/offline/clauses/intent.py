"""What a clause orders, told from its verb, its objects and what was planned before it."""

from collections.abc import Callable

from planner.offline.clauses.joins import LINKS, data_paths
from planner.offline.clauses.workers import is_human_named
from planner.offline.data.columns import find_column
from planner.offline.grammar.lexer import Clause, Kind
from planner.offline.grammar.verbs import (
    CHART_NOUNS,
    DELEGATE,
    MAKE,
    REPORT_NOUNS,
    SUMMARY_NOUNS,
    VERBS,
    Act,
    is_worker,
)
from planner.offline.sketch import Sketch

TEXT_FILES = (".txt", ".md", ".markdown")
PRONOUNS = frozenset({"it", "them", "that", "this", "result", "results", "table", "numbers"})


def act_of(sketch: Sketch, clause: Clause) -> Act:
    """The order in the clause; UNKNOWN where there is none."""
    first = clause[0]
    if first.kind is Kind.MENTION or (first.low in DELEGATE and is_human_named(sketch, clause)):
        return Act.ASK
    if any(is_worker(token, sketch.request.catalogue) for token in clause):
        return Act.MODEL
    if first.low in {"from", "in", "with", "of"} and _only_files(clause):
        return Act.LOAD
    act = VERBS.get(first.low, VERBS.get(first.low.removesuffix("s"), Act.UNKNOWN))
    if first.low in MAKE:
        act = Act.UNKNOWN if first.low in {"give", "show"} else Act.MODEL
        return _made(sketch, clause, act)
    narrowed = _NARROWED.get(act)
    return narrowed(sketch, clause, act) if narrowed else act


def _only_files(clause: Clause) -> bool:
    """ "From a.csv and b.csv, …": which files it is about, before what is asked of them."""
    rest = [token for token in clause if token not in data_paths(clause)]
    return len(rest) < len(clause) and all(token.low in LINKS for token in rest)


def has_columns(sketch: Sketch, clause: Clause) -> bool:
    """Whether a word of the clause names a column of the files it may be about."""
    files = [sketch.file] if sketch.file else list(sketch.request.readable)
    named = [t.text for t in clause if t.kind is Kind.PATH]
    files = [one for one in sketch.request.readable if one.path in named] or files
    words = [t.low for t in clause if t.kind is Kind.WORD and len(t.low) > 2]
    return any(
        (match := find_column(word, one.columns)) is not None and match.sure
        for one in files
        if one.columns
        for word in words
    )


def place_of(clause: Clause, nouns: frozenset[str]) -> int | None:
    """Where the first of these nouns is."""
    return next((n for n, token in enumerate(clause) if token.low in nouns), None)


def _made(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "create a chart", "write a report to x.md", "write it to x.txt", "a bar chart of …"."""
    words = {token.low for token in clause}
    thing = _thing(sketch, clause)
    if thing is not None:
        return thing
    if _written_down(sketch, clause):
        return Act.REPORT
    target = any(token.kind is Kind.PATH for token in clause)
    if act is Act.MODEL and target and words & PRONOUNS and (sketch.steps or sketch.query):
        return Act.SAVE
    if clause[0].low in {"give", "show"}:
        return _queried(sketch, clause, Act.QUERY)
    columns = has_columns(sketch, clause)
    return Act.QUERY if columns and (act is Act.UNKNOWN or words & {"table", "list"}) else act


def _written_down(sketch: Sketch, clause: Clause) -> bool:
    """ "total … and write reports/q3.md": a document named alone is the report of what was found."""
    rest = clause[1:]
    alone = len(rest) == 1 and rest[0].kind is Kind.PATH
    found = sketch.query is not None or sketch.newest("table", "chart") is not None
    return alone and found and rest[0].text.lower().endswith(TEXT_FILES)


def _thing(sketch: Sketch, clause: Clause) -> Act | None:
    """The order in "make a chart", "a summary of …": it is in the noun."""
    chart, report = place_of(clause, CHART_NOUNS), place_of(clause, REPORT_NOUNS)
    if report is not None and (chart is None or report < chart):
        return Act.REPORT
    if chart is not None:
        return Act.CHART
    if place_of(clause, SUMMARY_NOUNS) is not None and not has_columns(sketch, clause):
        return Act.SUMMARISE
    return None


def _loaded(_: Sketch, clause: Clause, act: Act) -> Act:
    """ "open https://…" fetches, "use a pie chart" draws."""
    if any(token.kind is Kind.URL for token in clause):
        return Act.FETCH
    return Act.CHART if place_of(clause, CHART_NOUNS) is not None else act


def _queried(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "show the chart", "sum up the page", "show notes.md", "get https://…"."""
    if any(token.kind is Kind.URL for token in clause):
        return Act.FETCH
    if tuple(token.low for token in clause[:2]) == ("sum", "up") and not has_columns(
        sketch, clause
    ):
        return Act.SUMMARISE
    if place_of(clause, CHART_NOUNS) is not None:
        return Act.CHART
    paths = [token.text.lower() for token in clause if token.kind is Kind.PATH]
    return Act.LOAD if any(path.endswith(TEXT_FILES) for path in paths) else act


def _saved(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "export notes.md to pdf" converts, where nothing was worked out to be saved."""
    documents = {token.low for token in clause} & {"pdf", "html"}
    worked_out = sketch.newest("table", "chart", "report") or sketch.query
    return Act.CONVERT if documents and not worked_out else act


def _worked(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "analyse revenue by region" is a query where no model can do better."""
    if clause[0].low not in {"analyse", "analyze"} or sketch.has_model("analyse"):
        return act
    return Act.QUERY if has_columns(sketch, clause) else act


_NARROWED: dict[Act, Callable[[Sketch, Clause, Act], Act]] = {
    Act.UNKNOWN: _made,
    Act.LOAD: _loaded,
    Act.QUERY: _queried,
    Act.SAVE: _saved,
    Act.MODEL: _worked,
}
