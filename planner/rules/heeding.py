"""A draft as people want their work done: what they taught, applied and stated. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.base import name_key
from memory.model.text import later, text
from memory.model.work.rule import Rule, RuleKind
from planner.draft import Draft, DraftInput, DraftTask, Gap
from planner.lexicon.calendar import MONTHS
from planner.names import is_named
from planner.port import PlanRequest
from planner.tools import CHART, CHART_KINDS, CHART_NOUNS, KIND, chart_kinds

FACTS_GIVEN: Final = 8
"""To one task; those that share words with the request first, then the newest."""

MATERIAL: Final = "context"
"""The input by which agents are given quoted data."""

_AUTHORS: Final = frozenset({"draft", "review", "translate", "summarise", "research", "general"})
"""Trades whose outcome is words for people."""

_THINKERS: Final = _AUTHORS | {"analyse", "code"}
_KEEP: Final = later("keep to the rule")
_ONCE: Final = later("{agent} this time")


def with_taught(draft: Draft, request: PlanRequest) -> Draft:
    """What was taught, in the draft: agents by rule, charts and words as people want them, facts
    as quoted data. A new plan heeds it all; a change of one only asks where it breaks a rule.
    """
    draft = _within_rules(draft, request)
    if request.base is not None:
        return draft
    return _with_facts(_with_wishes(draft, request), request)


def because(rule: Rule, request: PlanRequest) -> str:
    """`Because you said on 12 May: “never use Grok for code” (rule 3)`."""
    day = on_day(rule.at, request.now)
    if not rule.author:
        return text("By rule {number}, since {day}: “{rule}”", number=rule.number, day=day, rule=rule.text)  # fmt: skip
    who = rule.author_name or text("somebody here")
    if rule.author == request.author.key:
        return text("Because you said on {day}: “{rule}” (rule {number})", day=day, rule=rule.text, number=rule.number)  # fmt: skip
    return text(
        "Because {who} said on {day}: “{rule}” (rule {number})",
        who=who, day=day, rule=rule.text, number=rule.number,
    )  # fmt: skip


def on_day(at: datetime, now: datetime) -> str:
    """`12 May`, with the year where it's another one."""
    day = f"{at.day} {MONTHS[at.month - 1].capitalize()}"
    return day if at.year == now.year else f"{day} {at.year}"


def _within_rules(draft: Draft, request: PlanRequest) -> Draft:
    """No agent by whom a rule is broken; where a person named it, that is asked about."""
    gaps, stated, tasks = list[Gap](), list[str](), []
    for task in draft.tasks:
        spec = request.catalogue.find(task.agent) if task.agent else None
        rule = _broken(task, spec, request.taught) if spec else None
        if spec is None or rule is None:
            stated += [because(held, request) for held in _routed(task, request)]
            tasks.append(task)
            continue
        once = text(_ONCE, agent=spec.title)
        if is_named(request.text, spec):
            gaps.append(_gap(rule, once, request))
        if _answer(rule, request) == once:
            tasks.append(task)
        else:
            tasks.append(task.model_copy(update={"agent": None}))
            stated.append(because(rule, request))
    return draft.model_copy(
        update={
            "tasks": tuple(tasks),
            "gaps": (*draft.gaps, *{gap.slot: gap for gap in gaps}.values()),
            "assumptions": tuple(dict.fromkeys((*draft.assumptions, *stated))),
        }
    )


def _broken(task: DraftTask, spec: AgentSpec, rules: Sequence[Rule]) -> Rule | None:
    """The rule that this agent doing this task breaks; a preference can't be broken."""
    if spec.kind in {AgentKind.TOOL, AgentKind.HUMAN}:
        return None
    for rule in reversed(rules):
        routing = rule.routing
        if routing is None or not _concerns(rule, task) or routing.effect == "prefer":
            continue
        if spec.answers_to(routing.agent) == (routing.effect == "never"):
            return rule
    return None


def _routed(task: DraftTask, request: PlanRequest) -> list[Rule]:
    """The rules by which somebody is chosen for a task of which nobody said who does it."""
    if task.agent or name_key(task.type) not in _THINKERS:
        return []
    found = []
    for rule in request.taught:
        spec = request.catalogue.find(rule.routing.agent) if rule.routing else None
        if spec is not None and _concerns(rule, task) and task.type in spec.task_types:
            found.append(rule)
    return found


def _concerns(rule: Rule, task: DraftTask) -> bool:
    routing = rule.routing
    return routing is not None and name_key(routing.task_type) in {"", name_key(task.type)}


def _gap(rule: Rule, once: str, request: PlanRequest) -> Gap:
    question = text(
        "Rule {number} says “{rule}” ({day}). Which holds?",
        number=rule.number, rule=rule.text[:200], day=on_day(rule.at, request.now),
    )  # fmt: skip
    return Gap(
        slot=f"rule:{rule.number}", question=question, options=(text(_KEEP), once),
        default=text(_KEEP), matters="plan", accepts=(),
    )  # fmt: skip


