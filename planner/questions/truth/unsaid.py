"""Whether a question says what its words say: each number, value, negation and period. Pure.

The check knows nothing of how the words were read. It looks at the marks on one side and at the
finished question on the other, so that a mark which got lost on the way is found here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from planner.questions.semantics import NAMING, TRUE
from planner.questions.spec import (
    Age,
    Combined,
    Compare,
    DatePart,
    During,
    Either,
    Field,
    Filter,
    Like,
    Linked,
    Missing,
    OneOf,
    QuerySpec,
)
from planner.questions.truth.alternatives import not_either
from planner.questions.truth.contents import Contents
from planner.questions.truth.shown import not_shown
from planner.questions.words.lexicon import folded, plain, singular, word_set
from planner.questions.words.marks import Mark, is_done, refs_of

_LOOSE_SUMS = frozenset(
    ["how much", "overall", "altogether", "in total", "combined", "aggregate", "in all"]
)
"""Words for a total that ask for nothing more where there is another figure."""


def unsaid(marks: Sequence[Mark], spec: QuerySpec) -> tuple[str, ...]:
    """The words that the question does not say anything of, in order."""
    facts = Contents(spec, tuple(marks))
    found = [mark.words for mark in marks if not _HELD.get(mark.letter, _always)(mark, facts)]
    found += [f"{sign.words} {number.words}" for sign, number in facts.turned()]
    found += [*not_shown(facts), *_not_rated(facts), *_not_listed(facts), *not_either(facts)]
    return tuple(dict.fromkeys(words for words in found if words))


def _not_listed(facts: Contents) -> Iterator[str]:
    """ "checkups and vaccinations": a word for rows that is a value too, beside another value."""
    marks = facts.marks
    for before, sign, after in zip(marks, marks[1:], marks[2:], strict=False):
        if sign.letter not in "ao" or {before.letter, after.letter} != {"E", "V"}:
            continue
        word = before if before.letter == "E" else after
        if word.also is not None and word.also.letter == "V" and not _value(word.also, facts):
            yield word.words


def _not_rated(facts: Contents) -> Iterator[str]:
    """ "more than 13 an hour" is a rate: compared with a price or a wage, and no number of hours."""
    for number, span in pairwise(facts.marks):
        one = span.letter == "G" and span.words == singular(span.words) and span.words in _EACH
        if number.letter != "N" or not one or number.number in {None, 1.0}:
            continue
        held = [c.of for c in facts.comparisons if c.value == number.number]
        names = [plain(of.column).split() for of in held if isinstance(of, Field)]
        rates = _RATES | {_EACH[span.words]}
        if held and not any({*words} & rates for words in names):
            yield f"{number.words} {span.words}"


_EACH = {"hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}
_RATES = word_set("rate wage pay salary price fee cost rent fare")


_CONDITIONS = 'VNO$CXz"'
"""Marks that may be conditions."""


# -- one check for each kind of mark ---------------------------------------------------------


def _always(_: Mark, __: Contents) -> bool:
    return True


def _numbers(mark: Mark, facts: Contents) -> bool:
    if mark.number is None or mark.number in facts.numbers or folded(mark.words) in facts.values:
        return True
    after = facts.after(mark)
    timed = after is not None and after.letter == "G"
    return timed and bool({mark.number * times for times in _TIMES} & facts.numbers)


_TIMES = (60, 3600, 24, 1440, 7, 1 / 60)
"""How many of one unit of time another has: "over 2 hours" of a column of minutes."""


def _value(mark: Mark, facts: Contents) -> bool:
    """The value is in a condition, or the words are the name of a column that is looked at."""
    written = {folded(mark.words).strip(), plain(mark.words)}
    for _, values in mark.term.values if mark.term is not None else ():
        written |= {folded(value).strip() for value in values}
    if written & facts.values:
        return True
    return (
        mark.also is not None
        and mark.also.letter in "CE"
        and _HELD[mark.also.letter](mark.also, facts)
    )


def _column(mark: Mark, facts: Contents) -> bool:
    """One of the columns that the words may name is looked at, or its values are."""
    refs = refs_of(mark)
    if facts.is_apart(mark, refs):
        return False
    if not refs or (mark.term is not None and mark.term.alike) or _is_of_rows(mark, facts):
        return True
    if {ref.field.model_copy(update={"written": ""}) for ref in refs} & facts.fields:
        return True
    if facts.measures and is_done(mark):
        return True  # "visited more than 10 times", "kilos sold"
    linked = {held.other.file for held in facts.filters if isinstance(held, Linked)}
    if any(ref.role in NAMING or ref.file.path in linked for ref in refs) or _is_first(mark, facts):
        return True
    return mark.also is not None and mark.also.letter in 'EV"' and _value(mark.also, facts)


def _is_of_rows(mark: Mark, facts: Contents) -> bool:
    """What rows are called: "leave out castles without a theme", "jabs that ran out, how many"."""
    after = facts.after(mark)
    if facts.before(mark, "X") and after is not None and after.letter == "X":
        return True
    noun = mark.also.term.noun if mark.also is not None and mark.also.term is not None else None
    counted = [measure.function for measure in facts.spec.measures] == ["count"]
    return noun is not None and counted and noun.path == facts.spec.files[0]


def _is_first(mark: Mark, facts: Contents) -> bool:
    """ "guests whose …": what the listed rows are called."""
    spec = facts.spec
    first = next((m for m in facts.marks if m.letter in "CEV"), None)
    return first is mark and not (spec.measures or spec.columns)


def _rows(mark: Mark, facts: Contents) -> bool:
    file = mark.term.noun if mark.term is not None else None
    if file is None or file.path in facts.spec.paths:
        return True
    names = {word for field in facts.fields for word in plain(field.column).split()}
    return bool(set(plain(mark.words).split()) & names) or mark.also is not None


def _period(mark: Mark, facts: Contents) -> bool:
    """As many spans and parts as were named: one is there for this."""
    period = mark.period
    if period is None:
        return True
    years = {float(day.year) for day in (period.start, period.end) if day is not None}
    if years & facts.numbers:
        return True
    for held in facts.filters:
        if isinstance(held, During) and any(_same(span, mark) for span in held.spans):
            return True
        if isinstance(held, During) and any(_within(span, held, facts) for span in held.spans):
            return True
        if (
            isinstance(held, DatePart)
            and set(period.numbers) <= set(held.numbers)
            and period.numbers
        ):
            return True
    return False


def _within(span: tuple[object, object], held: During, facts: Contents) -> bool:
    """From one column to another: what holds on a day."""
    until = span[0] is None and span[1] is not None
    others = [f for f in facts.filters if isinstance(f, During) and f.field != held.field]
    return until and any(end is None and start for f in others for start, end in f.spans)


def _same(span: tuple[object, object], mark: Mark) -> bool:
    period = mark.period
    assert period is not None
    if period.yearless:
        return (span[0] is None) == (period.start is None) and (span[1] is None) == (
            period.end is None
        )
    return span == (period.start, period.end)


def _negation(mark: Mark, facts: Contents) -> bool:
    """Something is turned round; of each that is listed, "never" is about all of its rows."""
    linked = any(isinstance(held, Linked) and held.negated for held in facts.filters)
    if "never" in mark.words.split() and facts.spec.columns and not linked:
        return False
    letters = "".join(held.letter for held in facts.marks)
    twice = sum(2 for _ in re.finditer("X[ECw]*X", letters))  # "leave out those without"
    signs = [m for m in facts.marks if m.letter in "Xx"][twice:]
    return facts.negations >= len(signs) or (facts.negations > 0 and _shared(signs, facts))


def _shared(signs: Sequence[Mark], facts: Contents) -> bool:
    """ "neither A nor B": one condition holds several values."""
    held = sum(len(f.values) if isinstance(f, OneOf) and f.negated else 0 for f in facts.filters)
    return held >= len(signs)


def _function(mark: Mark, facts: Contents) -> bool:
    functions = {measure.function for measure in facts.measures}
    if mark.carries in functions:
        return True
    match mark.carries:
        case "sum":
            if mark.words.startswith("how much") and functions <= {"count", "distinct"}:
                return any(measure.per is not None for measure in facts.measures)
            loose = mark.words in _LOOSE_SUMS and bool(functions)
            return loose or "distinct" in functions or facts.windowed("running", "share")
        case "avg":
            averaged = any(isinstance(f, Compare) and f.average for f in facts.filters)
            return (
                averaged
                or any(m.per is not None for m in facts.measures)
                or facts.windowed("moving")
            )
        case _:
            return mark.carries in {"min", "max"} and facts.ordered


def _spent(mark: Mark, facts: Contents) -> bool:
    """What was spent or earned is a figure, or is compared with one."""
    spent = mark.carries == "spend" or mark.words in {"earn", "earned", "earns"}
    return not spent or bool(facts.measures or facts.comparisons or facts.spec.columns)


def _missing(_: Mark, facts: Contents) -> bool:
    """Cells are empty, rows lack a partner, or what says yes or no says no."""
    said_no = any(
        isinstance(held, OneOf) and held.negated and set(held.values) == TRUE
        for held in facts.filters
    )
    return said_no or any(isinstance(held, Missing | Linked) for held in facts.filters)


def _compared(_: Mark, facts: Contents) -> bool:
    """ "over", "at most": something is compared, or some span of time has an end."""
    spans = any(isinstance(held, During | DatePart | Linked) for held in facts.filters)
    return bool(facts.comparisons or facts.spec.having) or spans


def _count(_: Mark, facts: Contents) -> bool:
    return bool(facts.measures)


def _extreme(_: Mark, facts: Contents) -> bool:
    """ "which month …" is one of them; "the highest fee by month" is each month's."""
    spec = facts.spec
    asked = [facts.after(mark) for mark in facts.marks if mark.letter == "W"]
    if spec.groups and any(mark is not None and mark.letter in "CEG" for mark in asked):
        return bool(spec.limit or spec.per_group or spec.having)
    return facts.ordered or bool(spec.order) or any(f.kind == "part" for f in facts.filters)


