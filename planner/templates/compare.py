"""A template out of a plan that was made: what would change with the request becomes a parameter.

Two things tell what would: literals that stand both in the request and in the plan (files, columns,
numbers, what it is about), and words in which the request differs from others that led to a plan of
the same shape. Pure.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from memory.model.text import text
from memory.model.work.value import Column, FileInfo
from memory.privacy.redaction import redact
from planner.draft import Draft, DraftTask
from planner.experience.replacing import Replacer
from planner.lexicon.tokens import Kind, Token, say, tokens
from planner.names import slug
from planner.port import Remembered
from planner.revising.redraft import draft_of
from planner.template import Parameter, Parameters, Template, TemplateTask, plain
from planner.templates.likeness import taken_apart
from planner.tools import PATH, SOURCES, SQL, TITLE, tool_named

MOST = 12
"""More parameters than that help nobody."""

_CUES = {"about": "topic", "on": "topic", "for": "audience", "by": "group", "per": "group",
         "in": "place", "from": "origin", "to": "target", "with": "means"}  # fmt: skip
_SAVED = Parameter(description="Where it is saved", format="path")


@dataclass(frozen=True)
class Slot:
    """A literal of the plan that becomes a parameter."""

    name: str
    literal: str
    parameter: Parameter

    @property
    def saves(self) -> bool:
        """Whether it is a file that the plan writes."""
        return self.parameter.format == "path" and not self.parameter.reads

    @property
    def marker(self) -> str:
        """The slot in the template's texts."""
        return f"{{{{{self.name}}}}}"


def template_of(
    past: Remembered, name: str, others: Sequence[Remembered], files: Sequence[FileInfo]
) -> Template:
    """The plan as a template of the project. `others` are plans made from similar requests.

    Secrets are blotted out. Raises ValueError where the name is none.
    """
    draft = draft_of(past.plan)
    names = [column.name for info in files for column in info.columns]
    chosen = _chosen(_slots(past, draft, others, files), draft)
    slots = [_headed(slot, name, chosen, names) for slot in chosen]
    put = Replacer(_forms(slots), names)
    return Template(
        name=slug(name, limit=48),
        title=redact(name)[:80],
        description=redact(text("Made from the plan “{title}”.", title=past.plan.title))[:400],
        phrases=(plain(name)[:80],),
        plan_title=put(redact(draft.title)),
        parameters=Parameters(properties={slot.name: slot.parameter for slot in slots}),
        tasks=tuple(_with_slots(task, slots, names) for task in draft.tasks),
        source="project",
    )


def _chosen(slots: Iterable[Slot], draft: Draft) -> list[Slot]:
    """Those that stand in the plan and hold no secret, each literal and each name once."""
    chosen: dict[str, Slot] = {}
    for slot in slots:
        literal = slot.literal.casefold()
        if len(chosen) == MOST or literal in chosen or redact(slot.literal) != slot.literal:
            continue
        if _stands_in(draft, slot.literal):
            chosen[literal] = _renamed(slot, {other.name for other in chosen.values()})
    return list(chosen.values())


def _slots(
    past: Remembered, draft: Draft, others: Sequence[Remembered], files: Sequence[FileInfo]
) -> Iterator[Slot]:
    words, read = tokens(past.text), _read(draft)
    paths = [_path(token.text, read) for token in words if token.kind is Kind.PATH]
    yield from paths
    file = next((slot.name for slot in paths if slot.parameter.reads), "")
    yield from _by_word(words, _columns_used(draft, files) if file else {}, file)
    yield from _written(draft, [slot.literal for slot in paths])
    yield from _titles(words, draft)
    topic = taken_apart(past.text).topic
    if topic:
        yield _words(topic, "about")
    for other in others:
        if _shape(draft_of(other.plan)) == _shape(draft):
            yield from _differing(past, other, draft)


def _by_word(words: Sequence[Token], columns: Mapping[str, Column], file: str) -> Iterator[Slot]:
    lows = ["", *(token.low for token in words), ""]
    for token, before, after in zip(words, lows, lows[2:], strict=False):
        column = _column(token, columns)
        if column is not None:
            yield _column_slot(column, before, file)
        else:
            yield from _literal(token, before, after)


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
    stems = {str(PurePosixPath(literal).with_suffix("")) for literal in known}
    for task, given in _given(draft, PATH, reverse=True):
        path = PurePosixPath(given)
        stem = str(path.with_suffix(""))
        if tool_named(task.type).reads != PATH and stem not in stems:
            stems.add(stem)
            yield Slot("path", str(path), _SAVED.model_copy(update={"default": str(path)}))


def _titles(words: Sequence[Token], draft: Draft) -> Iterator[Slot]:
    """A heading made of the file's name ("Q3 report", of q3.md) goes with that file alone."""
    stems = [PurePosixPath(token.text).stem for token in words if token.kind is Kind.PATH]
    finds = Replacer(dict.fromkeys(stems, "•")).finds
    for _, title in _given(draft, TITLE):
        if finds(title):
            yield Slot("title", title, Parameter(description="Its title", default=title))


def _given(draft: Draft, name: str, *, reverse: bool = False) -> Iterator[tuple[DraftTask, str]]:
    """The values of this input, with their tasks."""
    for task in reversed(draft.tasks) if reverse else draft.tasks:
        for given in task.inputs:
            if given.name == name and given.value:
                yield task, given.value


