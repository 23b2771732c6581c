"""The plan message: drawn from the plan's own bytes, with everything an approver decides on."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.chat import DETAILS, Button, Fact, OutFile, Outgoing, Section, Tone, facts
from bot.language.catalogue import Locale
from bot.language.emoji import CHANGE, DROP, DRY_RUN, RUN
from bot.language.words import (
    Names,
    agent_name,
    code,
    cost_text,
    count,
    listed,
    span,
    untrusted,
)
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.plans.details import kind_words, on_failure_words
from bot.render.plans.effects import changing, effect_words, effects_line
from bot.render.plans.instructions import (
    DETAILED_TASKS,
    QUOTED_CHARS,
    SQL_CHARS,
    constant,
    quoted,
)
from bot.render.plans.model_tools import lent_words
from bot.render.schedules.message import plan_words
from memory.model.base import TaskKey
from memory.model.money import show_money, show_range
from memory.model.work.graph import Const, Many, Task
from memory.model.work.plan import Plan

TASKS_SHOWN = 30
FOLDED = 8
"""From so many tasks on only the first are listed where people read on a phone."""

GLANCE_CHARS = 120
"""How much of what an agent is told is quoted there."""

SLOW_S = 60
SOURCES = ("sources", "source", "path", "url", "file", "files")

Numbers = Mapping[TaskKey, int]


def plan_message(
    _: Locale,
    plan: Plan,
    *,
    needs: str,
    calls: str = "",
    picture: OutFile | None,
    remarks: Sequence[str] = (),
    names: Names | None = None,
    changes: str = "",
) -> Outgoing:
    """The plan as people approve it: what, by whom, what it changes, what it costs, who may.

    `changes` says what is other than in the plan before it (our own text, with its parts already
    made harmless); `needs` says who has to approve ("1 approver (bo or kim)"), "" when anybody may, and
    `calls` mentions them.
    """
    legend = _("{run} run · {change} change · {dry_run} dry run · {drop} drop").format(
        run=RUN, change=CHANGE, dry_run=DRY_RUN, drop=DROP
    )
    notes = [
        plan_words(_, plan),
        *on_failure_words(_, plan),
        _longest(_, plan),
        _assumptions(_, plan),
        "\n".join(f"*{untrusted(remark, 400)}*" for remark in remarks),
    ]
    state = " · ".join([_("Waiting for approval"), *_size(_, plan)])
    return Outgoing(
        sections=(
            _headline(_, plan),
            Section(text=state, part="state"),
            *_texts(changes),
            _tasks(_, plan, names or {}),
            *_texts(*notes),
            facts(*_facts(_, plan, needs, calls), buttons=buttons(_, plan), full=legend),
        ),
        files=_pictures(_, plan, picture),
        reactions=(RUN, CHANGE, DRY_RUN, DROP),
        tone="waiting",
    )


def closed_plan(
    _: Locale,
    plan: Plan,
    text: str,
    *,
    picture: OutFile | None = None,
    names: Names | None = None,
    tone: Tone = "closed",
) -> Outgoing:
    """The same message once it is decided: what was planned and how it ended; nothing to press.

    `text` is our own sentence ("Approved by bo.").
    """
    return Outgoing(
        sections=(
            _headline(_, plan),
            Section(text=text, part="state"),
            _tasks(_, plan, names or {}),
        ),
        files=_pictures(_, plan, picture),
        tone=tone,
    )


def _headline(_: Locale, plan: Plan) -> Section:
    return Section(text=_('Plan "{title}"').format(title=untrusted(plan.title)), part="headline")


def _size(_: Locale, plan: Plan) -> list[str]:
    """`3 tasks`, `plan 7f3a90c1`."""
    tasks = count(_, len(plan.graph.tasks), "{n} task", "{n} tasks")
    return [tasks, _("plan {id}").format(id=f"`{plan.short}`")]


def _facts(_: Locale, plan: Plan, needs: str, calls: str) -> list[Fact]:
    """What it changes, what it costs and takes, and who has to approve it."""
    estimate = plan.estimate
    cost = show_range(estimate.cost_low_micro_usd, estimate.cost_high_micro_usd)
    effects = effects_line(_, plan.effects(), plan.graph.tasks)
    warned = f"⚠ {effects}" if changing(plan.effects()) else effects
    found = [
        Fact(name=_("Effects"), value=warned),
        Fact(name=_("Cost"), value=cost_text(_, cost, estimate.unpriced)),
        Fact(name=_("Time"), value=span(_, estimate.seconds_low, estimate.seconds_high)),
    ]
    if needs:
        who = " ".join(filter(None, (untrusted(needs, 300), calls)))
        found.append(Fact(name=_("Needs"), value=who))
    return found


def _texts(*texts: str) -> list[Section]:
    return [Section(text=text) for text in texts if text]


def buttons(_: Locale, plan: Plan) -> tuple[Button, ...]:
    """What can be pressed under a plan that waits."""
    change = Button(
        action=f"change:{plan.hash}", label=f"{CHANGE} {_('Change')}", asks=_("What should change?")
    )
    return (
        Button(action=f"approve:{plan.hash}", label=f"{RUN} {_('Run')}", style="primary"),
        change,
        Button(action=f"dryrun:{plan.hash}", label=f"{DRY_RUN} {_('Dry run')}"),
        Button(action=f"drop:{plan.hash}", label=f"{DROP} {_('Drop')}", style="danger"),
        Button(action=f"{DETAILS}{plan.hash}", label=_("Details")),
    )


def sources(task: Task) -> list[str]:
    """The files and pages that the plan names for the task to read."""
    paths: list[str] = []
    for name in SOURCES:
        value = task.inputs.get(name)
        for item in value.items if isinstance(value, Many) else (value,):
            if isinstance(item, Const):
                parts = item.value if isinstance(item.value, list) else [item.value]
                paths += [part for part in parts if isinstance(part, str) and part]
    return paths


def _longest(_: Locale, plan: Plan) -> str:
    """Which tasks decide how long it takes, where it takes long enough to care."""
    numbers = _numbers(plan)
    estimate = plan.estimate
    if len(numbers) < 3 or estimate.seconds_high < SLOW_S or estimate.bottleneck not in numbers:
        return ""
    slowest = plan.graph.task(estimate.bottleneck)
    return _("Longest: {chain}, mostly {task}.").format(
        chain=" → ".join(str(numbers[key]) for key in estimate.chain),
        task=f"{numbers[slowest.key]} {untrusted(slowest.title, 60)}",
    )


def _assumptions(_: Locale, plan: Plan) -> str:
    lines = [f"- {untrusted(assumption, 300)}" for assumption in plan.assumptions]
    return "\n".join([_("**Assumed**"), *lines]) if lines else ""


def _pictures(_: Locale, plan: Plan, picture: OutFile | None) -> tuple[OutFile, ...]:
    if picture is None:
        return ()
    return (picture.model_copy(update={"alt": plan_drawing(_, plan.graph)}),)


def _numbers(plan: Plan) -> Numbers:
    return {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}


def _tasks(_: Locale, plan: Plan, names: Names) -> Section:
    """The numbered tasks in short, and with what they read and how.

    Of a longer plan only the first are listed, but every task that changes something is.
    """
    short, full = (_listed(_, plan, names, detailed=detailed) for detailed in (False, True))
    return Section(text=short, full="" if full == short else full, part="tasks")


def _listed(_: Locale, plan: Plan, names: Names, *, detailed: bool) -> str:
    tasks, numbers = plan.graph.tasks, _numbers(plan)
    most = TASKS_SHOWN if detailed else len(tasks) if len(tasks) < FOLDED else FOLDED - 1
    lines = {
        task.key: _task_line(_, plan, task, numbers, names, detailed=detailed)
        for task in tasks
        if numbers[task.key] <= most or changing(task.effects)
    }
    rest = [task for task in tasks if task.key not in lines]
    return "\n".join([*lines.values(), *([_others(_, rest, names)] if rest else [])])


def _others(_: Locale, tasks: Sequence[Task], names: Names) -> str:
    agents = Counter(task.agent for task in tasks).most_common()
    who = listed(_, (f"{number} × {agent_name(names, agent)}" for agent, number in agents))
    rest = count(
        _, len(tasks), "and {n} more that changes nothing", "and {n} more that change nothing"
    )
    return f"… {rest}: {who}"


def _task_line(
    _: Locale, plan: Plan, task: Task, numbers: Numbers, names: Names, *, detailed: bool
) -> str:
    number, title = numbers[task.key], untrusted(task.title)
    if plan.continues and task.key in plan.continues.kept:
        kept = _("kept from the previous run")
        return f"{number}. {title} · {kept}"
    parts = [f"{number}. **{title}**", agent_name(names, task.agent)]
    if task.cost_high_micro_usd:
        amount = show_money(task.cost_high_micro_usd * task.times)
        parts.append(_("up to {amount}").format(amount=amount))
    words = [
        *kind_words(_, task, numbers),
        *lent_words(_, task),
        *effect_words(_, task, plan.unasked),
    ]
    if len(numbers) > DETAILED_TASKS:
        return " · ".join([*parts, *words])
    if task.reason and detailed:
        parts.append(f"*{untrusted(task.reason, 120)}*")
    details = " · ".join([*words, *_details(_, task, numbers, detailed=detailed)])
    told = quoted(task, QUOTED_CHARS if detailed else GLANCE_CHARS)
    return "\n".join([" · ".join(parts), *told, *([f"   ↳ {details}"] if details else [])])


def _details(_: Locale, task: Task, numbers: Numbers, *, detailed: bool) -> list[str]:
    """What it reads and how, and what it comes after; without details, what and as what."""
    paths = [code(path, 80) for path in sources(task)] if not task.effects else []
    sql, kind = constant(task, "sql"), constant(task, "kind")
    needs = sorted(numbers[key] for key in task.needs())
    words = []
    if paths:
        words.append(_("reads {target}").format(target=listed(_, paths)))
    if sql and detailed:
        words.append(code(sql, SQL_CHARS))
    if kind not in {"", "auto"}:
        words.append(_("{kind} chart").format(kind=untrusted(kind, 40)))
    if needs and detailed:
        tasks = listed(_, map(str, needs), most=8)
        words.append(_("after {tasks}").format(tasks=tasks))
    return words
