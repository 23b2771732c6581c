"""What may be worked out: a number of rows, a total, an average, days between dates, a share. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from planner.questions.readers.state import Reading, Unclear
from planner.questions.readers.worth import amount_of
from planner.questions.search.narrowing.lasting import durations
from planner.questions.search.narrowing.limits import left_of
from planner.questions.search.pieces import Held, Piece, surely
from planner.questions.search.saying import Saying
from planner.questions.search.worked import worked_out
from planner.questions.semantics import ADDED, AVERAGED, MEASURES, OPEN, Role
from planner.questions.spec import Field, Filter, Function, Grain, Measure, Operand
from planner.questions.words.terms import Ref

Figures = tuple[Measure, ...]
_SAID: Mapping[str, Function] = {
    "sum": "sum", "avg": "avg", "max": "max", "min": "min", "median": "median", "stddev": "stddev",
}  # fmt: skip
_COUNTED = frozenset({Role.KEY, Role.CODE, Role.NAME, Role.CATEGORY, Role.ZIP})
SHARED = 8
"""How many figures shares are tried of."""
PORTION, GROWING = "in parts", "growing"
"""Of a figure that is told as what part of the whole each group has, or with its change from span to span."""


def figures(said: Saying) -> list[Piece[Figures]]:
    """The figures worth trying; () lists the rows themselves."""
    found = [*_plain(said), *_numbers(said), *_dates(said), *durations(said)]
    found += [*_distinct(said), *_rates(said), *worked_out(said), *_per_each(said), *left_of(said)]
    return [_placed(said, piece) for piece in found]


def _placed(said: Saying, piece: Piece[Figures]) -> Piece[Figures]:
    """With where its words stand."""
    behind = {"figure behind by": float(said.behind_by(piece.words))}
    return replace(piece, features={**piece.features, **behind}) if piece.made else piece


def pairs(found: Sequence[Piece[Figures]]) -> Iterator[Piece[Figures]]:
    """Two figures side by side, where each has words of its own."""
    for first, second in combinations([piece for piece in found if not _is_alone(piece)], 2):
        apart = surely(first.words) - set(second.words) and surely(second.words) - set(first.words)
        told = len(first.made) == 1 == len(second.made) and first.made != second.made
        if apart and told:
            a, b = (first, second) if min(first.words) <= min(second.words) else (second, first)
            features = {
                name: 0.5 * (a.features.get(name, 0.0) + b.features.get(name, 0.0))
                for name in {*a.features, *b.features}
            }
            words = {**a.words, **b.words}
            yield Piece(
                (*a.made, *b.made),
                "two figures",
                words,
                {**features, f"pair {a.kind} {b.kind}": 1.0},
            )


def _is_alone(piece: Piece[Figures]) -> bool:
    """Whether it stands beside no other: so much a day, whose words are those of the other and of the
    time; and how many channels, where it says "per month and channel".
    """
    rate = any(made.per is not None and made.per.grain is not None for made in piece.made)
    counted = any(made.function == "distinct" for made in piece.made)
    return rate or (counted and piece.features.get("figure behind by", 0.0) > 0)


def _piece(
    kind: str, made: Measure, words: Mapping[int, float], **features: float
) -> Piece[Figures]:
    return Piece((made,), kind, words, features)


def _plain(said: Saying) -> Iterator[Piece[Figures]]:
    yield Piece((), "rows", said.rows)
    counting = said.places("!", "count") | said.places("TL", "count")
    most = any(said.marks[place - 1].letter in "TL" for place in said.rows if place)
    made = said.reading.measure("count", None)
    yield _piece(
        "count",
        made,
        {**said.rows, **counting},
        **{"count most": float(most), "count rows": max(said.rows.values(), default=0.0)},
    )


def _numbers(said: Saying) -> Iterator[Piece[Figures]]:
    reading = said.reading
    own = [r for r in reading.vocabulary.refs if r.role in MEASURES and r.column.numeric]
    worth = _worth(reading)
    money = said.money
    rivals = len([ref for ref in own if ref.file.path == reading.base.path])
    alone = rivals == 1
    for ref in own:
        of, here = said.of(ref), ref.file.path == reading.base.path
        is_worth = worth == ref.field
        if is_worth and money:
            of = {**money, **of}
        if not of and not here:
            continue
        features = {
            f"unsaid {ref.role.value}": float(not of),
            "unsaid rivals": float(not of) * (rivals - 1),
            "figure link": max(of.values(), default=0.0),
            "figure unsaid": float(not of),
            "figure of other file": float(not here),
            "figure is worth": float(is_worth),
            "figure alone": float(alone),
        }
        yield from _functions(said, ref.field, ref, of, features)
    if worth is not None and not isinstance(worth, Field):
        features = {
            "figure unsaid": float(not money),
            "figure is worth": 1.0,
            "figure product": 1.0,
        }
        yield from _functions(said, worth, None, money, features)


def _functions(
    said: Saying,
    of: Operand,
    ref: Ref | None,
    words: Mapping[int, float],
    features: Mapping[str, float],
) -> Iterator[Piece[Figures]]:
    role = ref.role if ref is not None else Role.AMOUNT
    kind = "added" if role in ADDED else "averaged" if role in AVERAGED else "open"
    for function in ("sum", "avg", "max", "min", "median"):
        places = said.places("F", function)
        superlative = said.places({"max": "T", "min": "L"}.get(function, "-"))
        if function == "median" and not places:
            continue
        measure = said.reading.measure(_SAID[function], of)
        extra = {**features, f"{function} of {kind}": 1.0}
        if places:
            yield Piece((measure,), function, {**words, **places}, {**extra, "function said": 1.0})
        else:
            yield Piece((measure,), function, {**words, **superlative}, extra)


def _worth(reading: Reading) -> Operand | None:
    try:
        return amount_of(reading, reading.base)
    except Unclear:
        return None


def _dates(said: Saying) -> Iterator[Piece[Figures]]:
    """The first or last day."""
    for ref in said.reading.vocabulary.dates(said.reading.base.path):
        of = said.of(ref)
        for letters, function in (("T", "max"), ("L", "min")):
            places = said.places(letters, "date")
            when = said.places("W", "when")
            if places or when:
                made = said.reading.measure("max" if function == "max" else "min", ref.field)
                features = {
                    "figure link": max(of.values(), default=0.0),
                    "date named": float(bool(of)),
                }
                yield _piece(f"{function} date", made, {**of, **places, **when}, **features)


def _distinct(said: Saying) -> Iterator[Piece[Figures]]:
    """How many different ones."""
    places = said.places("d") | said.places("!", "count")
    for ref in said.reading.vocabulary.refs:
        of = said.of(ref)
        if of and ref.role in _COUNTED and (ref.column.distinct or 0) < (ref.file.rows or 0):
            made = Measure(function="distinct", of=ref.field, name=f"distinct_{ref.name}")
            features = {
                "figure link": max(of.values()),
                "distinct said": float(bool(said.places("d"))),
                f"distinct {ref.role.value}": 1.0,
            }
            yield _piece("distinct", made, {**of, **places}, **features)


def _rates(said: Saying) -> Iterator[Piece[Figures]]:
    """One sum beside another: "cost per lead", "click to lead rate"."""
    own = [r for r in said.reading.own() if r.role in MEASURES and r.column.numeric and said.of(r)]
    for part in own:
        for whole in own:
            of, below = said.of(part), said.of(whole)
            if part is whole or set(of) == set(below):
                continue
            above = said.reading.measure("sum", part.field)
            under = said.reading.measure("sum", whole.field)
            order = float(min(of) < min(below))
            percent = said.places("HR")
            link = min(max(of.values()), max(below.values()))
            words = {**of, **below}
            features = {"rate link": link, "rate in order": order}
            name = f"{part.name}_per_{whole.name}"
            made = above.model_copy(update={"per": under, "name": name})
            yield Piece((made,), "rate", {**words, **said.places("B")}, features)
            if percent:
                name = f"{part.name}_percent_of_{whole.name}"
                made = above.model_copy(update={"per": under, "percent": True, "name": name})
                yield Piece((made,), "percent rate", {**words, **percent}, features)


def _per_each(said: Saying) -> Iterator[Piece[Figures]]:
    """A total for each of something, on average: the value of an order, lines of an order."""
    reading, every = said.reading, said.places("F", "avg") | said.places("B")
    own = [r for r in reading.own() if r.column.numeric and r.role in ADDED | OPEN]
    above: list[tuple[Measure, dict[int, float]]] = [(reading.measure("count", None), said.rows)]
    above += [(reading.measure("sum", r.field), said.of(r)) for r in own]
    worth = _worth(reading)
    if isinstance(worth, Field):
        above.append((reading.measure("sum", worth), dict(said.money)))
    for each, places in _eachs(said):
        for total, of in above if every else ():
            if set(of) - set(places):
                made = total.model_copy(
                    update={
                        "per": each,
                        "name": f"{total.name}_per_{each.name.removeprefix('distinct_')}",
                    }
                )
                yield _piece(
                    "per each", made, {**of, **places, **every},
                    **{"each link": max(places.values()), "each total": max(of.values()),
                       "each counts": float(total.function == "count")},
                )  # fmt: skip


def _eachs(said: Saying) -> Iterator[tuple[Measure, dict[int, float]]]:
    """How many there are of what repeats and is named, and of the days, weeks … that are."""
    named = dict(said.other_rows())
    for ref in said.reading.own():
        if not said.reading.repeats(ref) or ref.role not in {Role.KEY, Role.CODE, Role.NAME}:
            continue
        leads = [
            link.single
            for link in said.reading.files.links
            if link.many == ref.file.path and link.left == ref.name
        ]
        places = dict(said.of(ref))
        for path in leads:
            places |= named.get(path, {})
        if places:
            yield Measure(function="distinct", of=ref.field, name=f"distinct_{ref.name}"), places
    yield from _each_time(said)


def _each_time(said: Saying) -> Iterator[tuple[Measure, dict[int, float]]]:
    for place, mark in enumerate(said.marks):
        date = said.main_date if mark.letter == "G" else None
        if date is not None:
            grain: Grain = mark.carries  # type: ignore[assignment]  # "G" marks carry grains
            each = Measure(function="distinct", of=date, grain=grain, name=f"distinct_{grain}")
            yield each, {place: 1.0}


def shares(
    said: Saying, singles: Sequence[Piece[Figures]], sure: Sequence[Filter],
    own: Sequence[Piece[Held]],
) -> Iterator[Piece[Figures]]:  # fmt: skip
    """What part of the rows, or of a total, the conditions hold for, in percent; or the last of them
    holds for, of the rows that the others hold for.
    """
    places = said.places("HR")
    held = (*sure, *(piece.made[0] for piece in own))
    if not places or not held:
        return
    for figure in singles[:SHARED]:
        if len(figure.made) == 1 and figure.kind.startswith("sum") and figure.words:
            part = _part(figure.made[0], held)
            yield Piece((part,), "share of sum", {**figure.words, **places}, figure.features)
    count = said.reading.measure("count", None)
    for narrowed in own if len(held) > 1 else ():
        part, features = _part(count, (narrowed.made[0],)), _within(narrowed, own)
        yield Piece((part,), "share within", {**said.rows, **places}, features)
    yield from _shares_of_rows(said, count, held, places)


def _shares_of_rows(
    said: Saying, count: Measure, held: tuple[Filter, ...], places: Mapping[int, float]
) -> Iterator[Piece[Figures]]:
    part, counting = _part(count, held), said.places("!", "count")
    yield Piece((part,), "share", {**said.rows, **places})
    number = count.model_copy(update={"only": held, "name": "count"})
    if counting:
        yield Piece((number, part), "count and share", {**said.rows, **places, **counting})


def _part(whole: Measure, only: tuple[Filter, ...]) -> Measure:
    """What part of the whole these conditions hold for, in percent."""
    return whole.model_copy(
        update={"only": only, "per": whole, "percent": True, "name": "share_percent"}
    )


def _within(narrowed: Piece[Held], own: Sequence[Piece[Held]]) -> dict[str, float]:
    """Whether the condition is said behind the others, or before them."""
    others = [p for piece in own if piece is not narrowed for p in piece.words]
    return {
        "within last": float(min(narrowed.words, default=0) > max(others, default=0)),
        "within first": float(max(narrowed.words, default=0) < min(others, default=0)),
    }


def portions(said: Saying, singles: Sequence[Piece[Figures]]) -> Iterator[Piece[Figures]]:
    """A number of rows, or a total, of which each group has its part."""
    places = said.places("H")  # a rate is of each by itself
    for figure in singles[:SHARED] if places else ():
        if len(figure.made) == 1 and figure.kind.startswith(("sum", "count")):
            words = {**figure.words, **places}
            yield Piece(figure.made, f"{figure.kind.split()[0]} {PORTION}", words, figure.features)


def growing(said: Saying, singles: Sequence[Piece[Figures]]) -> Iterator[Piece[Figures]]:
    """A figure with how it went from one span of time to the next."""
    places = said.places("g")
    for figure in singles[:SHARED] if places else ():
        if len(figure.made) == 1 and figure.kind.startswith(("sum", "count", "avg")):
            words = {**figure.words, **places}
            yield Piece(figure.made, f"{figure.kind.split()[0]} {GROWING}", words, figure.features)


def parts_of(
    said: Saying, found: Sequence[Piece[Figures]], held: Sequence[Filter]
) -> Iterator[Piece[Figures]]:
    """A figure, and beside it the same of the rows that the conditions hold for: "how many, and how many of them …"."""
    if not held or not said.cues & {"and", "vs", "versus", "against"}:
        return
    for figure in found[:3]:
        if len(figure.made) == 1 and figure.kind in {"count", "sum", "avg"}:
            whole = figure.made[0]
            part = whole.model_copy(update={"only": tuple(held), "name": f"{whole.name}_of_these"})
            yield Piece((whole, part), f"{figure.kind} and part", figure.words, figure.features)