def _grain(mark: Mark, facts: Contents) -> bool:
    spec = facts.spec
    made = [*(m.grain for m in facts.measures), *(group.grain for group in spec.groups)]
    operands = [measure.of for measure in facts.measures]
    operands += [held.of for held in facts.filters if isinstance(held, Compare)]
    if facts.before(mark, "X") and any(isinstance(held, Missing) for held in facts.filters):
        return True
    number = facts.before(mark, "N")
    if number is not None and number.number not in facts.numbers and _numbers(number, facts):
        return True
    if any(made) or any(isinstance(of, Combined | Age) for of in operands):
        return True
    return any(mark.carries in plain(field.column).split() for field in facts.fields)


def _grouping(mark: Mark, facts: Contents) -> bool:
    """What is named behind "by" or "per" splits the figures, divides them, or is a value."""
    spec = facts.spec
    behind = facts.after(mark)
    split = spec.groups or spec.windows or spec.within or any(m.per for m in facts.measures)
    if (
        behind is not None
        and behind.letter == "V"
        and {"per", "each", "every"} & {*mark.words.split()}
    ):
        return bool(split)  # "hours per waiter" are those of each, where "by phone" is how
    if behind is None or behind.letter != "C" or behind.term is None or behind.term.alike:
        return bool(split or facts.values or facts.measures)
    named = {ref.field.model_copy(update={"written": ""}) for ref in refs_of(behind)}
    if any(ref.role in NAMING for ref in refs_of(behind)) or not named:
        return bool(split or facts.values)
    apart: list[object] = [group.field for group in spec.groups]
    apart += [order.by for order in spec.order]
    apart += [spec.within, *(m.per.of for m in facts.measures if m.per is not None)]
    apart += [measure.of for measure in facts.measures] if spec.order else []
    kept = {f.model_copy(update={"written": ""}) for f in apart if isinstance(f, Field)}
    return bool(named & kept) or spec.limit is not None


