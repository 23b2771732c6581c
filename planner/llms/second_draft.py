"""Two drafts of one request, and where they differ: that is what to ask. Pure."""

import re
from collections.abc import Iterable

from memory.model.agents.spec import AgentSpec, Catalogue, EffectClass
from memory.model.text import text
from planner.draft import Draft, DraftTask, Gap
from planner.experience.vagueness import shipped_judge
from planner.names import listed
from planner.port import PlanRequest

OPTION_CHARS = 120
DOUBT = 1.0
"""The judge's score from which a second draft is made. Of 45 requests never fitted to
(`tests/unit/planner/vague.toml`) it doubts 14 of 30 vague ones and none of 15 clear ones; without
the look at what is definite one clear one, and at a score of 0 seven."""

PLACES = frozenset({"path", "url", "json"})
"""Types of control slots that say where an effect goes."""


_PRECISE = re.compile(r"\d|https?:|\.\w{2,4}\b")
"""A number, an address or a file's name: whoever gives one has something definite in mind."""


def uncertain(request: PlanRequest, draft: Draft) -> bool:
    """Whether a second draft is worth its price: a new request that may be too vague to begin, of
    which the first draft asks nothing."""
    new = request.base is None and not request.answers and request.conversation is None
    return new and not draft.gaps and is_vague(request.text)


def is_vague(text: str) -> bool:
    """Whether the words name nothing definite, and the judge finds them vague."""
    return _PRECISE.search(text) is None and shipped_judge().judge(text).score > DOUBT


def disagreement(first: Draft, second: Draft, catalogue: Catalogue) -> Gap | None:
    """The weightiest difference as a question with both readings; None where they mean the same.

    Effects weigh most, then files, agents, and what comes out. Wording is no difference.
    """
    effects = (_effects(first, catalogue), _effects(second, catalogue))
    if effects[0] != effects[1]:
        question = text("What should be changed or sent?")
        return _gap("effects", question, effects, text("nothing, just show it"), "effects")
    files = (_files(first), _files(second))
    if files[0] != files[1]:
        return _gap("files", text("Which files is it about?"), files, text("none"), "plan")
    agents = (_agents(first), _agents(second))
    if agents[0] != agents[1]:
        return _gap("agents", text("Who should do it?"), agents, text("whoever fits best"), "plan")
    ends = (_results(first), _results(second))
    if len(ends[0]) != len(ends[1]):
        return _gap("results", text("What should come out of it?"), ends, text("nothing"), "plan")
    return None


def _gap(
    kind: str, question: str, found: tuple[frozenset[str], frozenset[str]], none: str, matters: str
) -> Gap:
    first, second = (listed(sorted(side), word="and")[:OPTION_CHARS] or none for side in found)
    fields = {"slot": f"two readings: {kind}", "question": question, "options": (first, second)}
    return Gap.model_validate({**fields, "default": first, "matters": matters})


def _tasks(draft: Draft) -> Iterable[DraftTask]:
    yield from draft.tasks
    for subplan in draft.subplans:
        yield from subplan.tasks


def _effects(draft: Draft, catalogue: Catalogue) -> frozenset[str]:
    """What is changed: by which tool, and where it goes."""
    found = set()
    for task in _tasks(draft):
        spec = catalogue.find(task.agent or task.type) or catalogue.find(task.type)
        if spec is None or spec.effect is EffectClass.READ:
            continue
        targets = _targets(task, spec)
        found.add(f"{spec.title}: {', '.join(targets)}" if targets else spec.title)
    return frozenset(found)


def _targets(task: DraftTask, spec: AgentSpec) -> list[str]:
    """Where the change goes: places where it has any, else all that decides what is done."""
    slots = [parameter for parameter in spec.parameters if parameter.slot == "control"]
    places = [parameter for parameter in slots if parameter.type in PLACES]
    control = {parameter.name for parameter in places or slots}
    return [given.value for given in task.inputs if given.name in control and given.value]


def _files(draft: Draft) -> frozenset[str]:
    return frozenset(
        given.value
        for task in _tasks(draft)
        for given in task.inputs
        if given.name in {"sources", "source"} and given.value
    )


def _agents(draft: Draft) -> frozenset[str]:
    return frozenset(task.agent for task in _tasks(draft) if task.agent)


def _results(draft: Draft) -> frozenset[str]:
    """Titles of tasks whose result no other task takes."""
    taken = {given.from_task for task in draft.tasks for given in task.inputs}
    return frozenset(task.title for task in draft.tasks if task.key not in taken)
