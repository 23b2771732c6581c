"""`run all but 4`: words that make a smaller plan and approve it.

Who says so has seen every task, effect and cost of the smaller plan, since it is the plan that was
shown without some of its tasks; asking for another ✅ would tell nothing new. So the words count as
that person's approval of the new hash, under the same gate and quorum, on the audit chain with the
plan it is a part of. Where the result is not just less, it waits for its own ✅ like any change.
"""

from bot.actions.act import Act
from bot.actions.chat_events import post
from bot.actions.plans import approvals
from bot.actions.plans.approvals import DecidePart, Outcome
from bot.chat import say
from bot.conversation.plans.approvals import show_decision
from bot.queries.plans.cards import agent_names
from bot.render.plans.differences import changes_text
from memory.model.errors import NotAllowed
from memory.model.identity import ThreadRef
from memory.model.work.plan import Plan


async def approve_part(act: Act, thread: ThreadRef, message: str, base: Plan, plan: Plan) -> None:
    """Let the actor's words count for the plan that has just been put down, if they may."""
    _ = act.desk.locale
    given = DecidePart(plan=plan.hash, base=base.hash, message=message)
    try:
        result = await approvals.approve_part(act, given)
    except NotAllowed as error:
        await _say(act, thread, plan, _.sentence(error))
        return
    if result.outcome is Outcome.NOT_LESS:
        text = _(
            "What's left isn't just a part of what you saw (something gets its data from elsewhere, "
            "costs more, or no longer waits for somebody's check), so it needs a ✅ of its own."
        )
        await _say(act, thread, plan, text)
    elif result.card is not None:
        changes = changes_text(_, base, plan, agent_names(act.desk))
        text = _("It's a part of what you saw, so your words count as its approval.")
        await _say(act, thread, plan, f"{changes}\n{text}")
        await show_decision(act, result, f"part:{plan.hash}")


async def _say(act: Act, thread: ThreadRef, plan: Plan, text: str) -> None:
    await post(act.tx, act.desk, plan.project, thread, f"part:{plan.hash}", say(text))
