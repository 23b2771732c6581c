"""What is done with what a tool gave: saved, published, summed up. Pure."""

import re
from collections.abc import Sequence

from memory.model.agents.spec import Catalogue
from memory.model.text import text
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.segments import Segment
from planner.draft import DraftInput, DraftTask
from planner.offline.sketch import unused

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
    path = next(
        (
            entity.said
            for entity in entities
            if entity.kind is Kind.PATH and part.start <= entity.start < part.end
        ),
        "",
    )
    publishes = _PUBLISHES.search(part.text)
    if path and (publishes or _SAVES.search(part.text)):
        name, title = (
            ("files.publish", text("Publish {path}", path=path))
            if publishes
            else ("files.write", text("Save {path}", path=path))
        )
        inputs = [
            DraftInput(name="path", value=path),
            DraftInput(name="content", from_task=tasks[-1].key),
        ]
    elif not path and _SUMS_UP.search(part.text):
        name, title = "text.summarise", text("Summarise it")
        inputs = [DraftInput(name="text", from_task=tasks[-1].key)]
    else:
        return None
    if not catalogue.able(name):
        return None
    key = unused(name.rpartition(".")[2], {task.key for task in tasks})
    return DraftTask(key=key, title=title, type=name, inputs=tuple(inputs))
