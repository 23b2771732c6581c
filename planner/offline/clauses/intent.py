"""What a clause orders, told from its verb, its objects and what was planned before it."""

from collections.abc import Callable, Sequence

from memory.model.work.value import FileInfo
from planner.lexicon.tokens import Clause, Kind, lows, texts_of
from planner.lexicon.verbs import (
    DELEGATE,
    LEAD,
    MAKE,
    REPORT_NOUNS,
    SUMMARY_NOUNS,
    VERBS,
    Act,
)
from planner.lexicon.words import NUMBERS, word_set
from planner.offline.clauses.files import LINKS, data_paths
from planner.offline.clauses.workers import is_human_named
from planner.offline.sketch import Sketch
from planner.questions.words.terms import Vocabulary
from planner.tools import CHART_NOUNS

TEXT_FILES = (".txt", ".md", ".markdown")
PRONOUNS = word_set("it them that this result results table numbers")
_OF_SUMMARIES = (
    PRONOUNS | SUMMARY_NOUNS | {word for word, act in VERBS.items() if act is Act.SUMMARISE}
    | word_set("a an the of to in into about for sentence sentences line lines bullet bullets point points "
               "page text file document article brief briefly short shortly sum up write create make give me")
)  # fmt: skip
_OF_REPORTS = (
    PRONOUNS | REPORT_NOUNS | CHART_NOUNS | MAKE | LEAD | word_set("a an the of with short brief")
)
"""Words of a report that only puts together what there is."""
_SHOW = word_set("give show")


def act_of(sketch: Sketch, clause: Clause) -> Act:
    """The order in the clause; UNKNOWN where there is none."""
    first, low = clause[0], clause[0].low
    if first.kind is Kind.MENTION or (low in DELEGATE and is_human_named(sketch, clause)):
        return Act.ASK
    if any(token.kind is Kind.AGENT for token in clause):
        return Act.MODEL
    if low in {"from", "in", "with", "of"} and _only_files(clause):
        return Act.LOAD
    act = VERBS.get(low) or VERBS.get(low.removesuffix("s"), Act.UNKNOWN)
    if act in _NOT_OF_DATA and (_begins_data(sketch, clause) or _is_counted(clause)):
        return Act.QUERY
    if low in MAKE:
        act = _made(sketch, clause, Act.UNKNOWN if low in _SHOW else Act.MODEL)
    else:
        narrowed = _NARROWED.get(act)
        act = narrowed(sketch, clause, act) if narrowed else act
    if low in _STANDING and sketch.steps and sketch.steps[-1].instruction:
        return Act.MODIFY  # it says how the text before is to be
    return Act.MODEL if _needs_model(sketch, clause, act) else act


_NOT_OF_DATA = frozenset({Act.LOAD, Act.FORBIDDEN, Act.SAVE, Act.PUBLISH, Act.CONVERT, Act.FETCH})


def _begins_data(sketch: Sketch, clause: Clause) -> bool:
    """ "open tickets per agent", "books never lent": a value of a column before the rows it is of, or
    the rows themselves, rather than an order.
    """
    known = _vocabularies(sketch)
    low, after = clause[0].low, clause[1:2]
    if not after or after[0].kind is not Kind.WORD:
        return False
    if low.endswith("s"):
        return any(vocabulary.noun(low) is not None for vocabulary in known)
    if after[0].low in _ARTICLES:
        return False
    valued = [vocabulary for vocabulary in known if vocabulary.value(low) is not None]
    return any(v.noun(after[0].text) or v.column(after[0].text) for v in valued)


def _is_counted(clause: Clause) -> bool:
    """ "installs per quarter", "drops in May": what happened, rather than an order."""
    after = next(iter(clause[1:2]), None)
    plural = clause[0].low not in VERBS and clause[0].low.endswith("s")
    return plural and after is not None and after.low in _PER


_PER = word_set("per by of in during since before after over under without where on")
_STANDING = word_set("keep leave max maximum min minimum not no without only limit")
_PAGES = word_set("html web webpage pdf word format")
_ARTICLES = word_set("the a an my our this that these those all it them file files")


def _needs_model(sketch: Sketch, clause: Clause, act: Act) -> bool:
    """Whether a model does better than the built-in tool: a report without any numbers, a
    comparison of things that are in no file, a summary of which more is said.
    """
    if not sketch.has_model("general"):
        return False
    if act is Act.CONVERT:
        return not lows(clause) & _PAGES and len(texts_of(clause, Kind.PATH)) < 2
    if act is Act.SUMMARISE:
        said = {token.low for token in clause if token.kind is Kind.WORD}
        return bool(said - _OF_SUMMARIES - LEAD - set(NUMBERS))
    if act not in {Act.REPORT, Act.QUERY}:
        return False
    if act is Act.REPORT and not lows(clause) - _OF_REPORTS:
        return False
    numbers = sketch.query or sketch.newest("table", "chart") or sketch.file or sketch.document
    put_together = sketch.newest("text", "page") and texts_of(clause, Kind.PATH)
    return not (numbers or put_together or data_paths(clause) or has_columns(sketch, clause))


