"""One reading of one question: its files, what was found so far, what is open, what was not read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from memory.model.base import name_key
from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.asking import Questions
from planner.questions.semantics import (
    AVERAGED,
    MEASURES,
    NAMING,
    OPEN,
    TRUE,
    Role,
    date_format,
    main_date,
    row_noun,
)
from planner.questions.sources import Files, Link
from planner.questions.spec import (
    Age,
    Combined,
    Field,
    Filter,
    Function,
    Group,
    Having,
    Measure,
    Missing,
    OneOf,
    Operand,
    Order,
    Window,
)
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.marks import Mark, refs_of
from planner.questions.words.terms import Ref, Term, Vocabulary

OPTIONS = 6
_NAMES: dict[Function, str] = {
    "sum": "total", "avg": "average", "distinct": "distinct", "stddev": "stddev",
}  # fmt: skip


class Unclear(Exception):
    """What can't be asked of these files, as a sentence for people."""


@dataclass
class Rank:
    """The first so many by a figure: `target` is what is ranked, rows where it is empty."""

    descending: bool = True
    number: int | None = None
    target: tuple[Group, ...] = ()
    by: Measure | Operand | None = None
    rows: bool = False
    file_order: bool = False
    sized: str = ""
    """The superlative of rows that nothing else is said of: "the 5 biggest"."""
    ends: bool = False
    """Of rows: the first and the last by it."""


@dataclass
class Parts:
    """What was understood, before it is put together."""

    measures: list[Measure] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    having: list[Having] = field(default_factory=list)
    columns: list[Field] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    rank: Rank | None = None
    distinct: bool = False
    within: Field | None = None
    per_group: int | None = None
    noun: FileInfo | None = None
    said: list[str] = field(default_factory=list)
    digits: int | None = None
    ends: Field | None = None
    besides: bool = False
    """The columns are to be shown beside what the rows are called."""

    @property
    def narrows(self) -> bool:
        """Whether it only says which rows are meant, in what order, or how many."""
        return not (self.measures or self.groups or self.columns or self.windows)


