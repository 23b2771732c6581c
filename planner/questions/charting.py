"""What of a question can be drawn, and how; what can't is refused with the nearest that can. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from memory.model.text import text
from memory.model.work.value import FileInfo
from planner.questions.semantics import MEASURES, NAMING, Role
from planner.questions.spec import Field, QuerySpec
from planner.questions.words.terms import Ref, Vocabulary

MOST = 50
"""So many rows are drawn one by one."""


@dataclass(frozen=True)
class Axes:
    """The columns of the result that are drawn, and the kind of chart; "" leaves it to the tool."""

    x: str = ""
    y: str = ""
    kind: str = "auto"


def chart_of(spec: QuerySpec, files: Sequence[FileInfo], kinds: Sequence[str]) -> Axes | str:
    """How the result is drawn, or a sentence why it can't be and what can."""
    if spec.measures and spec.groups:
        return _of_groups(spec)
    if spec.measures:
        return text(
            "That is a single figure, so there's nothing to draw. Say by what to split it, for example {example}.",
            example=f"“{spec.measures[0].name.replace('_', ' ')} {_by(spec, files)}”",
        )
    return _of_rows(spec, files, kinds)


def _of_groups(spec: QuerySpec) -> Axes:
    time = next(
        (
            group
            for group in spec.groups
            if group.grain in {"day", "week", "month", "quarter", "year", "hour"}
        ),
        None,
    )
    x = (
        time
        or spec.groups[
            -1 if len(spec.groups) > 1 and spec.groups[0].field.column.endswith("id") else 0
        ]
    )
    y = spec.measures[0].name
    window = next((w for w in spec.windows if w.kind in {"running", "moving"}), None)
    return Axes(x.name, window.name if window else y, "line" if time is not None else "auto")


def _of_rows(spec: QuerySpec, files: Sequence[FileInfo], kinds: Sequence[str]) -> Axes | str:
    """Rows are drawn only as points of two numbers, or a number in time."""
    file = next((file for file in files if file.path == spec.files[0]), None)
    if file is None:
        return Axes()
    vocabulary = Vocabulary([file])
    refs = [ref for field in spec.columns if (ref := vocabulary.ref(field)) is not None]
    numbers = [ref for ref in refs if ref.column.numeric and ref.role in MEASURES]
    drawn = _points(refs, numbers, kinds) or _ranked(spec, vocabulary, file)
    if drawn is not None:
        return drawn
    named = [ref for ref in refs if ref.role in {Role.CATEGORY, Role.NAME}]
    if named and numbers and _one_row_each(named[0], file):
        return Axes(named[0].name, numbers[0].name, "auto")
    return _refused(spec, files, refs, numbers or list(vocabulary.numbers()))


def _points(refs: Sequence[Ref], numbers: Sequence[Ref], kinds: Sequence[str]) -> Axes | None:
    if "scatter" in kinds and len(numbers) > 1:
        return Axes(numbers[0].name, numbers[1].name, "scatter")
    dated = [ref for ref in refs if ref.role is Role.DATE]
    return Axes(dated[0].name, numbers[0].name, "line") if dated and numbers else None


def _ranked(spec: QuerySpec, vocabulary: Vocabulary, file: FileInfo) -> Axes | None:
    """ "the 10 biggest orders": each by its name."""
    by = next((order.by for order in spec.order if isinstance(order.by, Field)), None)
    ref = vocabulary.ref(by) if by is not None else None
    if ref is None or not ref.column.numeric or spec.columns or (spec.limit or 99) > MOST:
        return None
    names = [other for other in vocabulary.refs if other.role is Role.NAME]
    label = names[0] if names else vocabulary.key(file)
    return Axes(label.name, ref.name, "bar") if label is not None else None


def _refused(
    spec: QuerySpec, files: Sequence[FileInfo], refs: Sequence[Ref], numbers: Sequence[Ref]
) -> str:
    example = f"“{_figure(numbers)} {_by(spec, files)}”"
    if refs and all(ref.role in NAMING for ref in refs):
        return text(
            "{column} only names things, so its numbers make no chart. Try {example}.",
            column=refs[0].name,
            example=example,
        )
    return text("A chart of single rows would show nothing. Try {example}.", example=example)


def _one_row_each(ref: Ref, file: FileInfo) -> bool:
    return (ref.column.distinct == file.rows or ref.column.distinct is None) and (
        file.rows or 0
    ) <= 50


def _figure(numbers: Sequence[Ref]) -> str:
    if not numbers:
        return text("number of rows")
    ref = numbers[0]
    return (
        text("average {column}", column=ref.name)
        if ref.role is not Role.AMOUNT and ref.role is not Role.QUANTITY
        else text("total {column}", column=ref.name)
    )


def _by(spec: QuerySpec, files: Sequence[FileInfo]) -> str:
    file = next((file for file in files if file.path == spec.files[0]), None)
    refs = Vocabulary([file]).refs if file is not None else ()
    for ref in refs:
        if ref.role is Role.CATEGORY:
            return text("by {column}", column=ref.name)
    return text("by month") if any(ref.role is Role.DATE for ref in refs) else text("by …")
