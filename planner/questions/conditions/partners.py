"""Conditions on other rows: "customers who never ordered", "guests who took both A and B"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.conditions.dates import Dates
from planner.questions.conditions.values import Values, refs_and_holders
from planner.questions.readers.ranked import Ranker
from planner.questions.readers.state import Reading
from planner.questions.semantics import MEASURES, TRUE, Role, row_noun
from planner.questions.sources import Link
from planner.questions.spec import Field, Filter, Linked, OneOf
from planner.questions.words.lexicon import plain, stem, word_set
from planner.questions.words.linking import NEAR, candidates
from planner.questions.words.marks import Line, Mark, refs_of
from planner.questions.words.terms import Ref, Vocabulary

_NEVER = word_set("never haven hasn didn hadn nobody")
"""Signs that something was not done at all, rather than that one row is otherwise."""
_BETWEEN = "wWIKX~a"
_TAIL = "IKBw~CzVE$"


@dataclass(frozen=True)
class Subject:
    """What is listed or counted: a column of the rows, or the rows of another file."""

    place: int
    file: FileInfo | None = None
    ref: Ref | None = None


def take_partners(line: Line, reading: Reading) -> None:
    """Take out conditions on the rows that belong to what is asked for."""
    partners = Partners(line, reading)
    line.drop(r"(?<=ON)V(?=E)", Values(reading).values)  # "at least 3 web bookings"
    for place in [n for n, mark in enumerate(line.marks) if _is_sign(mark)][::-1]:
        if any(map(_is_sign, line.marks[place : place + 1])):  # the line may have got shorter
            partners.lacking(place)


def _is_sign(mark: Mark) -> bool:
    return mark.letter == "X" or (mark.letter == "N" and mark.number == 0)


def linked(marks: Sequence[Mark], reading: Reading) -> bool:
    """ "customers with orders": those that have a row there."""
    line = Line(marks)
    partners = Partners(line, reading)
    here, there = _file(marks[0]), _file(marks[-1])
    keys = None
    if here is not None and there is not None and here.path != there.path:
        keys = partners.keys(Subject(0, file=here), there.path)
    if keys is None or here is None or there is None:
        return False
    reading.base = reading.parts.noun = here
    name = PurePosixPath(there.path).stem
    return reading.only(Linked(field=keys[0], other=keys[1]), text("with {name}", name=name))


class Partners:
    """What the marks say of rows elsewhere that belong to those that are asked for."""

    def __init__(self, line: Line, reading: Reading) -> None:
        self.line = line
        self.reading = reading

    def lacking(self, place: int) -> None:
        """ "members who never visited", "products not in sales", "cities without customers"."""
        line, reading = self.line, self.reading
        subject = self.subject(place)
        if subject is None:
            return
        end = self._end(place + 1)
        if (
            subject.file is not None and line.marks[subject.place].letter == "W"
        ):  # "…? dog and owner"
            again = [n for n in range(place + 1, end) if rows_of(line.marks[n]) == subject.file]
            end = min([end, *again])
        sign, tail = line.marks[place], line.marks[place + 1 : end]
        if _is_state(tail):
            return
        undone = bool(set(sign.words.replace("'", " ").split()) & _NEVER)
        link = self._link(subject, tail, undone=undone)
        if link is not None and subject.file is not None:
            own, other = self._ends(link)
            where = self._where(tail, link.many)
            if where is None:
                return
            self.list_rows(subject, own.file, end)
            words = " ".join(mark.words for mark in (sign, *tail))
            name = PurePosixPath(link.many).stem
            held = Linked(field=own.field, other=other.field, where=where, negated=True)
            reading.only(held, text("without {name}", name=name) if not where else words)
            meant = (
                text("“{words}” means without such a row in {path}.", words=words, path=link.many)
                if where
                else text("“{words}” means without any row in {path}.", words=words, path=link.many)
            )
            reading.assume(meant)
        elif subject.ref is not None:
            self._of_column(subject, sign, tail, end, undone=undone)

    def _of_column(
        self, subject: Subject, sign: Mark, tail: Sequence[Mark], end: int, *, undone: bool
    ) -> None:
        """ "guests who never cancelled": no row of the guest is like this."""
        reading, ref = self.reading, subject.ref
        assert ref is not None
        rows = any(rows_of(mark) == reading.base for mark in tail)
        plain_columns = [
            mark
            for mark in tail
            if mark.letter == "C"
            and rows_of(mark) is None
            and all(ref.role is not Role.BOOLEAN for ref in refs_of(mark))
        ]
        if plain_columns:  # "never used a discount": which of the two is meant?
            return
        where = self._where(tail, reading.base.path) if undone or rows else None
        if not where or ref.file.path != reading.base.path:
            return
        del self.line.marks[subject.place + 1 : end]
        words = " ".join(mark.words for mark in (sign, *tail))
        held = Linked(field=ref.field, other=ref.field, where=where, negated=True)
        reading.only(held, words)
        reading.assume(
            text("“{words}” means without any such row of the same {column}.", words=words, column=ref.name)
        )  # fmt: skip

    # -- what it is about ----------------------------------------------------------------------

    def subject(self, place: int) -> Subject | None:
        """The rows or the column just before the sign."""
        marks, at = self.line.marks, place - 1
        while at >= 0 and marks[at].letter in _BETWEEN:
            at -= 1
        if at < 0 or marks[at].letter not in "EC":
            return self._people(place)
        mark = marks[at]
        file = rows_of(mark) or self._named_by(mark)
        if file is not None and file.path != self.reading.base.path:
            return Subject(at, file=file)
        linked = file is not None and any(link.single == file.path for link in self._links())
        if linked and (mark.letter == "E" or rows_of(mark) is None):
            return Subject(at, file=file)
        refs = [
            ref
            for ref in refs_of(mark)
            if ref.role not in MEASURES | {Role.DATE, Role.BOOLEAN, Role.TEXT}
        ]
        return Subject(at, ref=refs[0]) if refs and mark.letter == "C" else None

    def _named_by(self, mark: Mark) -> FileInfo | None:
        """The file whose rows the column names one by one: "castles" of the column castle."""
        refs = refs_of(mark) if mark.letter == "C" else ()
        if len(refs) != 1 or refs[0].role is not Role.NAME:
            return None
        file = refs[0].file
        whole = refs[0].column.distinct is not None and refs[0].column.distinct == file.rows
        return file if whole and any(link.single == file.path for link in self._links()) else None

    def _people(self, place: int) -> Subject | None:
        """ "who hasn't had …": the rows that those of the tail belong to."""
        marks = self.line.marks
        asked = [n for n in range(place) if marks[n].letter == "W" and marks[n].carries == "who"]
        if not asked or any(mark.letter not in "wIK~E" for mark in marks[asked[-1] + 1 : place]):
            return None
        there = {file.path for mark in marks[place:] for file in _files(mark)}
        singles = {link.single for link in self._links() if link.many in there}
        people = Ranker(self.reading).people()
        refs = refs_of(people) if people is not None and people.letter == "C" else ()
        if refs and there == {self.reading.base.path} and marks[place].letter == "y":
            return Subject(asked[-1], ref=refs[0])
        if len(singles) != 1:
            return None
        return Subject(asked[-1], file=self.reading.files.by_path[singles.pop()])

    def _end(self, start: int) -> int:
        marks, at = self.line.marks, start
        while at < len(marks) and marks[at].letter in _TAIL:
            if marks[at].letter == "B" and at + 1 < len(marks) and marks[at + 1].letter in "CEG":
                break
            at += 1
        return at

    def _links(self) -> tuple[Link, ...]:
        return (*self.reading.links, *self.reading.files.links)

    def _link(self, subject: Subject, tail: Sequence[Mark], *, undone: bool) -> Link | None:
        """The way from the rows that are missing to the subject."""
        if subject.file is None:
            return None
        own, reading = subject.file.path, self.reading
        links = [link for link in self._links() if link.single == own]
        there = [file.path for mark in tail if (file := rows_of(mark)) is not None]
        there = [path for path in there if path != own]
        if there:
            return next((link for link in links if link.many == there[-1]), None)
        if not undone:
            return self._spoken(tail, links, own)
        if not links or _of_own(tail, own):
            return None
        meant = [link for link in links if _means(tail, reading.files.by_path[link.many])]
        links = meant or links
        if len({link.many for link in links}) > 1:
            names = tuple(dict.fromkeys(link.many for link in links))
            many = reading.choose("without what", text("Without any row in which file?"), names[:6])
            return next(link for link in links if link.many == many)
        return links[0]

    def _spoken(self, tail: Sequence[Mark], links: Sequence[Link], own: str) -> Link | None:
        """The link to the rows that the words speak of, where nothing of the subject's own is meant."""
        files = self.reading.files.by_path
        words = [mark.words for mark in tail if mark.letter in "~C"]
        mine = max((_nearness(word, files[own]) for word in words), default=0.0)
        scored = sorted(
            (
                (max(_nearness(word, files[link.many]) for word in words), link)
                for link in links
                if words
            ),
            key=lambda pair: -pair[0],
        )
        if not scored or scored[0][0] < NEAR or scored[0][0] <= mine:
            return None
        rivals = [score for score, link in scored if link.many != scored[0][1].many]
        return scored[0][1] if not rivals or rivals[0] < scored[0][0] else None

    def keys(self, subject: Subject, many: str) -> tuple[Field, Field] | None:
        """The columns that lead from the subject to its rows in the other file."""
        if subject.ref is not None:
            return (subject.ref.field, subject.ref.field) if subject.ref.file.path == many else None
        own = subject.file.path if subject.file is not None else ""
        link = next((k for k in self._links() if k.single == own and k.many == many), None)
        if link is None:
            return None
        mine, other = self._ends(link)
        return mine.field, other.field

    def _ends(self, link: Link) -> tuple[Ref, Ref]:
        return self._ref(link.single, link.right), self._ref(link.many, link.left)

    def _ref(self, path: str, name: str) -> Ref:
        file = self.reading.files.by_path[path]
        return Ref(file, next(column for column in file.columns if column.name == name))

    def _where(self, tail: Sequence[Mark], path: str) -> tuple[Filter, ...] | None:
        """Which rows are meant; None where a mark says something else."""
        held: list[Filter] = []
        for mark in tail:
            if mark.letter == "$":
                field = self._date_of(path)
                if field is None:
                    return None
                held += Dates(self.reading).held_by(field, [mark])
            elif mark.letter == "V" or (mark.letter == "K" and path != self.reading.base.path):
                values = held_value(mark) if mark.letter == "V" else self._done(mark, path)
                if values is None and mark.letter == "K":
                    continue
                if values is None or values.field.file != path:
                    return None
                held.append(values)
            elif mark.letter == "C":
                truths = [ref for ref in refs_of(mark) if ref.role is Role.BOOLEAN]
                yes = tuple(sorted(TRUE))
                held += [
                    OneOf(field=ref.field, values=yes) for ref in truths if ref.file.path == path
                ]
        return tuple(held)

    def _done(self, verb: Mark, path: str) -> OneOf | None:
        """ "sold", where a value of the file is called so."""
        found = Vocabulary([self.reading.files.by_path[path]]).value(verb.words)
        pairs = found.values if found is not None else ()
        return (
            OneOf(field=pairs[0][0].field, values=tuple(pairs[0][1])) if len(pairs) == 1 else None
        )

    def _date_of(self, path: str) -> Field | None:
        """The date of the file's rows, whether or not words can name it here."""
        file = self.reading.files.by_path[path]
        dates = [ref for column in file.columns if (ref := Ref(file, column)).role is Role.DATE]
        if len(dates) < 2:
            return dates[0].field if dates else None
        names = [ref.name for ref in dates][:6]
        question = text("Which column of {path} is “{phrase}”?", path=path, phrase="date")
        chosen = self.reading.choose(f"date of {path}", question, names)
        return next(ref.field for ref in dates if ref.name == chosen)

    def list_rows(self, subject: Subject, file: FileInfo, end: int) -> None:
        """The subject's rows are what is asked about from here on; what was read is taken out."""
        marks = self.line.marks
        rows = Mark(
            "E", marks[subject.place].words, term=self.reading.vocabulary.noun(row_noun(file))
        )
        marks[subject.place : end] = [rows]
        self.reading.base = file
        self.reading.parts.noun = file


