"""Conditions that words may be, beside those that were read for sure. Pure."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from planner.questions.search.narrowing.against import against
from planner.questions.search.narrowing.amounts import amounts
from planner.questions.search.narrowing.comparisons import compared
from planner.questions.search.narrowing.lasting import lasting
from planner.questions.search.narrowing.moments import moments
from planner.questions.search.narrowing.texts import texts
from planner.questions.search.partners import partners
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import TRUE, Role, seen_in
from planner.questions.spec import Compare, Either, Field, Missing, OneOf
from planner.questions.words.lexicon import concept, plain, senses
from planner.questions.words.linking import opposite
from planner.questions.words.terms import Ref

SURE = 0.45
_UNDONE = frozenset(
    [
        "pending",
        "inactive",
        "outstanding",
        "open",
        "owe",
        "owes",
        "owed",
        "owing",
        "due",
        "unpaid",
        "left",
        "outstanding",
    ]
)


_ENDS = frozenset(
    [
        "left",
        "closed",
        "returned",
        "paid",
        "cancelled",
        "ended",
        "end",
        "finished",
        "done",
        "resolved",
        "churned",
        "out",
        "completed",
        "delivered",
        "discharged",
        "back",
        "until",
        "to",
        "inactive",
    ]
)
_GOING = frozenset(
    ["still", "active", "current", "currently", "now", "yet", "ongoing", "remaining"]
)


def conditions(said: Saying) -> list[Piece[Held]]:
    """Each condition that some words may be."""
    found = [
        *_values(said),
        *_fillings(said),
        *_truths(said),
        *_gaps(said),
        *compared(said),
        *moments(said),
    ]
    found += [*texts(said), *partners(said), *against(said), *lasting(said), *amounts(said)]
    return [*found, *_either(found), *_one_or_other(said, found), *_one_of_two(said, found)]


_TOLD = frozenset({"empty", "filled", "true", "false", "value", "compared"})


def _one_of_two(said: Saying, found: list[Piece[Held]]) -> Iterator[Piece[Held]]:
    """Conditions of two columns with "or" between them: at least one of them holds."""
    between = said.places("o")
    told = [piece for piece in found if piece.kind in _TOLD and piece.words] if between else []
    for first, second in combinations(told, 2):
        a, b = sorted((first, second), key=lambda piece: min(piece.words))
        joined = {p: 1.0 for p in between if max(a.words) < p < min(b.words)}
        if joined and getattr(a.made[0], "field", None) != getattr(b.made[0], "field", None):
            held = Either(filters=(a.made[0], b.made[0]))
            features = {"either link": min(max(a.words.values()), max(b.words.values()))}
            words = {**a.words, **b.words, **joined}
            yield Piece((held, f"{a.made[1]} or {b.made[1]}"), "one of two", words, features)


def _either(found: list[Piece[Held]]) -> Iterator[Piece[Held]]:
    """Values of one column that are named beside each other: any of them."""
    values = [
        piece for piece in found if piece.kind == "value" and isinstance(piece.made[0], OneOf)
    ]
    for first, second in combinations(values, 2):
        a, b = first.made[0], second.made[0]
        assert isinstance(a, OneOf)
        assert isinstance(b, OneOf)
        apart = set(first.words) - set(second.words) and set(second.words) - set(first.words)
        if a.field == b.field and apart and not {*a.values} & {*b.values}:
            held = a.model_copy(update={"values": (*a.values, *b.values)})
            features = {
                name: 0.5 * (first.features.get(name, 0.0) + second.features.get(name, 0.0))
                for name in first.features
            }
            said = f"{a.field.column} is {' or '.join(map(str, held.values))}"
            yield Piece((held, said), "either value", {**first.words, **second.words}, features)


def _one_or_other(said: Saying, found: list[Piece[Held]]) -> Iterator[Piece[Held]]:
    """Numbers of one column that are named beside each other: "rated 4 or 5"."""
    for first, second in combinations([piece for piece in found if piece.kind == "equals"], 2):
        words = {**first.words, **second.words}
        match first.made[0], second.made[0], _beside(said, words):
            case Compare(of=Field() as field, value=a), Compare(of=of, value=b), at if (
                at and field == of
            ):
                held = OneOf(field=field, values=(a, b))
                words |= dict.fromkeys(at, 1.0)
                told = f"{field.column} is {a:g} or {b:g}"
                yield Piece((held, told), "either equals", words, first.features)
            case _:
                pass


def _beside(said: Saying, words: Iterable[int]) -> range:
    """From one number to the other, where they are listed beside each other."""
    at = sorted(place for place in words if said.marks[place].letter == "N")
    if len(at) != 2:
        return range(0)
    between = "".join(mark.letter for mark in said.marks[at[0] + 1 : at[1]])
    listed = between in {"o", ",", ",o"} or said.marks[at[0]].words.endswith(",")
    return range(at[0], at[1] + 1) if listed else range(0)


def _values(said: Saying) -> Iterator[Piece[Held]]:
    for place, mark in enumerate(said.marks):
        pools = [(c.term.values, c.confidence) for c in said.found[place][:6]]
        pools += [(mark.term.values, 1.0)] if mark.letter in 'V"' and mark.term is not None else []
        for values, sure in pools:
            for ref, chosen in values if sure >= SURE else ():
                words = {place: sure}
                features = {
                    "value link": sure,
                    "value weak": float(sure < 0.7),
                    **_of_value(said, place, ref, chosen),
                }
                held = OneOf(field=ref.field, values=tuple(chosen))
                yield Piece((held, f"{ref.name} is {', '.join(chosen)}"), "value", words, features)
                signs = said.negated(words)
                if signs:
                    without = held.model_copy(update={"negated": True})
                    said_so = f"{ref.name} is not {', '.join(chosen)}"
                    yield Piece((without, said_so), "not value", {**words, **signs}, features)


def _of_value(said: Saying, place: int, ref: Ref, chosen: tuple[str, ...]) -> dict[str, float]:
    """What speaks against a value: the word is only part of it, or names something else as well."""
    mark = said.marks[place]
    words = plain(mark.words).split()
    partial = all(len(plain(value).split()) > len(words) for value in chosen)
    own = max(said.links[place].values(), default=0.0)
    return {
        "value partial": float(partial),
        f"value in {ref.role.value}": 1.0,
        f"value partial in {ref.role.value}": float(partial),
        "value names rows": said.rows.get(place, 0.0),
        "value names column": own,
        "value of other file": float(ref.file.path != said.reading.base.path),
        "value spelt": float(mark.letter == "V"),
    }


def _fillings(said: Saying) -> Iterator[Piece[Held]]:
    """A column that says "none" where there is nothing: "damaged loads" are those with anything else."""
    for ref in said.reading.vocabulary.refs:
        of = said.of(ref) if ref.role is Role.CATEGORY and not ref.column.numeric else {}
        none = tuple(v for v in seen_in(ref.column) if v.strip().casefold() in _NONE) if of else ()
        if none and len(none) < len(seen_in(ref.column)):
            features = {"filling link": max(of.values())}
            held = OneOf(field=ref.field, values=none, negated=True)
            yield Piece((held, f"with {ref.name}"), "filled word", of, features)
            signs = said.negated(of)
            nothing = held.model_copy(update={"negated": False})
            if signs:
                yield Piece(
                    (nothing, f"without {ref.name}"), "empty word", {**of, **signs}, features
                )


_NONE = frozenset({"none", "no", "n/a", "na", "-", "nil", "nothing", "not", "ok", "keine", "aucun"})


def _truths(said: Saying) -> Iterator[Piece[Held]]:
    for ref in said.reading.vocabulary.refs:
        of = said.of(ref) if ref.role is Role.BOOLEAN else {}
        contrary = _contrary(said, ref) if ref.role is Role.BOOLEAN else {}
        signs = said.negated(of)
        features = {
            "truth link": max([*of.values(), *contrary.values()], default=0.0),
            "truth of other file": float(ref.file.path != said.reading.base.path),
        }
        if of:
            yes = OneOf(field=ref.field, values=tuple(sorted(TRUE)))
            yield Piece(
                (yes, ref.name), "true", of, {**features, "true though not": float(bool(signs))}
            )
        if of or contrary:
            no = OneOf(field=ref.field, values=tuple(sorted(TRUE)), negated=True)
            words = {**of, **signs, **contrary}
            unsaid = float(not signs and not contrary)
            yield Piece(
                (no, f"not {ref.name}"), "false", words, {**features, "false unsaid": unsaid}
            )


def _contrary(said: Saying, ref: Ref) -> dict[int, float]:
    """Where a word says the contrary of the column: "unpaid" and "owes" of paid."""
    own = {concept(word) for word in ref.words} | set(ref.words)
    ended = _ends(ref)
    settled = ended or bool(
        own & {"paid", "settled", "payment", "closed", "active", "returned", "done"}
    )
    found = {}
    for place, mark in enumerate(said.marks):
        word = mark.words.lower()
        if opposite(word) in {*ref.words} or (opposite(word) and concept(opposite(word)) in own):
            found[place] = 0.9
        elif settled and (word in _UNDONE or senses(word) & {"pending", "debt", "active"}):
            found[place] = 0.75
        elif ended and word in _GOING:
            found[place] = 0.7
    return found


def _ends(ref: Ref) -> bool:
    """Whether it is a day on which something ended."""
    own = {concept(word) for word in ref.words} | set(ref.words)
    return ref.role is Role.DATE and bool(own & _ENDS)


def _gaps(said: Saying) -> Iterator[Piece[Held]]:
    """Cells that are empty, or are not."""
    missing = said.places("z")
    for ref in said.reading.vocabulary.refs:
        of = said.of(ref) if ref.column.nulls else {}
        contrary = _contrary(said, ref) if ref.column.nulls else {}
        going = bool(ref.column.nulls) and _ends(ref) and bool(said.cues & _GOING)
        if not of and not contrary and not going:
            continue
        signs = said.negated(of)
        features = {
            "gap link": max([*of.values(), *contrary.values()], default=0.0),
            "gap going": float(going),
            "gap in date": float(ref.role is Role.DATE),
            "gap in key": float(ref.role in {Role.KEY, Role.CODE}),
            "gap of other file": float(ref.file.path != said.reading.base.path),
        }
        empty = Missing(field=ref.field)
        words = {**of, **signs, **contrary, **missing}
        unsaid = float(not signs and not contrary and not missing)
        yield Piece(
            (empty, f"without {ref.name}"), "empty", words, {**features, "empty unsaid": unsaid}
        )
        if of:
            filled = empty.model_copy(update={"negated": True})
            yield Piece(
                (filled, f"with {ref.name}"),
                "filled",
                of,
                {**features, "filled though not": float(bool(signs))},
            )
