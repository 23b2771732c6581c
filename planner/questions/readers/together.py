"""Questions to several files at once: with an answer for each, or their rows put together."""

from dataclasses import replace

from planner.questions.context import Context
from planner.questions.read import Asked
from planner.questions.readers.assembly import joined
from planner.questions.readers.state import Parts, Reading, Unclear
from planner.questions.semantics import AVERAGED, MEASURES, Role
from planner.questions.sources import Files
from planner.questions.spec import FILE, Field, Function, Group, QuerySpec
from planner.questions.words.terms import Ref, Vocabulary


def by_file(asked: Asked) -> Asked:
    """The same question with an answer for each of the files put together."""
    assert asked.spec is not None
    assert asked.reading is not None
    spec, reading = asked.spec, asked.reading
    amounts = [
        ref
        for ref in reading.vocabulary.of_file(reading.base.path)
        if ref.role in MEASURES - {Role.YEAR} and ref.column.numeric
    ]
    chosen = [ref for ref in amounts if ref.field in spec.columns] or amounts
    totals = tuple(reading.measure(_added(ref), ref.field) for ref in chosen)
    measures = spec.measures or (reading.measure("count", None), *totals)
    if not asked.parts.groups and [m.name for m in spec.measures] == [m.name for m in totals[:1]]:
        measures = (reading.measure("count", None), *spec.measures)
    whose = Group(field=Field(file=spec.files[0], column=FILE), name=FILE)
    groups = tuple(dict.fromkeys((*spec.groups, whose)))
    return replace(
        asked,
        spec=spec.model_copy(
            update={
                "measures": measures,
                "groups": groups,
                "columns": (),
                "distinct": False,
                "order": (),
            }
        ),
    )


def _added(ref: Ref) -> Function:
    return "avg" if ref.role in AVERAGED else "sum"


def joined_rows(context: Context) -> Asked:
    """The rows of the files side by side, or one under the other, as they are."""
    files = Files(context.pinned)
    if context.stacked:
        return Asked(QuerySpec(files=context.stacked), Parts(), context.pinned[0])
    starts = [
        f
        for f in context.pinned
        if all(files.way(f.path, o.path, context.links) is not None for o in context.pinned)
    ]
    base = starts[0] if starts else context.pinned[0]
    near = [file for file in context.pinned if file is not base]
    reading = Reading(
        files=files,
        vocabulary=Vocabulary([base, *near]),
        base=base,
        questions=context.questions,
        today=context.today,
        links=context.links,
    )
    names: set[str] = set()
    columns: list[Field] = []
    for ref in reading.vocabulary.refs:
        if ref.name.casefold() not in names:
            names.add(ref.name.casefold())
            columns.append(ref.field)
    try:
        spec = joined(reading, QuerySpec(files=(base.path,), columns=tuple(columns)))
    except Unclear as problem:
        return Asked(None, Parts(), base, problem=str(problem))
    return Asked(spec, Parts(), base, tuple(reading.assumptions))
