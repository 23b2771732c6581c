"""Plans for pages: lists over several projects, and one with all that decides about it."""

from dataclasses import dataclass
from datetime import datetime

from bot.queries.asking import Asking
from bot.queries.plans.approval import names_of, terms
from bot.queries.plans.cards import PlanCard, card, waiting_card
from bot.queries.plans.obstacles import Obstacles, obstacles
from bot.queries.web.callers import Reach
from memory.model.authority import may_ever_approve
from memory.model.base import PlanHash, ProjectId
from memory.model.errors import NotFound
from memory.model.identity import Identity
from memory.model.work.approval import Approval, PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.planning import plans, requests
from memory.store.running import overview


@dataclass(frozen=True)
class PlanLine:
    """A plan in a list."""

    plan: Plan
    state: PlanState
    created_at: datetime
    expires_at: datetime
    asked_by: Identity


@dataclass(frozen=True)
class PlanDetails:
    """A plan as it stands. `yours`: whoever asks could approve it, and hasn't."""

    stored: StoredPlan
    card: PlanCard
    asked_by: Identity
    approvals: tuple[Approval, ...]
    names: dict[str, str]
    obstacles: Obstacles
    run: str
    yours: bool


async def plan_page(
    connection: Connection,
    reach: Reach,
    *,
    project: ProjectId | None,
    states: tuple[PlanState, ...],
    before: tuple[datetime, str] | None,
    limit: int,
) -> tuple[PlanLine, ...]:
    """The newest plans of the projects they may see, or of one."""
    seen = [project] if project else list(reach.lines)
    rows = await plans.page(connection, seen, states=states, before=before, limit=limit)
    found = []
    for row in rows:
        plan = Plan.model_validate_json(row.body)
        author = (await requests.load(connection, plan.request)).author
        found.append(PlanLine(plan, row.state, row.created_at, row.expires_at, author))
    return tuple(found)


async def project_of_plan(connection: Connection, reach: Reach, plan: str) -> ProjectId:
    """Where the plan is, if they may see it. Raises NotFound, the same for others' plans."""
    found = await plans.project_of(connection, PlanHash(plan))
    if found is None or found not in reach.lines:
        raise NotFound("There's no such plan among yours.")
    return found


async def plan_details(asking: Asking, plan: str) -> PlanDetails:
    """All of a plan of the project. Raises NotFound, Conflict where its bytes were changed."""
    asking.must_see()
    connection, desk = asking.connection, asking.desk
    stored = await plans.load(connection, asking.project, PlanHash(plan))
    waits = stored.state is PlanState.WAITING
    given = await plans.decisions(connection, stored.plan.hash)
    run = await overview.run_of_plan(connection, plan)
    return PlanDetails(
        stored=stored,
        card=await (waiting_card if waits else card)(connection, desk, stored),
        asked_by=(await requests.load(connection, stored.plan.request)).author,
        approvals=given,
        names=await names_of(connection, asking.project),
        obstacles=await obstacles(connection, desk, stored.plan),
        run=run.id if run else "",
        yours=waits and await _may(asking, stored.plan, given),
    )


async def _may(asking: Asking, plan: Plan, given: tuple[Approval, ...]) -> bool:
    about = await terms(asking.connection, asking.desk, plan)
    if not may_ever_approve(asking.person.key, asking.role, about):
        return False
    one = await people.of_person(asking.connection, asking.person.key)
    return not any(
        approval.decision == "approve" and one.were_one(approval.person, asking.person.key)
        for approval in given
    )
