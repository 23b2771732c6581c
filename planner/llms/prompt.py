"""The prompt: our rules as instructions, everything else as labelled data (law 7)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from memory.model.agents.spec import AgentSpec, Parameter
from memory.model.wires.turns import Said
from memory.model.work.rule import Rule
from memory.model.work.value import Column, FileInfo
from planner.drafter_port import Earlier
from planner.llms.material import (
    conversation_shown,
    left_out,
    past_shown,
    templates_shown,
    tools_shown,
)
from planner.port import PlanRequest
from planner.revising.redraft import draft_of

FILES_SHOWN = 60
COLUMNS_SHOWN = 60
PASSAGE_CHARS = 600
TAUGHT_SHOWN = 40


def first_messages(
    request: PlanRequest, *, known: tuple[str, ...], earlier: Earlier | None, looks: int = 0
) -> tuple[Said, ...]:
    """System and user message for a request, an answer, a change or a repair.

    `looks` is how often the model may look at things before it drafts.
    """
    blocks = [f"It is {request.now:%A, %Y-%m-%d %H:%M} UTC.", *_about(request, known)]
    if request.base is not None:
        blocks += [
            prompt("change"),
            block("CURRENT PLAN", draft_of(request.base).model_dump_json()),
        ]
    if earlier is not None and not earlier.problems:
        blocks += [prompt("answers"), block("EARLIER PLAN", earlier.text)]
    messages = [
        Said(role="system", text=_system(looks)),
        Said(role="user", text="\n\n".join(filter(None, blocks))),
    ]
    if earlier is not None and earlier.problems:
        mend = "\n".join([prompt("repair"), *(f"- {problem}" for problem in earlier.problems)])
        messages.append(Said(role="assistant", text=earlier.text[:60_000] or "(nothing)"))
        messages.append(Said(role="user", text=mend))
    return tuple(messages)


def _system(looks: int) -> str:
    rules = prompt("system")
    return f"{rules}\n\n{prompt('looking').format(turns=looks)}" if looks else rules


def _about(request: PlanRequest, known: tuple[str, ...]) -> Iterator[str]:
    checks = (check.name for check in request.catalogue.checks)
    yield block("REQUEST", request.text)
    yield block("CATALOGUE", _catalogue(request))
    yield block("CHECKS", "\n".join(checks))
    yield block("FILES", "\n".join(map(_file, _there(request)[:FILES_SHOWN])))
    yield block("PEOPLE", "\n".join(_people(request)))
    yield block("KNOWN ABOUT THIS PROJECT", "\n---\n".join(p[:PASSAGE_CHARS] for p in known))
    yield block("TEMPLATES", templates_shown(request))
    yield block("PAST PLAN", past_shown(request))
    yield block("CONVERSATION", conversation_shown(request))
    yield block("TAUGHT", "\n".join(map(_taught, request.taught[:TAUGHT_SHOWN])))
    yield block("PREFERENCES", _pairs(request.preferences.items()))
    yield block("ANSWERS", _pairs((answer.slot, answer.value) for answer in request.answers))


def schema_in_words(schema: Mapping[str, Any]) -> str:
    """The schema for a prompt, where the form of the question cannot carry it."""
    return f"{prompt('schema')}\n{json.dumps(schema, separators=(',', ':'))}"


@cache
def prompt(name: str) -> str:
    """The text of one prompt file."""
    return (files("planner.prompts") / f"{name}.md").read_text("utf-8").strip()


def block(label: str, text: str) -> str:
    """Untrusted text as labelled data that can't close its own block; "" for none."""
    if not text.strip():
        return ""
    inside = text.replace("<<<", "‹‹‹").replace(">>>", "›››")
    return f"<<<BEGIN {label}>>>\n{inside}\n<<<END {label}>>>"


def _catalogue(request: PlanRequest) -> str:
    shown = tools_shown(request)
    return "\n".join([*(agent_line(agent) for agent in shown), left_out(request, shown)])


def agent_line(agent: AgentSpec) -> str:
    """One agent as the catalogue shows it."""
    head = f"{agent.name} ({agent.kind}, effect {agent.effect}) → {agent.output}: "
    parameters = ", ".join(_parameter(parameter) for parameter in agent.parameters)
    return f"{head}{agent.description} Types: {', '.join(agent.task_types)}. Inputs: {parameters}"


def _parameter(parameter: Parameter) -> str:
    marks = (
        parameter.type,
        "control" if parameter.slot == "control" else "",
        "required" if parameter.required else "",
        "|".join(parameter.choices),
    )
    return f"{parameter.name} [{' '.join(filter(None, marks))}]"


def _there(request: PlanRequest) -> tuple[FileInfo, ...]:
    """Paths that were looked for and are not there would only mislead."""
    return tuple(file for file in request.files if file.size or not file.problem)


def _file(file: FileInfo) -> str:
    if file.problem:
        return f"{file.path} (cannot be read: {file.problem})"
    rows = f", {file.rows} rows" if file.rows is not None else ""
    columns = ", ".join(_column(column) for column in file.columns[:COLUMNS_SHOWN])
    return f"{file.path} ({file.media_type}{rows})" + (f": {columns}" if columns else "")


def _column(column: Column) -> str:
    samples = f" e.g. {', '.join(column.samples[:3])}" if column.samples else ""
    return f"{json.dumps(column.name, ensure_ascii=False)} {column.type}{samples}"


def _people(request: PlanRequest) -> Iterable[str]:
    for person in (*request.people, request.author):
        yield f"{person.display or person.user_id} (id {person.user_id})"


def _taught(rule: Rule) -> str:
    who = rule.author_name or "found in the records"
    return f"{rule.kind}: {rule.text} ({who}, {rule.at:%Y-%m-%d})"


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in pairs)
