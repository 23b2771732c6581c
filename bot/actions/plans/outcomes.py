"""What planning comes to, by the system itself: a plan is shown, questions are asked, or neither.

Each does nothing where the request was decided meanwhile; planning twice is harmless.
"""

from collections.abc import Sequence

from bot.actions.plans import shown
from bot.actions.plans.shown import PlanShown, ShowPlan
from bot.actions.questions import QuestionsCard, questions_card
from bot.services import Desk
from memory.model.base import sha256
from memory.model.work.question import StoredQuestion
from memory.model.work.request import RequestState, StoredRequest
from memory.store.engine.database import Connection
from memory.store.planning import questions, requests
from planner.port import Question


async def planned(
    tx: Connection, desk: Desk, request: StoredRequest, given: ShowPlan
) -> PlanShown | None:
    """Show the plan that was made of the request."""
    if not await finished(tx, desk, request, RequestState.PLANNED):
        return None
    return await shown.show(tx, desk, given)


async def asked(
    tx: Connection, desk: Desk, request: StoredRequest, found: Sequence[Question]
) -> QuestionsCard | None:
    """Ask the questions as the next round of the request's."""
    if not await finished(tx, desk, request, RequestState.ASKING):
        return None
    round_ = request.round + 1
    stored = tuple(
        StoredQuestion(
            id=f"q_{sha256(f'{request.id}:{round_}:{number}'.encode())[:16]}",
            request=request.id,
            round=round_,
            **question.model_dump(),
        )
        for number, question in enumerate(found)
    )
    await questions.ask(tx, request.project, stored, at=desk.clock.now())
    return await questions_card(tx, request.model_copy(update={"round": round_}))


async def finished(tx: Connection, desk: Desk, request: StoredRequest, state: RequestState) -> bool:
    """Planning the request came to this; False where it was decided meanwhile."""
    return await requests.move(
        tx,
        request.id,
        state,
        only_from=(RequestState.PLANNING,),
        at=desk.clock.now(),
        next_round=state is RequestState.ASKING,
    )
