"""Peer review as drafted → as the plan holds it, by an agent of the catalogue. Pure."""

from memory.model.agents.spec import INSTRUCTED, AgentSpec, Catalogue, EffectClass
from memory.model.errors import BadInput
from memory.model.work.check import Review
from planner.draft import DraftTask

MOST_ROUNDS = 3


def review_of(task: DraftTask, spec: AgentSpec, catalogue: Catalogue) -> Review | None:
    """The review. Raises BadInput where it can't be made."""
    if task.review is None:
        return None
    reviewer = catalogue.find(task.review.agent)
    if reviewer is None or reviewer.kind not in INSTRUCTED:
        raise BadInput("{agent} can't review it; name a model.", agent=task.review.agent)
    if reviewer.name == spec.name:
        raise BadInput("{agent} can't review what it wrote; name another one.", agent=spec.title)
    if spec.effect != EffectClass.READ or reviewer.effect != EffectClass.READ:
        raise BadInput("only work that changes nothing can be reviewed in rounds.")
    rounds = max(1, min(MOST_ROUNDS, task.review.rounds))
    return Review(agent=reviewer.name, rounds=rounds, criteria=task.review.criteria)
