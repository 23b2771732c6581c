"""Who may approve a plan, who did, and whose approval it still needs."""

from collections.abc import Sequence

from bot.config.projects import rules_of
from bot.services import Desk
from memory.model import authority
from memory.model.authority import HIGH_RISK, About, may_ever_approve, role_now
from memory.model.base import Model
from memory.model.work.approval import Approval
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, requests


class Needs(Model):
    """The approvals that a plan still waits for, and the names of those who could give them.

    `own`: it is high risk, and its requester may approve it, being alone here.
    """

    missing: int
    given: int
    quorum: int
    able: tuple[str, ...] = ()
    own: bool = False


async def terms(connection: Connection, desk: Desk, plan: Plan) -> About:
    """What the gate has to know of the plan."""
    author = (await requests.load(connection, plan.request)).author
    roles = await projects.roles_of(connection, plan.project)
    rules = await rules_of(desk.settings, connection, plan.project)
    return authority.terms(author, plan.highest_effect(), roles, rules)


async def needs(connection: Connection, desk: Desk, plan: Plan) -> Needs | None:
    """Whose approval is still missing; None when anybody's will do."""
    about = await terms(connection, desk, plan)
    given = await approvers(connection, desk, plan)
    quorum = await quorum_of(connection, desk, plan)
    high_risk = about.highest_effect in HIGH_RISK
    missing = max(quorum - len(given), 0)
    if about.alone:
        return (
            Needs(missing=missing, given=len(given), quorum=quorum, own=True) if high_risk else None
        )
    if quorum == 1 and not high_risk and about.requester_may_approve is not False:
        return None
    able = await _able(connection, desk, plan, about, given)
    return Needs(missing=missing, given=len(given), quorum=quorum, able=able)


async def quorum_of(connection: Connection, desk: Desk, plan: Plan) -> int:
    """How many approvals a plan of this project takes."""
    return (await rules_of(desk.settings, connection, plan.project)).quorum


def approving(decisions: Sequence[Approval]) -> tuple[str, ...]:
    """Keys of those who gave their approval, as they gave it."""
    return tuple(given.person for given in decisions if given.decision == "approve" and given.holds)


async def approvers(connection: Connection, desk: Desk, plan: Plan) -> tuple[str, ...]:
    """Keys of those whose approval counts now: one a person, as the executor will count them."""
    about = await terms(connection, desk, plan)
    roles = await projects.roles_of(connection, plan.project)
    rules = await rules_of(desk.settings, connection, plan.project)
    given = approving(await plans.decisions(connection, plan.hash))
    return authority.counting(given, about, roles, rules)


async def approver_names(connection: Connection, plan: Plan) -> tuple[str, ...]:
    """What those who approved the plan are called."""
    people = await projects.members_of(connection, plan.project)
    called = {key: display or key.rpartition(":")[2] for key, display, _ in people}
    given = approving(await plans.decisions(connection, plan.hash))
    return tuple(called.get(key, key) for key in given)


async def _able(
    connection: Connection, desk: Desk, plan: Plan, about: About, given: Sequence[str]
) -> tuple[str, ...]:
    """Who could approve: those seen here, then those only the settings name."""
    people = await projects.members_of(connection, plan.project)
    rules = await rules_of(desk.settings, connection, plan.project)
    roles = await projects.roles_of(connection, plan.project)
    names = {key: display for key, display, _ in people}
    named = sorted((rules.approvers | rules.owners) - names.keys())
    able = {about.people.counted(key): "" for key in given}
    for key in (*names, *named):
        person = about.people.counted(key)
        if person not in able and may_ever_approve(key, role_now(key, roles, rules), about):
            able[person] = names.get(key) or key.rpartition(":")[2]
    return tuple(filter(None, able.values()))
