"""The plan message: drawn from the plan's own bytes, with everything an approver decides on."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.chat import Button, OutFile, Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.emoji import (
    CHANGE,
    DROP,
    DRY_RUN,
    RUN,
)
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.plans.details import (
    VERBS,
    effect_words,
    how_many,
    kind_words,
    on_failure_words,
)
from bot.render.plans.instructions import DETAILED_TASKS, SQL_CHARS, quoted
from bot.render.plans.model_tools import lent_words
from bot.render.schedules import plan_words
from bot.render.words import SECTION_CHARS, code, count, listed, span, untrusted
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, TaskKey
from memory.model.money import show_money, show_range
from memory.model.work.graph import (
    Const,
    Effect,
    Many,
    Task,
)
from memory.model.work.plan import Plan

TASKS_SHOWN = 30
SLOW_S = 60
SOURCES = ("sources", "source", "path", "url", "file", "files")

Names = Mapping[AgentName, str]
"""What people call the agents; one that is missing is shown by its name."""


def plan_message(
    _: Locale,
    plan: Plan,
    *,
    needs: str,
    picture: OutFile | None,
    remarks: Sequence[str] = (),
    names: Names | None = None,
    changes: str = "",
) -> Outgoing:
    """The plan as people approve it: what, by whom, what it changes, what it costs, who may.

    `changes` says what is other than in the plan before it (our own text, with its parts already
    made harmless); `needs` says who has to approve ("1 approver (bo or kim)"), "" when anybody may.
    """
    times = [plan_words(_, plan)] if plan.schedule else []
    texts = [
        plan_title(_, plan),
        *times,
        *_task_texts(_, plan, names or {}),
        *on_failure_words(_, plan),
    ]
    texts += _longest(_, plan)
    if changes:
        texts.append(changes)
    if plan.assumptions:
        texts.append(
            "\n".join(["**Assumed**", *(f"- {untrusted(one, 300)}" for one in plan.assumptions)])
        )
    if remarks:
        texts.append("\n".join(f"*{untrusted(remark, 400)}*" for remark in remarks))
    legend = f"{RUN} run · {CHANGE} change · {DRY_RUN} dry run · {DROP} drop"
    if needs:
        legend += f"\nneeds: {untrusted(needs, 300)}"
    sections = (
        *(Section(text=text) for text in texts),
        Section(text=legend, buttons=buttons(_, plan)),
    )
    return Outgoing(
        sections=sections,
        files=_pictures(_, plan, picture),
        reactions=(RUN, CHANGE, DRY_RUN, DROP),
    )


def closed_plan(
    _: Locale, plan: Plan, text: str, *, picture: OutFile | None = None, names: Names | None = None
) -> Outgoing:
    """The same message once it is decided: what was planned and how it ended; nothing to press.

    `text` is our own sentence ("Approved by bo.").
    """
    texts = [plan_title(_, plan), *_task_texts(_, plan, names or {}), text]
    return Outgoing(
        sections=tuple(Section(text=one) for one in texts), files=_pictures(_, plan, picture)
    )


def plan_title(_: Locale, plan: Plan) -> str:
    """`Plan "Q3 report" · 3 tasks · $0 · 2–4 s · writes 2 files · plan 7f3a90c1`."""
    estimate = plan.estimate
    cost = show_range(estimate.cost_low_micro_usd, estimate.cost_high_micro_usd)
    if estimate.unpriced:
        cost += (
            f" + {listed(_, (untrusted(name, 40) for name in estimate.unpriced))} (price not known)"
        )
    parts = [
        f'**Plan "{untrusted(plan.title)}"**',
        count(_, len(plan.graph.tasks), "{n} task", "{n} tasks"),
        cost,
        span(_, estimate.seconds_low, estimate.seconds_high),
        _effects_line(_, plan.effects(), how_many(plan.graph.tasks)),
        f"plan `{plan.short}`",
    ]
    return " · ".join(parts)


def _longest(_: Locale, plan: Plan) -> list[str]:
    """Which tasks decide how long it takes, where it takes long enough to care."""
    numbers = {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}
    estimate = plan.estimate
    if len(numbers) < 3 or estimate.seconds_high < SLOW_S or estimate.bottleneck not in numbers:
        return []
    chain = " → ".join(str(numbers[key]) for key in estimate.chain)
    slowest = plan.graph.task(estimate.bottleneck)
    name = f"{numbers[slowest.key]} {untrusted(slowest.title, 60)}"
    return [f"Longest: {chain}, most of it {name}."]


def buttons(_: Locale, plan: Plan) -> tuple[Button, ...]:
    """What can be pressed under a plan that waits."""
    return (
        Button(action=f"approve:{plan.hash}", label=f"{RUN} Run", style="primary"),
        Button(action=f"change:{plan.hash}", label=f"{CHANGE} Change", asks="What should change?"),
        Button(action=f"dryrun:{plan.hash}", label=f"{DRY_RUN} Dry run"),
        Button(action=f"drop:{plan.hash}", label=f"{DROP} Drop", style="danger"),
    )


def _pictures(_: Locale, plan: Plan, picture: OutFile | None) -> tuple[OutFile, ...]:
    if picture is None:
        return ()
    return (picture.model_copy(update={"alt": plan_drawing(_, plan.graph)}),)


def _effects_line(_: Locale, effects: Sequence[Effect], unsure: str) -> str:
    counted = Counter[EffectClass](effect.effect for effect in effects)
    del counted[EffectClass.READ]
    if not counted:
        return "changes nothing"
    return ", ".join(
        f"{VERBS[kind]} {unsure}{_things(_, kind, counted[kind])}"
        for kind in EffectClass
        if counted[kind]
    )


def _things(_: Locale, kind: EffectClass, number: int) -> str:
    if kind is EffectClass.EXEC:
        return count(_, number, "{n} command", "{n} commands")
    return count(_, number, "{n} file", "{n} files")


def _task_texts(_: Locale, plan: Plan, names: Names) -> list[str]:
    """The numbered tasks in as many texts as a section's limit asks for.

    Of a very long plan only the first are listed, but every task that changes something is.
    """
    tasks = plan.graph.tasks
    keeps = plan.continues.kept if plan.continues else ()
    numbers = {task.key: number for number, task in enumerate(tasks, start=1)}
    detailed = len(tasks) <= DETAILED_TASKS
    shown = [task for task in tasks if numbers[task.key] <= TASKS_SHOWN or _changes(task)]
    lines = [
        f"{numbers[task.key]}. {untrusted(task.title)} · kept from the run before"
        if task.key in keeps
        else _task_line(_, task, numbers, names, detailed=detailed)
        for task in shown
    ]
    if len(shown) < len(tasks):
        rest = Counter(task.agent for task in tasks if task not in shown)
        who = listed(
            _, (f"{number} × {_name(agent, names)}" for agent, number in rest.most_common())
        )
        lines.append(f"… and {len(tasks) - len(shown)} more that change nothing: {who}")
    return packed(lines)


def packed(lines: Sequence[str]) -> list[str]:
    """The lines joined into texts that each keep to a section's limit."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) < SECTION_CHARS:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return texts


