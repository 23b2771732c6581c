"""Which files a clause is about: the one it names, several as one, or the one in use."""

from dataclasses import replace

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.offline.clauses.joins import FILE, LINKS, data_paths, fitting, together
from planner.offline.data.columns import is_id, numeric
from planner.offline.data.query import Group, Measure, Query
from planner.offline.data.words import FILLER
from planner.offline.grammar.lexer import Clause, Kind, lows, texts_of
from planner.offline.grammar.words import word_set
from planner.offline.sketch import Sketch, is_data

COMPARED = word_set("compare comparison versus vs against")
_SHOWN = (FILLER - COMPARED) | word_set("load open read")
"""Words that ask nothing of the files they stand with."""


def take(sketch: Sketch, path: str) -> None:
    """Make the file the one that is meant from here on."""
    file = sketch.known_file(path)
    if is_data(path):
        use(sketch, file)
    else:
        sketch.document = file.path


def use(sketch: Sketch, file: FileInfo) -> None:
    """Turn to this file; what was asked of another is a task of its own."""
    if sketch.query is not None and sketch.query.source != file.path:
        sketch.settle()
    sketch.file, sketch.loaded = file, ()


def taken(sketch: Sketch, clause: Clause) -> Clause:
    """Take the files into use that the clause is about; gives its other words."""
    if len(data_paths(clause)) > 1:
        file, rest = together(sketch, clause)
        use(sketch, file)
        return tuple(token for token in rest if token.low not in LINKS)
    for path in texts_of(clause, Kind.PATH):
        take(sketch, path)
    rest = tuple(token for token in clause if token.kind is not Kind.PATH)
    if len(sketch.loaded) > 1:
        _choose(sketch, rest)
    return rest


def only_named(clause: Clause) -> bool:
    """Whether the clause names several data files and asks nothing of them: "show a.csv and b.csv"."""
    rest = tuple(token for token in clause if token.kind not in {Kind.PATH, Kind.MARK})
    return len(data_paths(clause)) > 1 and lows(rest) <= _SHOWN


def by_file(asked: Query, file: FileInfo) -> Query:
    """The same question with an answer for each of the files: what is named, or all amounts."""
    amounts = [column.name for column in numeric(file.columns) if not is_id(column.name)]
    summed = [name for name in asked.columns if name in amounts] or amounts
    measures = asked.measures or (Measure("COUNT"), *(Measure("SUM", name) for name in summed))
    groups = tuple(dict.fromkeys((*asked.groups, Group(FILE))))
    return replace(asked, measures=measures, groups=groups, columns=(), distinct=False)


def _choose(sketch: Sketch, clause: Clause) -> None:
    """Of files that were loaded before, use those whose columns are asked for."""
    loaded, fits = sketch.loaded, fitting(sketch.loaded, clause)
    if not fits or (sketch.query is not None and sketch.file in fits):
        return
    if len(fits) > 1:
        file, _ = together(sketch, (), fits)
    else:
        file = fits[0]
        sketch.assume(text("The data is in {path}.", path=file.path))
    use(sketch, file)
    sketch.loaded = loaded
