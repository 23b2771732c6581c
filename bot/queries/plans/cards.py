"""Plans: one as it is stored, and what its message is drawn from."""

from bot.chat import OutFile, Outgoing
from bot.queries.asking import Asking
from bot.queries.plans import approval
from bot.queries.plans.approval import Needs
from bot.services import Desk
from memory.model.base import AgentName, Model, PlanHash
from memory.model.errors import NotFound
from memory.model.identity import ThreadRef
from memory.model.work.approval import StoredPlan
from memory.model.work.plan import Plan
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.traffic import outbox, threads


class PlanCard(Model):
    """What a plan's message is drawn from.

    `needs` is None when anybody's approval will do; `before` is the plan it was made of.
    """

    plan: Plan
    thread: ThreadRef | None
    message_key: str
    names: dict[AgentName, str]
    picture: OutFile | None = None
    needs: Needs | None = None
    before: Plan | None = None


async def stored_plan(asking: Asking, plan: PlanHash) -> StoredPlan:
    """The plan and where it stands. Raises NotFound, NotAllowed."""
    asking.must_see()
    return await plans.load(asking.connection, asking.project, plan)


async def plan_stored(connection: Connection, plan: Plan) -> StoredPlan:
    """The same for whoever shows a plan of the system's. Raises NotFound."""
    return await plans.load(connection, plan.project, plan.hash)


async def card(connection: Connection, desk: Desk, stored: StoredPlan) -> PlanCard:
    """What the message of a decided plan is drawn from."""
    return PlanCard(
        plan=stored.plan,
        thread=await thread_of(connection, stored.thread_key),
        message_key=stored.message_key,
        names=agent_names(desk),
        picture=await picture_of(connection, stored.message_key),
    )


async def waiting_card(connection: Connection, desk: Desk, stored: StoredPlan) -> PlanCard:
    """What the message of a plan that waits is drawn from."""
    more = {
        "needs": await approval.needs(connection, desk, stored.plan),
        "before": await _before(connection, stored.plan),
    }
    return (await card(connection, desk, stored)).model_copy(update=more)


def agent_names(desk: Desk) -> dict[AgentName, str]:
    """What people call the agents."""
    return {agent.name: agent.title for agent in desk.executor.catalogue().agents}


async def thread_of(connection: Connection, key: str) -> ThreadRef | None:
    """The thread with this key, if the bot takes part in it."""
    stored = await threads.get(connection, key)
    return stored.ref if stored else None


async def home_of(connection: Connection, key: str) -> ThreadRef:
    """The thread with this key, where work for it is told. Raises NotFound."""
    thread = await thread_of(connection, key)
    if thread is None:
        raise NotFound("That thread is gone; ask for the work again in another one.")
    return thread


async def picture_of(connection: Connection, key: str) -> OutFile | None:
    """The picture in the message with this key."""
    sent = await outbox.by_key(connection, key)
    return next(iter(Outgoing.model_validate(sent.body).files), None) if sent else None


async def _before(connection: Connection, plan: Plan) -> Plan | None:
    try:
        request = await requests.load(connection, plan.request)
        base = request.instead_of or request.base
        same = not base or base == plan.hash
        return None if same else (await plans.load(connection, plan.project, base)).plan
    except NotFound:
        return None
