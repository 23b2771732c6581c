"""Words → QuerySpec: what is understood, what is assumed, and which words were not read."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.draft import Gap
from planner.questions.asking import Questions
from planner.questions.bases import NEARLY, SAME, asked_slot, likely_bases, which_of
from planner.questions.composition.chunks import put_together
from planner.questions.composition.composing import compose
from planner.questions.composition.contrasts import (
    settle_contrasts,
    settle_lists,
    share_of,
    take_counts,
    take_shared,
)
from planner.questions.composition.durations import take_durations
from planner.questions.conditions.partners import take_partners
from planner.questions.conditions.people import show_people
from planner.questions.conditions.reconciling import reconcile
from planner.questions.conditions.several import take_several
from planner.questions.conditions.strangers import take_strangers
from planner.questions.conditions.wording import reworded
from planner.questions.context import Context
from planner.questions.naming.linked import name_words
from planner.questions.readers.assembly import assembled, fields_of
from planner.questions.readers.conditions import take_bare, take_conditions, take_units
from planner.questions.readers.having import take_having
from planner.questions.readers.merging import merged
from planner.questions.readers.related import take_related
from planner.questions.readers.shares import take_ratios
from planner.questions.readers.special import (
    name_people,
    split_by,
    take_comparison,
    take_duplicates,
    take_duration,
    take_quantile,
    take_rounding,
)
from planner.questions.readers.state import Parts, Reading, Unclear
from planner.questions.readers.units import in_units, take_time_units
from planner.questions.readers.worth import FIGURES, amount_of
from planner.questions.semantics import MEASURES, Role
from planner.questions.sources import Files
from planner.questions.spec import Measure, QuerySpec
from planner.questions.sql.checking import check
from planner.questions.truth.unsaid import unsaid
from planner.questions.words import facts
from planner.questions.words.lexicon import concept, plain
from planner.questions.words.marks import Line, Mark, is_done, marked
from planner.questions.words.mending import mended
from planner.questions.words.terms import Ref, Vocabulary

SILENT = frozenset("_,IwWaoBbEKdvAe")
"""Marks that may stay over: what they said was said by others."""


@dataclass(frozen=True)
class Asked:
    """A reading at its end. `spec` is None where `problem` says why it can't be asked.

    `named`: whether any word named a column, a value or the rows of a file.
    """

    spec: QuerySpec | None
    parts: Parts
    base: FileInfo
    assumptions: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    problem: str = ""
    named: bool = False
    reading: Reading | None = None
    narrowed: bool = False
    """It goes on from the earlier question and takes its place."""


def read(words: str, context: Context) -> Asked:
    """Read the words as a question to the files."""
    files = Files(tuple(file for file in (*context.pinned, *context.every) if file.columns))
    files = Files(tuple({file.path: file for file in files.every}.values()))
    taught = _as_taught(words, context)
    before = len(context.questions.gaps)
    found: list[_Tried] = []
    for score, file in likely_bases(taught.words, files, context):
        del context.questions.gaps[before:]
        asked = _read_from(taught, context, files, file)
        found.append(_Tried(score, file, asked, context.questions.gaps[before:]))
    del context.questions.gaps[before:]
    best = _best_of(found, context)
    context.questions.gaps += best.opened
    opened = context.questions.gaps[before:]
    if best.asked.spec is None and not context.change:
        for file in context.pinned or files.every:
            if file == best.file or not files.way(file.path, best.file.path, context.links):
                continue  # only files that lead to its rows may be meant instead
            del context.questions.gaps[before:]
            other = _read_from(taught, context, files, file)
            if other.spec is not None and (other.named or not best.asked.named):
                return other
    context.questions.gaps[before:] = opened
    return best.asked


class _Tried(NamedTuple):
    """What the words are as a question to the rows of one file."""

    score: float
    file: FileInfo
    asked: Asked
    opened: list[Gap]


def _best_of(found: Sequence[_Tried], context: Context) -> _Tried:
    """The one that leaves least open; where several do alike, it is asked which file is meant."""
    files = [tried.file for tried in found]
    said = context.questions.answers.get(asked_slot(files))
    if said:
        return next((tried for tried in found if tried.file.path == said), found[0])
    top = max(tried.score for tried in found)

    def left(tried: _Tried) -> tuple[bool, bool, int]:
        return tried.asked.spec is None, tried.score < top - NEARLY, len(tried.opened)

    best = min(found, key=left)
    alike = [t for t in found if left(t) == left(best) and t.score >= best.score - SAME]
    if best.asked.spec is not None:
        which_of(files, [tried.file for tried in alike], context)
    return best


def _read_from(taught: "_Taught", context: Context, files: Files, base: FileInfo) -> Asked:
    """Read the words as a question to the rows of one file."""
    near = files.reachable(base.path, context.links)
    reading = Reading(
        files=files, vocabulary=Vocabulary([base, *near]), base=base, questions=context.questions,
        today=context.today, links=context.links, earlier=next(iter(context.earlier.measures), None) if context.earlier else None,
        terms=taught.terms, assumptions=[*taught.said],
    )  # fmt: skip
    words, slips = mended(taught.words, reading.vocabulary)
    for word, meant in slips:
        reading.assume(text("“{words}” is read as “{near}”.", words=word, near=meant))
    found = marked(words, reading.vocabulary, context.today)
    line = Line(reworded(found, reading.vocabulary))
    name_people(line, reading)
    take_durations(line, reading)
    name_words(line, reading, ask=not context.change)
    unit = take_time_units(line, reading)
    take_durations(line, reading)
    marks = tuple(line.marks)
    named = line.has("CVE")
    try:
        _take_all(line, reading)
        _leave(line, reading)
        reading.unread = [words for words in reading.unread if words]
        spec = None
        narrowed = _goes_on(reading, context)
        if not reading.unread and not context.change:
            files_read = context.stacked or (reading.base.path,)
            spec = (
                merged(context.earlier, reading.parts, reading)
                if narrowed and context.earlier
                else assembled(reading, files_read)
            )
            other = _rows_of_other(spec, marks) if not context.pinned else ""
            if other:
                return read(words, replace(context, pinned=(files.by_path[other],)))
            reading.unread += unsaid(marks, spec)
            spec = in_units(spec, unit, reading)
            check(spec, reading.files.every)
    except Unclear as problem:
        return Asked(
            None, reading.parts, reading.base, tuple(reading.assumptions), (), str(problem), named
        )
    return Asked(
        spec if not reading.unread else None,
        reading.parts,
        reading.base,
        tuple(reading.assumptions),
        tuple(reading.unread),
        "",
        named,
        reading,
        narrowed,
    )


class _Taught(NamedTuple):
    """The words with their terms as people taught them, what is to be stated of that, and what they
    call each meaning.
    """

    words: str
    said: list[str]
    terms: Mapping[str, str]


def _as_taught(words: str, context: Context) -> _Taught:
    words, used = facts.defined(words, context.facts)
    said = [
        text("“{words}” means {meaning}, as I was told.", words=d.term, meaning=d.meaning)
        for d in used
    ]
    if facts.speaks_of_fiscal_year(words):
        month = facts.year_start(context.facts) or _asked_start(context.questions)
        words = facts.with_fiscal_year(words, month, context.today)
        name = calendar.month_name[month]
        said.append(text("The fiscal year starts in {month}.", month=name))
    return _Taught(words, said, {plain(d.meaning): d.term for d in used})


def _asked_start(questions: Questions) -> int:
    months = {calendar.month_name[number]: number for number in (1, 4, 7, 10)}
    question = text("In which month does the fiscal year start?")
    return months[questions.choose("fiscal year start", question, tuple(months))]


def _rows_of_other(spec: QuerySpec, marks: Sequence[Mark]) -> str:
    """The joined file that alone is asked about: joined to rows that nobody named, each of its rows
    would count as often as it has such rows there.
    """
    fields = {field.file for field in fields_of(spec)}
    rows = [m.term.noun for m in marks if m.letter == "E" and m.term and m.term.noun]
    named = any(noun.path in spec.files for noun in rows)
    alone = len(fields) == 1 and not fields & set(spec.files) and not named
    measured = bool(spec.measures) and all(measure.of is not None for measure in spec.measures)
    return fields.pop() if spec.joins and alone and measured else ""


def _goes_on(reading: Reading, context: Context) -> bool:
    """Whether the words narrow the earlier question, or ask something of the rows it lists."""
    before, parts = context.earlier, reading.parts
    if before is None or context.change or before.files[0] != reading.base.path or parts == Parts():
        return False
    if parts.narrows:
        return (
            parts.rank is None
            or not (parts.rank.target or parts.rank.by or parts.rank.rows)
            or not before.measures
        )
    return not before.measures and not before.columns and bool(before.filters)


def _take_all(line: Line, reading: Reading) -> None:
    marks = tuple(line.marks)
    take_strangers(line, reading)
    take_several(line, reading)
    take_partners(line, reading)
    take_units(line, reading)
    take_rounding(line, reading)
    compared = take_comparison(line, reading)
    take_duplicates(line, reading)
    take_quantile(line, reading)
    take_having(line, reading)
    take_duration(line, reading)
    shared = take_shared(line, reading)
    take_counts(line, reading)
    take_ratios(line, reading)
    take_related(line, reading)
    grouped = line.hide(put_together(line.marks))
    before = tuple(line.marks)
    take_conditions(line, reading)
    line.show(grouped)
    share_of(shared, reading)
    settle_contrasts(line, before, reading)
    settle_lists(marks, reading)
    compose(line, reading)
    take_bare(line, reading)
    _take_rest(line, reading)
    split_by(reading, compared)
    _pieces_or_rows(line, reading)
    reconcile(marks, reading)
    show_people(marks, reading)


def _take_rest(line: Line, reading: Reading) -> None:
    """What is named alone: figures beside groups, columns to list, the rows themselves."""
    columns: list[Ref] = []

    def column(marks: list[Mark]) -> bool:
        sign, mark = marks[0], marks[-1]
        if is_done(mark) and reading.parts.measures:
            return True  # "kilos sold per market": what was done with them
        ref = reading.ref(mark)
        columns.extend([ref] if ref is not None else [])
        reading.parts.besides |= sign is not mark
        return ref is not None

    line.take(r"(?<=[_EC])[wa,]+W?C|C", column)
    if columns:
        _columns_named(columns, reading)
    _rows_named(line, reading)


def _columns_named(columns: Sequence[Ref], reading: Reading) -> None:
    parts = reading.parts
    numbers = [ref for ref in columns if ref.role in MEASURES and ref.column.numeric]
    rows = parts.rank is not None and parts.rank.rows
    target = parts.rank.target if parts.rank is not None else ()
    beside = [ref for ref in columns if ref not in numbers]
    if (
        target
        and beside == [*columns]
        and all(ref.file.path == target[0].field.file for ref in beside)
    ):  # "top 5 members by km with their town"
        assert parts.rank is not None
        parts.rank.target = (*target, *map(reading.group, beside))
    elif not rows and (parts.groups or parts.windows):
        for ref in columns:
            if ref not in numbers:
                parts.groups.append(reading.group(ref))
            elif not parts.windows:
                reading.keep(reading.measure(reading.function_for(ref), ref.field))
    elif not rows and parts.measures:
        reading.unread += [ref.name for ref in columns]
    elif not rows and len(numbers) == len(columns) and not parts.order:
        parts.measures += [reading.measure(reading.function_for(ref), ref.field) for ref in numbers]
    else:
        parts.columns += [ref.field for ref in columns]
        alone = len(columns) == 1 and not numbers and columns[0].role not in {Role.DATE, Role.TEXT}
        parts.distinct = alone and not rows and not parts.besides


def _rows_named(line: Line, reading: Reading) -> None:
    """ "sales by region": the money or the number of rows, asked where both may be meant."""
    parts = reading.parts
    spent = any(mark.letter == "K" and mark.carries == "spend" for mark in line.marks)
    worth = amount_of(reading, reading.base) if spent and not _has_figures(parts) else None
    if worth is not None:  # "what did we spend on travel"
        parts.measures.append(reading.measure("sum", worth))
    nouns = [mark for mark in line.marks if mark.letter == "E"]
    money = [
        mark
        for mark in nouns
        if {concept(word) for word in plain(mark.words).split()} & {"revenue", "cost", "payment"}
    ]
    if parts.groups and not parts.measures and parts.rank is None and not parts.having:
        worth = amount_of(reading, reading.base) if money else None
        if money and worth is not None:
            total = reading.measure("sum", worth)
            options = (total.name.replace("_", " "), text("number of rows"))
            chosen = reading.choose(
                f"{money[0].words} means",
                text("What should be worked out of {words}?", words=money[0].words),
                options,
            )
            parts.measures.append(total if chosen == options[0] else reading.measure("count", None))


def _pieces_or_rows(line: Line, reading: Reading) -> None:
    """ "how many lattes did we sell": the pieces or the rows, which is asked where both are there."""
    parts = reading.parts
    sold = any(mark.letter == "K" and mark.carries in {"sell", "buy"} for mark in line.marks)
    pieces = [
        ref
        for ref in reading.own()
        if ref.role is Role.QUANTITY and concept(ref.words[-1]) == "quantity"
    ]
    counted = [m.function for m in parts.measures] == ["count"] and parts.measures[0].per is None
    if not (sold and counted and len(pieces) == 1) or line.has("E") or parts.having:
        return
    total = reading.measure("sum", pieces[0].field)
    options = (total.name.replace("_", " "), text("number of rows"))
    question = text("Do you want the {column} or the number of rows?", column=options[0])
    if reading.choose("what is counted", question, options) == options[0]:
        parts.measures[:] = [total]
        if parts.rank is not None and isinstance(parts.rank.by, Measure):
            parts.rank.by = total


def _leave(line: Line, reading: Reading) -> None:
    """Whatever is left and means something was not read."""
    counted = bool(reading.parts.measures)
    left = [
        mark
        for mark in line.marks
        if (mark.letter not in SILENT or mark.carries in FIGURES | {"more"})
        and not (counted and _again(mark))
    ]
    telling = [mark for mark in left if mark.letter not in "F!"]
    reading.unread += [mark.words for mark in telling or left]


def _has_figures(parts: Parts) -> bool:
    return bool(parts.measures or parts.having or parts.columns or parts.windows or parts.rank)


def _again(mark: Mark) -> bool:
    """ "in total", "overall", "the number of": said once more of a figure that is there already."""
    return mark.letter == "!" or (mark.letter == "F" and mark.carries == "sum")


def readable(files: Sequence[FileInfo]) -> tuple[FileInfo, ...]:
    """The files that hold rows."""
    return tuple(file for file in files if file.columns)
