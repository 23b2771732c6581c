"""Work on data that lacks its measure, its groups, its condition or its file. Pure."""

from collections.abc import Sequence
from typing import Final

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.missing import words
from planner.missing.asking import Open
from planner.missing.reading import Said, names_of
from planner.questions.offers import ROWS, figures_of, groups_of, measures_of
from planner.questions.semantics import Role, role_of, seen_in

_FUNCTIONS: Final = {
    "sum": "total", "add": "total", "total": "total", "mean": "average", "average": "average",
    "median": "median",
}  # fmt: skip


def split(said: Said, asked: Open) -> str:
    """ "compare the numbers", "make a chart", "group orders.csv": which number, by what."""
    file = _file(said, asked) if _is_split(said) else None
    if file is None:
        return ""
    figure = asked.ask("measure", text("Which number?"), measures_of(file))
    if said.has(words.TOPS):
        return _ranked(said, asked, figure, file)
    by = _by_period(said) or asked.ask("by", text("By what?"), groups_of(file))
    return _order(said, f"{figure} by {_bare(by)} in {file.path}")


def summed(said: Said, asked: Open) -> str:
    """ "calculate the average": of what."""
    function = _function(said)
    verbs = words.SUM | words.PLAIN_ASKING if function else words.SUM
    if said.columns or not _is(said, verbs, words.SUMS, words.DATA, words.POINTING):
        return ""
    file = _file(said, asked)
    names = figures_of(file) if file else []
    if file is None or not names:
        return ""
    options = [f"{function} {name}" for name in names] if function else measures_of(file)
    return f"{asked.ask('measure', text('Of what?'), options)} in {file.path}"


def _function(said: Said) -> str:
    return next((_FUNCTIONS[word] for word in said.tokens if word in _FUNCTIONS), "")


def counted(said: Said, asked: Open) -> str:
    """ "how many": of what."""
    if said.tokens not in {("how", "many"), ("how", "much"), ("count",)} or not said.tables:
        return ""
    file = _file(said, asked)
    if file is None:
        return ""
    figure = asked.ask("measure", text("Of what?"), [ROWS, *measures_of(file)[:-1]])
    return f"{figure} in {file.path}"


def kept(said: Said, asked: Open) -> str:
    """ "filter orders.csv": by what."""
    file = _file(said, asked) if _is(said, words.KEEP, words.DATA) else None
    if file is None:
        return ""
    which = asked.ask("condition", text("Which rows should stay?"), _conditions(file))
    return f"show rows of {file.path} where {which.removeprefix('where ')}"


def ordered(said: Said, asked: Open) -> str:
    """ "sort orders.csv": by what."""
    file = _file(said, asked) if _is(said, words.SORT, words.DATA) else None
    if file is None:
        return ""
    options = [f"{name} descending" for name in figures_of(file)]
    options += [column.name for column in file.columns if column.name not in figures_of(file)]
    by = asked.ask("order", text("Sorted by what?"), options)
    return f"show rows of {file.path} sorted by {_bare(by)}"


def converted(said: Said, asked: Open) -> str:
    """ "convert the file", "export the data": which, into what."""
    files = said.files or said.request.readable
    if not files or not _is(said, words.CONVERT, words.DATA, words.GIVEN, tables=False):
        return ""
    paths = [file.path for file in files]
    path = paths[0] if said.files else asked.ask_first("file", text("Which file?"), paths)
    formats = _formats(path, files)
    return f"convert {path} to {asked.ask('format', text('Into which format?'), formats)}"


def _formats(path: str, files: Sequence[FileInfo]) -> list[str]:
    """What the file can be turned into."""
    table = any(file.columns for file in files if path.casefold() in names_of(file))
    kinds = ("Excel", "CSV", "JSON", "Parquet") if table else ("HTML", "PDF")
    return [kind for kind in kinds if not path.endswith(kind.lower())]


def helped(said: Said, asked: Open) -> str:
    """ "do something with orders.csv", "clean up the data": what."""
    verbs = words.HELP | {
        said.verb if said.tokens[0] == "with" else ""
    }  # "help me with orders.csv"
    if not _is(said, verbs, words.DATA, words.GIVEN, tables=False):
        return ""
    file = _subject(said, asked)
    if file is None:
        return ""
    order = asked.ask("order", text("What should I do with it?"), _orders(said, file))
    return order if file.path in order else f"{order} in {file.path}"


