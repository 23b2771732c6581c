"""Work for each of a list: "for each customer write a letter", "for each of A, B and C: …". Pure."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from memory.model.limits import MAP_ITEMS, SENTENCES
from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from planner.draft import CannotPlan, DraftEach, DraftInput
from planner.lexicon.tokens import Clause, Kind, lows, say, texts_of
from planner.lexicon.words import NUMBERS, word_set
from planner.offline.clauses.files import data_file, take
from planner.offline.clauses.orders import Order, added, asked
from planner.offline.grammar.structure import Loop, listed_items
from planner.offline.sketch import Sketch, Step
from planner.questions.spec import QuerySpec
from planner.questions.words.lexicon import plain
from planner.questions.words.phrases import FILLER, ROWS
from planner.questions.words.terms import Vocabulary, field_of

ONE_BY_ONE = word_set("files.write files.publish ask text.summarise")
"""The tools whose fixed inputs do not depend on the item; models are told of it as data."""

NOT_NOUNS = word_set("best worst largest biggest highest lowest") | set(NUMBERS) | FILLER
THEM = word_set(
    "them these those row rows result results line lines one record records item items entry"
)


@dataclass(frozen=True)
class _List:
    """What is gone through, what one of it is called, and the task that finds it."""

    each: DraftEach
    noun: str
    source: Step | None = None

    @classmethod
    def of(cls, source: Step, noun: str, most: int | None) -> "_List":
        """What the task finds, at most so many."""
        limit = source.query.limit if source.query else None
        at_most = max(1, min(most or limit or MAP_ITEMS, MAP_ITEMS))
        return cls(DraftEach(from_task=source.key, at_most=at_most), noun, source)


def do_loop(sketch: Sketch, loop: Loop, do: Order) -> None:
    """Do the orders for each item. Raises CannotPlan for a list or an order that cannot be."""
    items = _items(sketch, loop.over)
    new = added(sketch, loop.body, do)
    if not new:
        raise CannotPlan(
            "I can't do “{orders}” for each item. Say all of it after the “for each …,”.",
            orders=say(loop.body)[:120],
        )
    if any(step.each is not None or step.when for step in new):
        raise CannotPlan("A list in a list, or a condition on a single item, needs a model key.")
    keys = {step.key for step in new}
    for step in new:
        _put_in(sketch, step, items, keys)


def _put_in(sketch: Sketch, step: Step, items: _List, keys: set[str]) -> None:
    if not step.instruction and step.type not in ONE_BY_ONE:
        raise CannotPlan(
                "I can't do {type} for each {noun}: what it reads or draws is fixed in the plan. "
                "Ask for it over all of them, for example “chart revenue by region”.",
                type=step.type, noun=items.noun,
            )  # fmt: skip
    step.each = items.each
    if items.source is not None:
        step.inputs = [given for given in step.inputs if given.from_task != items.source.key]
    first = not any(given.from_task in keys for given in step.inputs)
    if (step.instruction and first) or step.type == "ask":
        _tell(step, items)
    _own_file(sketch, step, items.each)


def _tell(step: Step, items: _List) -> None:
    """An author hears of a named item in its task, of one found on the way as quoted data."""
    named = bool(items.each.items)
    if step.type == "ask" and named:
        step.give("question", f"{step.value('question')} ({{item}})")
    elif named and "{item}" not in step.instruction:
        step.instruction += "\n\nThis one is about: {item}"
    if not named:
        if step.instruction:
            step.instruction += f"\n\nThis one is for the {items.noun} in the first material."
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
    sketch.assumptions = [words for words in sketch.assumptions if path not in words]
    step.give("path", own)
    shown = own.replace(hole, "…")
    step.title = text("Save to {path}", path=shown)
    sketch.assume(text("Each item gets its own file, {path}.", path=shown))


def _items(sketch: Sketch, over: Clause) -> _List:
    """The items that are named, the rows of the newest table, or what is found."""
    words = [token.low for token in over if token.kind is Kind.WORD]
    if lows(over[:1]) == {"of"} and not set(words[1:2]) & (THEM | {"the"}):
        return _named_items(over)
    sketch.settle()
    if set(words) <= THEM | {"of", "the"} and not texts_of(over, Kind.PATH):
        table = sketch.newest("table", "text")
        if table is None:
            raise _no_list(over)
        return _List.of(table, "row", None)
    source, most = _source(sketch, over)
    return _List.of(source, next((word for word in words if word not in NOT_NOUNS), "row"), most)


def _named_items(over: Clause) -> _List:
    items = tuple(say(item).strip("“”") for item in listed_items(over))
    if len(items) > MAP_ITEMS:
        raise CannotPlan(SENTENCES["map_items"], most=MAP_ITEMS)
    return _List(DraftEach(items=items), "item")


def _phrase(over: Clause) -> str:
    words = (token.low for token in over if token.kind is Kind.WORD)
    return " ".join(low for low in words if low not in {"in", "of", "from", "the"})


def _source(sketch: Sketch, over: Clause) -> tuple[Step, int | None]:
    """The rows of the file that is named so, the values of the column, or what a query finds."""
    paths = texts_of(over, Kind.PATH)
    for path in paths:
        take(sketch, path)
    phrase = _phrase(over)
    if not any(file.columns for file in sketch.request.readable):
        raise _no_list(over)
    whole = _whole_file(sketch, phrase, named=bool(paths))
    if whole is not None:
        return _settled(sketch, QuerySpec(files=(whole.path,))), whole.rows
    file = data_file(sketch, phrase)
    column = Vocabulary([file]).sure(phrase)
    if column is not None:
        query = QuerySpec(files=(file.path,), columns=(field_of(file, column),), distinct=True)
        return _settled(sketch, query), _values(file, column)
    step = asked(sketch, over)
    if step is None:
        raise _no_list(over)
    return step, None


def _whole_file(sketch: Sketch, phrase: str, *, named: bool) -> FileInfo | None:
    """The file whose rows are meant: "each row of sales.csv", "every client" of clients.csv."""
    if named and phrase in ROWS | {""}:
        return sketch.file
    files = [file for file in sketch.request.readable if file.columns]
    same = [file for file in files if plain(PurePosixPath(file.path).stem) == plain(phrase)]
    if len(same) != 1 or (named and same[0] is not sketch.file):
        return None
    return same[0]


def _settled(sketch: Sketch, query: QuerySpec) -> Step:
    sketch.query = query
    step = sketch.settle()
    assert step is not None
    return step


def _values(file: FileInfo, column: Column) -> int | None:
    """How many values the column may have once it's read: a few more than now."""
    return file.rows if column.distinct is None else column.distinct + 2


def _no_list(over: Clause) -> CannotPlan:
    return CannotPlan(
        "I don't know what list “each {noun}” is (after “for each”). Name a column or a file of "
        "the project, or the items themselves: “for each of A, B and C: …”.",
        noun=say(over)[:80],
    )
