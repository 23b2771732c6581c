"""Clauses about data: load, query, chart."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import zip_longest

from memory.model.text import text
from planner.draft import CannotPlan
from planner.lexicon.tokens import Clause, Kind, lows, say, texts_of
from planner.lexicon.words import word_set
from planner.offline.clauses.files import (
    COMPARED,
    context_of,
    data_file,
    data_paths,
    is_named,
    parted,
    take,
)
from planner.offline.sketch import ROWS_SHOWN, Sketch, Step
from planner.questions.charting import chart_of
from planner.questions.context import Context
from planner.questions.describing import title_of
from planner.questions.frames import of_result
from planner.questions.offers import offer
from planner.questions.read import Asked, read
from planner.questions.readers.state import Parts
from planner.questions.readers.together import by_file, joined_rows
from planner.questions.search.offering import settled
from planner.questions.spec import QuerySpec
from planner.questions.words.phrases import FILLER
from planner.sentences.parting import Reading, trimmed
from planner.tools import CHART, CHARTING, chart_kinds

_CHART_WORDS = CHARTING | word_set(
    "draw visualise visualize it that them this result results as a an the make create generate of",
    "with in for show plotted and produce build include please me these those table numbers to using",
    "use type style from data put into give add on together called named both each all titled save",
    "saved then",
)
_LOAD_WORDS = word_set("the file data from in and all rows it table please a into memory me")
_SHOWN = (FILLER - COMPARED) | word_set("load open read and , both")
"""Words that ask nothing of the files they stand with."""
_OF_THOSE = re.compile(r"\b(?:of|among|from) (?:those|these|them)\b", re.IGNORECASE)
PICTURES = (".png", ".svg")
"""What names a picture; only the first is drawn, and the compiler says so of the other."""


def load(sketch: Sketch, clause: Clause) -> None:
    """Take files into use; nothing is done until something is asked of them."""
    paths = texts_of(clause, Kind.PATH)
    if not paths and reads(sketch, clause):  # "open orders per month": a value, no order
        query(sketch, clause)
        return
    if not paths:
        sketch.file = None
        sketch.file = data_file(sketch, say(clause))
        return
    for path in paths:
        take(sketch, path)
    several = tuple(sketch.known_file(token.text) for token in data_paths(clause))
    sketch.loaded = several if len(several) > 1 else ()
    if sketch.loaded:
        sketch.file = None
    rest = tuple(token for token in clause[1:] if token.kind is not Kind.PATH)
    if not lows(rest) <= _LOAD_WORDS:
        query(sketch, rest)


def only_named(clause: Clause) -> bool:
    """Whether the clause names several data files and asks nothing of them: "show a.csv and b.csv"."""
    rest = (token for token in clause if token.kind not in {Kind.PATH, Kind.MARK})
    return len(data_paths(clause)) > 1 and lows(tuple(rest)) <= _SHOWN


def query(sketch: Sketch, clause: Clause) -> None:
    """Read the clause as a question to the data in use, or as several, each with its file."""
    if only_named(clause):
        load(sketch, data_paths(clause))
        show_all(sketch)
        return
    for part in parted(clause):
        _query(sketch, part)


def reads(sketch: Sketch, clause: Clause) -> bool:
    """Whether every word of the clause can be read as a question to the files; asks nothing yet."""
    asked, opened = _glanced(sketch, clause)
    unsure = opened and any(step.instruction for step in sketch.steps)
    return asked is not None and asked.named and not unsure and bool(asked.spec or asked.problem)


def reading(sketch: Sketch, clause: Clause, *, anew: bool = False) -> Reading | None:
    """How the clause reads as a question to the files, `anew` apart from all that was asked before."""
    asked, opened = _glanced(sketch, trimmed(clause), anew=anew)
    if asked is None or asked.spec is None or not asked.named:
        return None
    spec, whole = asked.spec, bool(asked.spec.filters or asked.spec.groups)
    lists = not (spec.measures or spec.groups or spec.order)
    return Reading(sure=not opened, whole=whole, lists=lists)


def _glanced(sketch: Sketch, clause: Clause, *, anew: bool = False) -> tuple[Asked | None, bool]:
    """The clause as a question, and whether something of it has to be asked; none of it is kept."""
    gaps = len(sketch.questions.gaps)
    kept = (sketch.assumptions, sketch.file, sketch.loaded, sketch.anew)
    sketch.assumptions = [*sketch.assumptions]
    if anew:
        sketch.anew, (sketch.file, sketch.loaded) = True, sketch.given
    try:
        asked, _, _ = _asked(sketch, clause)
    except CannotPlan:
        return None, False
    finally:
        opened = len(sketch.questions.gaps) > gaps
        del sketch.questions.gaps[gaps:]
        sketch.assumptions, sketch.file, sketch.loaded, sketch.anew = kept
    return asked, opened


def _asked(sketch: Sketch, clause: Clause) -> tuple[Asked, Context, Clause]:
    """The clause read, what it was read against, and its words without the files."""
    context, rest = context_of(sketch, clause)
    earlier = _earlier(sketch)
    framed = None if data_paths(clause) else of_result(say(rest), earlier)
    if framed is not None:
        return Asked(framed, Parts(), sketch.known_file(framed.files[0])), context, rest
    asked = read(say(rest), replace(context, earlier=earlier))
    if context.stacked and asked.spec is not None and lows(clause) & COMPARED:
        asked = by_file(asked)
    return asked, context, rest


def _earlier(sketch: Sketch) -> QuerySpec | None:
    """What was asked before, in the same breath or as the newest step."""
    table = sketch.newest("table")
    before = sketch.query or (table.query if table is not None else None)
    return None if sketch.anew else before


def _query(sketch: Sketch, clause: Clause) -> None:
    named = bool(data_paths(clause)) or sketch.file is not None
    before, used = len(sketch.questions.gaps), sketch.questions.used
    asked, context, rest = _asked(sketch, clause)
    if sketch.query is None:
        asked = settled(say(rest), context, asked, before, used, of=sketch.request.text) or asked
    _accept(sketch, asked)
    if not asked.unread and _forgets(sketch, asked, say(rest)):
        asked = replace(asked, unread=(say(rest),))
    if asked.unread:
        _tell_unread(sketch, asked)
        return
    assert asked.spec is not None
    if not named and not is_named(asked.base, say(rest)):
        sketch.assume(text("The data is in {path}.", path=asked.base.path))
    for path in _unused(sketch, clause, asked.spec):
        sketch.assume(text("Nothing of {path} is needed for this.", path=path))
    if not sketch.loaded:
        sketch.file = asked.base if len(asked.spec.files) == 1 else sketch.file
    _take_up(sketch, asked)


def _forgets(sketch: Sketch, asked: Asked, words: str) -> bool:
    """Whether it is asked "of those" that were asked for before, and speaks of all rows instead."""
    before = _earlier(sketch)
    if before is None or asked.spec is None or not _OF_THOSE.search(words):
        return False
    return not {*before.filters} <= {*asked.spec.filters} or asked.spec.groups != before.groups


def offer_readings(sketch: Sketch, clause: Clause) -> bool:
    """Ask which reading as a whole is meant. Whether there is a likely one."""
    context, rest = context_of(sketch, clause)
    before, used = len(sketch.questions.gaps), sketch.questions.used
    made, opened = _glanced(sketch, clause)
    whole = made if made is not None and not made.unread and not opened else None
    asked = settled(say(rest), context, whole, before, used, of=sketch.request.text)
    if asked is not None:
        _accept(sketch, asked)
        _take_up(sketch, asked)
    return asked is not None


def _unused(sketch: Sketch, clause: Clause, spec: QuerySpec) -> list[str]:
    """The files that were named for this question and that it doesn't look at."""
    named = [sketch.known_file(token.text) for token in data_paths(clause)]
    files = named or ([*sketch.loaded] if sketch.query is None else [])
    return [file.path for file in files if file.path not in spec.paths] if len(files) > 1 else []


