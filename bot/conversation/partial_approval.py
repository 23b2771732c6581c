"""`run all but 4`: words that make a smaller plan and approve it.

Who says so has seen every task, effect and cost of the smaller plan, since it is the plan that was
shown without some of its tasks; asking for another ✅ would tell nothing new. So the words count as
that person's approval of the new hash, under the same gate and quorum, on the audit chain with the
plan it is a part of. Where the result is not just less, it waits for its own ✅ like any change.
"""

from bot.actions import places
from bot.chat import say
from bot.conversation import messages
from bot.conversation.approvals import Word, count_word
from bot.render.plans.differences import changes_text
from bot.services import Services
from memory.model.authority import Denied, Right, authorise
from memory.model.identity import ThreadRef
from memory.model.work.approval import PlanState
from memory.model.work.plan import Plan
from memory.model.work.request import Spoken
from memory.store.engine.database import Connection
from memory.store.planning import plans
from memory.store.traffic import audit, outbox
from planner.revising.differences import only_takes_away

NOT_JUST_LESS = (
    "What is left is not just a part of what you saw (something gets its data from elsewhere, costs "
    "more, or waits for nobody's check now), so it needs a ✅ of its own."
)


async def approve_part(
    tx: Connection, services: Services, thread: ThreadRef, *, spoken: Spoken, base: Plan, plan: Plan
) -> None:
    """Let the words count for the plan that has just been put down, if they may."""
    stored = await plans.load(tx, plan.project, plan.hash)
    if stored.state is not PlanState.WAITING:
        return
    if not only_takes_away(base, plan):
        await _say(tx, services, thread, plan, NOT_JUST_LESS)
        return
    now = services.clock.now()
    person = spoken.by
    role = await places.role_of(tx, services.settings, plan.project, person, at=now)
    terms = await messages.approval_terms(tx, services, plan)
    verdict = authorise(person, role, Right.APPROVE, terms)
    if isinstance(verdict, Denied):
        await _say(tx, services, thread, plan, verdict.message)
        return
    await plans.decide(
        tx, plan.project, plan.hash, person, role, "approve", via="words",
        message=spoken.message, at=now,
    )  # fmt: skip
    await audit.record(
        tx,
        plan.project,
        actor=person.key,
        action="plan.approved",
        on=plan.hash,
        at=now,
        ids={"role": role, "message": spoken.message, "part_of": base.hash},
    )
    told = changes_text(services.locale, base, plan, messages.names(services))
    told += "\nIt is a part of what you saw, so your words count as its approval."
    await _say(tx, services, thread, plan, told)
    word = Word(thread=thread, person=person, mark=f"part:{plan.hash}")
    await count_word(tx, services, stored, terms, word)


async def _say(
    tx: Connection, services: Services, thread: ThreadRef, plan: Plan, text: str
) -> None:
    await outbox.put(
        tx,
        f"part:{plan.hash}",
        project=plan.project,
        thread=thread,
        body=say(text).model_dump(mode="json"),
        at=services.clock.now(),
    )
