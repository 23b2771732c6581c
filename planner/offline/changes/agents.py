"""Who does it: "use Claude for drafts", "Gemini instead of ChatGPT", "make step 3 cheaper"."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from memory.model.agents.spec import AgentKind, AgentSpec
from memory.model.text import text
from planner.draft import CannotPlan, DraftTask
from planner.names import listed
from planner.offline.changes.change import Change
from planner.revising.intended import agents_in

Price = Callable[[AgentSpec, int, int], int | None]
USUAL_TOKENS: Final = (2000, 1000)
_VERBS: Final = (
    r"use|have|let|take|try|get|make|put|switch|assign|give|change|replace|swap|exchange"
)
_REPLACE: Final = re.compile(r"^(?:replace|swap|change|exchange)\b", re.IGNORECASE)
_REPLACES: Final = re.compile(rf"{_REPLACE.pattern}|\binstead of\b", re.IGNORECASE)
_ASSIGNS: Final = re.compile(rf"^(?:{_VERBS}|move)\b|\binstead of\b|\bfor\b", re.IGNORECASE)
_JOINTS: Final = re.compile(
    rf"\b(?:{_VERBS}|to|for|on|with|by|and|or|instead|of|do|does|doing|write|the|work|over|move|both|it|"
    r"them|that|all|everything|please)\b|[,.&+]",
    re.IGNORECASE,
)
_UNKNOWN: Final = re.compile(
    r"^(?P<verb>[Uu]se|[Hh]ave|[Ll]et|[Tt]ry) (?P<name>[A-Z][\w.-]+)(?: (?:for|do|on) (?P<what>.+?)| instead)$"
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
    named = agents_in(clause, change.request.catalogue)
    if not named:
        return _nobody(change, clause)
    if not _ASSIGNS.search(clause):
        return False
    if _REPLACES.search(clause):
        return _replaced(change, clause, named)
    agents: list[AgentSpec] = []
    ends = [*(start for start, _, _ in named[1:]), len(clause)]
    for (_, begin, agent), end in zip(named, ends, strict=True):
        agents.append(agent)
        words = _about(clause[begin:end])
        if not words and end < len(clause):
            continue  # "Claude and Gemini for the draft"
        keys = _tasks_of(change, words)
        if not keys:
            return False
        for wanted in agents:
            _want(change, wanted, keys)
        agents = []
    return True


def cheaper(change: Change, clause: str, price: Price) -> bool:
    """The cheapest model that can do it. Raises CannotPlan where there is none."""
    match = _CHEAPER[0].match(clause) or _CHEAPER[1].match(clause)
    if match is None:
        return False
    what = (match["what"] or "it").strip().lower()
    whole = what in _ALL
    keys = _tasks_of(change, "") if whole else change.intended(what)
    if not keys and not whole:
        return False
    took = [key for key in keys if _take_cheapest(change, change.task(key), price)]
    if not took:
        raise _cheap_already(change, keys)
    return True


def settle_agents(change: Change) -> None:
    """Give the tasks to those asked for; where two were, leave it open who."""
    for task in change.tasks:
        names = change.wanted.get(task.key, [])
        specs = [spec for name in names if (spec := change.request.catalogue.find(name))]
        if len(specs) > 1:
            titles = [spec.title for spec in specs]
            slot = f"agent of “{task.title}” here"
            question = text("You named {agents} for “{task}”. Who should do it?",
                            agents=listed(titles, word="and"), task=task.title)  # fmt: skip
            chosen = change.questions.choose(slot, question, titles)
            specs = [specs[titles.index(chosen)]]
        if specs:
            change.put(task, agent=specs[0].name)


def _about(words: str) -> str:
    """What is said of an agent behind its name."""
    return " ".join(_JOINTS.sub(" ", words).split())


def _tasks_of(change: Change, words: str) -> list[str]:
    """The tasks the words are about; without words, all that an agent is told in words."""
    if words:
        return change.intended(words)
    return [task.key for task in change.tasks if task.instruction]


def _replaced(change: Change, clause: str, named: Sequence[tuple[int, int, AgentSpec]]) -> bool:
    """ "replace ChatGPT with Claude", "Claude instead of ChatGPT for the draft"."""
    if len(named) > 2:
        return False
    rest = clause
    for start, end, _ in reversed(named):
        rest = f"{rest[:start]} {rest[end:]}"
    keys, new = _tasks_of(change, _about(rest)), named[0][2]
    if len(named) == 2:
        agents = [agent for _, _, agent in named]
        old, new = agents if _REPLACE.match(clause) else agents[::-1]
        keys = [key for key in keys if _agent_of(change, key) == old.name]
        if not keys:
            raise CannotPlan("{agent} does none of that here, so there's nothing to change.",
                     agent=old.title)  # fmt: skip
    if keys:
        _want(change, new, keys)
    return bool(keys)


def _agent_of(change: Change, key: str) -> str:
    """Who does it now."""
    planned = {str(task.key): str(task.agent) for task in change.base.graph.tasks}
    return change.task(key).agent or planned.get(key, "")


def _want(change: Change, agent: AgentSpec, keys: Sequence[str]) -> None:
    tasks = [change.task(key) for key in keys]
    able = [task for task in tasks if task.instruction and task.type in agent.task_types]
    if not able:
        raise _unable(change, agent, min(tasks, key=lambda task: task.key))
    for task in able:
        names = change.wanted.setdefault(task.key, [])
        if agent.name not in names:
            names.append(agent.name)


def _unable(change: Change, agent: AgentSpec, task: DraftTask) -> CannotPlan:
    if not task.instruction:
        return CannotPlan(
            "{task} is done by a tool, exactly as it says; no agent can take its place.",
            task=change.named(task.key),
        )
    able = change.request.catalogue.able(task.type)
    others = listed(other.title for other in able if other.kind is AgentKind.MODEL)
    if others:
        return CannotPlan("{agent} can't do {type} work; {others} can.",
                    agent=agent.title, type=task.type, others=others)  # fmt: skip
    return CannotPlan("{agent} can't do {type} work.", agent=agent.title, type=task.type)


def _nobody(change: Change, clause: str) -> bool:
    """Somebody who is not here, asked to do what is in the plan."""
    match = _UNKNOWN.match(clause)
    if match is None:
        return False
    what, named_to_use = match["what"], match["verb"].lower() == "use"
    if what is not None and not named_to_use and not change.intended(what):
        return False
    models = [agent.title for agent in change.request.catalogue.agents
              if agent.kind is AgentKind.MODEL]  # fmt: skip
    if not models:
        raise CannotPlan("There's no agent {name} here; no model is connected.", name=match["name"])
    raise CannotPlan("There's no agent {name} here; you have {agents}.",
             name=match["name"], agents=listed(models, word="and"))  # fmt: skip


def _take_cheapest(change: Change, task: DraftTask, price: Price) -> bool:
    """Give the task to the cheapest model; False where that costs no less than now."""
    catalogue = change.request.catalogue
    now = catalogue.find(_agent_of(change, task.key))
    able = catalogue.able(task.type) if task.instruction and now else ()
    costs = {
        agent.name: cost
        for agent in able
        if agent.kind is AgentKind.MODEL and (cost := price(agent, *USUAL_TOKENS)) is not None
    }
    best = min(costs, key=lambda name: costs[name], default=None)
    before = price(now, *USUAL_TOKENS) if now else None
    if best is None or (before is not None and costs[best] >= before):
        return False
    change.put(task, agent=best)
    return True


def _cheap_already(change: Change, keys: Sequence[str]) -> CannotPlan:
    paid = sorted(key for key in keys if change.task(key).instruction)
    if not paid:
        return CannotPlan("That costs nothing already: it runs on this machine's tools.")
    agent = change.request.catalogue.find(_agent_of(change, paid[0]))
    return CannotPlan(
        "{agent} is the cheapest here for {task}. To pay less, skip it or ask for less.",
        agent=agent.title if agent else text("The agent that does it"),
        task=change.named(paid[0]),
    )
