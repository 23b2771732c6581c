"""The messages that show questions and plans, and what they turn into."""

from collections.abc import Mapping, Sequence

from bot.chat import OutFile, Outgoing, say
from bot.config.projects import settings_of
from bot.conversation.context import Context
from bot.language.catalogue import ENGLISH
from bot.message_keys import questions_key
from bot.render.plans.differences import changes_text
from bot.render.plans.instructions import is_whole, plan_text
from bot.render.plans.message import closed_plan, plan_message
from bot.render.questions import Asked, closed_questions, questions_message
from bot.render.words import listed, untrusted
from bot.services import Services
from memory.model.authority import (
    CONSOLE,
    DECIDERS,
    HIGH_RISK,
    About,
    may_ever_approve,
)
from memory.model.base import AgentName
from memory.model.errors import NotFound
from memory.model.identity import Identity, ThreadRef
from memory.model.limits import SENTENCES
from memory.model.work.approval import Approval, PlanState, StoredPlan
from memory.model.work.plan import Plan
from memory.model.work.question import StoredQuestion
from memory.model.work.request import StoredRequest
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, questions, requests
from memory.store.running import artifacts
from memory.store.traffic import outbox, threads
from planner.port import Question

_CLOSED: Mapping[PlanState, str] = {
    PlanState.APPROVED: "That plan is approved already and is about to start.",
    PlanState.STARTED: "That plan was started already; say `status` to see how it stands.",
    PlanState.DROPPED: "That plan was dropped; say `plan again` or what you want instead.",
    PlanState.SUPERSEDED: "That plan was replaced by a newer one; decide on the newest here.",
    PlanState.EXPIRED: SENTENCES["plan_life"],
}


def closed_sentence(state: PlanState) -> str:
    """Why nothing can be decided on a plan in this state."""
    return _CLOSED.get(state, "That plan still waits to be decided.")


def asked(stored: Sequence[StoredQuestion]) -> tuple[Asked, ...]:
    """The questions as they are drawn."""
    return tuple(
        Asked(
            id=one.id,
            question=Question(
                slot=one.slot,
                text=one.text,
                options=one.options,
                default=one.default,
                accepts=one.accepts,
            ),
            answer=one.answer,
        )
        for one in stored
    )


async def edit_questions(
    tx: Connection, context: Context, request: StoredRequest, *, closed: bool
) -> None:
    """Show in the question message what was answered."""
    stored = await questions.of_request(tx, request.id)
    here = asked([one for one in stored if one.round == request.round])
    out = (
        closed_questions(here)
        if closed
        else questions_message(context.services.locale, here, request=request.id)
    )
    key = questions_key(request)
    await context.post(tx, f"{key}:{context.event.event_id}", out, edits=key)


async def show_plan(
    tx: Connection,
    services: Services,
    stored: StoredPlan,
    *,
    edit: str = "",
    remarks: Sequence[str] = (),
    picture: OutFile | None = None,
) -> None:
    """Put the plan's message down, or with `edit` (a key) draw it anew where it stands."""
    plan = stored.plan
    out = plan_message(
        services.locale,
        plan,
        needs=await needs(tx, services, plan),
        picture=picture or await picture_of(tx, stored.message_key),
        remarks=remarks,
        names=names(services),
        changes=await _changes(tx, services, plan),
    )
    await _put(tx, services, stored, edit or stored.message_key, out, edits=bool(edit))


async def _changes(connection: Connection, services: Services, plan: Plan) -> str:
    """What is other than in the plan it was made of, "" where it was made of none."""
    try:
        base = (await requests.load(connection, plan.request)).base
        if not base or base == plan.hash:
            return ""
        before = (await plans.load(connection, plan.project, base)).plan
    except NotFound:
        return ""
    return changes_text(services.locale, before, plan, names(services))


async def attach_orders(tx: Connection, services: Services, stored: StoredPlan) -> None:
    """Put all that the agents are told under a plan whose message could not say it all.

    A message of its own: an edit of the plan's message would lose or repeat the file.
    """
    plan, thread = stored.plan, await thread_of(tx, stored.thread_key)
    if thread is None or is_whole(plan):
        return
    now, kind = services.clock.now(), "text/plain"
    data = plan_text(services.locale, plan, names(services)).encode()
    digest = await artifacts.put(tx, plan.project, data, kind, at=now)
    name = f"plan-{plan.short}.txt"
    file = OutFile(name=name, digest=digest, media_type=kind, title=name)
    out = say(f"Plan `{plan.short}` in full, with every word the agents are given:", files=(file,))
    await outbox.put(
        tx,
        f"orders:{plan.hash}",
        project=plan.project,
        thread=thread,
        body=out.model_dump(mode="json"),
        at=now,
    )


