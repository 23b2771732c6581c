"""The prompt: our rules as instructions, everything else as labelled data (law 7)."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from memory.model.agents.spec import AgentSpec, Parameter
from memory.model.work.value import Column, FileInfo
from planner.drafter_port import Earlier
from planner.gaps import left_open
from planner.llms.material import left_out, past_shown, templates_shown, tools_shown
from planner.port import PlanRequest
from planner.revising.redraft import draft_of

FILES_SHOWN = 60
COLUMNS_SHOWN = 60
PASSAGE_CHARS = 600


def first_messages(
    request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None
) -> list[dict[str, str]]:
    """System and user message for a request, an answer, a change or a repair."""
    blocks = [
        block("REQUEST", request.text),
        block("CATALOGUE", _catalogue(request)),
        block("CHECKS", "\n".join(one.name for one in request.catalogue.checks)),
        block("FILES", "\n".join(_file(one) for one in _there(request)[:FILES_SHOWN])),
        block("PEOPLE", "\n".join(_people(request))),
        block("KNOWN ABOUT THIS PROJECT", "\n---\n".join(p[:PASSAGE_CHARS] for p in known)),
        block("TEMPLATES", templates_shown(request)),
        block("PAST PLAN", past_shown(request)),
        block("PREFERENCES", _pairs(request.preferences.items())),
        block("ANSWERS", _pairs((one.slot, one.value) for one in request.answers)),
        block("PERHAPS NOT SAID", _perhaps_open(request)),
    ]
    if request.base is not None:
        blocks += [
            prompt("change"),
            block("CURRENT PLAN", draft_of(request.base).model_dump_json()),
        ]
    if earlier is not None and not earlier.problems:
        blocks += [prompt("answers"), block("EARLIER PLAN", earlier.text)]
    now = f"It is {request.now:%A, %Y-%m-%d %H:%M} UTC."
    user = "\n\n".join([now, *(one for one in blocks if one)])
    messages = [
        {"role": "system", "content": prompt("system")},
        {"role": "user", "content": user},
    ]
    if earlier is not None and earlier.problems:
        mend = "\n".join([prompt("repair"), *(f"- {problem}" for problem in earlier.problems)])
        messages.append({"role": "assistant", "content": earlier.text[:60_000] or "(nothing)"})
        messages.append({"role": "user", "content": mend})
    return messages


def _perhaps_open(request: PlanRequest) -> str:
    """What a new request may leave open; once there is a plan or an answer, that is known."""
    if request.base is not None or request.answers:
        return ""
    return "\n".join(f"{gap.question} {' / '.join(gap.options)}" for gap in left_open(request.text))


def schema_in_words(schema: Mapping[str, Any]) -> str:
    """The schema for a prompt, where the form of the question cannot carry it."""
    return f"{prompt('schema')}\n{json.dumps(schema, separators=(',', ':'))}"


@cache
def prompt(name: str) -> str:
    """The text of one prompt file."""
    return (files("planner.prompts") / f"{name}.md").read_text("utf-8").strip()


def block(label: str, text: str) -> str:
    """Text from outside as labelled data, unable to pretend that its block ends; "" for none."""
    if not text.strip():
        return ""
    # A text that holds the mark could pretend to end its block.
    inside = text.replace("<<<", "‹‹‹").replace(">>>", "›››")
    return f"<<<BEGIN {label}>>>\n{inside}\n<<<END {label}>>>"


def _catalogue(request: PlanRequest) -> str:
    shown = tools_shown(request)
    return "\n".join([*(_agent(agent) for agent in shown), left_out(request, shown)])


def _agent(agent: AgentSpec) -> str:
    head = f"{agent.name} ({agent.kind}, effect {agent.effect}) → {agent.output}: "
    parameters = ", ".join(_parameter(one) for one in agent.parameters)
    return f"{head}{agent.description} Types: {', '.join(agent.task_types)}. Inputs: {parameters}"


def _parameter(one: Parameter) -> str:
    marks: list[str] = [one.type]
    if one.slot == "control":
        marks.append("control")
    if one.required:
        marks.append("required")
    if one.choices:
        marks.append("|".join(one.choices))
    return f"{one.name} [{' '.join(marks)}]"


def _there(request: PlanRequest) -> tuple[FileInfo, ...]:
    """Paths that were looked for and are not there would only mislead."""
    return tuple(one for one in request.files if one.size or not one.problem)


def _file(one: FileInfo) -> str:
    if one.problem:
        return f"{one.path} (cannot be read: {one.problem})"
    rows = f", {one.rows} rows" if one.rows is not None else ""
    columns = ", ".join(_column(column) for column in one.columns[:COLUMNS_SHOWN])
    return f"{one.path} ({one.media_type}{rows})" + (f": {columns}" if columns else "")


def _column(column: Column) -> str:
    samples = f" e.g. {', '.join(column.samples[:3])}" if column.samples else ""
    return f"{json.dumps(column.name, ensure_ascii=False)} {column.type}{samples}"


def _people(request: PlanRequest) -> Iterable[str]:
    for person in (*request.people, request.author):
        yield f"{person.display or person.user_id} (id {person.user_id})"


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs)
