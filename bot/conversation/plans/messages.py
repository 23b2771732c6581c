"""Putting down the messages that show questions and plans, and what they turn into."""

from collections.abc import Sequence

from bot.actions.chat_events import Transaction, post
from bot.actions.plans.knowledge import keep_artifact
from bot.actions.plans.questions import QuestionsCard
from bot.actions.plans.shown import PlanShown
from bot.chat import OutFile, Outgoing, say
from bot.message_keys import questions_key
from bot.queries.plans.cards import PlanCard
from bot.queries.plans.cards import thread_of as thread_of
from bot.render.plans.decisions import called as called
from bot.render.plans.decisions import mentions, needs_words
from bot.render.plans.differences import changes_text
from bot.render.plans.instructions import is_whole, plan_text
from bot.render.plans.message import closed_plan, plan_message
from bot.render.questions import Asked, closed_questions, questions_message
from bot.services import Desk
from memory.model.identity import ThreadRef
from planner.port import Question


async def post_questions(
    tx: Transaction, desk: Desk, card: QuestionsCard, thread: ThreadRef, *, edit: str = ""
) -> None:
    """Ask the round's questions, or with `edit` (a key) show in place what was answered."""
    fields = set(Question.model_fields)
    asked = tuple(
        Asked(
            id=stored.id,
            question=Question.model_validate(stored.model_dump(include=fields)),
            answer=stored.answer,
        )
        for stored in card.questions
    )
    if card.closed:
        out = closed_questions(asked)
    else:
        out = questions_message(desk.locale, asked, request=card.request.id)
    key, project = questions_key(card.request), card.request.project
    edited = f"{key}:{edit}" if edit else key
    await post(tx, desk, project, thread, edited, out, edits=key if edit else "")


async def post_new_plan(
    tx: Transaction, desk: Desk, result: PlanShown, *, remarks: Sequence[str] = ()
) -> None:
    """Show a plan that was made, in place of those that waited in its thread."""
    _ = desk.locale
    text = _("Replaced by plan `{plan}` below.").format(plan=result.shown.plan.short)
    for card in result.replaced:
        await close_plan(tx, desk, card, text, key=f"superseded:{card.plan.hash}")
    await post_plan(tx, desk, result.shown, remarks=remarks)
    await _attach_orders(tx, desk, result.shown)


async def post_plan(
    tx: Transaction, desk: Desk, card: PlanCard, *, edit: str = "", remarks: Sequence[str] = ()
) -> None:
    """Put down a plan that waits, or with `edit` (a key) draw it anew where it stands."""
    _, names = desk.locale, card.names
    out = plan_message(
        _,
        card.plan,
        needs=needs_words(_, card.needs),
        calls=_calls(card),
        picture=card.picture,
        remarks=remarks,
        names=names,
        changes=changes_text(_, card.before, card.plan, names) if card.before else "",
    )
    edits = card.message_key if edit else ""
    await _put(tx, desk, card, edit or card.message_key, out, edits=edits)


def _calls(card: PlanCard) -> str:
    """Mentions of those whose approval is needed, as whoever asked can't give it."""
    if card.thread is None or card.needs is None or card.needs.asker:
        return ""
    return mentions(card.thread, card.needs.keys)


async def close_plan(tx: Transaction, desk: Desk, card: PlanCard, text: str, *, key: str) -> None:
    """Turn the plan's message into one that decides nothing any more."""
    out = closed_plan(desk.locale, card.plan, text, picture=card.picture, names=card.names)
    await _put(tx, desk, card, key, out, edits=card.message_key)


async def _attach_orders(tx: Transaction, desk: Desk, card: PlanCard) -> None:
    """Put all that the agents are told under a plan whose message could not say it all.

    A message of its own: an edit of the plan's message would lose or repeat the file.
    """
    plan, _ = card.plan, desk.locale
    if is_whole(plan):
        return
    kind, name = "text/plain", f"plan-{plan.short}.txt"
    data = plan_text(_, plan, card.names).encode()
    digest = await keep_artifact(tx, desk, plan.project, data, kind)
    file = OutFile(name=name, digest=digest, media_type=kind, title=name)
    text = _("Plan `{plan}` in full, with every word the agents are given:").format(plan=plan.short)
    await _put(tx, desk, card, f"orders:{plan.hash}", say(text, files=(file,)))


async def _put(
    tx: Transaction, desk: Desk, card: PlanCard, key: str, out: Outgoing, *, edits: str = ""
) -> None:
    if card.thread is not None:
        await post(tx, desk, card.plan.project, card.thread, key, out, edits=edits)
