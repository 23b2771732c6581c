"""Short ways to describe a built-in tool and what it is given."""

from typing import Literal

from pydantic import JsonValue

from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass, Kind, Parameter
from memory.model.base import AgentName

Type = Literal["text", "number", "boolean", "path", "url", "table", "file", "list", "json"]

ANY: tuple[Kind, ...] = ("text", "table", "json", "file")
"""Every kind of value that an earlier task can give."""


def content(
    name: str,
    description: str,
    type_: Type,
    *,
    takes: tuple[Kind, ...] = ANY,
    sample: JsonValue = None,
    required: bool = True,
) -> Parameter:
    """What an earlier task may feed."""
    return Parameter(
        name=name, description=description, type=type_, takes=takes, sample=sample, required=required
    )  # fmt: skip


def control(
    name: str,
    description: str,
    type_: Type,
    *,
    sample: JsonValue = None,
    required: bool = True,
    default: JsonValue = None,
    choices: tuple[str, ...] = (),
    endings: tuple[str, ...] = (),
) -> Parameter:
    """What decides where an effect goes: a constant of the approved plan (law 4)."""
    return Parameter(
        name=name, description=description, type=type_, slot="control", sample=sample,
        required=required, default=default, choices=choices, endings=endings,
    )  # fmt: skip


def tool(
    name: str,
    description: str,
    *parameters: Parameter,
    output: Kind,
    words: tuple[str, ...],
    types: tuple[str, ...] = (),
    effect: EffectClass = EffectClass.READ,
    file_rule: str = "",
    usual_s: tuple[float, float] | None = None,
    local: bool = True,
    idempotent: bool = True,
) -> AgentSpec:
    """A built-in tool, good for tasks of its own name and of these `types`."""
    return AgentSpec(
        name=AgentName(name), kind=AgentKind.TOOL, title=name, description=description,
        task_types=(name, *types), parameters=parameters, output=output, words=words,
        effect=effect, file_rule=file_rule, usual_s=usual_s, local=local,
        idempotent=idempotent,
    )  # fmt: skip
