"""What a row is worth, and figures that no column holds: value, profit, age, days between dates."""

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role, row_noun
from planner.questions.spec import Age, Combined, Field, Operand
from planner.questions.words.lexicon import concept
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref

FIGURES = frozenset(["revenue", "profit", "age", "worked out"])
"""Concepts that can be worked out where no column holds them."""


def amount_of(reading: Reading, file: FileInfo) -> Operand | None:
    """What a row of the file is worth: its amount, or quantity × price."""
    refs = [
        ref
        for ref in reading.vocabulary.of_file(file.path)
        if ref.role is Role.AMOUNT and ref.column.numeric
    ]
    if refs:
        return _worth(reading, refs, file).field
    product = derived(reading, "revenue", file)
    if product is not None:
        return product
    prices = [
        ref for ref in reading.vocabulary.of_file(file.path) if ref.role in {Role.PRICE, Role.PAY}
    ]
    return prices[0].field if len(prices) == 1 else None


def worth_of(mark: Mark, reading: Reading, file: FileInfo) -> Operand | None:
    """What the word for a row's worth means: "value", or a figure that no column holds."""
    if mark.words in reading.worked_out:
        return reading.worked_out[mark.words]
    made = derived(reading, mark.carries, file) if mark.carries in FIGURES else None
    if made is None and mark.carries in FIGURES - {"revenue"}:
        return None
    worth = made or amount_of(reading, file)
    if made is None and mark.carries in FIGURES and isinstance(worth, Field):
        reading.assume(
            text("“{words}” is the column {column}.", words=mark.words, column=worth.column)
        )
    return worth


def _worth(reading: Reading, refs: list[Ref], file: FileInfo) -> Ref:
    if len(refs) == 1:
        return refs[0]
    noun = set(row_noun(file).split())
    for wanted in (
        {*noun, "total"},
        {"total"},
        {"amount"},
        {"revenue"},
        {"betrag"},
        {"value"},
        {"gross"},
    ):
        hits = [
            ref
            for ref in refs
            if wanted & set(ref.words) and not set(ref.words) & {"tax", "discount", "cost"}
        ]
        if len(hits) == 1:
            reading.assume(text("The value of a row is {column}.", column=hits[0].name))
            return hits[0]
    return reading.asked("value", refs[0], refs)


def derived(reading: Reading, what: str, file: FileInfo) -> Operand | None:
    """A figure that no column holds: revenue = quantity × price, profit = revenue − cost, age."""
    own = reading.vocabulary.of_file(file.path)
    near = [
        *own,
        *(
            r
            for f in reading.files.reachable(file.path, reading.links)
            for r in reading.vocabulary.of_file(f.path)
        ),
    ]
    if what in {"revenue", "amount", "cost"}:
        quantities = [
            r for r in own if r.role is Role.QUANTITY and concept(r.words[-1]) == "quantity"
        ]
        prices = [r for r in near if r.role is Role.PRICE]
        if quantities and prices:
            reading.assume(
                text(
                    "{what} is {first} × {second}.",
                    what=_capital(what),
                    first=quantities[0].name,
                    second=prices[0].name,
                )
            )
            return Combined(kind="times", first=quantities[0].field, second=prices[0].field)
    if what == "profit":
        gains = [
            r
            for r in own
            if r.role is Role.AMOUNT and concept(r.words[-1]) in {"revenue", "amount"}
        ]
        costs = [r for r in own if concept(r.words[-1]) == "cost" and r.column.numeric]
        if len(gains) == 1 and len(costs) == 1:
            reading.assume(
                text("Profit is {first} − {second}.", first=gains[0].name, second=costs[0].name)
            )
            return Combined(kind="minus", first=gains[0].field, second=costs[0].field)
    if what == "age":
        born = [r for r in own if r.role is Role.DATE and {concept(w) for w in r.words} & {"born"}]
        if born:
            reading.assume(
                text(
                    "Age is counted in whole years on {day} from {column}.",
                    day=reading.today.isoformat(),
                    column=born[0].name,
                )
            )
            return Age(born=born[0].field, on=reading.today)
    return None


def elapsed(reading: Reading, file: FileInfo) -> Operand | None:
    """The days between the two dates of a row."""
    dates = list(reading.vocabulary.dates(file.path))
    if len(dates) < 2:
        return None
    starts = [
        r
        for r in dates
        if {concept(w) or w for w in r.words}
        & {
            "created",
            "start",
            "order",
            "hired",
            "invoice",
            "admission",
            "admitted",
            "begin",
            "checkin",
            "from",
        }
    ]
    ends = [r for r in dates if r not in starts]
    start, end = (
        (starts or dates)[0],
        next((r for r in ends if r is not (starts or dates)[0]), dates[-1]),
    )
    if len(dates) > 2 and len(ends) != 1:
        end = reading.asked("end date", end, ends or dates)
    reading.assume(
        text(
            "The time is counted in days from {first} to {second}.",
            first=start.name,
            second=end.name,
        )
    )
    return Combined(kind="days", first=start.field, second=end.field)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
