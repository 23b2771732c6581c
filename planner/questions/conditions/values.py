"""Conditions that name values: "in Berlin", "not cancelled", "store 5", "name contains …"."""

import re
from collections.abc import Iterator, Sequence

from memory.model.text import text
from planner.questions.readers.state import Reading
from planner.questions.semantics import NAMING, TRUE, Role, seen_in
from planner.questions.spec import Either, Field, Like, OneOf
from planner.questions.words.lexicon import folded
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref


class Values:
    """Turns marks of values into filters; each method says whether it understood its marks."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def like(self, marks: list[Mark]) -> bool:
        """ "name contains “pro”", "e-mail ends with .de"."""
        place = next(n for n, mark in enumerate(marks) if mark.letter == "P")
        columns = [mark for mark in marks[:place] if mark.letter == "C"]
        words = " ".join(mark.words for mark in marks[place + 1 :])
        if not words:
            return False
        ref = self._reading.ref(columns[-1]) if columns else self._text_column()
        if ref is None:
            return False
        how = marks[place].carries
        negated = any(mark.letter == "X" for mark in marks[:place])
        assert how in {"contains", "starts", "ends"}
        return self._reading.only(
            Like(field=ref.field, how=how, words=words, negated=negated),
            f"{ref.name} {marks[place].words} “{words}”",
        )

    def _text_column(self) -> Ref | None:
        refs = self._reading.vocabulary.of_file(self._reading.base.path)
        names = [ref for ref in refs if ref.role is Role.NAME] or [
            ref for ref in refs if ref.role is Role.TEXT
        ]
        return names[0] if len(names) == 1 else None

    def negated(self, marks: list[Mark]) -> bool:
        """ "not cancelled", "neither A nor B", "A and B excluded"."""
        if not any(mark.letter in 'V"' for mark in marks):  # "cancelled excluded"
            return self.truth([mark for mark in marks if mark.letter != "I"])
        return self._equal(marks, negated=True)

    def equal(self, marks: list[Mark]) -> bool:
        return self._equal(
            marks, negated=any(mark.letter == "O" and mark.carries == "<>" for mark in marks)
        )

    def beside(self, marks: list[Mark]) -> bool:
        """ "high priority": a value before the name of its column."""
        if marks[-1].letter != "C":
            return False
        fields = {ref.field for ref in refs_of(marks[-1])}
        held = [ref.field for m in marks if m.term is not None for ref, _ in m.term.values]
        return bool(fields & set(held)) and self._equal(marks, negated=False)

    def values(self, marks: list[Mark]) -> bool:
        return self._equal(marks, negated=False)

    def _equal(self, marks: list[Mark], *, negated: bool) -> bool:
        columns = [ref for mark in marks if mark.letter == "C" for ref in refs_of(mark)]
        if any(mark.letter == "O" and mark.carries not in {"=", "<>"} for mark in marks):
            return False
        found: dict[tuple[str, str], tuple[Ref, list[str]]] = {}
        for mark in marks:
            if mark.letter not in 'V"':
                continue
            held = self._held(mark, columns)
            if held is None:
                return False
            ref, values = held
            values = (*values, *_listing(ref, values))
            found.setdefault((ref.file.path, ref.name), (ref, []))[1].extend(values)
        filters = [
            OneOf(field=ref.field, values=tuple(dict.fromkeys(seen)), negated=negated)
            for ref, seen in found.values()
        ]
        said = [self._said(one_of, negated=negated) for one_of in filters]
        if len(filters) == 2 and not negated and _is_choice(marks):
            return self._reading.only(Either(filters=tuple(filters)), " or ".join(said))
        self._reading.parts.filters += filters
        self._reading.parts.said += said
        return True

    def _said(self, held: OneOf, *, negated: bool) -> str:
        shown = " or ".join(dict.fromkeys(str(value).strip() for value in held.values))
        return text("not {words}", words=shown) if negated else shown

    def _held(self, mark: Mark, columns: Sequence[Ref]) -> tuple[Ref, tuple[str, ...]] | None:
        """The column that holds the value: the one named beside it, the only one, or asked for."""
        pairs = mark.term.values if mark.term is not None else ()
        near = [(ref, values) for ref, values in pairs if not columns or ref in columns]
        if columns and not near:
            if mark.letter == '"' or not pairs:
                return columns[0], (mark.words,)
            return None
        if not near:
            return None
        if mark.term is not None and mark.term.near:
            self._reading.assume(
                text("“{words}” is read as “{near}”.", words=mark.words, near=mark.term.near)
            )
        if len(near) == 1:
            return near[0]
        names = tuple(ref.name for ref, _ in near)
        question = text(
            "“{value}” is in more than one column. Which one do you mean?", value=mark.words
        )
        name = self._reading.choose(f"{mark.words} column", question, names[:6])
        return next(pair for pair in near if pair[0].name == name)

    def unknown(self, marks: list[Mark]) -> bool:
        """A value nobody has seen, of a column that is named: "where region is West"."""
        ref = self._reading.ref(next(mark for mark in marks if mark.letter == "C"))
        words = " ".join(mark.words for mark in marks if mark.letter in "~E")
        if ref is None or ref.column.numeric or ref.role is Role.DATE:
            return False
        self._reading.assume(
            text(
                "“{words}” was not seen in {column}; only rows with just that count.",
                words=words,
                column=ref.name,
            )
        )
        return self._reading.only(OneOf(field=ref.field, values=(words,)), words)

    def numbered(self, marks: list[Mark]) -> bool:
        """ "store 5", "order 1042": a number that names something."""
        if any(mark.letter == "O" and mark.carries != "=" for mark in marks):
            return False
        first = marks[0]
        ref = self._key_of(first) if first.letter == "E" else self._reading.ref(first)
        if ref is None or (
            ref.role not in NAMING and not any(mark.letter in "IO" for mark in marks)
        ):
            ref = (
                ref
                if ref is not None and ref.role in NAMING | {Role.CATEGORY, Role.NUMBER}
                else None
            )
        if ref is None or ref.role is Role.DATE:
            return False
        numbers = [mark for mark in marks if mark.letter == "N"]
        said = " or ".join(f"{ref.name} {mark.words}" for mark in numbers)
        if ref.column.numeric:
            return self._reading.only(
                OneOf(field=ref.field, values=tuple(mark.number or 0.0 for mark in numbers)), said
            )
        if not all(re.search(r"\d", mark.words) for mark in numbers):
            return False  # "the same number on two jobs" is no number "two"
        return self._reading.only(
            OneOf(field=ref.field, values=tuple(mark.words for mark in numbers)), said
        )

    def _key_of(self, mark: Mark) -> Ref | None:
        file = mark.term.noun if mark.term else None
        return self._reading.vocabulary.key(file) if file is not None else None

    def truth(self, marks: list[Mark]) -> bool:
        """ "active customers", "not active": a column that says yes or no."""
        ref = self._reading.ref(next(mark for mark in reversed(marks) if mark.letter == "C"))
        if ref is None or ref.role is not Role.BOOLEAN:
            return False
        negated = any(mark.letter in "Xx" for mark in marks)
        said = text("not {words}", words=ref.name) if negated else ref.name
        held = OneOf(field=ref.field, values=tuple(sorted(TRUE)), negated=negated)
        return self._reading.only(held, said)


_PARTED = re.compile(r"\s*[,;/+|&]\s*|\s+(?:and|-)\s+")


def _listing(ref: Ref, values: Sequence[str]) -> Iterator[str]:
    """Other values of the column that list these among others: "penicillin, latex"."""
    wanted = {folded(value).strip() for value in values}
    for seen in seen_in(ref.column):
        items = {item.strip() for item in _PARTED.split(folded(seen))}
        if len(items) > 1 and items & wanted and folded(seen).strip() not in wanted:
            yield seen


def _is_choice(marks: Sequence[Mark]) -> bool:
    """Whether "or" stands between the values of two columns, rather than between those of one."""
    for place, mark in enumerate(marks):
        sides = (marks[:place], marks[place + 1 :]) if mark.letter == "o" else ()
        fields = [{ref.field for m in side for ref in _holders(m)} for side in sides]
        if fields and not fields[0] & fields[1]:
            return True
    return False


def _holders(mark: Mark) -> tuple[Ref, ...]:
    return tuple(ref for ref, _ in mark.term.values) if mark.term is not None else ()


def refs_and_holders(mark: Mark) -> tuple[Ref, ...]:
    """The columns that a mark may be, and those that hold it as a value."""
    return (*refs_of(mark), *_holders(mark))


def letters_between(marks: Sequence[Mark], field: Field) -> set[str]:
    """The letters between the values of the column."""
    places = [
        n for n, mark in enumerate(marks) if any(ref.field == field for ref in _holders(mark))
    ]
    return {mark.letter for mark in marks[places[0] : places[-1]]} if places else set()