def has_columns(sketch: Sketch, clause: Clause) -> bool:
    """Whether a word of the clause names a column of the files it may be about."""
    paths = texts_of(clause, Kind.PATH)
    files = [file for file in sketch.request.readable if file.path in paths]
    names = [t.low for t in clause if t.kind is Kind.WORD and len(t.low) > 2]
    return any(
        vocabulary.sure(name) for vocabulary in _vocabularies(sketch, files) for name in names
    )


def _vocabularies(sketch: Sketch, files: Sequence[FileInfo] = ()) -> list[Vocabulary]:
    """The words of these files, of the one in use, or of all."""
    meant = files or ([sketch.file] if sketch.file else sketch.request.readable)
    return [Vocabulary([file]) for file in meant if file.columns]


def place_of(clause: Clause, nouns: frozenset[str]) -> int | None:
    """Where the first of these nouns is."""
    return next((place for place, token in enumerate(clause) if token.low in nouns), None)


def _only_files(clause: Clause) -> bool:
    """ "From a.csv and b.csv, …": which files it is about, before what is asked of them."""
    rest = tuple(token for token in clause if token not in data_paths(clause))
    return len(rest) < len(clause) and lows(rest) <= LINKS


def _made(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "create a chart", "write a report to x.md", "write it to x.txt", "a bar chart of …"."""
    words = lows(clause)
    thing = _thing(sketch, clause)
    if thing is not None:
        return thing
    if _written_down(sketch, clause):
        return Act.REPORT
    if clause[0].low in _SHOW:
        return _queried(sketch, clause, Act.QUERY)
    if act is Act.MODEL and texts_of(clause, Kind.PATH) and words & PRONOUNS and _planned(sketch):
        return Act.SAVE
    asks = act is Act.UNKNOWN or words & {"table", "list"}
    return Act.QUERY if asks and has_columns(sketch, clause) else act


def _planned(sketch: Sketch) -> bool:
    """Whether there is something that "it" can mean."""
    return bool(sketch.steps or sketch.query)


def _written_down(sketch: Sketch, clause: Clause) -> bool:
    """ "total … and write reports/q3.md": a document named alone is the report of what was found."""
    rest = clause[1:]
    document = len(rest) == 1 and rest[0].kind is Kind.PATH and rest[0].low.endswith(TEXT_FILES)
    return document and bool(sketch.query or sketch.newest("table", "chart"))


def _thing(sketch: Sketch, clause: Clause) -> Act | None:
    """The order in "make a chart", "a summary of …": it is in the noun."""
    kept = tuple(token for token in clause if not _names_rows(sketch, token.low))
    chart, report = place_of(kept, CHART_NOUNS), place_of(kept, REPORT_NOUNS)
    if report is not None and (chart is None or report < chart):
        return Act.REPORT
    if chart is not None:
        return Act.CHART
    if lows(clause) & SUMMARY_NOUNS and not has_columns(sketch, clause):
        return Act.SUMMARISE
    return None


def _names_rows(sketch: Sketch, word: str) -> bool:
    """ "how many plots", where a file has plots: nothing is drawn."""
    drawn = word in CHART_NOUNS or word in REPORT_NOUNS
    return drawn and any(vocabulary.noun(word) for vocabulary in _vocabularies(sketch))


def _loaded(_: Sketch, clause: Clause, act: Act) -> Act:
    """ "open https://…" fetches, "use a pie chart" draws."""
    if texts_of(clause, Kind.URL):
        return Act.FETCH
    return Act.CHART if lows(clause) & CHART_NOUNS else act


def _queried(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "show the chart", "sum up the page", "show notes.md", "get https://…"."""
    sums_up = tuple(token.low for token in clause[:2]) == ("sum", "up")
    if sums_up and not texts_of(clause, Kind.URL) and not has_columns(sketch, clause):
        return Act.SUMMARISE
    drawn_or_fetched = _loaded(sketch, clause, act)
    if drawn_or_fetched is not act:
        return drawn_or_fetched
    paths = texts_of(clause, Kind.PATH)
    return Act.LOAD if any(path.lower().endswith(TEXT_FILES) for path in paths) else act


def _saved(sketch: Sketch, clause: Clause, act: Act) -> Act:
    """ "export notes.md to pdf" converts, where nothing was worked out to be saved."""
    worked_out = sketch.newest("table", "chart", "report") or sketch.query
    return Act.CONVERT if lows(clause) & {"pdf", "html"} and not worked_out else act


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
"""What an act may turn out to be by the words around its verb."""
