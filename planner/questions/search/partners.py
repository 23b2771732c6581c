"""Rows with or without a partner in another file, and conditions on the number of rows of each. Pure."""

from collections.abc import Iterator, Mapping

from planner.questions.search.narrowing.belonging import each_of, so_many, whose
from planner.questions.search.narrowing.comparisons import sign_of
from planner.questions.search.narrowing.limits import over_limits
from planner.questions.search.pieces import Held, Piece
from planner.questions.search.saying import Saying
from planner.questions.spec import Field, Having, Linked
from planner.questions.words.lexicon import word_set
from planner.questions.words.marks import Mark


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
            yield from so_many(said, held, words)
            yield from each_of(said, held, words)
            yield from whose(said, held, words, signs)


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
    """Conditions on the number of rows of each, and on what they come to."""
    count = said.reading.measure("count", None)
    found: list[Piece[tuple[Having, ...]]] = [Piece((), "no having"), *over_limits(said)]
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
