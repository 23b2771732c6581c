"""What a template is: a draft with slots, and the parameters that fill them."""

import re
from collections.abc import Collection, Container, Iterator
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from memory.model.base import Model, name_key
from memory.model.text import text
from planner.draft import DraftTask
from planner.names import listed, repeated

NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,47}$")
SLOT = re.compile(r"\{\{\s*([a-zA-Z][\w-]{0,47})\s*\}\}")
"""A name in double braces, and nothing but a name."""

PHRASES = 20
PARAMETERS = 20
TEMPLATE_TASKS = 60


class Parameter(BaseModel):
    """One parameter as JSON Schema says it; what begins with `x-` is ours.

    `ask`: what another answer would change; such a parameter is asked for where it is not said,
    others take their default, which is stated. `after` are words that come before its value,
    `unit` words that come after a number, `says` what else people say for a choice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    type: Literal["string", "integer", "number", "boolean"] = "string"
    title: str = Field(default="", max_length=80)
    description: str = Field(default="", max_length=300)
    enum: tuple[str, ...] = Field(default=(), max_length=12)
    examples: tuple[str, ...] = Field(default=(), max_length=12)
    default: str | int | float | bool | None = None
    format: Literal["", "path", "column", "uri"] = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int = Field(default=2_000, alias="maxLength", ge=1, le=4_000)
    question: str = Field(default="", alias="x-question", max_length=300)
    ask: Literal["plan", "cost", "effects", "wording"] = Field(default="wording", alias="x-asks")
    after: tuple[str, ...] = Field(default=(), alias="x-after", max_length=12)
    unit: tuple[str, ...] = Field(default=(), alias="x-unit", max_length=6)
    says: dict[str, tuple[str, ...]] = Field(default_factory=dict, alias="x-says", max_length=12)
    reads: bool = Field(default=False, alias="x-reads")
    """Of a path: it is a file that is there already."""
    of: str = Field(default="", alias="x-of", max_length=48)
    """Of a column: the parameter that names its file."""
    holds: Literal["", "number", "text", "date"] = Field(default="", alias="x-holds")
    """Of a column: what it holds."""

    @property
    def choices(self) -> tuple[str, ...]:
        """What is offered when it is asked for."""
        return self.enum or self.examples

    @property
    def asked(self) -> str:
        """The question for it."""
        return self.question or self.description or self.title


class Parameters(BaseModel):
    """A JSON Schema of type object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["object"] = "object"
    properties: dict[str, Parameter] = Field(default_factory=dict, max_length=PARAMETERS)
    required: tuple[str, ...] = ()


class TemplateTask(DraftTask):
    """A task of a draft with slots in its words. `only`: it is left out unless these hold.

    A condition compares a parameter with one of its values, or, by true and false, asks whether
    it has one. It is settled when the template is filled; nothing of it is in the plan.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    only: dict[str, str | bool] = Field(default_factory=dict, max_length=6)


class Template(Model):
    """A plan with parameters. Holding one means its slots, names and references fit together."""

    name: str
    title: str = Field(min_length=1, max_length=80)
    description: str = Field(min_length=1, max_length=400)
    phrases: tuple[str, ...] = Field(default=(), max_length=PHRASES)
    plan_title: str = Field(default="", max_length=200)
    parameters: Parameters = Parameters()
    tasks: tuple[TemplateTask, ...] = Field(min_length=1, max_length=TEMPLATE_TASKS)
    assumptions: tuple[str, ...] = Field(default=(), max_length=20)
    source: Literal["library", "project"] = "library"

    @property
    def properties(self) -> dict[str, Parameter]:
        """The parameters by name."""
        return self.parameters.properties

    def is_called(self, name: str) -> bool:
        """Whether the name means this template (names do not depend on case)."""
        return plain(name) in {plain(self.name), plain(self.title)}

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for problem in _problems(self):
            raise ValueError(problem)
        return self


class Library(Model):
    """Templates by name, the project's own before those that ship, and what was wrong with files."""

    templates: tuple[Template, ...] = ()
    problems: tuple[str, ...] = ()

    def find(self, name: str) -> Template | None:
        """The template of this name or title."""
        return next((kept for kept in self.templates if kept.is_called(name)), None)


