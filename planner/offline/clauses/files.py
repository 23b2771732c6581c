"""Which data files a clause is about: those it names, as one or joined, or those in use. Pure."""

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.rule import RuleKind
from memory.model.work.value import Column, FileInfo
from planner.draft import CannotPlan
from planner.lexicon.tokens import Clause, Kind, Token, lows, texts_of
from planner.lexicon.words import FUNCTIONS, word_set
from planner.names import is_data, listed
from planner.offline.sketch import Sketch
from planner.port import PlanRequest
from planner.questions.bases import choose_base
from planner.questions.context import Context
from planner.questions.read import readable
from planner.questions.semantics import is_naming
from planner.questions.sources import Files, Link, linked, share_several_keys
from planner.questions.spec import FILE, stacked_name, table_name
from planner.questions.words.lexicon import plain
from planner.questions.words.terms import column_at

BY = word_set("on using via through by")
LINKS = word_set("with and to join merge combine into = the , both vs versus against plus & from in of",
              "file files data between")  # fmt: skip
"""What may stand between the names of files that belong together."""
SAVED = "results/"
"""Where answers go when nobody says where."""
COMPARED = word_set("compare comparison versus vs against")


def data_paths(clause: Clause) -> tuple[Token, ...]:
    """The data files the clause names, each once."""
    return tuple(dict.fromkeys(t for t in clause if t.kind is Kind.PATH and is_data(t.text)))


def parted(clause: Clause) -> tuple[Clause, ...]:
    """Two questions in one breath, each with its file, one by one: "… of a.csv and … of b.csv"."""
    places = [place for place, token in enumerate(clause) if token in data_paths(clause)]
    for first, second in pairwise(places):
        for cut in range(first + 1, second):
            asks = lows(clause[cut:second]) & {*FUNCTIONS, "by", "per", "many"}
            if clause[cut].low in {"and", ","} and asks:
                return (clause[:cut], *parted(clause[cut + 1 :]))
    return (clause,)


def take(sketch: Sketch, path: str) -> None:
    """Make the file the one that is meant from here on."""
    file = sketch.known_file(path)
    if not is_data(path):
        sketch.document = file.path
        return
    if sketch.query is not None and sketch.query.files[0] != file.path:
        sketch.settle()
    sketch.file, sketch.loaded = file, ()


def data_file(sketch: Sketch, words: str) -> FileInfo:
    """The file whose rows are meant: the one in use, or the one that the words lead to."""
    if sketch.file is None:
        tables, asked = sketch.tables(), len(sketch.questions.gaps)
        context = _context(sketch, ())
        known = readable(context.every)
        sketch.file = choose_base(words, Files(known), context) if known else tables[0]
        if not is_named(sketch.file, words) and len(sketch.questions.gaps) == asked:
            sketch.assume(text("The data is in {path}.", path=sketch.file.path))
    return sketch.file


def is_named(file: FileInfo, words: str) -> bool:
    """Whether a word of the file's name is said."""
    return bool({*plain(PurePosixPath(file.path).stem).split()} & {*plain(words).split()})


def context_of(sketch: Sketch, clause: Clause) -> tuple[Context, Clause]:
    """What the clause is read against, and its words without the files and what joins them."""
    named = data_paths(clause)
    for path in dict.fromkeys(texts_of(clause, Kind.PATH)):
        if not is_data(path):
            take(sketch, path)
    rest = tuple(token for token in clause if token.kind is not Kind.PATH)
    if len(named) > 1:
        files = tuple(sketch.known_file(token.text) for token in named)
        return _together(sketch, files, clause)
    for path in texts_of(named, Kind.PATH):
        take(sketch, path)
    pinned = (sketch.file,) if sketch.file is not None else sketch.loaded
    if len(pinned) > 1 and not _same(pinned):
        return _together(sketch, pinned, rest)
    if not pinned:
        sketch.tables()  # says what is wrong where there is no table at all
    return (_stacked if len(pinned) > 1 else _context)(sketch, pinned), rest


def _context(
    sketch: Sketch, pinned: tuple[FileInfo, ...], *, links: tuple[Link, ...] = ()
) -> Context:
    for file in pinned:
        if not file.columns:
            raise CannotPlan("{path} has no columns to query.", path=file.path)
    used = _used(sketch)
    return Context(
        every=_sources(sketch.request, {*used, *(file.path for file in pinned)}), today=sketch.request.now.date(), pinned=pinned,
        questions=sketch.questions, links=links, preferred=frozenset(map(str, used)), trial=sketch.request.trial,
        facts=tuple(r.text for r in sketch.request.taught if r.kind is RuleKind.FACT),
    )  # fmt: skip


def _used(sketch: Sketch) -> set[str]:
    """The files that were asked so far, in this request or else in the conversation before it."""
    inputs = (value for step in sketch.steps for value in step.inputs)
    before = sketch.request.conversation
    used = {value.value or "" for value in inputs if value.name == "sources"}
    return used or set(before.files if before is not None else ())


def _sources(request: PlanRequest, meant: Container[str]) -> tuple[FileInfo, ...]:
    """Where data may come from: not from answers that were saved, unless they are named."""
    named = request.text.casefold()
    found = tuple(
        file
        for file in request.readable
        if not file.path.startswith(SAVED) or file.path in meant or file.path.casefold() in named
    )
    return found if any(file.columns for file in found) else request.readable


