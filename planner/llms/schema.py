"""JSON Schemas in the form that providers' strict mode accepts. Pure."""

from typing import Any

from pydantic import BaseModel

_REFUSED = frozenset({"maxLength", "minLength", "maxItems", "minItems", "default", "title"})
"""Providers refuse schemas with limits; the rest only costs tokens."""


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON Schema for strict mode: every key required, nothing else allowed."""
    strict: dict[str, Any] = _strict(model.model_json_schema())
    return strict


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    # Beneath "properties" the keys are names of fields, not words of the schema.
    clean = {
        key: {name: _strict(field) for name, field in value.items()}
        if key in {"properties", "$defs"}
        else _strict(value)
        for key, value in node.items()
        if key not in _REFUSED
    }
    if clean.get("type") == "object":
        clean["required"] = list(clean.get("properties", {}))
        clean["additionalProperties"] = False
    return clean
