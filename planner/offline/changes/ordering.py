"""Another order, and somebody who looks at it in between: "do 2 before 1", "add a check by kim"."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

from memory.model.agents.spec import AgentSpec
from memory.model.patterns import short
from memory.model.text import text
from planner.draft import CannotPlan, DraftInput, DraftTask
from planner.lexicon.verbs import CORRECTED
from planner.names import slug, unused
from planner.offline.changes.change import Change, needs, reached, sources
from planner.offline.clauses.workers import shown_name
from planner.revising.intended import agents_in

_ORDER: Final = short(
    r"^(?:(?:do|run|put|move|start|make|have)\s+)?(?P<one>.+?)\s+(?:first,?\s+)?"
    r"(?P<how>before|after|ahead of)\s+(?P<other>.+)$",
    re.IGNORECASE,
)
_SWAP: Final = re.compile(
    r"^(?P<how>swap)\s+(?P<one>.+?)\s+(?:and|with)\s+(?P<other>.+)$", re.IGNORECASE
)
_WHO: Final = r"(?P<who><@[^>]+>|@?[\w.-]+)"
_WHERE: Final = r"(?:\s+(?P<how>before|after)\s+(?P<where>.+?))?[.!]?$"
_CHECK: Final = re.compile(
    r"^(?:please )?(?:add|insert|include|have|get|i want|we need|there should be)\s+(?:an?\s+|another\s+)?"
    rf"(?:check|approval|review|sign-?off|ok|confirmation|look|question)\s+(?:by|from|of|for|to)\s+{_WHO}{_WHERE}",
    re.IGNORECASE,
)
_HAVE: Final = re.compile(
    rf"^(?:have|let|ask|get)\s+{_WHO}\s+(?:to\s+)?(?:check|approve|review|confirm|sign off|look at|proofread)"
    rf"(?:\s+(?:it|this|that|them|everything|(?:the|its) .+?))?{_WHERE}",
    re.IGNORECASE,
)
CONTEXT_SHOWN = 4
_ENDS: Final = ({"files.publish"}, {"files.write", "report.render"})
"""What a check stands before where nothing is said: what goes out, else what is saved."""


def reordered(change: Change, clause: str) -> bool:
    """ "do 2 before 1". Raises CannotPlan where 2 works on what 1 gives."""
    match = _ORDER.match(clause) or _SWAP.match(clause)
    if match is None:
        return False
    first, then = change.intended(match["one"]), change.intended(match["other"])
    if not first or not then or set(first) & set(then):
        return False
    order = change.keys
    swaps_earlier = match.re is _SWAP and order.index(first[0]) < order.index(then[0])
    if match["how"].lower() == "after" or swaps_earlier:
        first, then = then, first
    for early, late in product(first, then):
        _put_before(change, early, late)
    return True


def checked(change: Change, clause: str) -> bool:
    """ "add a check by kim before publishing": a person, or a review by an agent."""
    match = _CHECK.match(clause) or _HAVE.match(clause)
    if match is None:
        return False
    agents = [agent for _, _, agent in agents_in(match["who"], change.request.catalogue)]
    if agents and not match["where"] and change.of_type("review"):
        return False  # who does the review that is there
    tasks, before = _checked_tasks(change, match["where"], after=match["how"] == "after")
    if agents:
        _review(change, agents[0], tasks, before=before)
    else:
        _ask(change, match["who"].strip("<>@"), tasks, before=before)
    return True


def _put_before(change: Change, first: str, then: str) -> None:
    """Let one wait for the other. Raises CannotPlan where that is a circle."""
    if then in reached(change.tasks, [first], sources):
        raise CannotPlan(
                "{first} works on what {then} gives, so it can't come before it. Say which of them "
                "should be done differently.",
                first=change.named(first), then=change.named(then),
            )  # fmt: skip
    task = change.task(first)
    change.put(task, after=tuple(key for key in task.after if key != then))
    if then in reached(change.tasks, [first], needs):
        raise CannotPlan(
                "{first} waits for other steps that wait for {then}, so it can't come before it.",
                first=change.named(first), then=change.named(then),
            )  # fmt: skip
    late = change.task(then)
    if first not in needs(late):
        change.put(late, after=(*late.after, first))


def _checked_tasks(
    change: Change, where: str | None, *, after: bool
) -> tuple[Sequence[DraftTask], bool]:
    """Tasks before (True) or after which somebody looks at it."""
    if where:
        keys = change.intended(where)
        if not keys:
            raise CannotPlan(
                "This plan has no step “{words}”. Say the number of the step to check before.",
                words=where[:80],
            )
        return [change.task(key) for key in keys], not after
    for types in _ENDS:
        ends = change.of_type(*types)
        if ends:
            return ends, True
    return change.tasks[-1:], False


def _ask(change: Change, who: str, tasks: Sequence[DraftTask], *, before: bool) -> None:
    if not change.request.catalogue.able("ask"):
        raise CannotPlan("I can't ask people here. Name an agent for the check.")
    shown, what = shown_name(change.request, who), tasks[0].title
    seen = [key for task in tasks for key in (sources(task) if before else (task.key,))]
    waits = [key for task in tasks for key in (task.after if before else ())]
    if before:
        title = text("{person}: check before “{task}”", person=shown, task=what)
        question = text("Please check this before “{task}”.", task=what)
    else:
        title = text("{person}: check “{task}”", person=shown, task=what)
        question = text("Please check “{task}”.", task=what)
    inputs = [DraftInput(name="who", value=who), DraftInput(name="question", value=question)]
    inputs += [
        DraftInput(name="context", from_task=key)
        for key in list(dict.fromkeys(seen))[-CONTEXT_SHOWN:]
    ]
    task = DraftTask(
        key=_key(change, f"ask-{slug(shown, limit=30)}"), title=title[:200], type="ask",
        after=tuple(dict.fromkeys(waits)), inputs=tuple(inputs),
    )  # fmt: skip
    _insert(change, task, tasks, before=before)


def _review(change: Change, agent: AgentSpec, tasks: Sequence[DraftTask], *, before: bool) -> None:
    if "review" not in agent.task_types:
        raise CannotPlan("{agent} doesn't do reviews. Name another agent.", agent=agent.title)
    given = [key for task in tasks for key in sources(task)] if before else [tasks[0].key]
    if not given:
        raise CannotPlan("There's no text to review at that place. Say after which step.")
    name = change.task(given[0]).title
    task = DraftTask(
        key=_key(change, "review"), type="review", agent=agent.name,
        title=text("Review {task}", task=f"{name[:1].lower()}{name[1:]}")[:200],
        instruction=f"Review it.{CORRECTED}",
        inputs=(DraftInput(name="context", from_task=given[0]),),
    )  # fmt: skip
    _insert(change, task, tasks, before=before, source=given[0])


def _insert(
    change: Change, new: DraftTask, tasks: Sequence[DraftTask], *, before: bool, source: str = ""
) -> None:
    """Put it between: those behind wait for it, and take their text from it instead of `source`."""
    keys = {task.key for task in tasks}
    made = []
    for task in change.tasks:
        behind = task.key in keys if before else bool(needs(task) & keys)
        if behind and source and source in sources(task):
            rewired = [
                given.model_copy(update={"from_task": new.key})
                if given.from_task == source
                else given
                for given in task.inputs
            ]
            made.append(task.model_copy(update={"inputs": tuple(rewired)}))
        elif behind:
            made.append(task.model_copy(update={"after": (*task.after, new.key)}))
        else:
            made.append(task)
    change.keep((*made, new))


def _key(change: Change, base: str) -> str:
    return unused(base, change.keys)