def _file(mark: Mark) -> FileInfo | None:
    return mark.term.noun if mark.term is not None else None


def _files(mark: Mark) -> Iterator[FileInfo]:
    """The files that the mark names rows, columns or values of."""
    file = rows_of(mark)
    if file is not None:
        yield file
    yield from (ref.file for ref in refs_and_holders(mark))


def rows_of(mark: Mark) -> FileInfo | None:
    """The file whose rows the mark may be, where a column is called so as well."""
    return _file(mark) or (_file(mark.also) if mark.also is not None else None)


def held_value(mark: Mark) -> OneOf | None:
    """The value, where only one column has it."""
    pairs = mark.term.values if mark.term is not None else ()
    return OneOf(field=pairs[0][0].field, values=pairs[0][1]) if len(pairs) == 1 else None


def _of_own(tail: Sequence[Mark], path: str) -> bool:
    """ "shipments that haven't been delivered": what was not done is a column of their own."""
    return any(
        ref.file.path == path
        for mark in tail
        if mark.letter in "CzV"
        for ref in refs_and_holders(mark)
    )


def _is_state(tail: Sequence[Mark]) -> bool:
    """ "who hasn't paid for …": a column says so of each row."""
    first = next((mark for mark in tail if mark.letter not in "Iw"), None)
    refs = refs_of(first) if first is not None and first.letter == "C" else ()
    return bool(refs) and all(ref.role is Role.BOOLEAN for ref in refs)


def _nearness(word: str, file: FileInfo) -> float:
    """How sure the word names something of the file."""
    found = candidates(word, Vocabulary([file]), file, deep=False)
    return found[0].confidence if found else 0.0


def _means(tail: Sequence[Mark], file: FileInfo) -> bool:
    """Whether a verb is another form of what a row of the file is called, or one of its columns."""
    nouns = {stem(word) for word in row_noun(file).split()}
    columns = any(ref.file.path == file.path for mark in tail for ref in refs_of(mark))
    words = {stem(word) for mark in tail for word in plain(mark.words).split()}
    return columns or any(_alike(noun, word) for noun in nouns for word in words)


def _alike(first: str, second: str) -> bool:
    size = min(len(first), len(second), 5)
    return size > 3 and first[:size] == second[:size]
