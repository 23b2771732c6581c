"""The thread before a request: what was asked, the newest plan and what came out of it."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.services import Desk
from memory.model.base import PlanHash, ProjectId
from memory.model.errors import NotFound
from memory.model.work.approval import PlanState
from memory.model.work.conversation import HEAD_CHARS, HEAD_ROWS, TURNS, Conversation, Head, Stage
from memory.model.work.request import RequestState, StoredRequest
from memory.model.work.run import RunState, TaskView
from memory.model.work.value import Table, Text
from memory.store.planning import plans, questions, requests
from memory.store.running import runs

_RUNS: Final[dict[RunState, Stage]] = {
    RunState.RUNNING: "running",
    RunState.PAUSED: "running",
    RunState.SUCCEEDED: "done",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "dropped",
}


async def conversation_of(desk: Desk, request: StoredRequest) -> Conversation | None:
    """What came before the request in its thread; None where it is the first."""
    async with desk.database.reading() as connection:
        newest = await requests.of_thread(connection, request.thread_key, limit=TURNS + 1)
        earlier = _before(request, newest)
        if not earlier:
            return None
        asked = await questions.of_request(connection, earlier[0].id)
        found = await plans.newest(connection, request.project, request.thread_key)
    waiting = earlier[0].state is RequestState.ASKING
    said = Conversation(
        asked=tuple(before.text for before in reversed(earlier)),
        questions=tuple(question.text for question in asked if waiting and question.open),
    )
    return said if found is None else await _with_plan(desk, said, request.project, found)


def _before(request: StoredRequest, newest: Sequence[StoredRequest]) -> list[StoredRequest]:
    others = (before for before in newest if before.id != request.id)
    return [before for before in others if before.project == request.project][:TURNS]


async def _with_plan(
    desk: Desk, said: Conversation, project: ProjectId, newest: PlanHash
) -> Conversation:
    """The conversation with its newest plan, and what came out of it."""
    async with desk.database.reading() as connection:
        try:
            stored = await plans.load(connection, project, newest)
        except NotFound:
            return said
        run = await runs.newest_of(connection, project, newest)
    update: dict[str, object] = {
        "plan": stored.plan,
        "stage": _stage(stored.state, run.state if run else None),
    }
    if run is not None:
        view = await desk.executor.view(project, run.id)
        update["results"] = tuple(head for task in view.tasks for head in _heads(task))
    return said.model_copy(update=update)


def _stage(plan: PlanState, run: RunState | None) -> Stage:
    if run is not None:
        return _RUNS[run]
    return "waiting" if plan in {PlanState.WAITING, PlanState.APPROVED} else "dropped"


def _heads(task: TaskView) -> Iterator[Head]:
    match task.value:
        case Table(columns=columns, rows=rows, total_rows=total):
            yield Head(title=task.title, columns=columns, rows=rows[:HEAD_ROWS], total_rows=total)
        case Text(text=text):
            yield Head(title=task.title, text=text[:HEAD_CHARS])
        case _:
            return