def _choice(mark: Mark, facts: Contents) -> bool:
    """ "or" between things of a kind is in the one condition on them; else it is one of its own."""
    left, right = facts.before(mark, _CONDITIONS), facts.after(mark)
    if left is None or right is None or right.letter not in _CONDITIONS:
        return True
    alike = left.letter == right.letter and left.letter in "N$C"
    if left.letter == right.letter == "V":
        fields = [{ref.field for ref, _ in m.term.values} for m in (left, right) if m.term]
        alike = len(fields) == 2 and bool(fields[0] & fields[1])
    return alike or any(isinstance(held, Either) for held in facts.filters)


def _share(_: Mark, facts: Contents) -> bool:
    percents = any(measure.percent or measure.per is not None for measure in facts.measures)
    return percents or facts.windowed("share", "growth", "minus_percent")


def _rate(mark: Mark, facts: Contents) -> bool:
    """ "return rate by product": of each by itself, not what part of all returns each has."""
    named = {word for field in facts.fields for word in plain(field.column).split()}
    divided = any(measure.percent or measure.per is not None for measure in facts.measures)
    return divided or plain(mark.words) in named or not facts.windowed("share")


def _kind(*kinds: type[Filter]) -> Callable[[Mark, Contents], bool]:
    return lambda _, facts: any(isinstance(held, kinds) for held in facts.filters)