def _accept(sketch: Sketch, asked: Asked) -> None:
    """Take over what was assumed. Raises CannotPlan where it can't be asked."""
    if asked.problem:
        raise CannotPlan("{reason}", reason=asked.problem)
    for assumption in asked.assumptions:
        sketch.assume(assumption)


def _take_up(sketch: Sketch, asked: Asked) -> None:
    if sketch.query is not None and not asked.narrowed and not sketch.query.plain:
        sketch.settle()
    sketch.query = asked.spec


def _tell_unread(sketch: Sketch, asked: Asked) -> None:
    """Say which words were not understood, and which columns there are."""
    names = ", ".join(column.name for column in asked.base.columns[:12])
    unread, path = "; ".join(asked.unread), asked.base.path
    told = text("“{words}” ({path} has {names})", words=unread, path=path, names=names)
    sketch.unread.append(told)
    sketch.query = sketch.query or QuerySpec(files=(path,))


def join(sketch: Sketch, clause: Clause) -> None:
    """Take the joined rows into use, and ask of them what the rest of the clause asks."""
    context, rest = context_of(sketch, clause)
    asks = tuple(token for token in rest[1:] if token.kind is not Kind.MARK)
    if asks and not lows(asks) <= _SHOWN:
        _query(sketch, clause[1:])
        return
    asked = joined_rows(context)
    _accept(sketch, asked)
    sketch.query, sketch.loaded = asked.spec, context.pinned if not context.stacked else ()
    if context.stacked:
        sketch.loaded = tuple(f for f in context.every if f.path in context.stacked)


