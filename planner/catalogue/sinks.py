"""What is done with what a tool gave: saved, published, summed up. Pure."""

import re
from collections.abc import Sequence

from memory.model.agents.spec import Catalogue
from memory.model.text import text
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.segments import Segment
from planner.draft import DraftInput, DraftTask
from planner.names import unused

REFERS = re.compile(
    r"\b(?:it|them|that|this|those|these|results?|answers?|output|everything)\b", re.IGNORECASE
)
_SAVES = re.compile(r"\b(?:write|save|store|put|export|keep)\b", re.IGNORECASE)
_PUBLISHES = re.compile(r"\bpublish\b", re.IGNORECASE)
_SUMS_UP = re.compile(r"\b(?:summari[sz]e|sum up|condense)\b", re.IGNORECASE)


def sink(
    part: Segment, tasks: Sequence[DraftTask], entities: Sequence[Entity], catalogue: Catalogue
) -> DraftTask | None:
    """The task for "write it to weather.md", "sum it up"; None where the part says no such thing."""
    if not tasks or not REFERS.search(part.text):
        return None
    path, last = _path_in(part, entities), tasks[-1].key
    name, title = _deed(part.text, path)
    if not name or not catalogue.able(name):
        return None
    inputs = (
        (DraftInput(name="path", value=path), DraftInput(name="content", from_task=last))
        if path
        else (DraftInput(name="text", from_task=last),)
    )
    key = unused(name.rpartition(".")[2], {task.key for task in tasks})
    return DraftTask(key=key, title=title, type=name, inputs=inputs)


def _path_in(part: Segment, entities: Sequence[Entity]) -> str:
    paths = (entity for entity in entities if entity.kind is Kind.PATH)
    return next((path.said for path in paths if part.start <= path.start < part.end), "")


def _deed(words: str, path: str) -> tuple[str, str]:
    """The type of the task and its title; "" where the words ask for none."""
    if not path:
        return ("text.summarise", text("Summarise it")) if _SUMS_UP.search(words) else ("", "")
    if _PUBLISHES.search(words):
        return "files.publish", text("Publish {path}", path=path)
    return ("files.write", text("Save {path}", path=path)) if _SAVES.search(words) else ("", "")
