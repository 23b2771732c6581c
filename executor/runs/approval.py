"""Whether the approvals a run stands on still hold, with everyone's role as it is now (law 3)."""

from collections.abc import Iterable

from executor.parts import Parts
from memory.model.authority import Allowed, Verdict, approved, terms
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, requests
from memory.store.running.attempts import Attempt
from memory.store.scheduling import firings, schedules

NOBODY = Identity(platform="", workspace="", user_id="")


async def judged(tx: Connection, parts: Parts, plan: Plan, people: Iterable[str]) -> Verdict:
    """Whether these people's approvals are enough for the plan at this moment."""
    rules = await parts.rules(tx, plan.project)
    roles = {person: role for person, _, role in await projects.members_of(tx, plan.project)}
    about = terms(await _requester(tx, plan), plan.highest_effect(), roles, rules)
    return approved(people, about, roles, rules)


async def before_effect(tx: Connection, parts: Parts, attempt: Attempt, plan: Plan) -> Verdict:
    """Whether a run that was approved once may still change something."""
    if attempt.simulated:
        return Allowed()
    firing = await firings.of_run(tx, attempt.run)
    if firing is not None:
        standing = await schedules.standing(tx, firing.firing.schedule, plan.hash)
        return await judged(tx, parts, plan, [word.person for word in standing])
    decisions = await plans.decisions(tx, plan.hash)
    given = [word.person for word in decisions if word.decision == "approve"]
    return await judged(tx, parts, plan, given)


async def _requester(tx: Connection, plan: Plan) -> Identity:
    try:
        return (await requests.load(tx, plan.request)).author
    except NotFound:
        return NOBODY  # nobody's own plan: whoever approves it is somebody else