def plain(name: str) -> str:
    """The form in which names are compared: "Blog Post" and "blog-post" are one."""
    return " ".join(re.sub(r"[-_]+", " ", name_key(name)).split())


def texts_of(template: Template) -> Iterator[str]:
    """Every text that may hold slots."""
    yield template.plan_title
    yield from template.assumptions
    for task in template.tasks:
        yield from (task.title, task.instruction, task.agent or "")
        for given in task.inputs:
            yield given.value or ""
    for parameter in template.properties.values():
        if isinstance(parameter.default, str):
            yield parameter.default


def _problems(template: Template) -> Iterator[str]:
    """What doesn't fit together; each check relies on those before it."""
    if not NAME.match(template.name):
        yield text("a name is made of small letters, digits and hyphens")
    if any(len(phrase) > 80 or not phrase.strip() for phrase in template.phrases):
        yield text("a phrase has 1 to 80 characters")
    yield from _slot_problems(template)
    for name, parameter in template.properties.items():
        yield from _parameter_problems(template, name, parameter)
    keys = [task.key for task in template.tasks]
    for key in repeated(keys):
        yield text("two tasks are called {key}", key=key)
    for task in template.tasks:
        yield from _task_problems(template, task, keys)


def _slot_problems(template: Template) -> Iterator[str]:
    known = template.properties.keys()
    unknown = {name for words in texts_of(template) for name in SLOT.findall(words)} - known
    if unknown:
        yield text("there's no parameter {names}", names=listed(sorted(unknown), word="and"))
    missing = set(template.parameters.required) - known
    if missing:
        names = listed(sorted(missing), word="and")
        yield text("required, but not a property: {names}", names=names)


def _parameter_problems(template: Template, name: str, parameter: Parameter) -> Iterator[str]:
    default = parameter.default
    if not SLOT.fullmatch(f"{{{{{name}}}}}"):
        yield text("{name} can't be the name of a parameter", name=name)
    if default is not None and not _is_one_of(str(default), parameter.enum):
        yield text("the default of {name} isn't one of its values", name=name)
    if parameter.of and parameter.of not in template.properties:
        yield text(
            "{name} is a column of {file}, which isn't a parameter", name=name, file=parameter.of
        )
    if default is None and name not in template.parameters.required and parameter.ask != "wording":
        yield text("{name} is asked for, so it needs a default or has to be required", name=name)
    if not parameter.says.keys() <= set(parameter.enum):
        yield text("x-says of {name} has something that isn't one of its values", name=name)


def _is_one_of(value: str, values: Collection[str]) -> bool:
    """Whether it is one of the values; of none everything is."""
    return not values or value in values


def _task_problems(template: Template, task: TemplateTask, keys: Container[str]) -> Iterator[str]:
    for need in (*task.after, *(given.from_task for given in task.inputs)):
        if need and need not in keys:
            yield text("task {task} needs {need}, which isn't there", task=task.key, need=need)
    for name, value in task.only.items():
        parameter = template.properties.get(name)
        if parameter is None:
            yield text(
                "task {task} depends on {name}, which isn't a parameter", task=task.key, name=name
            )
        elif isinstance(value, str) and not _is_one_of(value, parameter.enum):
            yield text(
                "task {task}: {name} is never {value}", task=task.key, name=name, value=value
            )


def inputs_of(raw: JsonValue) -> JsonValue:
    """The inputs of a task as people write them, `name: value | {from: key} | [several]`."""
    if not isinstance(raw, dict):
        return raw
    return [
        _input(name, item)
        for name, value in raw.items()
        for item in (value if isinstance(value, list) else [value])
    ]


def _input(name: str, value: JsonValue) -> JsonValue:
    match value:
        case {"from": key, **rest} if not rest:
            return {"name": name, "from_task": key}
        case {"item": field, **rest} if not rest:
            return {"name": name, "item": field}
        case dict():
            raise ValueError(
                text("the input {name} is a value, {{from: task}} or {{item: field}}", name=name)
            )
        case None:
            raise ValueError(text("the input {name} is empty", name=name))
        case bool():
            return {"name": name, "value": str(value).lower()}
        case _:
            return {"name": name, "value": str(value)}
