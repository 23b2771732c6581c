"""A run in words: its progress (one message, edited), its end, the list of runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.chat import Button, OutFile, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.emoji import (
    AGAIN,
    DISLIKE,
    DRY_RUN,
    LIKE,
)
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.plans.details import (
    effect_words,
    item_progress,
    kind_words,
    left_out,
)
from bot.render.plans.message import Names, packed
from bot.render.values import value_text
from bot.render.words import bar, code, count, duration, listed, passage, shorten, span, untrusted
from memory.model.money import show_money, show_range
from memory.model.work.plan import Plan
from memory.model.work.run import (
    RunState,
    RunView,
    TaskState,
    TaskView,
)
from memory.model.work.value import File, Table, Text

TASKS_SHOWN = 12
RESULTS_SHOWN = 3
FILES_LISTED = 10
ITEMS_SHOWN = 3

MARKS: Mapping[TaskState, str] = {
    TaskState.WAITING: "○",
    TaskState.READY: "○",
    TaskState.RUNNING: "▶",
    TaskState.ASKING: "❓",
    TaskState.SUCCEEDED: "✓",
    TaskState.SKIPPED: "↷",
    TaskState.FAILED: "✗",
    TaskState.CANCELLED: "–",
}


def progress(
    _: Locale,
    view: RunView,
    plan: Plan,
    picture: OutFile | None = None,
    *,
    names: Names | None = None,
) -> Outgoing:
    """▓▓▓▓▓▓░░ 3/4 · $0.09 of $0.24 · review: Claude timed out, moved to Gemini."""
    done = _done(view)
    high = plan.estimate.cost_high_micro_usd
    money = show_money(view.cost_micro_usd) + (f" of {show_money(high)}" if high else "")
    parts = [f"{bar(done, len(view.tasks))} {done}/{len(view.tasks)}", money]
    parts += _notes(_, view)
    if view.state is RunState.PAUSED:
        parts.append(f"paused{': ' + untrusted(view.problem) if view.problem else ''}")
    head = f'**{_dry(_, view)}"{untrusted(view.title)}"** is under way'
    sections = [Section(text=f"{head}\n{' · '.join(parts)}", buttons=_controls(_, view))]
    sections += [Section(text=text) for text in packed(_task_lines(_, view, names or {}))]
    return Outgoing(sections=tuple(sections), files=_drawn(_, picture, plan, view))


def completion(
    _: Locale,
    view: RunView,
    plan: Plan,
    files: Sequence[OutFile] = (),
    *,
    names: Names | None = None,
    obstacles: Sequence[str] = (),
) -> Outgoing:
    """How the run ended: time and money against the forecast, the results, the files, 👍 / 👎.

    `obstacles`: our own sentences about what a real run would meet, for a dry run.
    """
    head = [_ending(_, view, plan)]
    if view.state is RunState.FAILED:
        head += _failures(_, view, names or {})
    if not view.simulated:
        head += left_out(_, view)
    sections = [Section(text="\n".join(head))]
    results = _rehearsed(_, plan, names or {}) if view.simulated else _results(_, view, plan)
    sections += [Section(text=text) for text in results]
    if view.simulated:
        met = "\n".join(f"- {one}" for one in obstacles)
        text = f"**A real run would meet**\n{met}" if met else "I see nothing that would stop it."
        sections.append(Section(text=text))
    written = _files_line(_, view)
    if written:
        sections.append(Section(text=written))
    if view.simulated or view.state is RunState.CANCELLED:
        return Outgoing(sections=tuple(sections), files=tuple(files))
    votes = (
        Button(action=f"feedback:{view.id}:1", label=LIKE),
        Button(action=f"feedback:{view.id}:-1", label=DISLIKE),
    )
    if view.state is RunState.FAILED:
        retry = Button(action=f"retry:{view.id}", label=f"{AGAIN} Retry")
        text = "`retry` tries again what failed; `rerun from 2` makes a new plan from step 2 on."
        sections.append(Section(text=text, buttons=(retry,)))
    sections.append(Section(text=f"Was this good? {LIKE} / {DISLIKE}", buttons=votes))
    return Outgoing(sections=tuple(sections), files=tuple(files), reactions=(LIKE, DISLIKE))


def status(_: Locale, views: Sequence[RunView], *, now: datetime | None = None) -> Outgoing:
    """One line a run, running ones first."""
    if not views:
        return say("Nothing is running here. Say what you want done.")
    ordered = sorted(views, key=lambda view: (view.state.over, -view.started_at.timestamp()))
    return Outgoing(sections=tuple(_status_section(_, view, now) for view in ordered))


def _status_section(_: Locale, view: RunView, now: datetime | None) -> Section:
    done = _done(view)
    end = view.finished_at or now
    parts = [
        f"{bar(done, len(view.tasks))} {_dry(_, view)}**{untrusted(view.title)}** {view.state.value}",
        f"{done}/{len(view.tasks)}",
        show_money(view.cost_micro_usd),
    ]
    if end is not None:
        parts.append(duration(_, (end - view.started_at).total_seconds()))
    if view.problem:
        parts.append(untrusted(view.problem))
    parts += _told(view)
    return Section(text=" · ".join(parts), buttons=() if view.state.over else _controls(_, view))


def _done(view: RunView) -> int:
    """What is behind us: done, or skipped for good."""
    return sum(task.state in {TaskState.SUCCEEDED, TaskState.SKIPPED} for task in view.tasks)


def _controls(_: Locale, view: RunView) -> tuple[Button, ...]:
    if view.state.over:
        return ()
    paused = view.state is RunState.PAUSED
    turn = Button(
        action=f"{'resume' if paused else 'pause'}:{view.id}", label="Resume" if paused else "Pause"
    )
    return (turn, Button(action=f"cancel:{view.id}", label="Cancel", style="danger"))


def _told(view: RunView) -> list[str]:
    """What is worth knowing of the first tasks that are not over."""
    told = [task for task in view.tasks if task.note and not task.state.over]
    return [f"{untrusted(task.title, 60)}: {untrusted(task.note)}" for task in told[:2]]


def _notes(_: Locale, view: RunView) -> list[str]:
    now = [task for task in view.tasks if task.state is TaskState.RUNNING and not task.note]
    notes = _told(view)
    if now and not notes:
        notes.append(f"now: {listed(_, (untrusted(task.title, 60) for task in now), most=3)}")
    return notes


def _task_lines(_: Locale, view: RunView, names: Names) -> list[str]:
    tasks = list(enumerate(view.tasks, start=1))
    if len(tasks) > TASKS_SHOWN:
        open_states = {TaskState.RUNNING, TaskState.ASKING, TaskState.FAILED}
        tasks = [(n, task) for n, task in tasks if task.state in open_states][:TASKS_SHOWN]
    return [_task_line(_, number, task, names) for number, task in tasks]


def _task_line(_: Locale, number: int, task: TaskView, names: Names) -> str:
    agent = untrusted(names.get(task.agent, task.agent), 60)
    parts = [f"{MARKS[task.state]} {number} {untrusted(task.title)}", agent]
    if task.started_at and task.finished_at:
        parts.append(duration(_, (task.finished_at - task.started_at).total_seconds()))
    if task.cost_micro_usd:
        parts.append(show_money(task.cost_micro_usd))
    items = item_progress(_, task)
    if items:
        parts.append(items)
    elif task.note:
        parts.append(untrusted(task.note))
    said = _said(task)
    if said:
        parts.append(code(said))
    return " · ".join(parts)


def _said(task: TaskView) -> str:
    """What is said at it now: its own last words, or those of an item of its list."""
    words = [one.said for one in (task, *task.items) if one.state is TaskState.RUNNING]
    return next((one for one in words if one), "")


def _ending(_: Locale, view: RunView, plan: Plan) -> str:
    end = view.finished_at or view.started_at
    took = duration(_, (end - view.started_at).total_seconds())
    cost = show_money(view.cost_micro_usd) + (" + calls of unknown price" if view.unpriced else "")
    low, high = plan.estimate.cost_low_micro_usd, plan.estimate.cost_high_micro_usd
    forecast = show_range(low, high)
    match view.state:
        case RunState.SUCCEEDED if view.simulated:
            tasks = count(_, len(view.tasks), "{n} task", "{n} tasks")
            return (
                f'**{DRY_RUN} Dry run of "{untrusted(view.title)}"**: {tasks} '
                f"in order, nothing was called or changed. A real run: {forecast}, "
                f"{span(_, plan.estimate.seconds_low, plan.estimate.seconds_high)}."
            )
        case RunState.SUCCEEDED:
            return f'**Done in {took}, {cost}** (forecast {forecast}): "{untrusted(view.title)}".'
        case RunState.FAILED:
            return (
                f'**Failed after {took}, {cost}** (forecast {forecast}): "{untrusted(view.title)}".'
            )
        case RunState.CANCELLED:
            return f'**Cancelled after {took}, {cost}**: "{untrusted(view.title)}".'
        case RunState.RUNNING | RunState.PAUSED:
            return f'"{untrusted(view.title)}" is {view.state.value}, {took}, {cost} so far.'
        case _:
            assert_never(view.state)


def _failures(_: Locale, view: RunView, names: Names) -> list[str]:
    lines = []
    for number, task in enumerate(view.tasks, start=1):
        if task.state is TaskState.FAILED:
            agent = untrusted(names.get(task.agent, task.agent), 60)
            reason = " ".join(passage(task.note, 400).split()) or "it gave no reason"
            tries = f" after {task.attempts} tries" if task.attempts > 1 else ""
            lines.append(f"✗ {number} {untrusted(task.title)} ({agent}){tries}: {reason}")
        else:
            lines += _failed_items(_, number, task)
    if not lines and view.problem:
        lines.append(untrusted(view.problem, 400))
    kept = sum(task.state is TaskState.SUCCEEDED for task in view.tasks)
    done = (
        f"{count(_, kept, '{n} task', '{n} tasks')} had succeeded and what they wrote stays. "
        if kept
        else ""
    )
    return [*lines, f"{done}Put that right and say `plan again`, or say what to do differently."]


def _failed_items(_: Locale, number: int, task: TaskView) -> list[str]:
    """What failed of a map that came to something all the same."""
    failed = [one for one in task.items if one.state is TaskState.FAILED]
    lines = [
        f"✗ {number} {untrusted(one.title)}: {untrusted(one.note)}" for one in failed[:ITEMS_SHOWN]
    ]
    if len(failed) > len(lines):
        lines.append(f"✗ {number} and {len(failed) - len(lines)} more")
    return lines


def _results(_: Locale, view: RunView, plan: Plan) -> list[str]:
    """The values nobody else used, and any table: what the person was waiting for."""
    used = {need for task in plan.graph.tasks for need in task.needs()}
    pieces = [one for task in view.tasks if task.key not in used for one in task.items or (task,)]
    wanted = [
        task
        for task in {one.key: one for one in (*view.tasks, *pieces)}.values()
        if (isinstance(task.value, Text) and task.key not in used) or isinstance(task.value, Table)
    ]
    if not any(isinstance(task.value, Text | Table | File) for task in (*view.tasks, *pieces)):
        wanted = [task for task in view.tasks if task.value is not None and task.key not in used]
    return [
        f"**{untrusted(task.title)}**\n{value_text(_, task.value)}"
        for task in wanted[-RESULTS_SHOWN:]
        if task.value is not None
    ]


def _rehearsed(_: Locale, plan: Plan, names: Names) -> list[str]:
    """The order in which a real run would go; what stands on one line would go side by side."""
    numbers = {task.key: number for number, task in enumerate(plan.graph.tasks, start=1)}
    lines = []
    for column in plan.graph.layers()[:TASKS_SHOWN]:
        tasks = [
            " · ".join(
                [
                    f"{numbers[task.key]} {untrusted(task.title)} ({untrusted(names.get(task.agent, task.agent), 60)})",
                    *kind_words(_, task, numbers),
                ]
            )
            for task in column
        ]
        lines.append(f"↳ {listed(_, tasks)}")
    changes = _would_change(_, plan)
    return ["\n".join(lines), changes]


def _would_change(_: Locale, plan: Plan) -> str:
    every = plan.graph.tasks
    if any(task.each for task in every):
        words = [one.removeprefix("⚠ ") for task in every for one in effect_words(_, task)]
        return f"For real it {listed(_, words)}." if words else "It would change nothing."
    targets = [code(effect.target) for effect in plan.graph.effects()]
    return f"It would write {listed(_, targets)}." if targets else "It would change nothing."


def _files_line(_: Locale, view: RunView) -> str:
    if view.simulated:
        return ""
    files = {task.value.path: task.value for task in view.pieces if isinstance(task.value, File)}
    if not files:
        return ""
    shown = [value_text(_, file) for file in list(files.values())[:FILES_LISTED]]
    rest = f" and {len(files) - len(shown)} more" if len(files) > len(shown) else ""
    return shorten(f"Files: {', '.join(shown)}{rest}", 2800)


def _drawn(_: Locale, picture: OutFile | None, plan: Plan, view: RunView) -> tuple[OutFile, ...]:
    if picture is None:
        return ()
    states = {task.key: task.state for task in view.tasks}
    return (picture.model_copy(update={"alt": plan_drawing(_, plan.graph, states)}),)


def _dry(_: Locale, view: RunView) -> str:
    return f"{DRY_RUN} Dry run of " if view.simulated else ""