def _repeated(mark: Mark, facts: Contents) -> bool:
    """More than one of each; of whole rows only where those are called duplicates."""
    whole = len(facts.spec.groups) > 3 and not mark.words.startswith(("dup", "doubl"))
    several = any(isinstance(f, Linked) and f.at_least > 1 for f in facts.filters)
    return bool(facts.spec.having or several) and not whole


def _distinct(_: Mark, facts: Contents) -> bool:
    counted = any(measure.function == "distinct" for measure in facts.measures)
    return counted or facts.spec.distinct or bool(facts.spec.groups)


def _both(mark: Mark, facts: Contents) -> bool:
    """Each of two is asked for by itself; all of several by how many there are."""
    if mark.words.startswith("all"):
        return any(held.of.function == "distinct" for held in facts.spec.having)
    each = sum(isinstance(held, Linked | Like) for held in facts.filters)
    several = any(isinstance(f, Linked) and f.each is not None for f in facts.filters)
    return several or each > 1 or len(facts.spec.measures) > 1


def _worth(mark: Mark, facts: Contents) -> bool:
    """ "value" where a column is called so."""
    return mark.also is None or mark.also.letter != "C" or _column(mark.also, facts)


_HELD: Final[Mapping[str, Callable[[Mark, Contents], bool]]] = {
    "N": _numbers,
    "V": _value,
    '"': _value,
    "C": _column,
    "E": _rows,
    "$": _period,
    "A": _worth,
    "X": _negation,
    "x": _negation,
    "y": _both,
    "O": _compared,
    "F": _function,
    "K": _spent,
    "!": _count,
    "T": _extreme,
    "L": _extreme,
    "G": _grain,
    "B": _grouping,
    "H": _share,
    "R": _rate,
    "o": _choice,
    "P": _kind(Like),
    "z": _missing,
    "Z": _kind(Missing),
    "d": _distinct,
    "p": _repeated,
    "r": lambda _, facts: facts.windowed("running"),
    "m": lambda _, facts: facts.windowed("moving"),
    "k": lambda _, facts: facts.windowed("rank") or bool(facts.spec.order),
    "S": lambda _, facts: bool(facts.spec.order),
    "U": lambda _, facts: bool(facts.spec.order),
    "D": lambda _, facts: bool(facts.spec.order),
    "q": lambda _, facts: any(m.function == "quantile" for m in facts.measures),
    "Q": lambda _, facts: any(m.function == "quantile" for m in facts.measures),
    "c": lambda _, facts: any(m.function == "corr" for m in facts.measures),
}
