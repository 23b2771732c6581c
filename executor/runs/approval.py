"""Whether the approvals a run stands on still hold, with everyone's role as it is now (law 3)."""

from collections.abc import Iterable, Sequence
from typing import Final

from executor.parts import Parts
from memory.model.authority import Allowed, Denied, Verdict, approved, terms
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.text import later, text
from memory.model.timing.stored_schedule import Standing
from memory.model.work.approval import Approval
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, requests
from memory.store.running.attempts import Attempt
from memory.store.scheduling import firings, schedules

_BROKEN: Final = later(
    "The approval by {person} isn't as it was given: its seal doesn't hold, so the database was "
    "changed by hand, or the keys here are others. Run `orchestra audit verify`, then have a new "
    "plan approved."
)
NOBODY = Identity(platform="", workspace="", user_id="")


async def judged(tx: Connection, parts: Parts, plan: Plan, people: Iterable[str]) -> Verdict:
    """Whether these people's approvals are enough for the plan at this moment."""
    rules = await parts.rules(tx, plan.project)
    roles = await projects.roles_of(tx, plan.project)
    about = terms(await _requester(tx, plan), plan.highest_effect(), roles, rules)
    return approved(people, about, roles, rules)


def broken(given: Sequence[Approval | Standing]) -> Denied | None:
    """The denial where one of these isn't sealed as it was given: then nothing runs on any."""
    for word in given:
        if not word.holds:
            person = word.person.rpartition(":")[2]
            return Denied(text(_BROKEN, person=person))
    return None


async def before_effect(tx: Connection, parts: Parts, attempt: Attempt, plan: Plan) -> Verdict:
    """Whether a run that was approved once may still change something."""
    if attempt.simulated:
        return Allowed()
    firing = await firings.of_run(tx, attempt.run)
    if firing is not None:
        standing = await schedules.standing(tx, firing.firing.schedule, plan.hash)
        unsealed = broken(standing)
        if unsealed is not None:
            return unsealed
        return await judged(tx, parts, plan, [word.person for word in standing])
    decisions = await plans.decisions(tx, plan.hash)
    unsealed = broken(decisions)
    if unsealed is not None:
        return unsealed
    given = [word.person for word in decisions if word.decision == "approve"]
    return await judged(tx, parts, plan, given)


async def _requester(tx: Connection, plan: Plan) -> Identity:
    try:
        return (await requests.load(tx, plan.request)).author
    except NotFound:
        return NOBODY  # nobody's own plan: whoever approves it is somebody else
