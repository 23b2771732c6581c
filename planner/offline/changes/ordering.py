"""Another order, and somebody who looks at it in between: "do 2 before 1", "add a check by kim"."""

import re
from typing import Final

from memory.model.agents.spec import AgentSpec
from memory.model.base import name_key
from planner.draft import DraftInput, DraftTask
from planner.names import slug
from planner.offline.changes.change import Change, needs, sources
from planner.offline.changes.intended import agents_in
from planner.offline.grammar.refusal import CannotPlan

_ORDER: Final = re.compile(
    r"^(?:(?:do|run|put|move|start|make|have)\s+)?(?P<one>.+?)\s+(?:first,?\s+)?"
    r"(?P<how>before|after|ahead of)\s+(?P<other>.+)$",
    re.IGNORECASE,
)
_SWAP: Final = re.compile(r"^swap\s+(?P<one>.+?)\s+(?:and|with)\s+(?P<other>.+)$", re.IGNORECASE)
_CHECK: Final = re.compile(
    r"^(?:please )?(?:add|insert|include|have|get|i want|we need|there should be)\s+(?:an?\s+|another\s+)?"
    r"(?P<kind>check|approval|review|sign-?off|ok|confirmation|look|question)\s+(?:by|from|of|for|to)\s+"
    r"(?P<who><@[^>]+>|@?[\w.-]+)(?:\s+(?P<how>before|after)\s+(?P<where>.+?))?[.!]?$",
    re.IGNORECASE,
)
_HAVE: Final = re.compile(
    r"^(?:have|let|ask|get)\s+(?P<who><@[^>]+>|@?[\w.-]+)\s+(?:to\s+)?"
    r"(?P<kind>check|approve|review|confirm|sign off|look at|proofread)(?:\s+(?P<what>it|this|that|them|"
    r"everything|(?:the|its) .+?))?(?:\s+(?P<how>before|after)\s+(?P<where>.+?))?[.!]?$",
    re.IGNORECASE,
)
CONTEXT_SHOWN = 4


def reordered(change: Change, clause: str) -> bool:
    """ "do 2 before 1". Raises CannotPlan where 2 works on what 1 gives."""
    match, swap = _ORDER.match(clause), _SWAP.match(clause)
    found = match or swap
    if found is None:
        return False
    one = change.meant(found["one"])
    other = change.meant(found["other"])
    if not one or not other or one & other:
        return False
    if swap is not None:
        places = [task.key for task in change.tasks]
        early, late = sorted((one, other), key=lambda keys: min(map(places.index, keys)))
        first, then = late, early
    else:
        first, then = (other, one) if found["how"].lower() == "after" else (one, other)
    for key in then:
        for before in first:
            _before(change, before, key)
    return True


def checked(change: Change, clause: str) -> bool:
    """ "add a check by kim before publishing": a person, or a review by an agent."""
    match = _CHECK.match(clause) or _HAVE.match(clause)
    if match is None:
        return False
    catalogue = change.request.catalogue
    agents = [agent for _, _, agent in agents_in(match["who"], catalogue)]
    if agents and any(task.type == "review" for task in change.tasks) and not match["where"]:
        return False  # who does the review that is there
    target = _target(change, match["where"] or "", (match["how"] or "before").lower())
    if agents:
        _review(change, agents[0], target)
    else:
        _ask(change, match["who"], target)
    return True


def _before(change: Change, first: str, then: str) -> None:
    """Let one wait for the other. Raises CannotPlan where that is a circle."""
    if _reaches(change, first, then, data=True):
        raise CannotPlan(
            f"{change.named(first)} works on what {change.named(then)} gives, so it cannot come "
            "before it; say which of them should be done otherwise."
        )
    task = change.task(first)
    if then in task.after:
        task = task.model_copy(update={"after": tuple(key for key in task.after if key != then)})
        change.put(task)
    if _reaches(change, first, then, data=False):
        raise CannotPlan(
            f"{change.named(first)} waits for other steps that wait for {change.named(then)}, so it "
            "cannot come before it."
        )
    late = change.task(then)
    if first not in needs(late):
        change.put(late.model_copy(update={"after": (*late.after, first)}))