@dataclass
class Reading:
    """The state of one reading."""

    files: Files
    vocabulary: Vocabulary
    base: FileInfo
    questions: Questions
    today: date
    links: tuple[Link, ...] = ()
    assumptions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    terms: Mapping[str, str] = field(default_factory=dict)
    """What people call a figure, by the words it was taught in."""
    worked_out: dict[str, Operand] = field(default_factory=dict)
    """Figures that the words themselves work out of columns, by their words."""
    earlier: Measure | None = None
    """The figure that a bare condition may be about."""

    def assume(self, sentence: str) -> None:
        """State an assumption once."""
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)

    def choose(self, slot: str, question: str, options: Sequence[str], **more: object) -> str:
        """The answer, or the default with the question left open."""
        return self.questions.choose(f"{self.base.path}:{slot}", question, options, **more)  # type: ignore[arg-type]  # passed on as they are

    def keep(self, measure: Measure | None) -> bool:
        """Ask for the figure, once. Whether there is one."""
        if measure is not None and measure not in self.parts.measures:
            self.parts.measures.append(measure)
        return measure is not None

    def only(self, held: Filter, said: str) -> bool:
        """Only rows like this. True, for it was understood.

        What says yes or no in every row is never empty: without it is no.
        """
        if isinstance(held, Missing) and not held.negated:
            ref = self.vocabulary.ref(held.field)
            if ref is not None and ref.role is Role.BOOLEAN and not ref.column.nulls:
                held = OneOf(field=held.field, values=tuple(sorted(TRUE)), negated=True)
        self.parts.filters.append(held)
        self.parts.said.append(said)
        return True

    def own(self) -> tuple[Ref, ...]:
        """The columns of the rows that are asked about."""
        return self.vocabulary.of_file(self.base.path)

    def repeats(self, key: Ref) -> bool:
        """Whether rows share values of the key."""
        column = key.column
        whole = (key.file.rows or 0) - (column.nulls or 0)
        return column.distinct is not None and column.distinct < whole

    # -- columns -----------------------------------------------------------------------------

    def ref(self, mark: Mark, *roles: Role) -> Ref | None:
        """The one column that the mark names, of one of the roles where some are given."""
        refs = refs_of(mark)
        fitting = tuple(ref for ref in refs if not roles or ref.role in roles)
        if not fitting:
            return None
        return self._only(mark, _likeliest(fitting, mark.words))

    def _only(self, mark: Mark, refs: tuple[Ref, ...]) -> Ref:
        term = mark.term or Term()
        if term.alike and refs[0].role in MEASURES and not self._only_amount(refs):
            return self.asked(mark.words, refs[0], self.vocabulary.numbers())
        if term.alike:
            self.assume(
                text("“{words}” is the column {column}.", words=mark.words, column=refs[0].name)
            )
        if term.near:
            self.assume(text("“{words}” is read as “{near}”.", words=mark.words, near=refs[0].name))
        if len(refs) == 1:
            return refs[0]
        return self.asked(mark.words, refs[0], refs)

    def _only_amount(self, refs: tuple[Ref, ...]) -> bool:
        """Whether it is the one column that the file's rows are worth something by."""
        amounts = [
            ref
            for ref in self.vocabulary.of_file(refs[0].file.path)
            if ref.role in {Role.AMOUNT, Role.PRICE, Role.PAY} and ref.column.numeric
        ]
        others = {"cost", "tax", "discount", "profit"} - {concept(word) for word in refs[0].words}
        rivals = [ref for ref in amounts if not others & {concept(word) for word in ref.words}]
        return len(refs) == 1 and rivals == [refs[0]]

    def asked(self, phrase: str, likely: Ref, pool: Sequence[Ref]) -> Ref:
        """The column that a person chose, or the likely one with the question left open."""
        own = [ref for ref in pool if ref.file.path == likely.file.path] or [likely]
        if likely not in own:
            own.insert(0, likely)
        name = self.questions.choose(
            f"{likely.file.path}:{phrase} column",
            text("Which column of {path} is “{phrase}”?", path=likely.file.path, phrase=phrase),
            list(dict.fromkeys([likely.name, *(ref.name for ref in own)]))[:OPTIONS],
            default=likely.name,
            also=(column.name for column in likely.file.columns),
        )
        return next(ref for ref in self.vocabulary.of_file(likely.file.path) if ref.name == name)

    def date_field(self, path: str = "") -> Field | None:
        """The date of a row: the only one, the one named after the rows, or the one asked for."""
        path = path or self.base.path
        refs = _of_rows(self.vocabulary.dates(path))
        if not refs:
            near = [file.path for file in self.files.reachable(path, self.links)]
            refs = next((found for p in near if (found := _of_rows(self.vocabulary.dates(p)))), ())
        if not refs:
            return None
        chosen = refs[0] if len(refs) == 1 else self._dated(refs)
        if not date_format(chosen.column)[1]:
            self.assume(text("Dates in {column} are read as day/month/year.", column=chosen.name))
        return chosen.field

    def _dated(self, refs: tuple[Ref, ...]) -> Ref:
        found = main_date([ref.column for ref in refs], refs[0].file)
        own = [ref for ref in refs if ref.column == found]
        if own:
            self.assume(text("The date is {column}.", column=own[0].name))
            return own[0]
        created = [
            ref for ref in refs if {concept(word) for word in ref.words} & {"created", "hired"}
        ]
        return self.asked("date", (created or refs)[0], refs)

    # -- figures -----------------------------------------------------------------------------

    def function_for(self, ref: Ref) -> Function:
        """How a figure is put together where nobody says: added, averaged, or asked."""
        if ref.role in AVERAGED:
            return "avg"
        if ref.role in OPEN:
            options = (
                text("total {column}", column=ref.name),
                text("average {column}", column=ref.name),
            )
            question = text("The total or the average of {column}?", column=ref.name)
            return (
                "sum"
                if self.choose(f"{ref.name} function", question, options) == options[0]
                else "avg"
            )
        return "sum"

    def measure(self, function: Function, of: Operand | None, quantile: float = 0.5) -> Measure:
        """A figure with its name; a key is never added up."""
        if isinstance(of, Field) and function not in {"count", "distinct", "min", "max"}:
            ref = self.vocabulary.ref(of)
            if ref is not None and not ref.column.numeric:
                if ref.role is Role.DATE:
                    raise Unclear(
                        text(
                            "{column} holds dates, so it has no total or average. Ask for the first, the last or the number.",
                            column=ref.name,
                        )
                    )
                raise Unclear(
                    text(
                        "{column} holds text, so it has no total or average. Ask how many there are.",
                        column=ref.name,
                    )
                )
            if ref is not None and ref.role in NAMING:
                only = text("number of different {column}", column=ref.name)
                self.choose(
                    f"{ref.name} figure",
                    text(
                        "{column} only names things, so adding it up means nothing. What should I work out?",
                        column=ref.name,
                    ),
                    (only, text("number of rows")),
                )
                return Measure(
                    function="distinct", of=of, name=self.free(f"distinct_{slug(ref.name)}")
                )
        return Measure(
            function=function,
            of=of,
            quantile=quantile,
            name=self.free(measure_name(function, of, quantile)),
        )

    def free(self, name: str) -> str:
        """The name itself: the same figure has the same name."""
        return name

    def group(self, ref: Ref) -> Group:
        """Rows put together by the column."""
        if ref.role is Role.DATE:
            return Group(
                field=ref.field,
                grain="day",
                name="day" if len(self.vocabulary.dates(ref.file.path)) == 1 else ref.name,
            )
        return Group(field=ref.field, name=ref.name)

    def named(self, ref: Ref) -> tuple[Group, ...]:
        """Rows put together by the column; where it names rows of another file and some share a
        name, by their key as well.
        """
        key = self.vocabulary.key(ref.file) if ref.file.path != self.base.path else None
        shared = ref.role is Role.NAME and (ref.column.distinct or 0) < (ref.file.rows or 0)
        if key is None or key == ref or not shared:
            return (self.group(ref),)
        return (self.group(key), self.group(ref))

    def row_names(self) -> tuple[Group, ...]:
        """What the rows that are asked about are told apart by; () where nothing does."""
        unique = [ref for ref in self.own() if ref.column.distinct == ref.file.rows]
        return self.entity(self.base) or tuple(self.group(ref) for ref in unique[:1])

    def entity(self, file: FileInfo) -> tuple[Group, ...]:
        """Rows put together by what a row of another file is: by its name, and its key where names
        may be shared.
        """
        refs = self.vocabulary.of_file(file.path)
        key = self.vocabulary.key(file)
        full = [
            ref
            for ref in refs
            if plain(ref.name) in {"first name", "last name", "vorname", "nachname", "surname"}
        ]
        noun = row_noun(file)
        whole = [
            ref
            for ref in refs
            if plain(ref.name)
            in {"name", "title", noun, f"{noun} name", "full name", "bezeichnung"}
            and not ref.column.numeric
        ]
        whole.sort(key=lambda ref: plain(ref.name) == noun)  # "T1" names no tool to anybody
        names = whole[:1] or full or [ref for ref in refs if ref.role is Role.NAME][:1]
        shown = [self.group(ref) for ref in names]
        unique = (
            len(names) == 1
            and names[0].column.distinct is not None
            and names[0].column.distinct == file.rows
        )
        if key is not None and not unique and key not in names:
            shown = [self.group(key), *shown] if shown else [self.group(key)]
        return tuple(shown)


