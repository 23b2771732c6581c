"""A server's tool as an entry of the catalogue. Pure.

What the server says of itself is a hint: what it says changes nothing is believed only because
somebody approved that very list, and everything else may do anything (law 19).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import JsonValue

from memory.model.agents.external import Server
from memory.model.agents.spec import AgentKind, AgentSpec, EffectClass, Parameter
from memory.model.agents.tools import OfferedTool
from memory.model.base import AgentName, name_key

Type = Literal["text", "number", "boolean", "url", "list", "json"]

TYPES: Mapping[str, Type] = {
    "string": "text", "number": "number", "integer": "number", "boolean": "boolean",
    "array": "list", "object": "json",
}  # fmt: skip
AIMS = frozenset(
    {
        "path", "paths", "file", "filename", "uri", "url", "host", "to", "recipient", "recipients",
        "channel", "command", "cmd", "sql", "query", "amount", "account", "owner", "repo",
    }
)  # fmt: skip
"""Names of what decides where something goes, even where it is only read."""

WORDS = frozenset({"body", "content", "text", "message", "comment", "description", "summary"})
"""Names of what an earlier task may write, even where something is changed."""

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_./-]*$")
NAME_CHARS = 64
WORDS_CHARS = 300
FIELDS_KEPT = 40


def usable(server: Server, tool: OfferedTool) -> bool:
    """Whether it can be in the catalogue: its name is short and has no odd characters."""
    return bool(NAME.match(tool.name)) and len(tool_name(server, tool)) <= NAME_CHARS


def tool_name(server: Server, tool: OfferedTool) -> str:
    """The tool's name in the catalogue, such as `github.create_issue`."""
    return f"{server.name}.{tool.name}"


def spec_of(server: Server, tool: OfferedTool) -> AgentSpec:
    """The tool as an entry of the catalogue."""
    name, effect = tool_name(server, tool), effect_of(server, tool)
    return AgentSpec(
        name=AgentName(name),
        kind=AgentKind.TOOL,
        title=name,
        description=_clipped(tool.description or tool.title or f"The tool {tool.name}."),
        task_types=(name,),
        parameters=tuple(_parameters(server, tool, effect)),
        output="json" if tool.outputs else "text",
        gives=_fields(tool.outputs or {}),
        effect=effect,
        target=name if effect is not EffectClass.READ else "",
        idempotent=effect is EffectClass.READ or tool.idempotent is True,
        provider=str(server.name),
        local=not (server.url or server.network or server.hosts),
    )


def effect_of(server: Server, tool: OfferedTool) -> EffectClass:
    """What the owner says; else read if the tool says so, and exec if it doesn't."""
    if tool.name in server.effects:
        return server.effects[tool.name]
    return EffectClass.READ if tool.read_only is True else EffectClass.EXEC


def _parameters(server: Server, tool: OfferedTool, effect: EffectClass) -> Iterator[Parameter]:
    properties = tool.inputs.get("properties")
    required = tool.inputs.get("required")
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        facts = schema if isinstance(schema, dict) else {}
        yield Parameter(
            name=name,
            description=_clipped(str(facts.get("description") or facts.get("title") or name)),
            type=_type(facts),
            slot=_slot(server, name, effect),
            required=isinstance(required, list) and name in required,
            default=facts.get("default"),
            choices=_choices(facts.get("enum")),
        )


def _fields(outputs: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """What its result has, by name."""
    properties = outputs.get("properties")
    names = properties if isinstance(properties, dict) else {}
    return tuple(name[:NAME_CHARS] for name in names)[:FIELDS_KEPT]


def _choices(listed: JsonValue) -> tuple[str, ...]:
    """The values it is limited to, where all of them are words."""
    values = listed if isinstance(listed, list) else []
    words = tuple(value for value in values if isinstance(value, str))
    return words if len(words) == len(values) else ()


def _type(facts: Mapping[str, JsonValue]) -> Type:
    kind = facts.get("type")
    if kind == "string" and facts.get("format") in {"uri", "url"}:
        return "url"
    return TYPES.get(kind, "json") if isinstance(kind, str) else "json"


def _slot(server: Server, name: str, effect: EffectClass) -> Literal["control", "content"]:
    key = name_key(name)
    if effect is EffectClass.READ:
        return "control" if key in AIMS else "content"
    return "content" if key in WORDS or name in server.content else "control"


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WORDS_CHARS else f"{flat[: WORDS_CHARS - 1]}…"
