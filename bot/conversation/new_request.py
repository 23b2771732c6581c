"""Words said to a plan that waits which are no change of it, but a request of their own."""

from bot.actions.chat_events import deciding
from bot.jobs import PlanJob, enqueue_job
from bot.services import Services
from memory.model.base import RequestId, sha256
from memory.model.job import Claimed
from memory.model.work.request import RequestState, StoredRequest
from memory.store.planning import requests
from memory.store.traffic import audit, threads
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


async def begin_anew(
    services: Services, event: Claimed, due: PlanJob, old: StoredRequest, words: str
) -> None:
    """Take the words up instead of the change; their plan replaces the one that waits."""
    now = services.clock.now()
    request = StoredRequest(
        id=RequestId(f"req_{sha256(f'{old.id}:anew'.encode())[:20]}"),
        project=old.project,
        thread_key=old.thread_key,
        author=due.by or old.author,
        text=words,
        people=old.people,
        attachments=old.attachments,
    )
    async with deciding(services, event) as tx:
        if not await requests.move(
            tx, old.id, RequestState.DROPPED, only_from=(RequestState.PLANNING,), at=now
        ):
            return
        await requests.create(tx, request, at=now)
        await threads.talk_about(tx, old.thread_key, request.id, at=now)
        await audit.record(
            tx, old.project, actor=request.author.key, action="request.asked", on=request.id, at=now
        )
        again = due.model_copy(update={"request": request.id, "round": 0})
        await enqueue_job(tx, again, f"plan:{request.id}:0", at=now)
