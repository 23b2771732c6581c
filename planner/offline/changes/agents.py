"""Who does it: "use Claude for drafts", "Gemini instead of ChatGPT", "make step 3 cheaper"."""

import re
from collections.abc import Callable
from typing import Final

from memory.model.agents.spec import AgentKind, AgentSpec
from planner.draft import DraftTask, Gap
from planner.names import listed
from planner.offline.changes.change import Change
from planner.offline.changes.intended import agents_in
from planner.offline.grammar.refusal import CannotPlan

Price = Callable[[AgentSpec, int, int], int | None]

USUAL_TOKENS: Final = (2000, 1000)
_INSTEAD: Final = re.compile(r"\binstead of\b", re.IGNORECASE)
_REPLACE: Final = re.compile(r"^(?:replace|swap|change|exchange)\b", re.IGNORECASE)
_LEAD: Final = re.compile(
    r"^(?:use|have|let|take|try|get|make|put|switch|assign|give|change|replace|swap|exchange|move)\b",
    re.IGNORECASE,
)
_JOINTS: Final = re.compile(
    r"\b(?:use|have|let|take|try|get|make|put|switch|assign|give|change|replace|swap|exchange|to|for|on|"
    r"with|by|and|or|instead|of|do|does|doing|write|the|work|over|move|both|it|them|that|all|"
    r"everything|please)\b|[,.&+]",
    re.IGNORECASE,
)
_UNKNOWN: Final = re.compile(
    r"^(?:use|have|let|try) (?P<name>@?[A-Z][\w.-]+)(?: (?:for|do|on) (?P<what>.+?)| instead)$"
)
_CHEAPER: Final = (
    re.compile(r"^(?:make|do|get|run) (?P<what>.+?) (?:for )?(?:cheaper|less expensive|cheap)$", re.IGNORECASE),
    re.compile(r"^(?:use |take |with )?(?:an? |the )?(?:cheaper|cheapest|less expensive)"
               r"(?: (?:agent|model|one|option)s?)?(?: (?:for|on|in) (?P<what>.+))?$", re.IGNORECASE),
)  # fmt: skip
_ALL: Final = frozenset({"it", "everything", "all", "this", "that", "the plan", "the whole thing",
                         "the whole plan", "all of it", "it all"})  # fmt: skip


def assigned(change: Change, clause: str) -> bool:
    """Agents for tasks. Raises CannotPlan where an agent is not there or cannot do the work."""
    catalogue = change.request.catalogue
    found = agents_in(clause, catalogue)
    if not found:
        return _nobody(change, clause)
    if not (_LEAD.match(clause) or _INSTEAD.search(clause) or re.search(r"\bfor\b", clause)):
        return False
    if _REPLACE.match(clause) or _INSTEAD.search(clause):
        return _replaced(change, clause, found)
    pending: list[AgentSpec] = []
    for place, (_, end, agent) in enumerate(found):
        until = found[place + 1][0] if place + 1 < len(found) else len(clause)
        words = _about(clause[end:until])
        pending.append(agent)
        if words is None and place + 1 < len(found):
            continue
        keys = _meant(change, words)
        if not keys:
            return False
        for one in pending:
            _want(change, one, keys)
        pending = []
    return True


def cheaper(change: Change, clause: str, price: Price) -> bool:
    """The cheapest model that can do it. Raises CannotPlan where there is none."""
    found = next((match for one in _CHEAPER if (match := one.match(clause))), None)
    if found is None:
        return False
    what = (found["what"] or "it").strip().lower()
    whole = what in _ALL
    keys = {task.key for task in change.tasks if task.instruction} if whole else change.meant(what)
    if not keys and not whole:
        return False
    took = [key for key in keys if _cheapest(change, key, price)]
    if not took:
        raise CannotPlan(_cheap_already(change, keys))
    return True


def settled(change: Change) -> None:
    """Give the tasks to those asked for; where two were, leave it open who."""
    for key, names in change.wanted.items():
        if not any(task.key == key for task in change.tasks):
            continue
        task, name = change.task(key), names[0]
        if len(names) > 1:
            catalogue = change.request.catalogue
            titles = [spec.title for one in names if (spec := catalogue.find(one))]
            slot = f"agent of “{task.title}” here"
            said = change.answer(slot)
            chosen = catalogue.find(said) if said in titles else None
            name = chosen.name if chosen else names[0]
            if chosen is None:
                question = (
                    f"You named {listed(titles, word='and')} for “{task.title}”; who does it?"
                )
                change.gaps.append(
                    Gap(slot=slot[:120], question=question[:300], options=tuple(titles),
                        default=titles[0], matters="plan", accepts=())
                )  # fmt: skip
        change.put(task.model_copy(update={"agent": name}))


