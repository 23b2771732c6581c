"""Words said to a plan that waits which are no change of it, but a request of their own."""

from bot.services import Services
from memory.model.work.request import StoredRequest
from planner.offline.edits import alone, begins_work
from planner.port import Declined, PlanRequest


def last_words(text: str) -> str:
    """What was said last; a blank line parts what was said at different times."""
    return text.strip().rpartition("\n\n")[2]


async def stands_alone(services: Services, request: StoredRequest, asked: PlanRequest) -> bool:
    """Whether what was declined as a change can be planned by itself."""
    if asked.base is None or request.what_if or request.spoken:
        return False
    other = alone(asked)
    return begins_work(other.text) and not isinstance(await services.planner.plan(other), Declined)
