"""A plan that was approved before, as the plan for a request like it. Pure.

It is taken over only where the two requests differ in literals alone, every literal that changed
is found in the old plan, and so each effect is one that the new request asks for.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from pydantic import JsonValue

from memory.model.text import text
from planner.draft import Draft, DraftInput, DraftTask
from planner.experience.replacing import Replacer
from planner.names import capital, slug
from planner.port import PlanRequest, Remembered
from planner.revising.redraft import draft_of
from planner.templates.likeness import swaps, taken_apart
from planner.tools import ABOUT


@dataclass(frozen=True)
class Recalled:
    """The draft, whose plan it was made of, and how that is said."""

    draft: Draft
    author: str
    remark: str


def recalled(request: PlanRequest) -> Recalled | None:
    """The best past plan, adapted; None where none is close enough."""
    for past in request.past:
        draft = adapted(past, request)
        if draft is not None:
            return Recalled(draft, f"offline planner, like plan {past.plan.short}", _remark(past))
    return None


def _remark(past: Remembered) -> str:
    day = datetime.fromisoformat(past.plan.created_at)
    return text(
        "Like the plan of {day} “{title}”.", day=f"{day.day} {day:%b}", title=past.plan.title
    )


def adapted(past: Remembered, request: PlanRequest) -> Draft | None:
    """The past plan with this request's literals; None where that would be a guess."""
    draft = draft_of(past.plan)
    spoken = {name for column in _columns(request) for name in _spoken(column)}
    swapped = swaps(
        taken_apart(past.text),
        taken_apart(request.text),
        columns=frozenset(spoken.union(_identifiers(draft))),
    )
    if swapped is None or not all(_has(draft, literal) for literal in swapped):
        return None
    forms = dict(form for old, new in swapped.items() for form in _forms(old, new, request))
    return _with(draft, forms, dict(_headings(swapped)), request) if forms else draft


def _columns(request: PlanRequest) -> list[str]:
    return [column.name for file in request.files for column in file.columns]


def _forms(old: str, new: str, request: PlanRequest) -> Iterator[tuple[str, str]]:
    """The literal as it may stand in a plan: as said, as a table's name, as part of a file's name."""
    yield old, next((name for name in _columns(request) if new in _spoken(name)), new)
    if "/" in old or PurePosixPath(old).suffix:
        yield f'"{PurePosixPath(old).stem}"', f'"{PurePosixPath(new).stem}"'
        before, after = (
            PurePosixPath(words.removeprefix("./").lstrip("/")) for words in (old, new)
        )
        yield str(before), str(after)
        if len(before.parts) > 1:  # a chart is called like its report
            yield str(before.with_suffix("")), str(after.with_suffix(""))
    if slug(old) != old:
        yield slug(old), slug(new)


def _headings(swapped: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Files' names as they stand in titles: "Q3 report" of q3.md."""
    for old, new in swapped.items():
        if PurePosixPath(old).suffix:
            before, after = (PurePosixPath(path).stem.replace("-", " ") for path in (old, new))
            yield before, after.upper() if re.fullmatch(r"q[1-4]", after) else after


def _with(
    draft: Draft, forms: Mapping[str, str], headings: Mapping[str, str], request: PlanRequest
) -> Draft:
    """The draft with every form replaced; in titles the names of files too."""
    put = Replacer(forms, _columns(request))
    head = Replacer({**forms, **headings}, _columns(request))

    def again(given: DraftInput) -> DraftInput:
        if not given.value:
            return given
        value = capital(head(given.value)) if given.name == "title" else put(given.value)
        if given.name == ABOUT:
            value = json.dumps(_in_all(json.loads(given.value), put), ensure_ascii=False)
        return given.model_copy(update={"value": value})

    def redone(task: DraftTask) -> DraftTask:
        update = {
            "title": capital(head(task.title)),
            "instruction": put(task.instruction),
            "inputs": tuple(again(given) for given in task.inputs),
        }
        return task.model_copy(update=update)

    return draft.model_copy(
        update={
            "title": capital(head(draft.title)),
            "tasks": tuple(redone(task) for task in draft.tasks),
            "assumptions": tuple(put(words) for words in draft.assumptions),
        }
    )


def _in_all(value: JsonValue, put: Callable[[str], str]) -> JsonValue:
    """Every text of a JSON value replaced: SQL in it has its quotes escaped until it's read."""
    match value:
        case str():
            return put(value)
        case list():
            return [_in_all(part, put) for part in value]
        case dict():
            return {name: _in_all(part, put) for name, part in value.items()}
        case _:
            return value


def _has(draft: Draft, literal: str) -> bool:
    """Whether the plan holds the literal where it decides something, not only in its title."""
    replacer = Replacer({literal.removeprefix("./").strip("/"): "•"})
    return any(
        replacer.finds(words)
        for task in draft.tasks
        for words in (task.instruction, *(given.value or "" for given in task.inputs))
    )


def _identifiers(draft: Draft) -> Iterator[str]:
    for task in draft.tasks:
        for given in task.inputs:
            if given.name == "sql":
                for name in re.findall(r'"([^"]+)"', given.value or ""):
                    yield from _spoken(name)


def _spoken(column: str) -> tuple[str, ...]:
    """A column's name as people say it, in small letters."""
    low = column.casefold()
    return tuple(dict.fromkeys((low, low.replace("_", " "), f"{low}s", low.removesuffix("s"))))
