"""A template and values → a draft. Slots hold names only: nothing is computed or run. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from pydantic import JsonValue

from planner.draft import Draft, DraftInput, DraftTask, Gap
from planner.names import quoted, slug
from planner.template import SLOT, Parameter, Template, TemplateTask
from planner.tools import PATH, SOURCES, SQL

Values = Mapping[str, str]
Context = Literal["words", "path", "sql"]

_CONTEXTS: Mapping[str, Context] = {SQL: "sql", PATH: "path", SOURCES: "path"}
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
    """The draft. `values` are what is known; the rest takes its default. `skipped`: tasks left out."""
    filling = _Filling(template, resolved(template, values))
    gone = {task.key for task in template.tasks if task.key in skipped or not filling.keeps(task)}
    return Draft(
        title=filling.words(template.plan_title or template.title)[:200],
        tasks=tuple(filling.task(task, gone) for task in template.tasks if task.key not in gone),
        assumptions=tuple(map(filling.words, template.assumptions)),
        gaps=gaps,
    )


def _can_fill(name: str, parameter: Parameter, known: Values) -> bool:
    """Whether it has a default, and all that this is made of is known."""
    default = written(parameter)
    return bool(default) and {*SLOT.findall(default)} - {name} <= known.keys()


def resolved(template: Template, values: Values) -> dict[str, str]:
    """A value for every parameter that has one, the defaults with their slots filled."""
    known = {name: value for name, value in values.items() if value}
    for _ in range(DEFAULT_DEPTH):
        for name, parameter in template.properties.items():
            if name not in known and _can_fill(name, parameter, known):
                known[name] = _default(template, parameter, known)
    for name, parameter in template.properties.items():
        if parameter.format == "path" and known.get(name, "").endswith("/"):
            default = _default(template, parameter, {**known, name: ""})
            known[name] += PurePosixPath(default).name
    return known


def _default(template: Template, parameter: Parameter, known: Values) -> str:
    context: Context = "path" if parameter.format == "path" else "words"
    return _Filling(template, known).rendered(written(parameter), context)


def written(parameter: Parameter) -> str:
    """The default as text; "" where there is none."""
    match parameter.default:
        case None:
            return ""
        case bool() as flag:
            return "true" if flag else "false"
        case other:
            return str(other)


@dataclass(frozen=True)
class _Filling:
    """Puts values into the slots of a template's texts."""

    template: Template
    known: Values

    def keeps(self, task: TemplateTask) -> bool:
        """Whether all holds that the task is there for."""
        return all(_holds(self.known.get(name, ""), wanted) for name, wanted in task.only.items())

    def words(self, text: str) -> str:
        """A text for people, with its slots filled."""
        return self.rendered(text, "words")

    def task(self, task: TemplateTask, gone: set[str]) -> DraftTask:
        """The task as drafted, without what it would take from tasks that are `gone`."""
        inputs = [
            self._input(given) for drafted in task.inputs for given in self._fed(drafted, gone)
        ]
        fields = task.model_dump(exclude={"only"})
        return DraftTask.model_validate(
            {
                **fields,
                "title": self.words(task.title)[:200],
                "instruction": _tidy(self.words(task.instruction)),
                "agent": self.words(task.agent or "") or None,
                "inputs": [given.model_dump() for given in dict.fromkeys(inputs)],
                "after": tuple(key for key in task.after if key not in gone),
                "when": self._deep(fields["when"]),
                "each": self._deep(fields["each"]),
            }
        )

    def rendered(self, text: str, context: Context) -> str:
        """The text with its slots filled as its place needs it."""
        if context == "sql":
            return self._sql(text)

        def put(match: re.Match[str]) -> str:
            value, parameter = self._slot(match)
            if context == "words" or parameter.format == "uri":
                return value
            if parameter.format != "path":
                return slug(_ARTICLE.sub("", value))
            whole = match[0] == text.strip()
            return value if whole else _within(value, parameter, text[match.end() :])

        return SLOT.sub(put, text)

    def _slot(self, match: re.Match[str]) -> tuple[str, Parameter]:
        return self.known.get(match[1], ""), self.template.properties[match[1]]

    def _input(self, given: DraftInput) -> DraftInput:
        context = _CONTEXTS.get(given.name.casefold(), "words")
        value = given.value and self.rendered(given.value, context)
        return given.model_copy(update={"value": value})

    def _fed(self, given: DraftInput, gone: set[str]) -> list[DraftInput]:
        """The input; or, where its task is left out, what that one would have worked on."""
        tasks = {task.key: task for task in self.template.tasks}
        for _ in tasks:
            if given.from_task is None or given.from_task not in gone:
                return [given]
            before = next((fed for fed in tasks[given.from_task].inputs if fed.from_task), None)
            if before is None:
                return []
            given = before.model_copy(update={"name": given.name})
        return []

    def _deep(self, value: JsonValue) -> JsonValue:
        """Any text within, with its slots filled."""
        match value:
            case str():
                return self.words(value)
            case list() | tuple():
                return [self._deep(item) for item in value]
            case dict():
                return {name: self._deep(item) for name, item in value.items()}
            case _:
                return value

    def _sql(self, text: str) -> str:
        """SQL with its slots filled: inside quotes as a part of them, elsewhere as a whole token."""
        pieces, inside, place = list[str](), "", 0
        for match in SLOT.finditer(text):
            before = text[place : match.start()]
            for char in before:
                if char in "\"'" and inside in {"", char}:
                    inside = "" if inside else char
            value, parameter = self._slot(match)
            if inside:
                value = PurePosixPath(value).stem if parameter.format == "path" else value
                pieces += [before, value.replace(inside, inside * 2)]
            else:
                pieces += [before, _sql_token(value, parameter)]
            place = match.end()
        return "".join([*pieces, text[place:]])


def _holds(value: str, wanted: str | bool) -> bool:  # noqa: FBT001 - what a YAML file says
    if isinstance(wanted, bool):
        return wanted is (value not in {"", "false"})
    return value.casefold() == wanted.casefold()


def _within(path: str, parameter: Parameter, after: str) -> str:
    """A path within another: a file that is read gives its name; a new ending replaces its own."""
    if parameter.reads:
        return slug(PurePosixPath(path).stem)
    return str(PurePosixPath(path).with_suffix("")) if after.startswith(".") else path.rstrip("/")


def _sql_token(value: str, parameter: Parameter) -> str:
    if parameter.format == "path":
        return quoted(PurePosixPath(value).stem)
    if parameter.format == "column":
        return quoted(value)
    if parameter.type in {"integer", "number"}:
        return str(float(value)) if "." in value else str(int(value))
    return "'" + value.replace("'", "''") + "'"


def _tidy(text: str) -> str:
    """Without the blank lines that empty slots leave."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip()