def _together(
    sketch: Sketch, files: tuple[FileInfo, ...], clause: Clause
) -> tuple[Context, Clause]:
    """Several files that are named: one under the other, or joined by a column."""
    _check_joinable(files)
    last = max((place for place, t in enumerate(clause) if t.kind is Kind.PATH), default=-1)
    said = [token for token in clause[: max(last, 0)] if token.kind is not Kind.PATH]
    before = tuple(token for token in said if token.low not in LINKS)
    after = clause[last + 1 :]
    if _same(files) and not lows(after[:1]) & (BY - {"by"}):
        rest = tuple(token for token in (*before, *after) if token.low not in LINKS)
        return _stacked(sketch, files), rest
    links, after = _links(sketch, files, after)
    rest = (*before, *(token for token in after if token.low not in {"=", "both"}))
    return _context(sketch, files, links=links), rest


def _check_joinable(files: Sequence[FileInfo]) -> None:
    for file in files:
        if not file.columns:
            raise CannotPlan("{path} has no columns to join by.", path=file.path)
    if len({table_name(file.path) for file in files}) < len(files):
        raise CannotPlan(
            "Two of the files have the same name. Rename one so that I can tell them apart."
        )


def _same(files: Iterable[FileInfo]) -> bool:
    return len({frozenset(name_key(column.name) for column in file.columns) for file in files}) == 1


def _stacked(sketch: Sketch, files: tuple[FileInfo, ...]) -> Context:
    """The rows of all files as one, with a column that says whose they are."""
    names = tuple(PurePosixPath(file.path).name for file in files)
    columns = files[0].columns
    if not any(name_key(column.name) == FILE for column in columns):
        columns = (*columns, Column(name=FILE, type="VARCHAR", samples=names, values=names))
    known = [file.rows for file in files if file.rows is not None]
    whole = files[0].model_copy(
        update={"columns": columns, "rows": sum(known) if len(known) == len(files) else None}
    )
    paths = tuple(file.path for file in files)
    sketch.assume(
        text(
            "{files} have the same columns; their rows are put together.", files=stacked_name(paths)
        )
    )
    context = _context(sketch, (whole,))
    return Context(**{**context.__dict__, "stacked": paths})


def _links(
    sketch: Sketch, files: tuple[FileInfo, ...], rest: Clause
) -> tuple[tuple[Link, ...], Clause]:
    """How the files are joined: as said, by what is known of them, or by a column both have."""
    first, second = files[0], files[1]
    said = _said_keys(first, second, rest)
    if said is not None:
        left, right, rest = said
        return linked(first, left, second, right), rest
    unsure = len(files) == 2 and share_several_keys(first, second)
    if not unsure and Files(files).are_connected:
        return (), rest
    if len(files) > 2:
        raise CannotPlan(
            "{files} don't have the same columns. Name two of them, and I'll join those by a "
            "column they share.",
            files=stacked_name(tuple(file.path for file in files)),
        )
    left, right = _shared(sketch, first, second)
    return linked(first, left, second, right), rest


def _said_keys(first: FileInfo, second: FileInfo, rest: Clause) -> tuple[str, str, Clause] | None:
    """ "on customer_id", "on a = b"."""
    if not rest or rest[0].low not in BY:
        return None
    left, length = column_at([token.text for token in rest[1:4]], first)
    if rest[0].low == "by" and (left is None or _find(left.name, second) is None):
        return None
    if left is None:
        raise _no_column(rest[1:], first)
    after = rest[1 + length :]
    if after and after[0].low in {"=", "equals"}:
        right, length = column_at([token.text for token in after[1:4]], second)
        if right is None:
            raise _no_column(after[1:], second)
        return left.name, right.name, after[1 + length :]
    shared = _find(left.name, second)
    if shared is None:
        raise CannotPlan(
            "{path} has no column {column}. Say “on {column} = …” with one of {names}.",
            path=second.path,
            column=left.name,
            names=_names(second, 8),
        )
    return left.name, shared.name, after


def _no_column(clause: Clause, file: FileInfo) -> CannotPlan:
    words = clause[0].text if clause else "…"
    return CannotPlan(
        "{path} has no column {column}; it has {names}.",
        path=file.path,
        column=words,
        names=_names(file, 8),
    )


def _shared(sketch: Sketch, first: FileInfo, second: FileInfo) -> tuple[str, str]:
    """The column both files have, as each spells it; where there are several, one is asked for."""
    pairs = [(column.name, _find(column.name, second)) for column in first.columns]
    shared = {left: right.name for left, right in pairs if right is not None}
    keys = {left: right for left, right in shared.items() if is_naming(left)}
    shared = keys or shared
    if not shared:
        raise CannotPlan(
            "{first} and {second} have no column in common. Say which columns to join them by: "
            "“join {first} with {second} on … = …”, one of {left} and one of {right}.",
            first=first.path,
            second=second.path,
            left=_names(first),
            right=_names(second),
        )
    key = next(iter(shared))
    if len(shared) > 1:
        question = text(
            "Which column should {first} and {second} be joined on?",
            first=first.path,
            second=second.path,
        )
        slot = f"join of {first.path} and {second.path}"
        key = sketch.questions.choose(slot, question, list(shared)[:6], also=shared)
    return key, shared[key]


def _find(name: str, file: FileInfo) -> Column | None:
    return next((c for c in file.columns if name_key(c.name) == name_key(name)), None)


def _names(file: FileInfo, most: int = 6) -> str:
    return listed(column.name for column in file.columns[:most])
