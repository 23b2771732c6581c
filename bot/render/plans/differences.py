"""A changed plan against the one before, and two plans side by side."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.chat import Button, Outgoing, Section
from bot.language.catalogue import Locale
from bot.language.words import (
    SECTION_CHARS,
    Names,
    agent_name,
    code,
    cost_text,
    count,
    listed,
    shorten,
    span,
    untrusted,
)
from bot.render.plans.effects import changing, effect_text
from bot.render.plans.text_diff import contrast
from memory.model.base import RequestId
from memory.model.money import show_range
from memory.model.work.graph import Effect
from memory.model.work.plan import Plan
from memory.profiles.comparing import Verdict, compared
from memory.profiles.intervals import Range
from planner.revising.differences import Changed, Differences, Numbered, differences

LINES = 14
"""More changes than this are counted, not named."""

VALUE_CHARS, INSTRUCTION_CHARS = 60, 120

Side = Literal[0, 1]
"""The plan before, or the one after, in a pair of figures."""


def changes_text(_: Locale, before: Plan, after: Plan, names: Names) -> str:
    """What the change changes, for the message of the new plan; its old approvals are void."""
    diff = differences(before, after)
    head = _("**Changed from plan `{plan}`**").format(plan=before.short)
    lines = [f"{head} · {_figures(_, diff)}", *_lines(_, diff, names)]
    return shorten("\n".join(lines), SECTION_CHARS)


def comparison(
    _: Locale, before: Plan, after: Plan, names: Names, *, quality: Sequence[str], take: RequestId
) -> Outgoing:
    """The plan as it is beside the one that was only thought of, with a button to take that.

    `quality` are lines about what the agents of both are known for.
    """
    diff = differences(before, after)
    texts = [
        "\n".join([_("**What would change**"), *_lines(_, diff, names)]),
        f"{_('**Now**')} · {_side(_, diff, 0, before, names)}\n"
        f"{_('**Then**')} · {_side(_, diff, 1, after, names)}\n{_verdicts(_, diff)}",
        *(["\n".join(quality)] if quality else []),
    ]
    button = Button(action=f"takeit:{take}", label=_("Take it"), style="primary")
    ending = _(
        "Plan `{plan}` stays as it is for now. Press “Take it” to switch to this one, or say it "
        "again without “what if”."
    ).format(plan=before.short)
    sections = (*(Section(text=text) for text in texts), Section(text=ending, buttons=(button,)))
    return Outgoing(sections=sections)


def _verdicts(_: Locale, diff: Differences) -> str:
    """Whether cost and time differ by more than they vary."""
    cost = (Range(*map(float, pair)) for pair in diff.cost_micro_usd)
    seconds = (Range(*map(float, pair)) for pair in diff.seconds)
    told = _verdict(_, compared(*cost))
    if any(diff.unpriced):
        told = _("can't be compared, since a price isn't known")
    return _("Cost: {cost}. Time: {time}.").format(cost=told, time=_verdict(_, compared(*seconds)))


def _verdict(_: Locale, verdict: Verdict) -> str:
    return {
        "less": _("clearly less"),
        "more": _("clearly more"),
        "same": _("the same"),
        "unclear": _("no clear difference"),
    }[verdict]


def _side(_: Locale, diff: Differences, which: Side, plan: Plan, names: Names) -> str:
    """Cost, time, size, effects and agents of one of the two, in the same order."""
    agents = dict.fromkeys(task.agent for task in plan.graph.tasks)
    parts = [
        _("cost {cost}").format(cost=_cost(_, diff, which)),
        _("time {time}").format(time=span(_, *diff.seconds[which])),
        count(_, len(plan.graph.tasks), "{n} task", "{n} tasks"),
        _effects(_, plan.graph.effects()),
        listed(_, (agent_name(names, agent, 40) for agent in agents), most=6),
    ]
    return " · ".join(parts)


def _lines(_: Locale, diff: Differences, names: Names) -> list[str]:
    lines = [
        *(_("removed: {task}").format(task=_task(_, task, names)) for task in diff.removed),
        *(_("added: {task}").format(task=_task(_, task, names)) for task in diff.added),
        *(_("changed: {task}").format(task=_change(_, task, names)) for task in diff.changed),
        *_of_all(_, diff),
    ]
    if len(lines) > LINES:
        rest = count(_, len(lines) - LINES, "and {n} more change", "and {n} more changes")
        return [*lines[:LINES], rest]
    return lines or [_("It does the same as before.")]


def _of_all(_: Locale, diff: Differences) -> Iterator[str]:
    """What changed of the plan rather than of its tasks."""
    if diff.reordered:
        yield _("the order is different")
    if diff.title is not None:
        before, after = (untrusted(title, 60) for title in diff.title)
        yield _("title: {before} → {after}").format(before=before, after=after)
    if diff.on_failure is not None:
        policies = {
            "stop": _("stop"), "continue": _("go on"), "ask": _("ask"),
        }  # fmt: skip
        before, after = (policies[policy] for policy in diff.on_failure)
        yield _("when a task fails: {before} → {after}").format(before=before, after=after)


def _task(_: Locale, numbered: Numbered, names: Names) -> str:
    task = numbered.task
    effects = [effect_text(_, effect, 80) for effect in changing(task.effects)]
    title = f"{numbered.number} {untrusted(task.title, 80)}"
    return " · ".join([title, agent_name(names, task.agent), *effects[:2]])


def _change(_: Locale, change: Changed, names: Names) -> str:
    parts = [
        " → ".join(agent_name(names, agent) for agent in change.agent or ()),
        _instruction(_, change),
        *_inputs(_, change),
        _effect_change(_, change),
        _("waits for different tasks") if change.needs and not change.inputs else "",
        *(_setting(_, name) for name in change.settings),
    ]
    what = "; ".join(part for part in parts if part) or _("a different title")
    return f"{change.number} {untrusted(change.title, 80)}: {what}"


def _instruction(_: Locale, change: Changed) -> str:
    if change.instruction is None:
        return ""
    texts = contrast(*change.instruction, INSTRUCTION_CHARS)
    before, after = (
        f"“{untrusted(text, INSTRUCTION_CHARS)}”" if text else _("nothing") for text in texts
    )
    return _("instruction: {before} → {after}").format(before=before, after=after)


def _inputs(_: Locale, change: Changed) -> Iterator[str]:
    targets = {effect.target for effect in (*change.gained, *change.lost)}
    for name, before, after in change.inputs:
        if not targets.issuperset((before, after)):  # a target is shown with its effect
            values = (_value(_, text) for text in contrast(before, after, VALUE_CHARS))
            yield f"{untrusted(name, 40)}: {' → '.join(values)}"


def _effect_change(_: Locale, change: Changed) -> str:
    if not (change.gained or change.lost):
        return ""
    return f"{_effects(_, change.lost)} → {_effects(_, change.gained)}"


def _setting(_: Locale, name: str) -> str:
    return {
        "fallbacks": _("different fallbacks"),
        "when": _("a different condition"),
        "each": _("a different list"),
        "at_most": _("a different limit of items"),
        "priority": _("a different priority"),
        "retry": _("a different number of tries"),
        "cost_cap_micro_usd": _("a different cost limit"),
        "checks": _("different checks"),
        "review": _("a different review"),
    }[name]


def _value(_: Locale, text: str) -> str:
    return code(text, VALUE_CHARS) if text else _("nothing")


def _figures(_: Locale, diff: Differences) -> str:
    costs = (_cost(_, diff, 0), _cost(_, diff, 1))
    parts = []
    if diff.cost_micro_usd[0] != diff.cost_micro_usd[1] or diff.unpriced[0] != diff.unpriced[1]:
        parts.append(_("cost {cost}").format(cost=" → ".join(costs)))
    if diff.seconds[0] != diff.seconds[1]:
        times = (span(_, *diff.seconds[0]), span(_, *diff.seconds[1]))
        parts.append(_("time {time}").format(time=" → ".join(times)))
    return " · ".join(parts) or _("cost and time stay the same")


def _cost(_: Locale, diff: Differences, which: Side) -> str:
    return cost_text(_, show_range(*diff.cost_micro_usd[which]), diff.unpriced[which])


def _effects(_: Locale, effects: Sequence[Effect]) -> str:
    changes = [effect_text(_, effect, 80) for effect in changing(effects)]
    return listed(_, changes) or _("changes nothing")
