"""What is wanted of a result beyond another query: a report of it, or that it comes to the thread. Pure."""

import re
from pathlib import PurePosixPath
from typing import Final

from memory.model.text import text
from planner.draft import Draft, DraftInput, DraftTask
from planner.names import slug, unused
from planner.tools import QUERY, RENDER, REPORT

THAT: Final = (
    r"(?:(?:the|these|those|that|this|my) (?:results?|table|chart|charts|numbers|rows|list|figures?|data|answer|output|query)|"
    r"it|this|that|them|these|those|everything|all of (?:it|that|this)|both)"
)
"""What there is already, as a pattern."""
_REPORT: Final = re.compile(
    rf"^(?:(?:also|and|then|now) )*(?:(?:put|write|make|turn|include|add|compile|create|give me|do|prepare|generate|i (?:want|need)|as|in|into) )?"
    rf"(?:me )?(?:{THAT} )?(?:(?:in|into|as|to|up) )*(?:(?:a|an|the|one) )?(?:(?:short|brief|nice|quick|little) )*"
    rf"(?P<kind>pdf|html|markdown)? ?report(?: (?:about|of|on|for|with|from) {THAT})?(?: too| as well)?"
    r"(?: (?:as|in) (?:an? )?(?P<format>pdf|html)(?: file)?)?(?: (?:to|in|as|called|at|named) (?P<path>\S+\.(?:md|pdf|html?)))?$",
    re.IGNORECASE,
)
_DELIVER: Final = re.compile(
    rf"^(?:(?:also|and|then|now) )*(?:send|post|give|deliver|share|show|forward|message|report|pass) (?:me |us )?{THAT}"
    r"(?: (?:on|over|here))?(?: (?:to|with|in|into|at) (?P<who>.+?))?$",
    re.IGNORECASE,
)
_HERE: Final = re.compile(
    r"(?:me|us|here|(?:the|this|our) (?:team|thread|channel|group|chat)|everyone|everybody|all|all of us)$",
    re.IGNORECASE,
)
_REPORTED: Final = frozenset({QUERY.name, "data.chart", "data.describe", "text.summarise"})


def reported(draft: Draft, clause: str) -> Draft | None:
    """ "put it in a report": the results of a plan that has no report; None for other words."""
    match = _REPORT.match(clause)
    parts = [task for task in draft.tasks if task.type in _REPORTED]
    if match is None or not parts or any(task.type == REPORT.name for task in draft.tasks):
        return None
    kind = (
        match["kind"] or match["format"] or PurePosixPath(match["path"] or "").suffix[1:]
    ).lower()
    ending = "md" if kind in {"", "markdown"} else kind
    path = match["path"] or f"reports/{slug(parts[0].title)}.{ending}"
    written = str(PurePosixPath(path).with_suffix(".md"))
    report = _task(
        draft, REPORT.name, text("Write {path}", path=written), "report",
        DraftInput(name="path", value=written), DraftInput(name="title", value=parts[0].title),
        *(DraftInput(name="parts", from_task=task.key) for task in parts),
    )  # fmt: skip
    draft = draft.model_copy(update={"tasks": (*draft.tasks, report)})
    if path != written:
        page = _task(
            draft, RENDER.name, text("Render {path}", path=path), "render",
            DraftInput(name="markdown", from_task=report.key), DraftInput(name="format", value=kind),
            DraftInput(name="path", value=path),
        )  # fmt: skip
        draft = draft.model_copy(update={"tasks": (*draft.tasks, page)})
    return (
        draft
        if match["path"]
        else _assuming(draft, text("The report is saved as {path}.", path=path))
    )


def delivered(draft: Draft, clause: str) -> Draft | None:
    """ "send it to me": results come to this thread anyhow; None for other words."""
    match = _DELIVER.match(clause)
    if match is None:
        return None
    who = (match["who"] or "me").strip()
    if "@" in who and "." in who:
        refused = text("I can't send e-mail. I can post the result in this thread, or save it to a file, "
                       "for example “save it as excel”.")  # fmt: skip
        return Draft(title="", declined=refused)
    if _HERE.match(who):
        return _assuming(draft, text("The result is posted in this thread."))
    return _assuming(
        draft,
        text(
            "The result is posted in this thread; I can't send it to {who} elsewhere.", who=who[:60]
        ),
    )


def _assuming(draft: Draft, sentence: str) -> Draft:
    return draft.model_copy(
        update={"assumptions": tuple(dict.fromkeys((*draft.assumptions, sentence)))}
    )


def _task(draft: Draft, type_: str, title: str, key: str, *inputs: DraftInput) -> DraftTask:
    taken = {task.key for task in draft.tasks}
    return DraftTask(key=unused(key, taken), title=title[:200], type=type_, inputs=inputs)
