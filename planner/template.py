"""What a template is: a draft with slots, and the parameters that fill them."""

import re
from collections.abc import Iterator
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from memory.model.base import Model, name_key
from planner.draft import DraftTask
from planner.names import listed

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
    """A plan with blanks. Holding one means its slots, names and references fit together."""

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
        if not NAME.match(self.name):
            raise ValueError("a name is made of small letters, digits and hyphens")
        if any(len(one) > 80 or not one.strip() for one in self.phrases):
            raise ValueError("a phrase has 1 to 80 characters")
        _check_parameters(self)
        _check_tasks(self)
        return self


class Library(Model):
    """Templates by name, the project's own before those that ship, and what was wrong with files."""

    templates: tuple[Template, ...] = ()
    problems: tuple[str, ...] = ()

    def find(self, name: str) -> Template | None:
        """The template of this name or title."""
        return next((one for one in self.templates if one.is_called(name)), None)


def plain(name: str) -> str:
    """The form in which names are compared: "Blog Post" and "blog-post" are one."""
    return " ".join(re.sub(r"[-_]+", " ", name_key(name)).split())


def slots_in(text: str) -> tuple[str, ...]:
    """The names of the slots in a text."""
    return tuple(SLOT.findall(text))


def texts_of(template: Template) -> Iterator[str]:
    """Every text that may hold slots."""
    yield template.plan_title
    yield from template.assumptions
    for task in template.tasks:
        yield from (task.title, task.instruction, task.agent or "")
        for given in task.inputs:
            yield given.value or ""
    for one in template.properties.values():
        if isinstance(one.default, str):
            yield one.default


def _check_parameters(template: Template) -> None:
    known = template.properties
    unknown = {name for text in texts_of(template) for name in slots_in(text)} - set(known)
    if unknown:
        raise ValueError(f"there is no parameter {listed(sorted(unknown), word='and')}")
    missing = set(template.parameters.required) - set(known)
    if missing:
        raise ValueError(f"required, but not a property: {listed(sorted(missing), word='and')}")
    for name, one in known.items():
        _check_parameter(template, name, one)


def _check_parameter(template: Template, name: str, one: Parameter) -> None:
    if not SLOT.fullmatch("{{" + name + "}}"):
        raise ValueError(f"{name} is no name for a parameter")
    if one.enum and one.default is not None and str(one.default) not in one.enum:
        raise ValueError(f"the default of {name} is not one of its values")
    if one.of and one.of not in template.properties:
        raise ValueError(f"{name} is a column of {one.of}, which is no parameter")
    if one.default is None and name not in template.parameters.required and one.ask != "wording":
        raise ValueError(f"{name} is asked for, so it needs a default or has to be required")
    if set(one.says) - set(one.enum):
        raise ValueError(f"x-says of {name} names what is not one of its values")


def _check_tasks(template: Template) -> None:
    keys = [task.key for task in template.tasks]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"two tasks are called {twice[0]}")
    for task in template.tasks:
        for need in (*task.after, *(one.from_task for one in task.inputs if one.from_task)):
            if need not in keys:
                raise ValueError(f"task {task.key} needs {need}, which is not there")
        for name, value in task.only.items():
            one = template.properties.get(name)
            if one is None:
                raise ValueError(f"task {task.key} depends on {name}, which is no parameter")
            if isinstance(value, str) and one.enum and value not in one.enum:
                raise ValueError(f"task {task.key}: {name} is never {value}")


Raw = dict[str, JsonValue]


def inputs_of(raw: JsonValue) -> JsonValue:
    """The inputs of a task as people write them, `name: value | {from: key} | [several]`."""
    if not isinstance(raw, dict):
        return raw
    found: list[JsonValue] = []
    for name, value in raw.items():
        found += [_input(name, one) for one in (value if isinstance(value, list) else [value])]
    return found


def _input(name: str, value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        if set(value) not in ({"from"}, {"item"}):
            raise ValueError(f"the input {name} is a value, {{from: task}} or {{item: field}}")
        field = "from_task" if "from" in value else "item"
        return {"name": name, field: value.get("from", value.get("item"))}
    if value is None:
        raise ValueError(f"the input {name} is empty")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"name": name, "value": text}
