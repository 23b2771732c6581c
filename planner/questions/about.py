"""What a query task carries beside its SQL: the definition, the notes, and the question itself. Pure."""

import json

from pydantic import JsonValue, ValidationError

from planner.draft import TEXT_CHARS, DraftInput
from planner.questions.describing import describe
from planner.questions.notes import notes_of
from planner.questions.spec import QuerySpec
from planner.questions.sql.select import render
from planner.tools import ABOUT, SOURCES, SQL


def inputs_of(spec: QuerySpec, *, about: bool = True) -> tuple[DraftInput, ...]:
    """The inputs of the task that asks the question; `about`: whether its tool takes notes."""
    sources = tuple(DraftInput(name=SOURCES, value=path) for path in spec.paths)
    made = (*sources, DraftInput(name=SQL, value=render(spec)))
    if not about:
        return made
    return (*made, DraftInput(name=ABOUT, value=_about(spec)))


def _about(spec: QuerySpec) -> str:
    known: dict[str, object] = {
        "definition": describe(spec),
        "notes": [note.model_dump() for note in notes_of(spec)],
        "spec": _lean(spec.model_dump(mode="json")),
    }
    for part in ("", "notes", "spec"):  # the longest questions go without
        known.pop(part, None)
        said = json.dumps(known, ensure_ascii=False)
        if len(said) <= TEXT_CHARS:
            return said
    return json.dumps({"definition": str(known["definition"])[:500]}, ensure_ascii=False)


def _lean(value: JsonValue) -> JsonValue:
    """Without what is empty, as defaults are; the tags of unions stay, which are defaults as well."""
    match value:
        case dict():
            kept = {name: _lean(part) for name, part in value.items()}
            return {
                name: part
                for name, part in kept.items()
                if part is not None and part is not False and part not in ("", [])
            }
        case list():
            return [_lean(part) for part in value]
        case _:
            return value


def spec_of(value: object) -> QuerySpec | None:
    """The question that a task's `about` holds; None where there is none."""
    try:
        raw = json.loads(value) if isinstance(value, str) else value
        return (
            QuerySpec.model_validate(raw["spec"])
            if isinstance(raw, dict) and "spec" in raw
            else None
        )
    except (ValueError, ValidationError):
        return None