def _subject(said: Said, asked: Open) -> FileInfo | None:
    """The file that something is to be done with: a text that is named, or a table."""
    named = next((file for file in said.files if not file.columns), None)
    if named is not None:
        return named
    meant = bool(said.files) or said.has(words.DATA - words.GIVEN | {"file"})
    return _file(said, asked) if meant else None


def _ranked(said: Said, asked: Open, figure: str, file: FileInfo) -> str:
    """ "show the top 5": of what."""
    by = asked.ask(
        "by", text("The top of what?"), [g for g in groups_of(file) if g != "month"] or [ROWS]
    )
    count = next((word for word in said.tokens if word.isdigit()), "10")
    end = "bottom" if said.has(words.BOTTOMS) else "top"
    return f"{end} {count} {_bare(by)} by {figure} in {file.path}"


def _orders(said: Said, file: FileInfo) -> list[str]:
    """What can be done with a file."""
    if not file.columns:
        return [f"{verb} {file.path}" for verb in ("summarise", "translate", "proofread")]
    cleaning = [
        f"remove duplicate rows from {file.path}",
        f"show the missing values in {file.path}",
    ]
    figures = [f"describe {file.path}"]
    if groups_of(file):
        figures.append(f"{measures_of(file)[0]} by {groups_of(file)[0]} in {file.path}")
    return [*cleaning, *figures] if said.verb in words.CLEAN else [*figures, *cleaning]


def _file(said: Said, asked: Open) -> FileInfo | None:
    """The table that is meant, else the first with the question open; None for no single table."""
    if said.files:
        return said.files[0] if len(said.files) == 1 and said.files[0].columns else None
    tables = _in_use(said) or said.tables
    if len(tables) < 2:
        return next(iter(tables), None)
    path = asked.ask_first("file", text("Which file?"), [file.path for file in tables])
    return next((file for file in said.tables if path.casefold() in names_of(file)), None)


def _in_use(said: Said) -> tuple[FileInfo, ...]:
    """The tables that the conversation is about."""
    before = said.request.conversation
    return tuple(file for file in said.tables if before is not None and file.path in before.files)


def _is(said: Said, verbs: frozenset[str], *pools: frozenset[str], tables: bool = True) -> bool:
    """Whether it is an order of these verbs, and its other words are all in the pools.

    `tables`: where there is a table at all.
    """
    fits = said.verb in verbs and not said.telling(verbs, *pools)
    return fits and (bool(said.tables) or not tables)


def _is_split(said: Said) -> bool:
    known = words.GROUPS | words.PICTURES | words.REPORTS | words.TOPS
    others = (words.DATA, words.SUMS, words.POINTING, frozenset(words.PERIODS))
    if said.columns or not _is(said, words.SPLIT, known, *others):
        return False
    return said.has(known | words.DRAWN) or said.verb in words.COMPARED or _is_vague_show(said)


def _conditions(file: FileInfo) -> list[str]:
    """Conditions on a table: values of its kinds."""
    kinds = [column for column in file.columns if role_of(column, file.rows) is Role.CATEGORY]
    found = [f"{column.name} is {value}" for column in kinds[:3] for value in seen_in(column)[:2]]
    return found[:5] or [f"{column.name} is not empty" for column in file.columns[:3]]


def _by_period(said: Said) -> str:
    return next((words.PERIODS[word] for word in said.tokens if word in words.PERIODS), "")


def _is_vague_show(said: Said) -> bool:
    """ "show me the figures": neither a file nor plain rows are asked for."""
    return not said.files and said.has(words.FIGURES) and not said.has(words.ROWS)


def _order(said: Said, question: str) -> str:
    """The question as a chart, a report or a table."""
    if said.has(words.PICTURES | words.DRAWN):
        kind = next((f"{word} " for word in said.tokens if word in {"bar", "line", "pie"}), "")
        return f"{kind}chart of {question}"
    return f"{question} and write a report" if said.has(words.REPORTS) else question


def _bare(words_: str) -> str:
    first, _, rest = words_.partition(" ")
    return rest if first.casefold() in {"by", "per"} and rest else words_