def _changes(task: Task) -> bool:
    return any(effect.effect is not EffectClass.READ for effect in task.effects)


def _task_line(
    _: Locale, task: Task, numbers: Mapping[TaskKey, int], names: Names, *, detailed: bool
) -> str:
    parts = [f"{numbers[task.key]}. **{untrusted(task.title)}**", _name(task.agent, names)]
    if task.cost_high_micro_usd:
        parts.append(f"up to {show_money(task.cost_high_micro_usd * task.times)}")
    if task.reason and detailed:
        parts.append(f"*{untrusted(task.reason, 120)}*")
    if not detailed:
        return " · ".join([*parts, *_all_words(_, task, numbers)])
    return "\n".join([" · ".join(parts), *quoted(task), *_details(_, task, numbers)])


def _all_words(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> list[str]:
    return [*kind_words(_, task, numbers), *lent_words(_, task), *effect_words(_, task)]


def _details(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> list[str]:
    words = _all_words(_, task, numbers)
    read = sources(task)
    if read and not task.effects:
        words.append(f"reads {listed(_, (code(source, 80) for source in read))}")
    sql = task.inputs.get("sql")
    if isinstance(sql, Const) and isinstance(sql.value, str):
        words.append(code(sql.value, SQL_CHARS))
    kind = task.inputs.get("kind")
    if isinstance(kind, Const) and kind.value not in (None, "", "auto"):
        words.append(untrusted(f"{kind.value} chart", 40))
    if task.needs():
        before = sorted(numbers[key] for key in task.needs())
        words.append(f"after {listed(_, map(str, before), most=8)}")
    return [f"   ↳ {' · '.join(words)}"] if words else []


def sources(task: Task) -> list[str]:
    """The files and pages that the plan names for the task to read."""
    found: list[str] = []
    for name in SOURCES:
        value = task.inputs.get(name)
        items = value.items if isinstance(value, Many) else (value,)
        for item in items:
            if isinstance(item, Const):
                parts = item.value if isinstance(item.value, list) else [item.value]
                found += [part for part in parts if isinstance(part, str) and part]
    return found


def _name(agent: AgentName, names: Names) -> str:
    return untrusted(names.get(agent, agent), 60)
