"""A template and values → a draft. Slots hold names only: nothing is computed, nothing is run. Pure."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from pydantic import JsonValue

from planner.draft import Draft, DraftInput, DraftTask, Gap
from planner.names import slug
from planner.template import SLOT, Parameter, Template, TemplateTask

Values = Mapping[str, str]
Context = Literal["words", "path", "sql"]

_CONTEXTS: Mapping[str, Context] = {"sql": "sql", "path": "path", "sources": "path"}
"""How a value is written, by the input it stands in; everywhere else as it is."""

_ARTICLE = re.compile(r"^(?:the|an?|our|my)\s+", re.IGNORECASE)
DEFAULT_DEPTH = 4
"""A default may name another parameter, whose default may name a third."""


def filled(
    template: Template,
    values: Values,
    *,
    gaps: tuple[Gap, ...] = (),
    skipped: frozenset[str] = frozenset(),
) -> Draft:
    """The draft. `values` are what is known; the rest takes its default. `skipped`: steps left out."""
    known = resolved(template, values)
    tasks = {task.key: task for task in template.tasks}
    gone = {key for key, task in tasks.items() if not _stays(task, known) or key in skipped}
    kept = [
        _task(task, template, known, gone, tasks) for task in template.tasks if task.key not in gone
    ]
    return Draft(
        title=_rendered(template.plan_title or template.title, template, known, "words")[:200],
        tasks=tuple(kept),
        assumptions=tuple(
            _rendered(text, template, known, "words") for text in template.assumptions
        ),
        gaps=gaps,
    )


def resolved(template: Template, values: Values) -> dict[str, str]:
    """A value for every parameter that has one, the defaults with their slots filled."""
    known = {name: value for name, value in values.items() if value}
    for _ in range(DEFAULT_DEPTH):
        for name, one in template.properties.items():
            default = written(one)
            needs = [need for need in SLOT.findall(default) if need != name]
            if name in known or not default or not all(need in known for need in needs):
                continue
            context: Context = "path" if one.format == "path" else "words"
            known[name] = _rendered(default, template, known, context)
    for name, one in template.properties.items():
        if one.format == "path" and known.get(name, "").endswith("/"):
            rest = {key: value for key, value in known.items() if key != name}
            base = PurePosixPath(_rendered(written(one), template, rest, "path")).name
            known[name] = f"{known[name]}{base}"
    return known


def written(one: Parameter) -> str:
    """The default as text; "" where there is none."""
    match one.default:
        case None:
            return ""
        case bool() as flag:
            return "true" if flag else "false"
        case other:
            return str(other)


def _stays(task: TemplateTask, known: Values) -> bool:
    for name, wanted in task.only.items():
        value = known.get(name, "")
        if isinstance(wanted, bool):
            if bool(value) and value != "false":
                if not wanted:
                    return False
            elif wanted:
                return False
        elif value.casefold() != wanted.casefold():
            return False
    return True


def _task(
    task: TemplateTask,
    template: Template,
    known: Values,
    gone: set[str],
    tasks: Mapping[str, TemplateTask],
) -> DraftTask:
    inputs = []
    for given in task.inputs:
        for one in _sources(given, gone, tasks):
            context = _CONTEXTS.get(one.name.casefold(), "words")
            value = one.value
            if value is not None:
                value = _rendered(value, template, known, context)
            inputs.append(one.model_copy(update={"value": value}))
    fields = task.model_dump(exclude={"only"})
    agent = _rendered(task.agent or "", template, known, "words")
    return DraftTask.model_validate(
        {
            **fields,
            "title": _rendered(task.title, template, known, "words")[:200],
            "instruction": _tidy(_rendered(task.instruction, template, known, "words")),
            "agent": agent or None,
            "inputs": [one.model_dump() for one in dict.fromkeys(inputs)],
            "after": tuple(key for key in task.after if key not in gone),
            "when": _deep(fields["when"], template, known),
            "each": _deep(fields["each"], template, known),
        }
    )


def _deep(value: JsonValue, template: Template, known: Values) -> JsonValue:
    """Any text within, with its slots filled."""
    match value:
        case str():
            return _rendered(value, template, known, "words")
        case list() | tuple():
            return [_deep(one, template, known) for one in value]
        case dict():
            return {name: _deep(one, template, known) for name, one in value.items()}
        case _:
            return value


def _sources(
    given: DraftInput, gone: set[str], tasks: Mapping[str, TemplateTask], depth: int = 0
) -> list[DraftInput]:
    """The input; or, where its task is left out, what that one would have worked on."""
    if given.from_task not in gone or given.from_task is None:
        return [given]
    if depth > len(tasks):
        return []
    before = next((one for one in tasks[given.from_task].inputs if one.from_task), None)
    if before is None:
        return []
    return _sources(before.model_copy(update={"name": given.name}), gone, tasks, depth + 1)


def _rendered(text: str, template: Template, known: Values, context: Context) -> str:
    if context == "sql":
        return _sql_text(text, template, known)

    def put(match: re.Match[str]) -> str:
        name = match[1]
        value, one = known.get(name, ""), template.properties[name]
        if context == "path" and one.format == "path" and match[0] != text.strip():
            return _within(value, one, text[match.end() :])
        return _in(value, one, context)

    return SLOT.sub(put, text)


def _within(path: str, one: Parameter, after: str) -> str:
    """A path within another: a file that is read gives its name, and a new ending replaces its own."""
    if one.reads:
        return slug(PurePosixPath(path).stem)
    return str(PurePosixPath(path).with_suffix("")) if after.startswith(".") else path.rstrip("/")


def _sql_text(text: str, template: Template, known: Values) -> str:
    """SQL with its slots filled: inside quotes as a part of them, elsewhere as a whole token."""
    pieces, inside, place = [], "", 0
    for match in SLOT.finditer(text):
        before = text[place : match.start()]
        for char in before:
            if char in "\"'" and inside in {"", char}:
                inside = "" if inside else char
        value, one = known.get(match[1], ""), template.properties[match[1]]
        if inside:
            value = PurePosixPath(value).stem if one.format == "path" else value
            filling = value.replace(inside, inside * 2)
        else:
            filling = _sql(value, one)
        pieces += [before, filling]
        place = match.end()
    return "".join([*pieces, text[place:]])


def _in(value: str, one: Parameter, context: Context) -> str:
    """The value as its place needs it: a name or constant of SQL, a part of a path, or words."""
    match context:
        case "words":
            return value
        case "path":
            return value if one.format in {"path", "uri"} else slug(_ARTICLE.sub("", value))
        case "sql":
            return _sql(value, one)


def _sql(value: str, one: Parameter) -> str:
    if one.format == "path":
        return _quoted(PurePosixPath(value).stem)
    if one.format == "column":
        return _quoted(value)
    if one.type in {"integer", "number"}:
        return str(float(value)) if "." in value else str(int(value))
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tidy(text: str) -> str:
    """Without the blank lines that empty slots leave."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip()
