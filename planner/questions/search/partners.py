"""Rows with or without a partner in another file, and conditions on the number of rows of each. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from planner.questions.conditions.telling import told as shown
from planner.questions.search.narrowing.comparisons import sign_of
from planner.questions.search.narrowing.contrasts import step_of
from planner.questions.search.narrowing.moments import held_by
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.semantics import Role
from planner.questions.spec import Field, Filter, Having, Linked, OneOf
from planner.questions.words.lexicon import word_set
from planner.questions.words.marks import Mark
from planner.questions.words.points import Period
from planner.questions.words.terms import Ref


def partners(said: Saying) -> Iterator[Piece[Held]]:
    """Rows that have a partner in another file, or have none."""
    reading = said.reading
    named = dict(said.other_rows())
    signs = {p: 1.0 for p, mark in enumerate(said.marks) if _is_sign(mark)}
    for link in (*reading.links, *reading.files.links):
        if reading.base.path not in {link.many, link.single}:
            continue
        other = link.single if link.many == reading.base.path else link.many
        ends = ((link.many, link.left), (link.single, link.right))
        own, there = ends if link.many == reading.base.path else ends[::-1]
        words = _words_of(said, other, named)
        features = {
            "partner link": max(words.values(), default=0.0),
            "partner is child": float(link.single == reading.base.path),
            "partner never": float("never" in said.cues),
        }
        held = Linked(
            field=Field(file=own[0], column=own[1]), other=Field(file=there[0], column=there[1])
        )
        if signs:
            without = held.model_copy(update={"negated": True})
            yield Piece(
                (without, f"not in {other}"), "without partner", {**words, **signs}, features
            )
        elif words:
            yield Piece((held, f"in {other}"), "with partner", words, features)
        if link.single == reading.base.path:
            yield from _so_many(said, held, words)
            yield from _each_of(said, held, words)


def _so_many(said: Saying, held: Linked, words: Mapping[int, float]) -> Iterator[Piece[Held]]:
    """Rows with so many partners: "more than two orders", "who came more than once"."""
    named = max(words.values(), default=0.0)
    for place in said.places("p"):
        features = {"many link": named, "many again": 1.0}
        of = {**words, place: 1.0}
        made = held.model_copy(update={"at_least": 2})
        yield Piece((made, shown(made)), "many partners", of, features)
    for place, mark in enumerate(said.marks):
        at = sign_of(said.marks, place) if mark.letter == "N" and mark.number is not None else None
        bound = _bound(said.marks[at].carries, mark.number or 0) if at is not None else None
        if at is None or bound is None:
            continue
        least, negated = bound
        times = {p: 1.0 for p, m in enumerate(said.marks) if m.letter == "!" and abs(p - place) < 3}
        near = any(0 < p - place <= 2 for p in words)
        features = {"many link": named, "many near": float(near), "many times": float(bool(times))}
        made = held.model_copy(update={"at_least": least, "negated": negated})
        of = {**words, **times, place: 1.0, at: 1.0}
        yield Piece(
            (made, shown(made)), "few partners" if negated else "many partners", of, features
        )


def _bound(op: str, number: float) -> tuple[int, bool] | None:
    """From how many on, and whether rather fewer are meant; None where it is no number of rows."""
    if number != int(number) or not 0 < number < 1000:
        return None
    least = int(number) + (op in {">", "<="})
    told = {">": False, ">=": False, "<": True, "<=": True}
    return (least, told[op]) if op in told and (least > 1 or not told[op]) else None


def _each_of(said: Saying, held: Linked, words: Mapping[int, float]) -> Iterator[Piece[Held]]:
    """A partner in each of two spans: "paid in both 2023 and 2024"."""
    joined, told = said.places("y"), [m.period for m in said.marks if m.period is not None]
    if len(told) < 2 or not joined:
        return
    for ref in said.reading.vocabulary.of_file(held.other.file):
        where = _years(ref, told)
        if where is None:
            continue
        grain = None if ref.role is Role.YEAR else step_of(told)
        update = {"where": (where,), "at_least": len(told), "each": ref.field, "grain": grain}
        features = {"each link": max(words.values(), default=0.0)}
        spans = dict.fromkeys((p for p, m in enumerate(said.marks) if m.period is not None), 1.0)
        made = held.model_copy(update=update)
        yield Piece((made, shown(made)), "partner in each", {**words, **spans, **joined}, features)


def _years(ref: Ref, told: Sequence[Period]) -> Filter | None:
    """The condition that it is one of the spans; None where the column can't say so."""
    years = tuple(float(period.year) for period in told if period.year)
    if ref.role is Role.YEAR:
        return OneOf(field=ref.field, values=years) if len(years) == len(told) else None
    return held_by(ref.field, told) if ref.role is Role.DATE else None


def _is_sign(mark: Mark) -> bool:
    strange = bool({*mark.words.lower().split()} & _STRANGE)
    return mark.letter in "Xx" or mark.number == 0 or strange


_STRANGE = word_set(
    "unknown unmatched orphan orphaned invalid missing unlisted unregistered nobody nothing"
)
"""Said of rows whose partner isn't there."""


def _words_of(
    said: Saying, path: str, named: Mapping[str, Mapping[int, float]]
) -> dict[int, float]:
    """Where the rows of the other file, or what it holds, are named."""
    words = dict(named.get(path, {}))
    for place, links in enumerate(said.links):
        for ref, sure in links.items():
            if ref.file.path == path:
                words[place] = max(words.get(place, 0.0), 0.8 * sure)
    for place, mark in enumerate(said.marks):
        own = mark.term.noun if mark.term is not None and mark.letter == "E" else None
        if own is not None and own.path == path:
            words[place] = 1.0
    return words


OF_FIGURE = "having figure"
"""A condition on the figure that is asked for itself."""


def having(said: Saying) -> list[Piece[tuple[Having, ...]]]:
    """Conditions on the number of rows of each."""
    count = said.reading.measure("count", None)
    found: list[Piece[tuple[Having, ...]]] = [Piece((), "no having")]
    repeated = said.places("p")
    if repeated or "same" in said.cues or any(m.number == 2 for m in said.marks):
        held = Having(of=count, op=">", value=1)
        twos = {p: 1.0 for p, m in enumerate(said.marks) if m.number == 2}
        found.append(
            Piece(
                (held,), "repeated", {**repeated, **twos}, {"repeated said": float(bool(repeated))}
            )
        )
    for place, mark in enumerate(said.marks):
        at = sign_of(said.marks, place) if mark.letter == "N" and mark.number is not None else None
        if at is None:
            continue
        op = said.marks[at].carries
        held = Having.model_validate({"of": count, "op": op, "value": mark.number})
        times = {p: 1.0 for p, m in enumerate(said.marks) if m.letter == "!" and abs(p - place) < 3}
        features = {"having times": float(bool(times)), "having rows": float(bool(said.rows))}
        words = {at: 1.0, place: 1.0, **times, **said.rows}
        found.append(Piece((held,), "having", words, features))
        told = held.model_copy(update={"of": count.model_copy(update={"name": ""})})
        together = said.places("F", "sum")
        found.append(
            Piece(
                (told,), OF_FIGURE, {at: 1.0, place: 1.0, **together},
                {"having together": float(bool(together))},
            )
        )  # fmt: skip
    return found