def _about(text: str) -> str | None:
    """What is said of an agent behind its name; None for nothing."""
    words = " ".join(_JOINTS.sub(" ", text).split())
    return words or None


def _meant(change: Change, words: str | None) -> set[str]:
    if words is None:
        return {task.key for task in change.tasks if task.instruction}
    return change.meant(words)


def _replaced(change: Change, clause: str, found: list[tuple[int, int, AgentSpec]]) -> bool:
    """ "replace ChatGPT with Claude", "Claude instead of ChatGPT for the draft"."""
    if len(found) > 2:
        return False
    names = [agent for _, _, agent in found]
    rest = clause
    for start, end, _ in reversed(found):
        rest = f"{rest[:start]} {rest[end:]}"
    keys = _meant(change, _about(rest))
    if len(names) == 2:
        old, new = names if _REPLACE.match(clause) else names[::-1]
        keys = {key for key in keys if _does(change, key) == old.name}
        if not keys:
            raise CannotPlan(
                f"{old.title} does nothing of that here, so there is nothing to change."
            )
    else:
        new = names[0]
    if not keys:
        return False
    _want(change, new, keys)
    return True


def _does(change: Change, key: str) -> str:
    task = change.task(key)
    if task.agent:
        return task.agent
    return next((one.agent for one in change.base.graph.tasks if one.key == key), "")


def _want(change: Change, agent: AgentSpec, keys: set[str]) -> None:
    able = [key for key in keys if _can(agent, change.task(key))]
    if not able:
        task = change.task(min(keys))
        if not task.instruction:
            raise CannotPlan(
                f"{change.named(task.key)} is done by a tool, exactly as it says; no agent can take "
                "its place."
            )
        others = [
            one.title
            for one in change.request.catalogue.able(task.type)
            if one.kind is AgentKind.MODEL
        ]
        who = f"; {listed(others)} can" if others else ""
        raise CannotPlan(f"{agent.title} does no {task.type} work{who}.")
    for key in able:
        names = change.wanted.setdefault(key, [])
        if agent.name not in names:
            names.append(agent.name)


def _can(agent: AgentSpec, task: DraftTask) -> bool:
    return bool(task.instruction) and task.type in agent.task_types


def _nobody(change: Change, clause: str) -> bool:
    """Somebody who is not here, asked to do what is in the plan."""
    match = _UNKNOWN.match(clause)
    if match is None or match["name"].startswith("@"):
        return False
    what = match["what"]
    if what is not None and not clause.lower().startswith("use ") and not change.meant(what):
        return False
    models = [one.title for one in change.request.catalogue.agents if one.kind is AgentKind.MODEL]
    there = f"there is {listed(models, word='and')}" if models else "no model is connected"
    raise CannotPlan(f"There is no agent {match['name']} here; {there}.")


def _cheapest(change: Change, key: str, price: Price) -> bool:
    task = change.task(key)
    if not task.instruction:
        return False
    catalogue = change.request.catalogue
    now = catalogue.find(_does(change, key))
    costs = {
        one.name: cost
        for one in catalogue.able(task.type)
        if one.kind is AgentKind.MODEL and (cost := price(one, *USUAL_TOKENS)) is not None
    }
    best = min(costs, key=lambda name: costs[name], default=None)
    if best is None or now is None:
        return False
    before = price(now, *USUAL_TOKENS)
    if before is not None and costs[best] >= before:
        return False
    change.put(task.model_copy(update={"agent": best}))
    return True


def _cheap_already(change: Change, keys: set[str]) -> str:
    paid = [key for key in keys if change.task(key).instruction]
    if not paid:
        return "That costs nothing already: tools of this machine do it."
    task = change.task(sorted(paid)[0])
    agent = change.request.catalogue.find(_does(change, task.key))
    who = agent.title if agent else "The agent that does it"
    return (
        f"{who} is the cheapest here for {change.named(task.key)}; skip it, or ask for less, to pay "
        "less."
    )