def _path(written: str, read: set[str]) -> Slot:
    path = written.removeprefix("./").removeprefix("/")
    name = PurePosixPath(path).name
    if any(PurePosixPath(other).name == name for other in read):
        full = next((other for other in sorted(read) if other.endswith(name)), path)
        parameter = Parameter(
            description="The file",
            format="path",
            default=full,
            reads=True,
            after=("of", "from", "in"),
        )
        return Slot("file", full, parameter)
    return Slot("path", path, _SAVED.model_copy(update={"default": path}))


def _columns_used(draft: Draft, files: Sequence[FileInfo]) -> dict[str, Column]:
    """The columns that the plan's SQL names, by name in small letters."""
    queries = [sql for _, sql in _given(draft, SQL)]
    return {
        column.name.casefold(): column
        for info in files
        for column in info.columns
        if any(re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", sql) for sql in queries)
    }


def _column(token: Token, columns: Mapping[str, Column]) -> Column | None:
    """The column the word names, in any number."""
    if token.kind is not Kind.WORD:
        return None
    lows = (token.low, token.low.removesuffix("s"), f"{token.low}s")
    return next((columns[low] for low in lows if low in columns), None)


def _column_slot(column: Column, before: str, file: str) -> Slot:
    grouped = before in {"by", "per", "each"}
    parameter = Parameter(
        description="Broken down by" if grouped else "The column",
        format="column",
        default=column.name,
        of=file,
        holds="number" if column.numeric else "",
        after=("by", "per") if grouped else (),
    )
    name = "measure" if column.numeric else "column"
    return Slot("group" if grouped else name, column.name, parameter)


def _number(written: str, before: str, after: str) -> Slot:
    digits = written.replace(",", "")
    whole, led = digits.isdigit(), before in {"top", "first", "last"}
    unit = after if after.isalpha() and not led else ""
    name = slug(unit or before or "number", limit=20)
    counted = (
        {"description": f"How many {unit}", "unit": (unit,)}
        if unit
        else {"description": "The number"}
    )
    kind = (
        {"type": "integer", "default": int(digits)}
        if whole
        else {"type": "string", "default": written}
    )
    parameter = Parameter.model_validate({**counted, **kind, "after": (before,) if led else ()})
    return Slot(name if name != "result" else "number", digits if whole else written, parameter)


def _words(written: str, before: str) -> Slot:
    name = _CUES.get(before, "value")
    parameter = Parameter(
        description=f"The {name}", default=written, after=(before,) if before in _CUES else ()
    )
    return Slot(name, written, parameter)


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


def _shape(draft: Draft) -> list[tuple[str, list[int]]]:
    place = {task.key: number for number, task in enumerate(draft.tasks)}
    return [
        (task.type, [place[given.from_task] for given in task.inputs if given.from_task in place])
        for task in draft.tasks
    ]


def _read(draft: Draft) -> set[str]:
    """Files that the plan reads."""
    return {
        given.value
        for task in draft.tasks
        for given in task.inputs
        if given.value and given.name in {SOURCES, tool_named(task.type).reads}
    }


def _stands_in(draft: Draft, literal: str) -> bool:
    finds = Replacer({literal: "•"}).finds
    return any(
        finds(words)
        for task in draft.tasks
        for words in (task.instruction, *(given.value or "" for given in task.inputs))
    )


def _headed(slot: Slot, name: str, slots: Sequence[Slot], names: Sequence[str]) -> Slot:
    """A heading under the template's own name, or a file's name, with the other slots in it."""
    others = [
        other for other in slots if other.name != "title" and other.parameter.format != "path"
    ]
    put = Replacer(_forms(others), names)
    if slot.saves:
        default = put(slot.literal)
    elif slot.name == "title":
        _, colon, rest = slot.literal.rpartition(": ")
        default = f"{name}: {put(rest)}" if colon else name
    else:
        return slot
    return replace(slot, parameter=slot.parameter.model_copy(update={"default": default}))


def _renamed(slot: Slot, taken: Container[str]) -> Slot:
    name, number = slot.name, 2
    while name in taken:
        name, number = f"{slot.name}-{number}", number + 1
    return replace(slot, name=name)


def _with_slots(task: DraftTask, slots: Sequence[Slot], names: Sequence[str]) -> TemplateTask:
    put, in_sql = Replacer(_forms(slots), names), Replacer(_sql_forms(slots), names)
    fields = task.model_dump()
    fields["agent"] = None if task.agent == task.type else task.agent
    fields["title"] = put(redact(task.title))[:200]
    fields["instruction"] = put(redact(task.instruction))
    for given in fields["inputs"]:
        if given["value"] is not None:
            place = in_sql if given["name"] == SQL else put
            given["value"] = place(redact(given["value"]))
    return TemplateTask.model_validate(fields)


def _forms(slots: Sequence[Slot]) -> dict[str, str]:
    """Each literal as it may stand in words, and a path without its ending: others share its stem."""
    forms: dict[str, str] = {}
    for slot in slots:
        forms[slot.literal] = slot.marker
        path = PurePosixPath(slot.literal)
        if slot.saves and len(path.parts) > 1:
            forms[str(path.with_suffix(""))] = slot.marker
    return forms


def _sql_forms(slots: Sequence[Slot]) -> dict[str, str]:
    """The same in SQL, where a file is a table of its name."""
    tables = {
        f'"{PurePosixPath(slot.literal).stem}"': slot.marker
        for slot in slots
        if slot.parameter.format == "path"
    }
    return {**_forms(slots), **tables}
