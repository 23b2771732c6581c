"""A run in words: its progress (one message, edited), its end, the list of runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.chat import DETAILS, Button, OutFile, Outgoing, Section, Tone, say
from bot.language.catalogue import Locale
from bot.language.emoji import AGAIN, DISLIKE, DRY_RUN, LIKE
from bot.language.words import (
    Names,
    agent_name,
    bar,
    code,
    count,
    duration,
    listed,
    span,
    untrusted,
)
from bot.render.pictures.ascii_graph import plan_drawing
from bot.render.plans.details import item_progress, left_out
from bot.render.results import failures, files_line, rehearsal, reminder, result_sections
from bot.render.states import run_state
from memory.model.base import AgentName, RunId
from memory.model.money import show_money, show_range
from memory.model.work.plan import Plan
from memory.model.work.run import RunState, RunView, TaskState, TaskView

TASKS_SHOWN = 12
SLOW_S = 60
"""A shorter run needs no word on how long it will take yet."""

ENDED: Mapping[RunState, Tone] = {
    RunState.SUCCEEDED: "done",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "closed",
}

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
    now: datetime | None = None,
) -> Outgoing:
    """▓▓▓▓▓▓░░ 3/4 · $0.09 of $0.24 · review: Claude timed out, moved to Gemini."""
    done, high = _done(view), plan.estimate.cost_high_micro_usd
    money = show_money(view.cost_micro_usd)
    if high:
        money = _("{spent} of {limit}").format(spent=money, limit=show_money(high))
    parts = [
        f"{bar(done, len(view.tasks))} {done}/{len(view.tasks)}",
        money,
        *_left(_, view, plan, now),
        *_notes(_, view),
    ]
    if view.state is RunState.PAUSED:
        paused = run_state(_, RunState.PAUSED)
        parts.append(f"{paused}: {untrusted(view.problem)}" if view.problem else paused)
    tasks = "\n".join(_task_lines(_, view, names or {}))
    return Outgoing(
        sections=(
            Section(text=_("{title} is under way").format(title=_title(_, view)), part="headline"),
            Section(text=" · ".join(parts), part="state"),
            Section(text=tasks, part="tasks", buttons=_controls(_, view)),
        ),
        files=_pictures(_, picture, plan, view),
        tone="paused" if view.state is RunState.PAUSED else "working",
    )


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
    words = reminder(view, plan)
    if words:
        return say(words)
    names = names or {}
    failed = failures(_, view, names) if view.state is RunState.FAILED else []
    told = (
        [Section(text=text) for text in rehearsal(_, plan, names, obstacles)]
        if view.simulated
        else _told(_, view, plan, failed)
    )
    sections = (
        Section(text=_title(_, view), part="headline"),
        Section(text=_ending(_, view, plan), part="state"),
        *told,
    )
    tone = ENDED.get(view.state, "working")
    if view.simulated or view.state is RunState.CANCELLED:
        return Outgoing(sections=sections, files=tuple(files), tone=tone)
    return Outgoing(
        sections=(
            *sections,
            *_doers(_, view, names),
            *([_retry(_, view)] if failed else [_next(_, view, plan)]),
            _vote(_, view),
        ),
        files=tuple(files),
        reactions=(LIKE, DISLIKE),
        tone=tone,
    )


def rated(_: Locale, run: RunId, value: int) -> Outgoing:
    """Thanks for an opinion, and room for the reason."""
    more = (
        _("I'll choose like this again.") if value > 0 else _("I'll choose differently next time.")
    )
    why = Button(
        action=f"feedback:{run}:{value}",
        label=_("Say why"),
        asks=_("Why? I keep it with the result."),
    )
    text = _("Thanks, noted. {more}").format(more=more)
    return Outgoing(sections=(Section(text=text, buttons=(why,)),))


def _told(_: Locale, view: RunView, plan: Plan, failed: Sequence[str]) -> list[Section]:
    """What failed or was left out, the results and the files."""
    lines = Section(text="\n".join([*failed, *left_out(_, view)]))
    every = [lines, *result_sections(_, view, plan), Section(text=files_line(_, view))]
    return [section for section in every if section.text]


def status(_: Locale, views: Sequence[RunView], *, now: datetime | None = None) -> Outgoing:
    """One line a run, running ones first."""
    if not views:
        return say(_("Nothing is running here. Say what you want done."))
    ordered = sorted(views, key=lambda view: (view.state.over, -view.started_at.timestamp()))
    return Outgoing(sections=tuple(run_section(_, view, now) for view in ordered))


def run_section(_: Locale, view: RunView, now: datetime | None) -> Section:
    """The run in one line, with what can be pressed about it."""
    done = _done(view)
    title = f"**{untrusted(view.title)}**"
    if view.simulated:
        title = _("{emoji} Dry run of {title}").format(emoji=DRY_RUN, title=title)
    end = view.finished_at or now
    parts = [
        f"{bar(done, len(view.tasks))} {title} {run_state(_, view.state)}",
        f"{done}/{len(view.tasks)}",
        show_money(view.cost_micro_usd),
        *([duration(_, (end - view.started_at).total_seconds())] if end else []),
        *([untrusted(view.problem)] if view.problem else []),
        *_task_notes(view),
    ]
    return Section(text=" · ".join(parts), buttons=_controls(_, view))


def _done(view: RunView) -> int:
    """How many tasks are behind us: done, or skipped for good."""
    return sum(task.state in {TaskState.SUCCEEDED, TaskState.SKIPPED} for task in view.tasks)


def _title(_: Locale, view: RunView) -> str:
    title = f'"{untrusted(view.title)}"'
    dry = _("{emoji} Dry run of {title}").format(emoji=DRY_RUN, title=title)
    return dry if view.simulated else title


def _controls(_: Locale, view: RunView) -> tuple[Button, ...]:
    if view.state.over:
        return ()
    resume = Button(action=f"resume:{view.id}", label=_("Resume"))
    pause = Button(action=f"pause:{view.id}", label=_("Pause"))
    cancel = Button(action=f"cancel:{view.id}", label=_("Cancel"), style="danger")
    details = Button(action=f"{DETAILS}{view.plan_hash}", label=_("Details"))
    return (resume if view.state is RunState.PAUSED else pause, cancel, details)


def _retry(_: Locale, view: RunView) -> Section:
    button = Button(action=f"retry:{view.id}", label=f"{AGAIN} {_('Retry')}")
    text = _("`retry` runs the failed tasks again; `rerun from 2` makes a new plan from task 2 on.")
    return Section(text=text, buttons=(button,))


def _next(_: Locale, view: RunView, plan: Plan) -> Section:
    """What can be done with what was done."""
    again = Button(action=f"again:{view.id}", label=f"{AGAIN} {_('Again')}")
    template = Button(
        action=f"template:{view.plan_hash}",
        label=_("Save as template"),
        asks=_("Name of the template"),
    )
    timed = Button(
        action=f"timed:{view.id}", label=_("Schedule"), asks=_("When? (every weekday at 9:00)")
    )
    later = () if plan.schedule is not None else (timed,)
    return Section(text="", buttons=(again, template, *later))


def _doers(_: Locale, view: RunView, names: Names) -> list[Section]:
    """Who did what and at what cost, where it cost something."""
    done: dict[AgentName, tuple[list[str], int]] = {}
    for task in view.tasks:
        if task.state is TaskState.SUCCEEDED and task.agent:
            titles, cost = done.get(task.agent, ([], 0))
            done[task.agent] = ([*titles, untrusted(task.title, 60)], cost + task.cost_micro_usd)
    if not any(cost for _titles, cost in done.values()):
        return []
    who = [
        " · ".join(
            [
                f"{agent_name(names, agent)}: {listed(_, titles, most=3)}",
                *([show_money(cost)] if cost else []),
            ]
        )
        for agent, (titles, cost) in done.items()
    ]
    return [Section(text="\n".join([_("**Who did what**"), *who]))]


def _vote(_: Locale, view: RunView) -> Section:
    asked = _("Was this good?")
    votes = (
        Button(action=f"feedback:{view.id}:1", label=LIKE),
        Button(action=f"feedback:{view.id}:-1", label=DISLIKE),
    )
    return Section(text=asked, full=f"{asked} {LIKE} / {DISLIKE}", part="votes", buttons=votes)


def _task_notes(view: RunView) -> list[str]:
    """What is worth knowing about the first tasks that are not over."""
    noted = [task for task in view.tasks if task.note and not task.state.over]
    return [f"{untrusted(task.title, 60)}: {untrusted(task.note)}" for task in noted[:2]]


def _notes(_: Locale, view: RunView) -> list[str]:
    """The same, or else what is running."""
    notes = _task_notes(view)
    if notes:
        return notes
    for state, words in (
        (TaskState.RUNNING, _("now: {tasks}")),
        (TaskState.ASKING, _("waits for an answer: {tasks}")),
        (TaskState.READY, _("waits for its turn: {tasks}")),
    ):
        found = [untrusted(task.title, 60) for task in view.tasks if task.state is state]
        if found:
            return [words.format(tasks=listed(_, found, most=3))]
    return []


def _left(_: Locale, view: RunView, plan: Plan, now: datetime | None) -> list[str]:
    """How long it will take yet by its forecast, where that is long enough to care."""
    estimate = plan.estimate
    if now is None or estimate.seconds_high < SLOW_S or view.state is not RunState.RUNNING:
        return []
    if (now - view.started_at).total_seconds() > estimate.seconds_high:
        return [_("takes longer than forecast")]
    chain = estimate.chain or tuple(task.key for task in view.tasks)
    over = {task.key for task in view.tasks if task.state.over}
    share = sum(key not in over for key in chain) / max(len(chain), 1)
    time = span(_, estimate.seconds_low * share, estimate.seconds_high * share)
    return [_("about {time} left").format(time=time)]


def _task_lines(_: Locale, view: RunView, names: Names) -> list[str]:
    tasks = list(enumerate(view.tasks, start=1))
    if len(tasks) > TASKS_SHOWN:
        open_states = {TaskState.RUNNING, TaskState.ASKING, TaskState.FAILED}
        tasks = [(n, task) for n, task in tasks if task.state in open_states][:TASKS_SHOWN]
    return [_task_line(_, number, task, names) for number, task in tasks]


def _task_line(_: Locale, number: int, task: TaskView, names: Names) -> str:
    took = ""
    if task.started_at and task.finished_at:
        took = duration(_, (task.finished_at - task.started_at).total_seconds())
    words = _last_words(task)
    parts = [
        f"{MARKS[task.state]} {number} {untrusted(task.title)}",
        agent_name(names, task.agent),
        took,
        show_money(task.cost_micro_usd) if task.cost_micro_usd else "",
        item_progress(_, task) or (untrusted(task.note) if task.note else ""),
        code(words) if words else "",
    ]
    return " · ".join(part for part in parts if part)


def _last_words(task: TaskView) -> str:
    """What its agent said last, or that of an item of its list."""
    running = (part for part in (task, *task.items) if part.state is TaskState.RUNNING)
    return next((part.said for part in running if part.said), "")


def _ending(_: Locale, view: RunView, plan: Plan) -> str:
    estimate, end = plan.estimate, view.finished_at or view.started_at
    cost = show_money(view.cost_micro_usd)
    words = {
        "took": duration(_, (end - view.started_at).total_seconds()),
        "cost": _("{cost} + calls of unknown price").format(cost=cost) if view.unpriced else cost,
        "forecast": show_range(estimate.cost_low_micro_usd, estimate.cost_high_micro_usd),
        "time": span(_, estimate.seconds_low, estimate.seconds_high),
        "tasks": count(_, len(view.tasks), "{n} task", "{n} tasks"),
        "state": run_state(_, view.state),
    }
    return _ending_pattern(_, view).format(**words)


def _ending_pattern(_: Locale, view: RunView) -> str:
    match view.state:
        case RunState.SUCCEEDED if view.simulated:
            return _(
                "{tasks} in order; nothing was called or changed. A real run: {forecast}, {time}."
            )
        case RunState.SUCCEEDED:
            return _("Done in {took}, {cost} (forecast {forecast})")
        case RunState.FAILED:
            return _("Failed after {took}, {cost} (forecast {forecast})")
        case RunState.CANCELLED:
            return _("Cancelled after {took}, {cost}")
        case RunState.RUNNING | RunState.PAUSED:
            return _("{state}: {took}, {cost} so far")
        case _:
            assert_never(view.state)


def _pictures(_: Locale, picture: OutFile | None, plan: Plan, view: RunView) -> tuple[OutFile, ...]:
    if picture is None:
        return ()
    states = {task.key: task.state for task in view.tasks}
    return (picture.model_copy(update={"alt": plan_drawing(_, plan.graph, states)}),)