def _of_rows(dates: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """Without the days people were born on, which are no dates of what rows are about."""
    return tuple(ref for ref in dates if "born" not in map(concept, ref.words))


def _likeliest(refs: tuple[Ref, ...], words: str) -> tuple[Ref, ...]:
    """Of columns that share words: the one of just this name, or the name of a thing over its key."""
    spelt = tuple(ref for ref in refs if name_key(ref.name) == name_key(words))
    exact = spelt or tuple(ref for ref in refs if ref.is_called(words))
    if exact:
        return exact[:1]
    named = tuple(ref for ref in refs if ref.role not in NAMING)
    if len(named) == 1:
        return named
    if named:
        shown = tuple(
            ref
            for ref in named
            if "name" in ref.words and {*plain(words).split(), "name"} == set(ref.words)
        )
        return shown or named
    return refs


def measure_name(function: Function, of: Operand | None, quantile: float = 0.5) -> str:
    """What the result's column is called: "total_revenue"."""
    if function == "count" or of is None:
        return "count"
    word = _NAMES.get(function, function)
    if function == "quantile":
        word = f"p{quantile * 100:g}"
    return f"{word}_{operand_name(of)}"


def operand_name(of: Operand) -> str:
    """What a figure is about, as part of a name."""
    match of:
        case Field(column=column):
            return slug(column)
        case Combined(label=label) if label:
            return slug(label)
        case Combined(kind="days", unit=unit):
            return f"{unit}s"
        case Combined(kind="times"):
            return "value"
        case Combined():
            return "profit"
        case Age():
            return "age"


def slug(name: str) -> str:
    """The name with "_" for all that is no letter or digit."""
    return re.sub(r"[\W]+", "_", name.casefold()).strip("_") or "value"
