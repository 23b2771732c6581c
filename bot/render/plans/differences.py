"""A changed plan against the one before, and two plans side by side."""

from collections.abc import Iterator, Mapping, Sequence

from bot.chat import Button, Outgoing, Section
from bot.language.catalogue import Locale
from bot.render.plans.details import VERBS
from bot.render.plans.text_diff import contrast
from bot.render.words import SECTION_CHARS, code, count, listed, shorten, span, untrusted
from memory.model.agents.spec import EffectClass
from memory.model.base import AgentName, RequestId
from memory.model.money import show_range
from memory.model.work.graph import Effect
from memory.model.work.plan import Plan
from planner.revising.differences import (
    Changed,
    Differences,
    Numbered,
    differences,
)

LINES = 14
"""More changes than this are counted, not told."""

VALUE_CHARS, TOLD_CHARS = 60, 120

Names = Mapping[AgentName, str]


def changes_text(_: Locale, before: Plan, after: Plan, names: Names) -> str:
    """What the change changes, for the message of the new plan; its old approvals are void."""
    found = differences(before, after)
    head = f"**Changed from plan `{before.short}`** · {_figures(_, found)}"
    return shorten("\n".join([head, *_lines(_, found, names)]), SECTION_CHARS)


def comparison(
    _: Locale, before: Plan, after: Plan, names: Names, *, quality: Sequence[str], take: RequestId
) -> Outgoing:
    """The plan as it is beside the one that was only thought of, with a button to take that.

    `quality` are lines about what the agents of both are known for.
    """
    found = differences(before, after)
    sides = [
        f"**Now** · {_side(_, found, 0, before, names)}",
        f"**Then** · {_side(_, found, 1, after, names)}",
    ]
    texts = ["**If it were so**\n" + "\n".join(_lines(_, found, names)), "\n".join(sides)]
    if quality:
        texts.append("\n".join(quality))
    button = Button(action=f"takeit:{take}", label="Take it", style="primary")
    ending = (
        f"Plan `{before.short}` is as it was; nothing was changed. Press “Take it” to have it so, or "
        "say it without “what if”."
    )
    return Outgoing(
        sections=(*(Section(text=one) for one in texts), Section(text=ending, buttons=(button,)))
    )


def _side(_: Locale, found: Differences, which: int, plan: Plan, names: Names) -> str:
    """Cost, time, size, effects and agents of one of the two, in the same order."""
    parts = [
        f"cost {_cost(_, found, which)}",
        f"time {span(_, *found.seconds[which])}",
        count(_, len(plan.graph.tasks), "{n} task", "{n} tasks"),
        _effects(_, plan),
        _agents(_, plan, names),
    ]
    return " · ".join(parts)


def _lines(_: Locale, found: Differences, names: Names) -> list[str]:
    lines = [
        *(f"removed: {_task(_, one, names)}" for one in found.removed),
        *(f"added: {_task(_, one, names)}" for one in found.added),
        *(f"changed: {one.number} {untrusted(one.title, 80)}: {_what(_, one, names)}"
          for one in found.changed),
    ]  # fmt: skip
    if found.reordered:
        lines.append("the order is another")
    if found.title is not None:
        lines.append(f"title: {untrusted(found.title[0], 60)} → {untrusted(found.title[1], 60)}")
    if found.on_failure is not None:
        lines.append(f"when a task fails: {found.on_failure[0]} → {found.on_failure[1]}")
    if len(lines) > LINES:
        lines = [
            *lines[:LINES],
            f"and {count(_, len(lines) - LINES, '{n} more change', '{n} more changes')}",
        ]
    return lines or ["Nothing that it does is another."]


def _task(_: Locale, one: Numbered, names: Names) -> str:
    effects = [_effect(_, effect) for effect in one.task.effects if _counts(effect)]
    who = untrusted(names.get(one.task.agent, one.task.agent), 60)
    return " · ".join([f"{one.number} {untrusted(one.task.title, 80)}", who, *effects[:2]])


def _what(_: Locale, one: Changed, names: Names) -> str:
    return "; ".join(_parts(_, one, names)) or "another title"


def _parts(_: Locale, one: Changed, names: Names) -> Iterator[str]:
    if one.agent is not None:
        yield " → ".join(untrusted(names.get(agent, agent), 60) for agent in one.agent)
    if one.instruction is not None:
        before, after = (
            untrusted(text, TOLD_CHARS) for text in contrast(*one.instruction, TOLD_CHARS)
        )
        yield f"told “{before}” → “{after}”"
    targets = {effect.target for effect in (*one.gained, *one.lost)}
    for name, before, after in one.inputs:
        if before not in targets or after not in targets:
            old, new = (_value(_, text) for text in contrast(before, after, VALUE_CHARS))
            yield f"{untrusted(name, 40)}: {old} → {new}"
    if one.gained or one.lost:
        lost = [_effect(_, effect) for effect in one.lost if _counts(effect)]
        gained = [_effect(_, effect) for effect in one.gained if _counts(effect)]
        yield f"{listed(_, lost) or 'changes nothing'} → {listed(_, gained) or 'changes nothing'}"
    if one.needs and not one.inputs:
        yield "waits for others"
    for name in one.settings:
        yield f"{name.replace('_', ' ')} is another"


def _value(_: Locale, text: str) -> str:
    return code(text, VALUE_CHARS) if text else "nothing"


def _figures(_: Locale, found: Differences) -> str:
    parts = []
    if found.cost_micro_usd[0] != found.cost_micro_usd[1] or found.unpriced[0] != found.unpriced[1]:
        parts.append(f"cost {_cost(_, found, 0)} → {_cost(_, found, 1)}")
    if found.seconds[0] != found.seconds[1]:
        parts.append(f"time {span(_, *found.seconds[0])} → {span(_, *found.seconds[1])}")
    return " · ".join(parts) or "cost and time are the same"


def _cost(_: Locale, found: Differences, which: int) -> str:
    shown = show_range(*found.cost_micro_usd[which])
    unpriced = found.unpriced[which]
    return (
        f"{shown} + {listed(_, (untrusted(one, 40) for one in unpriced))} (price not known)"
        if unpriced
        else shown
    )


def _effects(_: Locale, plan: Plan) -> str:
    found = [_effect(_, effect) for effect in plan.graph.effects() if _counts(effect)]
    return listed(_, found) or "changes nothing"


def _effect(_: Locale, effect: Effect) -> str:
    return f"{VERBS[effect.effect]} {code(effect.target, 80)}"


def _counts(effect: Effect) -> bool:
    return effect.effect is not EffectClass.READ


def _agents(_: Locale, plan: Plan, names: Names) -> str:
    used = dict.fromkeys(task.agent for task in plan.graph.tasks)
    return listed(_, (untrusted(names.get(one, one), 40) for one in used), most=6)
