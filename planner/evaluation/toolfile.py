"""Reading a tools file, in the spellings that public tool sets have."""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import JsonValue

from memory.model.errors import BadInput
from planner.evaluation.disk import read_text
from planner.experience.tools import ToolCard
from planner.names import repeated

Node = dict[str, JsonValue]


def read_tools(path: Path) -> list[ToolCard]:
    """The tools of `{"nodes": [{"id", "desc", "parameters"…}]}`. Raises BadInput.

    Also read: `description`; parameters as a mapping, a list or a JSON Schema; `input-type` and
    `output-type`; `results`; `field` or `domain`.
    """
    try:
        cards = [_card(node) for node in json.loads(read_text(path))["nodes"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput(
            '{path} isn\'t a tools file, which looks like {{"nodes": [{{"id": …, "desc": …}}]}}.',
            path=path,
        ) from error
    if not cards:
        raise BadInput("{path} names no tools.", path=path)
    for tool in repeated(card.id for card in cards):
        raise BadInput("{path} names the tool {tool} twice.", path=path, tool=tool)
    return cards


def _card(node: Node) -> ToolCard:
    return ToolCard(
        id=str(node["id"]),
        desc=_words(node.get("desc") or node.get("description")),
        field=_words(node.get("field") or node.get("domain")),
        parameters=_parameters(node.get("parameters") or node.get("arguments")),
        required=_required(node),
        results=_parameters(node.get("results") or node.get("responses") or node.get("outputs")),
        takes=_types(node.get("input-type")),
        gives=_types(node.get("output-type")),
    )


def _parameters(value: JsonValue) -> dict[str, str]:
    match value:
        case {"properties": dict(properties)}:
            return {name: _meaning(schema) for name, schema in properties.items()}
        case dict():
            return {name: _meaning(schema) for name, schema in value.items()}
        case list():
            return dict(_named(value))
        case _:
            return {}


def _required(node: Node) -> tuple[str, ...] | None:
    parameters = node.get("parameters") or node.get("arguments")
    listed = node.get("required")
    if listed is None and isinstance(parameters, dict) and "properties" in parameters:
        listed = parameters.get("required", [])
    return tuple(map(_words, listed)) if isinstance(listed, list) else None


def _named(entries: Iterable[JsonValue]) -> Iterable[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry, dict) and "name" in entry:
            yield _words(entry["name"]), _meaning(entry)
        else:
            yield _words(entry), ""


def _meaning(value: JsonValue) -> str:
    if isinstance(value, dict):
        return _words(value.get("desc") or value.get("description") or value.get("type"))
    return _words(value)


def _types(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_words(kind).casefold() for kind in value)
    return (_words(value).casefold(),) if value else ()


def _words(value: JsonValue) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(map(_words, value))
        case str():
            return value
        case _:
            return json.dumps(value)
