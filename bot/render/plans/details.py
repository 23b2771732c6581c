"""What a plan says of conditions, lists, limits and groups; and a run of what became of them."""

from collections.abc import Mapping
from typing import assert_never

from bot.language.catalogue import Locale
from bot.language.words import count, listed, untrusted
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
from memory.model.work.graph import Condition, Const, FromTask, Op, Task, item_text
from memory.model.work.plan import Plan
from memory.model.work.run import RunView, TaskState, TaskView

NAMED = 4
"""Conditions and items of a list that are named one by one; of more, how many there are."""

LEFT_OUT = 6
"""Skipped tasks that are named one by one at the end of a run."""


def kind_words(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> list[str]:
    """ "only if total of task 1 is above 1000", "× each item of task 2, at most 20", "high priority"."""
    words = [
        _when(_, task, numbers),
        _each(_, task, numbers),
        _("part of {group}").format(group=untrusted(task.group, 80)) if task.group else "",
        _priority(_, task),
        _tries(_, task),
        _cost_cap(_, task),
        _review(_, task),
        *check_words(_, task),
    ]
    return [word for word in words if word]


def check_words(_: Locale, task: Task) -> list[str]:
    """ "checked: 1,200 to 1,500 words (±10%), valid JSON, lint"; every one, for it is approved."""
    checks = ", ".join(_check(_, check) for check in task.checks)
    return [_("checked: {checks}").format(checks=checks)] if checks else []


def mark(_: Locale, task: Task) -> str:
    """The same in a few letters, for a picture: "if", "× 3", "× ≤ 20"; "" for a plain task."""
    marks = [_("if")] if task.when else []
    if task.each is not None:
        marks.append(f"× {task.times}" if task.listed is not None else f"× ≤ {task.times}")
    return " ".join(marks)


def on_failure_words(_: Locale, plan: Plan) -> list[str]:
    """What a failure means for the rest, where it is not the usual."""
    match plan.on_failure:
        case "continue":
            return []
        case "stop":
            return [_("If a task fails, nothing more starts.")]
        case "ask":
            return [_("If a task fails, I'll ask you whether to retry it, skip it or stop.")]
        case _:
            assert_never(plan.on_failure)


def item_progress(_: Locale, task: TaskView) -> str:
    """ "7 of 12 done, 1 failed"; "" for a task that is no map."""
    if not task.items:
        return ""
    states = [item.state for item in task.items]
    done, failed, skipped = (
        states.count(state) for state in (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.SKIPPED)
    )
    parts = [
        _("{done} of {total} done").format(done=done, total=len(states)),
        _("{n} failed").format(n=failed) if failed else "",
        _("{n} skipped").format(n=skipped) if skipped else "",
    ]
    return ", ".join(part for part in parts if part)


def left_out(_: Locale, view: RunView) -> list[str]:
    """ "↷ 2 Write the report, skipped: total 90 is not above 100", a line for each skipped task."""
    lines = [
        f"↷ {number} {untrusted(task.title)}, {untrusted(task.note or _('skipped'), 200)}."
        for number, task in enumerate(view.tasks, start=1)
        if task.state is TaskState.SKIPPED
    ]
    more = len(lines) - LEFT_OUT
    if more <= 0:
        return lines
    rest = count(_, more, "and {n} more task skipped.", "and {n} more tasks skipped.")
    return [*lines[:LEFT_OUT], f"↷ {rest}"]


def _check(_: Locale, check: Check) -> str:  # noqa: PLR0911 - a flat line per kind
    match check:
        case Words():
            return _length(_, check)
        case Chars(most=most):
            return count(_, most, "at most {n} character", "at most {n} characters")
        case Format(format=form):
            return {"json": _("valid JSON"), "markdown": "Markdown", "csv": "CSV"}[form]
        case Shape():
            return _("fits its schema")
        case Contains(text=text):
            return _("contains “{text}”").format(text=untrusted(text, 60))
        case NoSecrets():
            return _("no secrets")
        case ByProgram(name=name):
            return untrusted(name, 60)
        case _:
            assert_never(check)


def _length(_: Locale, words: Words) -> str:
    least, most = words.least or 0, words.most or 0
    if least and most:
        text = _("{least} to {most} words").format(least=f"{least:,}", most=f"{most:,}")
    elif most:
        text = count(_, most, "at most {n} word", "at most {n} words")
    else:
        text = count(_, least, "at least {n} word", "at least {n} words")
    return f"{text} (±{words.slack_percent}%)" if words.slack_percent else text


def _when(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> str:
    if not task.when:
        return ""
    conditions = [_condition(_, condition, numbers) for condition in task.when]
    return _("only if {conditions}").format(conditions=listed(_, conditions, most=NAMED))


def _condition(_: Locale, condition: Condition, numbers: Mapping[TaskKey, int]) -> str:
    patterns: Mapping[Op, str] = {
        "eq": _("{subject} is {value}"),
        "ne": _("{subject} is not {value}"),
        "lt": _("{subject} is below {value}"),
        "le": _("{subject} is at most {value}"),
        "gt": _("{subject} is above {value}"),
        "ge": _("{subject} is at least {value}"),
        "contains": _("{subject} contains {value}"),
        "empty": _("{subject} is empty"),
        "not_empty": _("{subject} is not empty"),
    }
    named = {
        "": _("the result of task {task}"),
        "text": _("the result of task {task}"),
        "rows": _("the number of rows of task {task}"),
        "total_rows": _("the number of rows of task {task}"),
    }
    subject = named.get(condition.path, _("{field} of task {task}")).format(
        field=untrusted(condition.path, 60), task=numbers[condition.task]
    )
    value = untrusted(str(condition.value), 60)
    return patterns[condition.op].format(subject=subject, value=value)


def _each(_: Locale, task: Task, numbers: Mapping[TaskKey, int]) -> str:
    match task.each:
        case FromTask(task=key):
            text = _("× each item of task {task}, at most {most}")
            return text.format(task=numbers[key], most=task.at_most)
        case Const():
            items = [untrusted(item_text(item), 40) for item in task.listed or ()]
            return _("× each of {items}").format(items=listed(_, items, most=NAMED))
        case None:
            return ""
        case _:
            assert_never(task.each)


def _priority(_: Locale, task: Task) -> str:
    return {
        "low": _("low priority"),
        "normal": "",
        "high": _("high priority"),
        "urgent": _("urgent"),
    }[task.priority]


def _tries(_: Locale, task: Task) -> str:
    if task.retry is None:
        return ""
    return count(_, task.retry.attempts, "at most {n} try", "at most {n} tries")


def _cost_cap(_: Locale, task: Task) -> str:
    if task.cost_cap_micro_usd is None:
        return ""
    text = _("no more than {amount} each") if task.is_map else _("no more than {amount}")
    return text.format(amount=show_money(task.cost_cap_micro_usd))


def _review(_: Locale, task: Task) -> str:
    if task.review is None:
        return ""
    rounds = count(_, task.review.rounds, "{n} round", "{n} rounds")
    text = (
        _("reviewed by {agent} for {criteria}, at most {rounds}")
        if task.review.criteria
        else _("reviewed by {agent}, at most {rounds}")
    )
    criteria = untrusted(task.review.criteria, 60)
    return text.format(agent=untrusted(task.review.agent, 60), criteria=criteria, rounds=rounds)
