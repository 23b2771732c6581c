"""Checks the type and size of what an agent gave back before anything uses it. Pure."""

from typing import assert_never

from memory.model.agents.spec import AgentSpec
from memory.model.base import canonical_json
from memory.model.errors import AgentMisbehaved
from memory.model.limits import OUTPUT_BYTES, SENTENCES
from memory.model.work.value import File, Json, Label, Table, Text, Value
from memory.privacy.redaction import Redactor


def screened(value: Value, spec: AgentSpec) -> Value:
    """The value, cut to the size that is kept; whatever it says of itself, it isn't trusted (law 7).

    Raises AgentMisbehaved when it is of another type than the agent promised, empty, or too
    large to be cut.
    """
    if value.kind != spec.output:
        raise AgentMisbehaved(
            "{title} returned a {kind} instead of a {output}.",
            title=spec.title,
            kind=value.kind,
            output=spec.output,
        )
    if value.label is not Label.UNTRUSTED:
        value = value.model_copy(update={"label": Label.UNTRUSTED})
    match value:
        case Text():
            return _text(value, spec)
        case Table():
            return _table(value, spec)
        case Json():
            if _size(value) > OUTPUT_BYTES:
                raise AgentMisbehaved("{title} returned more than 1 MB of data.", title=spec.title)
            return value
        case File():
            return value
        case _:
            assert_never(value)


def without_secrets(value: Value, redactor: Redactor) -> Value:
    """The value as it may be stored, shown and given to others (law 8)."""
    raw = value.model_dump(mode="json")
    clean = redactor.clean(raw)
    return value if clean is raw else type(value).model_validate(clean)


def _text(value: Text, spec: AgentSpec) -> Text:
    if not value.text.strip():
        raise AgentMisbehaved("{title} returned an empty text.", title=spec.title)
    data = value.text.encode()
    if len(data) <= OUTPUT_BYTES:
        return value
    kept = data[:OUTPUT_BYTES].decode(errors="ignore")
    return value.model_copy(update={"text": f"{kept}\n\n{SENTENCES['output_bytes']}"})


def _table(value: Table, spec: AgentSpec) -> Table:
    if any(len(row) != len(value.columns) for row in value.rows):
        raise AgentMisbehaved(
            "{title} returned rows that don't fit their columns.", title=spec.title
        )
    rows = value.rows
    while rows and _size(value.model_copy(update={"rows": rows})) > OUTPUT_BYTES:
        rows = rows[: len(rows) // 2]
    return value if rows is value.rows else value.model_copy(update={"rows": rows})


def _size(value: Table | Json) -> int:
    try:
        return len(canonical_json(value.model_dump(mode="json")))
    except ValueError as error:
        raise AgentMisbehaved("The data has numbers that JSON can't hold.") from error
