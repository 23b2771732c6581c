"""What a run gave: its results, its files, what failed; and what a dry run foresees."""

from collections.abc import Iterable, Iterator, Sequence

from bot.chat import Section
from bot.language.catalogue import Locale
from bot.language.words import (
    Names,
    agent_name,
    code,
    count,
    listed,
    passage,
    shorten,
    untrusted,
)
from bot.render.plans.details import kind_words
from bot.render.plans.effects import changing, effect_texts, with_target
from bot.render.values import grid, value_text
from memory.model.work.graph import Const, Task
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView, TaskState, TaskView
from memory.model.work.value import File, Table, Text

LAYERS_SHOWN = 12
RESULTS_SHOWN = 3
FILES_LISTED = 10
ITEMS_SHOWN = 3
REMINDER = "chat.remind"
REMINDER_CHARS = 1_000


def result_sections(_: Locale, view: RunView, plan: Plan) -> list[Section]:
    """Any table, and the values nobody else used: what the person was waiting for."""
    used = {need for task in plan.graph.tasks for need in task.needs()}
    last = [task for task in view.tasks if task.key not in used]
    tasks = _with_items(view, last)
    if any(isinstance(task.value, Text | Table | File) for task in tasks):
        last = [task for task in tasks if _is_read(task, final=task.key not in used)]
    return list(_titled(_, last))[-RESULTS_SHOWN:]


def reminder(view: RunView, plan: Plan) -> str:
    """What a run that only reminds has to say, with whom it is for; "" for any other run."""
    if view.simulated or view.state is not RunState.SUCCEEDED:
        return ""
    if any(task.type != REMINDER for task in plan.graph.tasks):
        return ""
    whom = {task.key: _whom(task) for task in plan.graph.tasks}
    return "\n".join(
        f"⏰ {whom[task.key]}{passage(task.value.text, REMINDER_CHARS)}"
        for task in view.tasks
        if isinstance(task.value, Text)
    )


def _whom(task: Task) -> str:
    """The mention of the person a reminder is for."""
    who = task.inputs.get("who")
    if not isinstance(who, Const) or not isinstance(who.value, dict):
        return ""
    user = who.value.get("user_id")
    return f"<@{user}> " if user else f"{untrusted(str(who.value.get('display', '')), 80)}: "


def _with_items(view: RunView, last: Sequence[TaskView]) -> Iterable[TaskView]:
    """The run's tasks, and the items of those of them that are lists and come last."""
    pieces = (piece for task in last for piece in task.items or (task,))
    return {task.key: task for task in (*view.tasks, *pieces)}.values()


def _is_read(task: TaskView, *, final: bool) -> bool:
    return isinstance(task.value, Table) or (final and isinstance(task.value, Text))


def _titled(_: Locale, tasks: Iterable[TaskView]) -> Iterator[Section]:
    for task in tasks:
        if task.value is not None:
            lead = f"**{untrusted(task.title)}**"
            cells = grid(_, lead, task.value) if isinstance(task.value, Table) else None
            yield Section(text=f"{lead}\n{value_text(_, task.value)}", grid=cells)


def files_line(_: Locale, view: RunView) -> str:
    """The files that were written, "" where there are none."""
    files = {task.value.path: task.value for task in view.pieces if isinstance(task.value, File)}
    shown = [value_text(_, file) for file in files.values()][:FILES_LISTED]
    if not shown:
        return ""
    text = ", ".join(shown)
    if len(files) > len(shown):
        more = len(files) - len(shown)
        text = _("{files} and {n} more").format(files=text, n=more)
    return shorten(_("Files: {files}").format(files=text), 2800)


def failures(_: Locale, view: RunView, names: Names) -> list[str]:
    """What failed and why, what is kept, and what to do about it."""
    lines = [
        line
        for number, task in enumerate(view.tasks, start=1)
        for line in _failure(_, number, task, names)
    ]
    if not lines and view.problem:
        lines.append(untrusted(view.problem, 400))
    done = sum(task.state is TaskState.SUCCEEDED for task in view.tasks)
    kept = count(
        _,
        done,
        "{n} task succeeded; what it wrote is kept.",
        "{n} tasks succeeded; what they wrote is kept.",
    )
    remedy = _("Fix that and say `plan again`, or tell me what to do differently.")
    return [*lines, f"{kept} {remedy}" if done else remedy]


def _failure(_: Locale, number: int, task: TaskView, names: Names) -> list[str]:
    if task.state is not TaskState.FAILED:
        return _failed_items(_, number, task)
    who = agent_name(names, task.agent)
    if task.attempts > 1:
        tries = _.ngettext("{agent}, {n} try", "{agent}, {n} tries", task.attempts)
        who = tries.format(agent=who, n=task.attempts)
    reason = " ".join(passage(task.note, 400).split()) or _("no reason given")
    return [f"✗ {number} {untrusted(task.title)} ({who}): {reason}"]


def _failed_items(_: Locale, number: int, task: TaskView) -> list[str]:
    """What failed of a map that came to something all the same."""
    failed = [item for item in task.items if item.state is TaskState.FAILED]
    lines = [
        f"✗ {number} {untrusted(item.title)}: {untrusted(item.note)}"
        for item in failed[:ITEMS_SHOWN]
    ]
    if len(failed) > len(lines):
        more = _("and {n} more").format(n=len(failed) - len(lines))
        lines.append(f"✗ {number} {more}")
    return lines


def rehearsal(
    _: Locale, plan: Plan, names: Names, obstacles: Sequence[str] = ()
) -> tuple[str, str, str]:
    """The order of a real run (what is on one line runs side by side), its effects, obstacles."""
    numbers = {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}
    lines = []
    for layer in plan.graph.layers()[:LAYERS_SHOWN]:
        tasks = []
        for task in layer:
            title = f"{numbers[task.key]} {untrusted(task.title)}"
            words = [f"{title} ({agent_name(names, task.agent)})", *kind_words(_, task, numbers)]
            tasks.append(" · ".join(words))
        lines.append(f"↳ {listed(_, tasks)}")
    effects = _effects(_, plan)
    changes = _("A real run {effects}.").format(effects=listed(_, effects))
    problems = "\n".join(f"- {obstacle}" for obstacle in obstacles)
    return (
        "\n".join(lines),
        changes if effects else _("A real run changes nothing."),
        f"{_('**What a real run would run into**')}\n{problems}"
        if problems
        else _("I see nothing that would stop it."),
    )


def _effects(_: Locale, plan: Plan) -> list[str]:
    tasks, effects = plan.graph.tasks, changing(plan.graph.effects())
    if any(task.each for task in tasks):  # told task by task, for not all of it may happen
        return [text for task in tasks for text in effect_texts(_, task)]
    kinds = dict.fromkeys(effect.effect for effect in effects)
    return [
        with_target(
            _, kind, listed(_, (code(effect.target) for effect in effects if effect.effect is kind))
        )
        for kind in kinds
    ]
