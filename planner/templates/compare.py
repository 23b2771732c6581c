"""A template out of a plan that was made: what would change with the request becomes a parameter.

Two things tell what would: literals that stand both in the request and in the plan (files, columns,
numbers, what it is about), and words in which the request differs from others that led to a plan of
the same shape. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from memory.model.work.value import Column, FileInfo
from memory.privacy.redaction import redact
from planner.draft import Draft, DraftTask
from planner.experience.replacing import Replacer
from planner.names import slug
from planner.offline.grammar.lexer import Kind, Token, say, tokens
from planner.offline.grammar.likeness import taken_apart
from planner.port import Remembered
from planner.revising.redraft import draft_of
from planner.template import Parameter, Parameters, Template, TemplateTask, plain

MOST = 12
"""More parameters than that are no help to anybody."""

_CUES = {"about": "topic", "on": "topic", "for": "audience", "by": "group", "per": "group",
         "in": "place", "from": "origin", "to": "target", "with": "means"}  # fmt: skip


_SAVED = Parameter(description="Where it is saved", format="path")


@dataclass(frozen=True)
class Slot:
    """A literal of the plan that becomes a parameter."""

    name: str
    literal: str
    parameter: Parameter


def template_of(
    past: Remembered, name: str, others: Sequence[Remembered], files: Sequence[FileInfo]
) -> Template:
    """The plan as a template of the project. `others` are plans made from similar requests.

    Secrets are blotted out. Raises ValueError where the name is none.
    """
    draft = draft_of(past.plan)
    slots: list[Slot] = []
    for slot in _slots(past, draft, others, files):
        if redact(slot.literal) != slot.literal:
            continue
        taken = {one.name for one in slots}
        if slot.literal.casefold() in {one.literal.casefold() for one in slots}:
            continue
        if len(slots) < MOST and _stands_in(draft, slot.literal):
            slots.append(_renamed(slot, taken))
    names = [column.name for one in files for column in one.columns]
    slots = [_headed(one, name, slots, names) for one in slots]
    put = Replacer(_forms(slots), names)
    return Template(
        name=slug(name, limit=48),
        title=redact(name)[:80],
        description=redact(f"Made from the plan “{past.plan.title}”.")[:400],
        phrases=(plain(name)[:80],),
        plan_title=put(redact(draft.title)),
        parameters=Parameters(properties={one.name: one.parameter for one in slots}),
        tasks=tuple(_with_slots(task, slots, names) for task in draft.tasks),
        source="project",
    )


def _slots(
    past: Remembered, draft: Draft, others: Sequence[Remembered], files: Sequence[FileInfo]
) -> Iterator[Slot]:
    found, read = tokens(past.text), _read(draft)
    paths = [_path(token.text, read) for token in found if token.kind is Kind.PATH]
    yield from paths
    file = next((one.name for one in paths if one.parameter.reads), "")
    columns = {one.name.casefold(): one for info in files for one in info.columns} if file else {}
    for place, token in enumerate(found):
        before = found[place - 1].low if place else ""
        after = found[place + 1].low if place + 1 < len(found) else ""
        column = _column(token, columns, draft)
        if column is not None:
            yield _column_slot(column, before, file)
        else:
            yield from _literal(token, before, after)
    yield from _written(draft, [one.literal for one in paths])
    yield from _titles(found, draft)
    topic = taken_apart(past.text).topic
    if topic:
        yield _words(topic, "about")
    for other in others:
        if _shape(draft_of(other.plan)) == _shape(draft):
            yield from _differing(past, other, draft)


def _literal(token: Token, before: str, after: str) -> Iterator[Slot]:
    if token.kind is Kind.NUMBER:
        yield _number(token.text, before, after)
    elif token.kind is Kind.URL:
        parameter = Parameter(description="The page", format="uri", default=token.text)
        yield Slot("page", token.text, parameter)
    elif token.kind in {Kind.QUOTED, Kind.DATE}:
        yield _words(token.text, before)


def _written(draft: Draft, known: Sequence[str]) -> Iterator[Slot]:
    """Files the plan writes under names nobody said: the next run is not to write over them."""
    stems = {str(PurePosixPath(one).with_suffix("")) for one in known}
    for task in reversed(draft.tasks):
        for given in task.inputs:
            path = PurePosixPath(given.value or "")
            if given.name != "path" or not given.value or task.type == "files.read":
                continue
            if str(path.with_suffix("")) not in stems:
                stems.add(str(path.with_suffix("")))
                yield Slot("path", str(path), _SAVED.model_copy(update={"default": str(path)}))


def _titles(found: Sequence[Token], draft: Draft) -> Iterator[Slot]:
    """A heading made of the file's name ("Q3 report", of q3.md) goes with that file alone."""
    stems = [PurePosixPath(token.text).stem for token in found if token.kind is Kind.PATH]
    for task in draft.tasks:
        for given in task.inputs:
            title = given.value or ""
            if given.name == "title" and any(Replacer({stem: "•"}).finds(title) for stem in stems):
                yield Slot("title", title, Parameter(description="Its title", default=title))


def _path(text: str, read: set[str]) -> Slot:
    plain_path = text.removeprefix("./").removeprefix("/")
    if plain_path in read or PurePosixPath(plain_path).name in {
        PurePosixPath(one).name for one in read
    }:
        full = next(
            (one for one in sorted(read) if one.endswith(PurePosixPath(plain_path).name)),
            plain_path,
        )
        parameter = Parameter(description="The file", format="path", default=full, reads=True)
        return Slot("file", full, parameter.model_copy(update={"after": ("of", "from", "in")}))
    return Slot("path", plain_path, _SAVED.model_copy(update={"default": plain_path}))


