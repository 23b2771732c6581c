"""What a plan tells its agents: quoted in the plan message, and in full as a file of its own."""

import json
import re
from collections.abc import Iterator, Mapping

from bot.language.catalogue import Locale
from bot.render.words import clean, untrusted
from memory.model.base import AgentName
from memory.model.work.graph import (
    Const,
    FromItem,
    FromTask,
    Input,
    Item,
    Many,
    PerItem,
    Task,
)
from memory.model.work.plan import Plan

QUOTED_CHARS = 320
DETAILED_TASKS = 12
"""The longest plan whose tasks are told one by one in the message itself."""

SQL_CHARS = 200
_WORDS = ("question", "content", "text", "prompt", "message", "body")
"""Inputs that are words for somebody, rather than names, paths or settings."""


def quoted(task: Task) -> list[str]:
    """A line for each text that the task is given by the plan, shortened where it is long."""
    return [f"   ↳ “{untrusted(text, QUOTED_CHARS)}”" for text in _told(task)]


def is_whole(plan: Plan) -> bool:
    """Whether the plan message itself says all that the agents are told."""
    told = [text for task in plan.graph.tasks for text in _told(task)]
    if told and len(plan.graph.tasks) > DETAILED_TASKS:
        return False
    queries = [_constant(task, "sql") for task in plan.graph.tasks]
    return all(len(_line(text)) <= QUOTED_CHARS for text in told) and all(
        len(_line(sql)) <= SQL_CHARS for sql in queries
    )


def plan_text(_: Locale, plan: Plan, names: Mapping[AgentName, str]) -> str:
    """All of the plan's tasks with every input, in full, as Markdown; drawn from its bytes."""
    parts = [f"# {clean(plan.title)}\n\nPlan {plan.hash}"]
    for number, task in enumerate(plan.graph.tasks, start=1):
        lines = [f"## {number}. {clean(task.title)}", "", *_facts(_, task, names)]
        for name, text in _texts(_, task):
            lines += ["", f"{name}:", "", _fenced(text)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _facts(_: Locale, task: Task, names: Mapping[AgentName, str]) -> Iterator[str]:
    yield f"- done by {clean(names.get(task.agent, task.agent))} as {task.type}"
    if task.fallbacks:
        yield f"- if that fails: {', '.join(names.get(one, one) for one in task.fallbacks)}"
    if task.needs():
        yield f"- after {', '.join(task.needs())}"
    for effect in task.effects:
        yield f"- {effect.effect}: {clean(effect.target)}"


def _texts(_: Locale, task: Task) -> Iterator[tuple[str, str]]:
    if task.instruction:
        yield "Instruction", task.instruction
    for name, value in task.inputs.items():
        yield name, _said(_, value)


def _said(_: Locale, value: Input) -> str:
    match value:
        case Const(value=constant):
            return constant if isinstance(constant, str) else json.dumps(constant, indent=1)
        case FromTask(task=key) | FromItem(task=key):
            return f"(what {key} gives)"
        case Item(field=field):
            return f"(the item's {field})" if field else "(the item)"
        case PerItem(values=values):
            return "\n".join(json.dumps(one, ensure_ascii=False) for one in values)
        case Many(items=items):
            return "\n".join(_said(_, one) for one in items)


def _told(task: Task) -> list[str]:
    said = [_constant(task, name) for name in _WORDS]
    return [text for text in (task.instruction, *said) if text.strip()]


def _constant(task: Task, name: str) -> str:
    value = task.inputs.get(name)
    if isinstance(value, PerItem):
        return value.template
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{clean(text)}\n{fence}"
