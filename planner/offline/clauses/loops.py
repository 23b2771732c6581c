"""Work for each of a list: "for each customer write a letter", "for each of A, B and C: …". Pure."""

from collections.abc import Callable
from dataclasses import replace

from memory.model.limits import MAP_ITEMS, SENTENCES
from memory.model.work.value import Column, FileInfo
from planner.draft import DraftEach, DraftInput
from planner.offline.clauses import data as data_clauses
from planner.offline.clauses.sources import take
from planner.offline.data.columns import find_column, plain
from planner.offline.data.query import Query
from planner.offline.data.words import FILLER, ROWS_OF
from planner.offline.grammar.lexer import Clause, Kind, say
from planner.offline.grammar.refusal import CannotPlan
from planner.offline.grammar.structure import listed_items
from planner.offline.grammar.words import NUMBERS
from planner.offline.sketch import Sketch, Step

Order = Callable[[Sketch, Clause], None]

ONE_BY_ONE = frozenset({"files.write", "files.publish", "ask", "text.summarise"})
"""The tools whose fixed inputs do not depend on the item; models are told of it as data."""

COUNTED_ROWS = 20_000
SAMPLES = 8
"""A column that shows fewer values than this has no others in its first 20,000 rows."""

NOT_NOUNS = frozenset({"best", "worst", "largest", "biggest", "highest", "lowest"}) | set(NUMBERS)
THEM = frozenset({"them", "these", "those", "row", "rows", "result", "results", "line", "lines",
                  "one", "record", "records", "item", "items", "entry"})  # fmt: skip


def loop(sketch: Sketch, over: Clause, body: Clause, do: Order) -> None:
    """Do the orders for each item. Raises CannotPlan for a list or an order that cannot be."""
    each, noun, source = _list(sketch, over)
    before = len(sketch.steps)
    kept = [replace(step, inputs=[*step.inputs], after=[*step.after]) for step in sketch.steps]
    do(sketch, body)
    sketch.settle()
    new = sketch.steps[before:]
    if not new or sketch.steps[:before] != kept:
        raise CannotPlan(
            f"I cannot do “{say(body)[:120]}” for each item; say the whole of it after the "
            "“for each …,”."
        )
    if any(step.each is not None or step.when for step in new):
        raise CannotPlan("A list in a list, or a condition on a single item, needs a model key.")
    for step in new:
        _put_in(sketch, step, each, noun, source, new)


def _put_in(
    sketch: Sketch, step: Step, each: DraftEach, noun: str, source: Step | None, new: list[Step]
) -> None:
    if not step.instruction and step.type not in ONE_BY_ONE:
        raise CannotPlan(
            f"I cannot do {step.type} for each {noun}: what it reads or draws is fixed in the "
            "plan. Say it for all of them, for example “chart revenue by region”."
        )
    step.each = each
    if source is not None:
        step.inputs = [one for one in step.inputs if one.from_task != source.key]
    first = not any(one.from_task in {other.key for other in new} for one in step.inputs)
    if step.instruction and first:
        _tell(step, each, noun)
    elif step.type == "ask":
        question = step.value("question")
        step.give("question", f"{question} ({{item}})" if each.items else question)
        if not each.items:
            step.inputs.append(DraftInput(name="context", item=""))
    _own_file(sketch, step, each)


def _tell(step: Step, each: DraftEach, noun: str) -> None:
    """A model hears of a named item in its task, of one found on the way as quoted data."""
    if each.items:
        if "{item}" not in step.instruction:
            step.instruction += "\n\nThis one is about: {item}"
        return
    step.instruction += f"\n\nThis one is for the {noun} in the first material."
    step.inputs.insert(0, DraftInput(name="context", item=""))


def _own_file(sketch: Sketch, step: Step, each: DraftEach) -> None:
    """Each item its own file: by its name where the plan knows it, else by its number."""
    path = step.value("path")
    if not path or "{" in path:
        return
    hole = "{name}" if each.items else "{n}"
    if path.endswith("/"):
        own = f"{path}{hole}.md"
    else:
        stem, dot, ending = path.rpartition(".")
        own = f"{stem}-{hole}.{ending}" if dot else f"{path}-{hole}"
    sketch.assumptions = [one for one in sketch.assumptions if path not in one]
    step.give("path", own)
    step.title = f"Save to {own.replace(hole, '…')}"
    sketch.assume(f"Each item gets its own file, {own.replace(hole, '…')}.")


