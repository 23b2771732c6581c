"""What a plan tells its agents: quoted in the plan message, and in full as a file of its own."""

import json
import re
from collections.abc import Iterator, Mapping

from bot.language.catalogue import Locale
from bot.language.words import clean, untrusted
from bot.render.plans.effects import with_target
from memory.model.base import AgentName
from memory.model.work.graph import Const, FromItem, FromTask, Input, Item, Many, PerItem, Task
from memory.model.work.plan import Plan

QUOTED_CHARS = 320
DETAILED_TASKS = 12
"""The longest plan whose tasks are described one by one in the message itself."""

SQL_CHARS = 200
_WORDS = ("question", "content", "text", "prompt", "message", "body")
"""Inputs that are words for somebody, rather than names, paths or settings."""
_BESIDE = "about"
"""What goes with a result rather than making it: it comes last."""


def quoted(task: Task, limit: int = QUOTED_CHARS) -> list[str]:
    """A line for each text that the task is given by the plan, shortened where it is long."""
    return [f"   ↳ “{untrusted(text, limit)}”" for text in _instructions(task)]


def is_whole(plan: Plan) -> bool:
    """Whether the plan message itself has every word that the agents are given."""
    texts = [text for task in plan.graph.tasks for text in _instructions(task)]
    if texts and len(plan.graph.tasks) > DETAILED_TASKS:
        return False
    queries = [constant(task, "sql") for task in plan.graph.tasks]
    return all(len(_line(text)) <= QUOTED_CHARS for text in texts) and all(
        len(_line(sql)) <= SQL_CHARS for sql in queries
    )


def plan_text(_: Locale, plan: Plan, names: Mapping[AgentName, str]) -> str:
    """All of the plan's tasks with every input, in full, as Markdown; drawn from its bytes."""
    parts = [f"# {clean(plan.title)}\n\n{_('Plan {hash}').format(hash=plan.hash)}"]
    for number, task in enumerate(plan.graph.tasks, start=1):
        lines = [f"## {number}. {clean(task.title)}", "", *_facts(_, task, names)]
        for name, text in _texts(_, task):
            lines += ["", f"{name}:", "", _fenced(text)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _facts(_: Locale, task: Task, names: Mapping[AgentName, str]) -> Iterator[str]:
    agent = clean(names.get(task.agent, task.agent))
    yield _("- done by {agent} as {type}").format(agent=agent, type=task.type)
    if task.fallbacks:
        agents = ", ".join(names.get(agent, agent) for agent in task.fallbacks)
        yield _("- if that fails: {agents}").format(agents=agents)
    if task.needs():
        yield _("- after {tasks}").format(tasks=", ".join(task.needs()))
    for effect in task.effects:
        yield f"- {with_target(_, effect.effect, clean(effect.target))}"


def _texts(_: Locale, task: Task) -> Iterator[tuple[str, str]]:
    if task.instruction:
        yield _("Instruction"), task.instruction
    for name, value in sorted(task.inputs.items(), key=lambda pair: pair[0] == _BESIDE):
        yield name, _input(_, value)


def _input(_: Locale, value: Input) -> str:
    match value:
        case Const(value=constant):
            return constant if isinstance(constant, str) else json.dumps(constant, indent=1)
        case FromTask(task=key) | FromItem(task=key):
            return _("(the result of {task})").format(task=key)
        case Item(field=field):
            return _("(the item's {field})").format(field=field) if field else _("(the item)")
        case PerItem(values=values):
            return "\n".join(json.dumps(item, ensure_ascii=False) for item in values)
        case Many(items=items):
            return "\n".join(_input(_, item) for item in items)


def _instructions(task: Task) -> list[str]:
    texts = (task.instruction, *(constant(task, name) for name in _WORDS))
    return [text for text in texts if text.strip()]


def constant(task: Task, name: str) -> str:
    """The text that the plan gives for an input, "" where it gives none."""
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
