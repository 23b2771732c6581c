"""Whether a plan of the grammar puts one tool where the words mean another. Pure."""

from collections.abc import Sequence

from memory.model.agents.spec import AgentKind
from memory.model.text import text
from planner.catalogue.entities import Entity, Kind
from planner.catalogue.finder import Pick
from planner.draft import Draft, DraftTask
from planner.experience.actions import shipped_lexicon
from planner.experience.words import split_names, stem
from planner.names import is_named, listed
from planner.port import PlanRequest


def left_to_a_service(draft: Draft, request: PlanRequest) -> bool:
    """Whether work of no kind would go to a service only because nobody else is there."""
    return any(_left(task, request) for task in draft.tasks)


def _left(task: DraftTask, request: PlanRequest) -> bool:
    if task.type != "general":
        return False  # its owner said that it does such work
    named = request.catalogue.find(task.agent) if task.agent else None
    agents = (named,) if named else request.catalogue.able(task.type)
    return bool(agents) and all(
        agent.kind is AgentKind.WEBHOOK and not is_named(request.text, agent) for agent in agents
    )


def nobody_for(request: PlanRequest) -> str:
    """The sentence where only a service could be given the work, and nothing says that it does it."""
    services = [
        agent.title
        for agent in request.catalogue.agents
        if agent.kind is AgentKind.WEBHOOK and "general" in agent.task_types
    ]
    return text(
        "Nothing here clearly does that. If {names} should, say so: “have {name} …”.",
        names=listed(services),
        name=services[0] if services else "",
    )


def unsaid(pick: Pick, draft: Draft) -> bool:
    """Whether a thing that the tool is for is asked for, and the draft has no place for it."""
    lexicon = shipped_lexicon()
    named = {stem(word) for word in split_names(str(pick.spec.name)) if lexicon.names_thing(word)}
    asked = named & {stem(word) for word in split_names(pick.segment.text)}
    texts = [
        words
        for task in draft.tasks
        for words in (task.type, task.instruction, *(given.value or "" for given in task.inputs))
    ]
    return not asked <= {stem(word) for words in texts for word in split_names(words)}


def unaddressed(pick: Pick, draft: Draft, entities: Sequence[Entity]) -> bool:
    """Whether somebody is to hear of it, by the tool's part of the request, whom the draft omits."""
    said = " ".join(
        given.value or "" for task in draft.tasks for given in (*task.inputs,)
    ) + " ".join(task.instruction for task in draft.tasks)
    return any(
        entity.said not in said
        for entity in entities
        if entity.kind in {Kind.CHANNEL, Kind.EMAIL}
        and pick.segment.start <= entity.start < pick.segment.end
    )