def _reaches(change: Change, start: str, goal: str, *, data: bool) -> bool:
    todo, seen = [start], set[str]()
    while todo:
        key = todo.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            task = change.task(key)
            todo += sources(task) if data else needs(task)
    return False


def _target(change: Change, where: str, how: str) -> tuple[list[DraftTask], bool]:
    """Tasks before (True) or after which somebody looks at it."""
    if not where:
        ends = [task for task in change.tasks if task.type == "files.publish"]
        ends = ends or [t for t in change.tasks if t.type in {"files.write", "report.render"}]
        return (ends, True) if ends else ([change.tasks[-1]], False)
    found = change.meant(where)
    if not found:
        raise CannotPlan(
            f"There is no step “{where[:80]}” in this plan; say before which of its numbers."
        )
    return [task for task in change.tasks if task.key in found], how == "before"


def _ask(change: Change, who: str, target: tuple[list[DraftTask], bool]) -> None:
    if not change.request.catalogue.able("ask"):
        raise CannotPlan("People cannot be asked here; name an agent for the check.")
    tasks, before = target
    name = who.strip("<>@")
    shown = next(
        (one.display for one in (*change.request.people, change.request.author)
         if name_key(name) in {name_key(one.user_id), name_key(one.display)} and one.display),
        name,
    )  # fmt: skip
    seen = [key for task in tasks for key in (sources(task) if before else (task.key,))]
    waits = [key for task in tasks for key in (task.after if before else ())]
    context = list(dict.fromkeys(seen))[-CONTEXT_SHOWN:]
    what = f"“{tasks[0].title}”"
    question = f"Please check this before {what}." if before else f"Please check {what}."
    key = _key(change, f"ask-{slug(shown, limit=30)}")
    task = DraftTask(
        key=key, title=f"{shown}: check before {what}"[:200] if before else f"{shown}: check {what}"[:200],
        type="ask", after=tuple(dict.fromkeys(waits)),
        inputs=(
            DraftInput(name="who", value=name), DraftInput(name="question", value=question),
            *(DraftInput(name="context", from_task=one) for one in context),
        ),
    )  # fmt: skip
    _insert(change, task, tasks, before=before, rewire="")


def _review(change: Change, agent: AgentSpec, target: tuple[list[DraftTask], bool]) -> None:
    if "review" not in agent.task_types:
        raise CannotPlan(f"{agent.title} does no reviews; name another agent for it.")
    tasks, before = target
    source = next((key for task in tasks for key in sources(task)), "") if before else tasks[0].key
    if not source:
        raise CannotPlan("There is no text to review at that place; say after which step.")
    key = _key(change, "review")
    task = DraftTask(
        key=key, title=f"Review {change.task(source).title[:1].lower()}{change.task(source).title[1:]}"[:200],
        type="review", agent=agent.name,
        instruction="Review it.\n\nGive back the whole text with your corrections made.",
        inputs=(DraftInput(name="context", from_task=source),),
    )  # fmt: skip
    _insert(change, task, tasks, before=before, rewire=source)


def _insert(
    change: Change, new: DraftTask, tasks: list[DraftTask], *, before: bool, rewire: str
) -> None:
    """Put it between: those behind wait for it, and take their text from it where `rewire` says."""
    behind = {task.key for task in tasks} if before else {
        task.key for task in change.tasks if needs(task) & {one.key for one in tasks}
    }  # fmt: skip
    made = []
    for task in change.tasks:
        if task.key not in behind:
            made.append(task)
            continue
        inputs = tuple(
            one.model_copy(update={"from_task": new.key}) if rewire and one.from_task == rewire
            else one
            for one in task.inputs
        )  # fmt: skip
        rewired = inputs != task.inputs
        after = task.after if rewired else (*task.after, new.key)
        made.append(task.model_copy(update={"inputs": inputs, "after": after}))
    change.keep((*made, new))


def _key(change: Change, base: str) -> str:
    taken, key, number = {task.key for task in change.tasks}, base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key