def _pictures(clause: Clause) -> list[str]:
    return [path for path in texts_of(clause, Kind.PATH) if path.lower().endswith(PICTURES)]


def chart(sketch: Sketch, clause: Clause) -> None:
    """Draw the newest table, or the one the clause itself asks for."""
    sketch.tool(CHART.name)
    paths = _pictures(clause)
    rest = tuple(t for t in clause if t.kind is not Kind.QUOTED and t.text not in paths)
    kinds = chart_kinds([token.low for token in rest]) or ("auto",)
    _ask_for_rows(sketch, rest, kinds)
    tables = sketch.all_of("table")
    if not tables:
        raise CannotPlan("There's no table to chart. {offer}", offer=offer(sketch.request.readable))
    if lows(rest) & {"both", "each", "them", "all"}:
        for earlier in tables[:-1]:
            _draw_each(sketch, earlier, kinds, (), "")
    title = " ".join(texts_of(clause, Kind.QUOTED)[:1])
    _draw_each(sketch, tables[-1], kinds, paths, title)


def _drawing(clause: Clause) -> AbstractSet[str]:
    """The words that are about the drawing rather than the data."""
    lines = {"line", "lines", "trend"} if "histogram" in lows(clause) else set()
    return CHARTING - {"histogram"} - lines


def _ask_for_rows(sketch: Sketch, clause: Clause, kinds: Sequence[str]) -> None:
    """Leave a table to be drawn: what the clause asks for, the newest, or all rows of the file."""
    asked = tuple(token for token in clause if token.kind is not Kind.MARK)
    if not lows(asked) <= _CHART_WORDS:
        drawn = _drawing(clause)
        query(sketch, _after_order(tuple(t for t in clause if t.low not in drawn)))
    if sketch.query is None and sketch.newest("table") is None:
        file = data_file(sketch, say(clause))
        sketch.query = QuerySpec(files=(file.path,))
    if sketch.query is not None:
        drawable = chart_of(sketch.query, sketch.request.readable, kinds)
        if isinstance(drawable, str):
            raise CannotPlan("{reason}", reason=drawable)
        sketch.settle()


def _after_order(clause: Clause) -> Clause:
    """The clause without words that only order the drawing: "draw me a … of the"."""
    return clause[next((at for at, t in enumerate(clause) if t.low not in _CHART_WORDS), 0) :]


def _draw_each(
    sketch: Sketch, table: Step, kinds: Sequence[str], paths: Sequence[str], title: str
) -> None:
    """A chart of each kind."""
    for kind, path in zip_longest(kinds, paths[: len(kinds)], fillvalue=""):
        step = _draw(sketch, table, kind=kind, path=path, title=title)
        if len(kinds) > 1:
            step.title = f"{step.title} ({kind})"


def _draw(sketch: Sketch, table: Step, *, kind: str, path: str, title: str) -> Step:
    shown = title or (title_of(table.query).capitalize() if table.query else table.title)
    name = text("Chart {subject}", subject=f"{shown[0].lower()}{shown[1:]}")
    x = y = ""
    if table.query is not None:
        axes = chart_of(table.query, sketch.request.readable, (kind,))
        if isinstance(axes, str):
            raise CannotPlan("{reason}", reason=axes)
        x, y, kind = axes.x, axes.y, axes.kind if kind == "auto" else kind
    return sketch.run_tool(CHART.name, name, "chart", key="chart", table=table, kind=kind, x=x,
                           y=y, title=shown, path=path)  # fmt: skip


def show_all(sketch: Sketch) -> None:
    """Files that were loaded and not asked anything: show their first rows."""
    for file in sketch.loaded or filter(None, (sketch.file,)):
        sketch.settle()
        sketch.query = QuerySpec(files=(file.path,), limit=20)
        sketch.assume(text("The first 20 rows of {path} are shown.", path=file.path))


def show_rows(sketch: Sketch) -> None:
    """The rows of the file in use, as many as can be passed on."""
    if sketch.file is not None and sketch.query is None:
        sketch.query = QuerySpec(files=(sketch.file.path,))
        cap(sketch)


def cap(sketch: Sketch) -> None:
    """Cut a list of rows that is asked for without a limit to what a chat can show."""
    asked, rows = sketch.query, sketch.file.rows if sketch.file else None
    listed = asked and not asked.measures and asked.limit is None and not asked.distinct
    if asked is None or not listed or (rows or 0) <= ROWS_SHOWN:
        return
    most = text(
        "At most {most} rows are shown. Ask for a number of rows to see more.", most=ROWS_SHOWN
    )
    sketch.assume(most)
    sketch.query = asked.model_copy(update={"limit": ROWS_SHOWN})