async def close_plan(
    tx: Connection, services: Services, stored: StoredPlan, text: str, *, key: str
) -> None:
    """Turn the plan's message into one that decides nothing any more."""
    picture = await picture_of(tx, stored.message_key)
    out = closed_plan(services.locale, stored.plan, text, picture=picture, names=names(services))
    await _put(tx, services, stored, key, out, edits=True)


async def needs(connection: Connection, services: Services, plan: Plan) -> str:
    """Who has to approve the plan, "" when one word from anybody will do."""
    about = await approval_terms(connection, services, plan)
    given = approvers(await plans.decisions(connection, plan.hash))
    quorum = quorum_of(services, plan)
    missing = max(quorum - len(given), 0)
    if about.alone:
        return (
            "you; you are alone here, so you may approve your own plan"
            if _is_high_risk(plan)
            else ""
        )
    if quorum == 1 and not _is_high_risk(plan) and about.requester_may_approve is not False:
        return ""
    able = await _able(connection, services, plan, about, given)
    count = f"{missing} approver{'s' if missing > 1 else ''}"
    if given:
        count = f"{missing} more approver{'s' if missing > 1 else ''} ({len(given)} of {quorum})"
    if not able:
        return f"{count}; nobody here is one yet, the owner can say `make @name approver`"
    return f"{count}: {listed(services.locale, able)}"


async def _able(
    connection: Connection, services: Services, plan: Plan, about: About, given: Sequence[str]
) -> list[str]:
    """Who could approve: those seen here, then those only the settings name."""
    people = await projects.members_of(connection, plan.project)
    seen = [
        display or key.rpartition(":")[2]
        for key, display, role in people
        if may_ever_approve(key, role, about) and key not in given
    ]
    fixed = settings_of(services.settings, plan.project)
    named = (*fixed.approvers, *fixed.owners) if fixed else ()
    ids = {key.rpartition(":")[2] for key, _, _ in people} | {key for key, _, _ in people}
    return [*seen, *(name for name in named if name not in ids)]


async def approval_terms(connection: Connection, services: Services, plan: Plan) -> About:
    """What the gate has to know of the plan."""
    author = (await requests.load(connection, plan.request)).author
    fixed = settings_of(services.settings, plan.project)
    named = {*fixed.approvers, *fixed.owners} - {author.user_id, author.key} if fixed else set()
    others = bool(named) or await _others_decide(connection, plan, author)
    return About(
        requester=author.key,
        highest_effect=plan.highest_effect(),
        alone=author.platform == CONSOLE and not others,
        requester_may_approve=fixed.requester_may_approve if fixed else None,
    )


async def _others_decide(connection: Connection, plan: Plan, author: Identity) -> bool:
    people = await projects.members_of(connection, plan.project)
    return any(role in DECIDERS and key != author.key for key, _, role in people)


def quorum_of(services: Services, plan: Plan) -> int:
    """How many approvals a plan of this project takes."""
    fixed = settings_of(services.settings, plan.project)
    return fixed.quorum if fixed else 1


def approvers(decisions: Sequence[Approval]) -> tuple[str, ...]:
    """Keys of those whose word stands."""
    return tuple(one.person for one in decisions if one.decision == "approve")


async def approved_by(connection: Connection, plan: Plan) -> str:
    """`Approved by bo and kim. `, for the message of a plan that was run."""
    given = approvers(await plans.decisions(connection, plan.hash))
    people = await projects.members_of(connection, plan.project)
    called_by = {key: display or key.rpartition(":")[2] for key, display, _ in people}
    who = listed(ENGLISH, (untrusted(called_by.get(key, key), 60) for key in given))
    return f"Approved by {who}. " if who else ""


def called(person: Identity) -> str:
    """What the person is called in a sentence."""
    return untrusted(person.display or person.user_id, 60)


def names(services: Services) -> dict[AgentName, str]:
    """What people call the agents."""
    return {agent.name: agent.title for agent in services.executor.catalogue().agents}


async def thread_of(connection: Connection, key: str) -> ThreadRef | None:
    """The thread with this key, if the bot takes part in it."""
    stored = await threads.get(connection, key)
    return stored.ref if stored else None


def _is_high_risk(plan: Plan) -> bool:
    return plan.highest_effect() in HIGH_RISK


async def picture_of(connection: Connection, key: str) -> OutFile | None:
    """The picture in the message with this key."""
    sent = await outbox.by_key(connection, key)
    if sent is None:
        return None
    return next(iter(Outgoing.model_validate(sent.body).files), None)


async def _put(
    tx: Connection, services: Services, stored: StoredPlan, key: str, out: Outgoing, *, edits: bool
) -> None:
    thread = await thread_of(tx, stored.thread_key)
    if thread is None:
        return
    await outbox.put(
        tx,
        key,
        project=stored.plan.project,
        thread=thread,
        body=out.model_dump(mode="json"),
        edits=stored.message_key if edits else "",
        at=services.clock.now(),
    )
