"""What a plan says of conditions, lists, limits and groups; and a run of what became of them."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import assert_never

from bot.language.catalogue import Locale
from bot.render.words import code, count, listed, untrusted
from memory.model.agents.spec import EffectClass
from memory.model.base import TaskKey
from memory.model.money import show_money
from memory.model.work.check import (
    ByProgram,
    Chars,
    Check,
    Contains,
    Format,
    NoSecrets,
    Shape,
    Words,
)
from memory.model.work.graph import (
    Condition,
    Const,
    FromTask,
    Op,
    Task,
    item_text,
)
from memory.model.work.plan import Plan
from memory.model.work.run import RunView, TaskState, TaskView

NAMED = 4
"""Effects and items of a list that are named one by one; of more, how many there are."""

LEFT_OUT = 6
"""Tasks left out that are told one by one at the end of a run."""

SAID: Mapping[Op, str] = {
    "eq": "is",
    "ne": "is not",
    "lt": "is below",
    "le": "is at most",
    "gt": "is above",
    "ge": "is at least",
    "contains": "contains",
    "empty": "is empty",
    "not_empty": "is not empty",
}
VERBS: Mapping[EffectClass, str] = {
    EffectClass.READ: "reads",
    EffectClass.WRITE: "writes",
    EffectClass.PUBLISH: "publishes",
    EffectClass.EXEC: "runs",
}


def kind_words(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> list[str]:
    """ "only if total of 1 is above 1000", "× each of 2, at most 20", "high priority"."""
    words = []
    if task.when:
        said = [_condition(_, one, numbers) for one in task.when]
        words.append(f"only if {listed(_, said, most=NAMED)}")
    if task.each is not None:
        words.append(_each(_, task, numbers))
    if task.group:
        words.append(f"part of {untrusted(task.group, 80)}")
    if task.priority != "normal":
        words.append(f"{task.priority} priority")
    if task.retry is not None:
        words.append(f"tried {count(_, task.retry.attempts, '{n} time', '{n} times')} at most")
    if task.cost_cap_micro_usd is not None:
        each = " each" if task.is_map else ""
        words.append(f"no more than {show_money(task.cost_cap_micro_usd)}{each}")
    if task.review is not None:
        wanted = f" for {untrusted(task.review.criteria, 60)}" if task.review.criteria else ""
        rounds = count(_, task.review.rounds, "{n} round", "{n} rounds")
        words.append(f"reviewed by {untrusted(task.review.agent, 60)}{wanted}, at most {rounds}")
    return [*words, *check_words(_, task)]


def check_words(_: Locale, task: Task) -> list[str]:
    """ "checked: 1,200 to 1,500 words (± 10 %), valid JSON, lint"; every one, for it is approved."""
    said = [_check(_, check) for check in task.checks]
    return [f"checked: {', '.join(said)}"] if said else []


def _check(_: Locale, check: Check) -> str:  # noqa: PLR0911 - a flat line per kind
    match check:
        case Words(least=least, most=most, slack_percent=slack):
            bounds = f"{least:,} to {most:,}" if least and most else ""
            bounds = bounds or (f"at most {most:,}" if most else f"at least {least:,}")
            return f"{bounds} words" + (f" (± {slack} %)" if slack else "")
        case Chars(most=most):
            return f"at most {most:,} characters"
        case Format(format=form):
            return {"json": "valid JSON", "markdown": "Markdown", "csv": "CSV"}[form]
        case Shape():
            return "fits its schema"
        case Contains(text=text):
            return f"contains “{untrusted(text, 60)}”"
        case NoSecrets():
            return "no secrets"
        case ByProgram(name=name):
            return untrusted(name, 60)
        case _:
            assert_never(check)


def mark(_: Locale, task: Task) -> str:
    """The same in a few letters, for a picture: "if", "× 3", "× ≤ 20"; "" for a plain task."""
    times = ""
    if task.each is not None:
        times = f"× {task.times}" if task.listed is not None else f"× ≤ {task.times}"
    return " ".join(one for one in ("if" if task.when else "", times) if one)


def effect_words(_: Locale, task: Task) -> list[str]:
    """ "⚠ writes `a.md`"; of many "⚠ writes up to 20 files beneath `out/`"."""
    changes = [effect for effect in task.effects if effect.effect is not EffectClass.READ]
    if len(changes) <= NAMED or task.each is None:
        return [f"⚠ {VERBS[one.effect]} {code(one.target)}" for one in changes]
    kind, targets = changes[0].effect, [one.target for one in changes]
    many = f"{'up to ' if task.listed is None else ''}{len(targets)}"
    if len(set(targets)) == 1:
        return [f"⚠ {VERBS[kind]} {code(targets[0])} {many} times"]
    folders = {str(PurePosixPath(one).parent) for one in targets}
    noun = "command" if kind is EffectClass.EXEC else "file"
    where = f" beneath {code(_folder(_, folders.pop()))}" if len(folders) == 1 else ""
    ends = f"{code(targets[0])} … {code(targets[-1])}"
    return [f"⚠ {VERBS[kind]} {many} {noun}s{where} ({ends})"]


def how_many(tasks: tuple[Task, ...]) -> str:
    """ "up to " where not all that the tasks may change is sure to be changed."""
    changing = [
        task for task in tasks if any(e.effect is not EffectClass.READ for e in task.effects)
    ]
    unsure = any(task.when or (task.each is not None and task.listed is None) for task in changing)
    return "up to " if unsure else ""


def on_failure_words(_: Locale, plan: Plan) -> list[str]:
    """What a failure means for the rest, where it is not the usual."""
    match plan.on_failure:
        case "continue":
            return []
        case "stop":
            return ["If a task fails, nothing more begins."]
        case "ask":
            return ["If a task fails, you are asked whether to retry it, skip it or stop."]
        case _:
            assert_never(plan.on_failure)


def item_progress(_: Locale, task: TaskView) -> str:
    """ "7 of 12 done, 1 failed"; "" for a task that is no map."""
    if not task.items:
        return ""
    states = [one.state for one in task.items]
    parts = [f"{states.count(TaskState.SUCCEEDED)} of {len(states)} done"]
    for state, word in ((TaskState.FAILED, "failed"), (TaskState.SKIPPED, "skipped")):
        if state in states:
            parts.append(f"{states.count(state)} {word}")
    return ", ".join(parts)


def left_out(_: Locale, view: RunView) -> list[str]:
    """ "↷ 2 Write the report, skipped: total 90 is not above 100", a line for each task left out."""
    lines = [
        f"↷ {number} {untrusted(task.title)}, {untrusted(task.note or 'skipped', 200)}."
        for number, task in enumerate(view.tasks, start=1)
        if task.state is TaskState.SKIPPED
    ]
    more = len(lines) - LEFT_OUT
    return [
        *lines[:LEFT_OUT],
        *(
            [f"↷ and {count(_, more, '{n} more task', '{n} more tasks')} skipped."]
            if more > 0
            else []
        ),
    ]


def _condition(_: Locale, said: Condition, numbers: Mapping[TaskKey, int]) -> str:
    what = "the result" if said.path in {"", "text"} else untrusted(said.path, 60)
    if said.path in {"rows", "total_rows"}:
        what = "the number of rows"
    text = f"{what} of {numbers[said.task]} {SAID[said.op]}"
    return text if said.op in {"empty", "not_empty"} else f"{text} {untrusted(str(said.value), 60)}"


def _each(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> str:
    match task.each:
        case FromTask(task=key):
            return f"× each of {numbers[key]}, at most {task.at_most}"
        case Const():
            items = [untrusted(item_text(item), 40) for item in task.listed or ()]
            return f"× each of {listed(_, items, most=NAMED)}"
        case None:
            return ""
        case _:
            assert_never(task.each)


def _folder(_: Locale, path: str) -> str:
    return "the project's folder" if path == "." else f"{path}/"