def _column(token: Token, columns: dict[str, Column], draft: Draft) -> Column | None:
    """The column the word names, where the plan's SQL names it too."""
    if token.kind is not Kind.WORD:
        return None
    for low in dict.fromkeys((token.low, token.low.removesuffix("s"), f"{token.low}s")):
        column = columns.get(low)
        if column is not None and any(
            re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", given.value or "")
            for task in draft.tasks
            for given in task.inputs
            if given.name == "sql"
        ):
            return column
    return None


def _column_slot(column: Column, before: str, file: str) -> Slot:
    grouped = before in {"by", "per", "each"}
    parameter = Parameter(
        description="By what it is broken down" if grouped else "The column",
        format="column",
        default=column.name,
        of=file,
        holds="number" if column.numeric else "",
        after=("by", "per") if grouped else (),
    )
    return Slot("group" if grouped else "measure" if column.numeric else "column", column.name, parameter)  # fmt: skip


def _number(text: str, before: str, after: str) -> Slot:
    digits = text.replace(",", "")
    whole = digits.isdigit()
    unit = after if after.isalpha() and before not in {"top", "first", "last"} else ""
    name = slug(unit or before or "number", limit=20)
    parameter = Parameter(
        type="integer" if whole else "string",
        description=f"How many {unit}" if unit else "The number",
        default=int(digits) if whole else text,
        unit=(unit,) if unit else (),
        after=(before,) if before in {"top", "first", "last"} else (),
    )
    return Slot(name if name != "result" else "number", digits if whole else text, parameter)


def _words(text: str, before: str) -> Slot:
    name = _CUES.get(before, "value")
    parameter = Parameter(
        description=f"The {name}", default=text, after=(before,) if before in _CUES else ()
    )
    return Slot(name, text, parameter)


def _differing(past: Remembered, other: Remembered, draft: Draft) -> Iterator[Slot]:
    """What stands here where the other request has something else, in the request and the plan."""
    ours, theirs = tokens(past.text), tokens(other.text)
    matcher = SequenceMatcher(None, [t.low for t in ours], [t.low for t in theirs], autojunk=False)
    there = draft_of(other.plan)
    for what, start, end, begin, stop in matcher.get_opcodes():
        if what != "replace":
            continue
        mine, other_words = say(ours[start:end]), say(theirs[begin:stop])
        if _stands_in(draft, mine) and _stands_in(there, other_words):
            yield _words(mine, ours[start - 1].low if start else "")


def _shape(draft: Draft) -> list[tuple[str, tuple[str, ...]]]:
    place = {task.key: str(number) for number, task in enumerate(draft.tasks)}
    return [
        (task.type, tuple(place[one.from_task] for one in task.inputs if one.from_task in place))
        for task in draft.tasks
    ]


def _read(draft: Draft) -> set[str]:
    """Files that the plan reads."""
    return {
        one.value
        for task in draft.tasks
        for one in task.inputs
        if one.value and (one.name == "sources" or task.type == "files.read")
    }


def _stands_in(draft: Draft, literal: str) -> bool:
    found = Replacer({literal: "•"})
    return any(
        found.finds(text)
        for task in draft.tasks
        for text in (task.instruction, *(one.value or "" for one in task.inputs))
    )


def _headed(slot: Slot, name: str, slots: Sequence[Slot], names: Sequence[str]) -> Slot:
    """A heading under the template's own name, or a file's name, with the other slots in it."""
    path = slot.parameter.format == "path" and not slot.parameter.reads
    if slot.name != "title" and not path:
        return slot
    others = [one for one in slots if one.name != "title" and one.parameter.format != "path"]
    put = Replacer(_forms(others), names)
    _, colon, rest = slot.literal.rpartition(": ")
    default = put(slot.literal) if path else f"{name}: {put(rest)}" if colon else name
    parameter = slot.parameter.model_copy(update={"default": default})
    return Slot(slot.name, slot.literal, parameter)


def _renamed(slot: Slot, taken: set[str]) -> Slot:
    name, number = slot.name, 2
    while name in taken:
        name, number = f"{slot.name}-{number}", number + 1
    return Slot(name, slot.literal, slot.parameter)


def _with_slots(task: DraftTask, slots: Sequence[Slot], names: Sequence[str]) -> TemplateTask:
    put, in_sql = Replacer(_forms(slots), names), Replacer(_sql_forms(slots), names)
    fields = task.model_dump()
    fields["agent"] = None if task.agent == task.type else task.agent
    fields["title"] = put(redact(task.title))[:200]
    fields["instruction"] = put(redact(task.instruction))
    for given in fields["inputs"]:
        if given["value"] is not None:
            place = in_sql if given["name"] == "sql" else put
            given["value"] = place(redact(given["value"]))
    return TemplateTask.model_validate(fields)


def _forms(slots: Sequence[Slot]) -> dict[str, str]:
    """Each literal as it may stand in words, and a path without its ending: others share its stem."""
    forms: dict[str, str] = {}
    for one in slots:
        slot = "{{" + one.name + "}}"
        forms[one.literal] = slot
        path = PurePosixPath(one.literal)
        if one.parameter.format == "path" and not one.parameter.reads and len(path.parts) > 1:
            forms[str(path.with_suffix(""))] = slot
    return forms


def _sql_forms(slots: Sequence[Slot]) -> dict[str, str]:
    """The same in SQL, where a file is a table of its name."""
    tables = {
        f'"{PurePosixPath(one.literal).stem}"': "{{" + one.name + "}}"
        for one in slots
        if one.parameter.format == "path"
    }
    return {**_forms(slots), **tables}