def _list(sketch: Sketch, over: Clause) -> tuple[DraftEach, str, Step | None]:
    """What is gone through, what one of it is called, and the step that finds it."""
    words = [token.low for token in over if token.kind is Kind.WORD]
    named = over[:1] and over[0].low == "of" and not set(words[1:2]) & (THEM | {"the"})
    if named:
        items = tuple(say(item).strip("“”") for item in listed_items(over))
        if len(items) > MAP_ITEMS:
            raise CannotPlan(SENTENCES["map_items"].format(most=MAP_ITEMS))
        return DraftEach(items=items), "item", None
    sketch.settle()
    if set(words) <= THEM | {"of", "the"} and not _paths(over):
        table = sketch.newest("table", "text")
        if table is None:
            raise _no_list(over)
        return DraftEach(from_task=table.key, at_most=_at_most(table)), "row", table
    step, most = _found(sketch, over)
    noun = next((w for w in words if w not in FILLER | NOT_NOUNS), "row")
    return DraftEach(from_task=step.key, at_most=most), noun, step


def _found(sketch: Sketch, over: Clause) -> tuple[Step, int]:
    """The rows of the file that is named so, the values of the column, or what a query finds."""
    paths = _paths(over)
    for path in paths:
        take(sketch, path)
    rest = tuple(
        t for t in over if t.kind is Kind.WORD and t.low not in {"in", "of", "from", "the"}
    )
    phrase = " ".join(token.low for token in rest)
    files = [one for one in sketch.request.readable if one.columns]
    same = [
        one
        for one in files
        if plain(one.path.rpartition("/")[2].rpartition(".")[0]) == plain(phrase)
    ]
    if paths and sketch.file is not None and (not phrase or phrase in ROWS_OF):
        same = [sketch.file]
    if len(same) == 1 and (not paths or same[0] is sketch.file):
        return _step(sketch, Query(source=same[0].path)), _rows(same[0])
    file = sketch.data_file(phrase) if files else None
    column = find_column(phrase, file.columns) if file is not None else None
    if file is not None and column is not None and column.sure:
        query = Query(source=file.path, columns=(column.column.name,), distinct=True)
        return _step(sketch, query), _values(file, column.column)
    return _asked(sketch, over)


def _asked(sketch: Sketch, over: Clause) -> tuple[Step, int]:
    unread = len(sketch.unread)
    if not any(one.columns for one in sketch.request.readable):
        raise _no_list(over)
    data_clauses.query(sketch, over)
    step = sketch.settle()
    if len(sketch.unread) > unread or step is None or step.query is None:
        del sketch.unread[unread:]
        raise _no_list(over)
    return step, _at_most(step)


def _step(sketch: Sketch, query: Query) -> Step:
    sketch.query = query
    step = sketch.settle()
    assert step is not None
    return step


def _values(file: FileInfo, column: Column) -> int:
    """How many values the column may have: a few more than were seen, where all were looked at."""
    if 0 < len(column.samples) < SAMPLES and (file.rows or MAP_ITEMS) <= COUNTED_ROWS:
        return min(len(column.samples) + 2, MAP_ITEMS)
    return _rows(file)


def _rows(file: FileInfo) -> int:
    return min(max(file.rows or MAP_ITEMS, 1), MAP_ITEMS)


def _at_most(step: Step) -> int:
    limit = step.query.limit if step.query else None
    return min(limit or MAP_ITEMS, MAP_ITEMS)


def _paths(over: Clause) -> list[str]:
    return [token.text for token in over if token.kind is Kind.PATH]


def _no_list(over: Clause) -> CannotPlan:
    return CannotPlan(
        f"I do not know what list “each {say(over)[:80]}” is (after “for each”); name a column or "
        "file of the project, or the items: “for each of A, B and C: …”."
    )
