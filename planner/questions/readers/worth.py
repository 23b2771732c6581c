"""What a row is worth, and figures that no column holds: value, profit, age, days between dates."""

from collections.abc import Sequence

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.conditions.intervals import interval
from planner.questions.readers.state import Reading
from planner.questions.semantics import Role, has_time, role_of, row_noun
from planner.questions.spec import Age, Combined, Field, Operand
from planner.questions.words.lexicon import concept, word_set
from planner.questions.words.marks import Mark
from planner.questions.words.terms import Ref

FIGURES = frozenset(["revenue", "profit", "age", "worked out"])
"""Concepts that can be worked out where no column holds them."""


def amount_of(reading: Reading, file: FileInfo, *, earned: bool = False) -> Operand | None:
    """What a row of the file is worth: its amount, or quantity × price.

    `earned`: as income, so no cost is it, nor the price of something that other rows sell.
    """
    own = [ref for ref in reading.vocabulary.of_file(file.path) if ref.column.numeric]
    own = [ref for ref in own if not (earned and is_cost(ref))]
    refs = [ref for ref in own if ref.role is Role.AMOUNT]
    if earned and _earned_elsewhere(reading, file, refs):
        return None
    if refs:
        return _worth(reading, refs, file).field
    product = derived(reading, "revenue", file)
    if product is not None:
        return product
    prices = [ref for ref in own if ref.role in {Role.PRICE, Role.PAY}]
    return prices[0].field if len(prices) == 1 else None


def is_cost(ref: Ref) -> bool:
    """Whether it is paid rather than earned: a cost or a wage."""
    kinds = {concept(word) for word in ref.words}
    return ref.role is Role.PAY or ("cost" in kinds and not {*ref.words} & _CHARGED)


def _earned_elsewhere(reading: Reading, file: FileInfo, own: list[Ref]) -> bool:
    """Whether rows that lead to these hold what came in: payments of members, sales of items."""
    if any(concept(ref.words[-1]) == "revenue" for ref in own):
        return False
    for link in reading.files.links:
        if link.single != file.path or link.many == file.path:
            continue
        other = reading.files.by_path[link.many]
        roles = {role_of(column, other.rows) for column in other.columns}
        if roles & {Role.AMOUNT, Role.QUANTITY}:
            return True
    return False


def _is_total(ref: Ref) -> bool:
    """Whether it holds what quantity times price would give: "Net Total"."""
    return ref.role is Role.AMOUNT and "total" in ref.words


_CHARGED = frozenset({"fee", "fees", "charge", "charges", "gebuhr", "frais"})
"""A cost to others: what they pay."""


def worth_of(mark: Mark, reading: Reading, file: FileInfo) -> Operand | None:
    """What the word for a row's worth means: "value", or a figure that no column holds."""
    if mark.words in reading.worked_out:
        return reading.worked_out[mark.words]
    made = derived(reading, mark.carries, file) if mark.carries in FIGURES else None
    if made is None and mark.carries in FIGURES - {"revenue"}:
        return None
    earned = mark.carries == "revenue"
    worth = made or amount_of(reading, file, earned=earned)
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
        prices = [r for r in near if r.role is Role.PRICE and (what == "cost" or not is_cost(r))]
        if quantities and prices and (what == "cost" or not any(map(_is_total, own))):
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


def elapsed(
    reading: Reading, file: FileInfo, named: Sequence[Ref] = (), unit: str = ""
) -> Combined | None:
    """The time between the two dates of a row; `named` are those that were said, in that order.

    In days, or between moments in minutes where no unit is said.
    """
    dates = list(reading.vocabulary.dates(file.path))
    if len(dates) < 2:
        return None
    stay = interval(file) if not named else None
    start, end = stay or (
        named if len(named) == 2 else _ends(reading, dates, named[0] if named else None)
    )
    moments = all(has_time(ref.column) for ref in (start, end))
    shown = (unit if unit in {"hour", "minute"} else "minute" if not unit else "day") if moments else "day"  # fmt: skip
    reading.assume(
        text(
            "The time is counted in {unit}s from {first} to {second}.",
            unit=shown,
            first=start.name,
            second=end.name,
        )
    )
    return Combined.model_validate(
        {"kind": "days", "first": start.field, "second": end.field, "unit": shown}
    )


def _ends(reading: Reading, dates: Sequence[Ref], named: Ref | None) -> tuple[Ref, Ref]:
    """The first and the last date of a row; `named`: one of them, which is the last where it may be."""
    starts = [r for r in dates if {concept(w) or w for w in r.words} & _STARTS]
    if named is not None and named not in starts and named is not dates[0]:
        before = [r for r in starts or dates[: dates.index(named)] if r is not named]
        return (
            before[0] if len(before) == 1 else reading.asked("start date", before[0], before)
        ), named
    start = named or (starts or dates)[0]
    ends = [r for r in dates if r not in starts and r is not start] or [
        r for r in dates if r is not start
    ]
    ends = [r for r in ends if not {*r.words} & _EXPECTED] or ends  # not when it should have been
    end = ends[0]
    if len(dates) > 2 and len(ends) != 1:
        end = reading.asked("end date", end, ends)
    return start, end


_EXPECTED = word_set("due promised promise planned plan expected deadline target scheduled eta sla")
_STARTS = frozenset(
    [
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
    ]
)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