def _answer(rule: Rule, request: PlanRequest) -> str:
    slot = f"rule:{rule.number}"
    return next((answer.value for answer in request.answers if answer.slot == slot), "")


def _wishes(request: PlanRequest) -> list[Rule]:
    return [rule for rule in request.taught if rule.kind is not RuleKind.FACT and not rule.routing]


def _with_wishes(draft: Draft, request: PlanRequest) -> Draft:
    """The kind of charts where none was asked for, and what authors are told."""
    said = _wishes(request)
    of_charts = [rule for rule in said if _chart_kind(rule.text)][-1:]
    others = [rule for rule in said if not _chart_kind(rule.text)]
    tasks = tuple(_drawn(_instructed(task, others), of_charts) for task in draft.tasks)
    heeded = [*others] if any(map(_is_author, draft.tasks)) else []
    heeded += of_charts if any(map(_is_open_chart, draft.tasks)) else []
    stated = (because(rule, request) for rule in heeded)
    return draft.model_copy(update={"tasks": tasks, "assumptions": (*draft.assumptions, *stated)})


def _told(facts: Sequence[Rule]) -> DraftInput:
    lines = [
        f"- {rule.text} ({rule.author_name or 'a person'}, {rule.at:%Y-%m-%d})" for rule in facts
    ]
    return DraftInput(name=MATERIAL, value="\n".join(["What people here told:", *lines]))


def _with_facts(draft: Draft, request: PlanRequest) -> Draft:
    """Facts for those who think about words, as data with who said it and when."""
    known = [rule for rule in request.taught if rule.kind is RuleKind.FACT]
    if not known or not any(_thinks(task, request) for task in draft.tasks):
        return draft
    wanted = _words(request.text)
    known.sort(key=lambda rule: (bool(wanted & _words(rule.text)), rule.at), reverse=True)
    given = known[:FACTS_GIVEN]
    material = _told(given)
    tasks = tuple(
        task.model_copy(update={"inputs": (*task.inputs, material)})
        if _thinks(task, request) else task
        for task in draft.tasks
    )  # fmt: skip
    stated = (because(rule, request) for rule in given if wanted & _words(rule.text))
    return draft.model_copy(update={"tasks": tasks, "assumptions": (*draft.assumptions, *stated)})


def _thinks(task: DraftTask, request: PlanRequest) -> bool:
    """Whether it is done by an agent that is told in words what to do."""
    if not task.instruction or name_key(task.type) not in _THINKERS:
        return False
    spec = request.catalogue.find(task.agent) if task.agent else None
    able = [spec] if spec else request.catalogue.able(task.type)
    return any(_takes_material(agent) for agent in able)


def _takes_material(agent: AgentSpec) -> bool:
    given = {parameter.name for parameter in agent.parameters}
    return agent.kind is not AgentKind.HUMAN and MATERIAL in given


def _words(words: str) -> frozenset[str]:
    return frozenset(
        word[:-1] if word.endswith("s") else word for word in re.findall(r"\w{4,}", name_key(words))
    ) - {"that", "this", "with", "from", "have", "what", "when", "write", "make", "about", "their"}


def _is_author(task: DraftTask) -> bool:
    return bool(task.instruction) and name_key(task.type) in _AUTHORS


def _is_open_chart(task: DraftTask) -> bool:
    """Whether it is a chart of which nobody said the kind."""
    kinds = [given.value for given in task.inputs if given.name == KIND]
    return task.type == CHART.name and kinds in ([], ["auto"])


def _chart_kind(wish: str) -> str:
    """The kind in "use a pie chart"; "" where the wish is about something else, or about some charts."""
    words = re.findall(r"\w+", name_key(wish))
    whole = CHART_NOUNS & set(words) and not set(words) - CHART_NOUNS - set(CHART_KINDS) - _PLAIN
    return next(iter(chart_kinds(words)), "") if whole else ""


_PLAIN: Final = frozenset(
    [
        "use",
        "have",
        "want",
        "take",
        "make",
        "draw",
        "show",
        "in",
        "with",
        "as",
        "a",
        "an",
        "the",
        "only",
        "always",
        "from",
        "now",
        "on",
        "i",
        "we",
        "prefer",
        "like",
        "please",
        "for",
        "my",
        "our",
        "all",
    ]
)


def _drawn(task: DraftTask, wishes: Sequence[Rule]) -> DraftTask:
    if not wishes or not _is_open_chart(task):
        return task
    kind = DraftInput(name=KIND, value=_chart_kind(wishes[0].text))
    inputs = (*(given for given in task.inputs if given.name != KIND), kind)
    return task.model_copy(update={"inputs": inputs})


def _instructed(task: DraftTask, wishes: Sequence[Rule]) -> DraftTask:
    if not _is_author(task):
        return task
    new = [wish.text for wish in wishes if name_key(wish.text) not in name_key(task.instruction)]
    words = "".join(f"\n\n{wish[:1].upper()}{wish[1:]}." for wish in new)
    return task.model_copy(update={"instruction": f"{task.instruction}{words}"})
