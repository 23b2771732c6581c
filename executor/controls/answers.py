"""A person's answer to a task that asked for it."""

from executor.attempts.complete import end
from executor.attempts.settle import Ending
from executor.controls import failure_decisions
from executor.parts import Parts
from executor.runs.advance import row_of
from memory.model.base import ProjectId
from memory.model.identity import Identity
from memory.model.work.run import Succeeded, Usage
from memory.model.work.value import Text
from memory.store.engine.database import Connection
from memory.store.running import attempts, runs, waits
from memory.store.running.attempts import AttemptState

NAME_CHARS, QUESTION_CHARS = 80, 500


async def answer(
    tx: Connection, parts: Parts, project: ProjectId, wait: str, text: str, *, by: Identity
) -> bool:
    """Take the answer and let the run go on; False when nobody waits for it any more.

    The same answer twice is one answer: whoever hands it over may die before it knows.
    """
    now = parts.clock.now()
    if failure_decisions.is_decision(wait):
        return await failure_decisions.answer(tx, parts, project, wait, text, by=by)
    asked = await waits.answer(tx, project, wait, text, by=by.key, at=now)
    if asked is None:
        return await waits.took(tx, project, wait, text, by=by.key)
    run = await runs.lock(tx, project, asked.run)
    plan = await parts.plans.get(tx, project, run.plan)
    task = plan.graph.task(asked.task)
    row = await row_of(tx, run.id, task.key)
    attempt = await attempts.look(tx, row.open_attempt)
    assert attempt is not None
    await parts.record(tx, project, "task.answered", attempt.id, by=by.key)
    name = by.display or by.user_id or asked.name
    value = Text(text=text, by=name[:NAME_CHARS], asked=asked.question[:QUESTION_CHARS])
    ending = Ending(attempt, plan, task, Succeeded(value=value, usage=Usage()), breaker=None)
    return await end(tx, parts, run, ending, only_from=AttemptState.ASKING)
