"""Tasks of people: a question in the thread, and a row that waits for the answer."""

from executor.attempts.complete import end
from executor.attempts.settle import Ending
from executor.parts import Parts
from executor.runs import failure_decisions
from executor.runs.advance import row_of
from memory.model.base import ProjectId
from memory.model.events import PersonAsked
from memory.model.identity import Identity
from memory.model.text import text as say
from memory.model.work.graph import Const, Task
from memory.model.work.run import Succeeded, TaskState, Usage
from memory.model.work.value import Text
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.running import attempts, runs, waits
from memory.store.running.attempts import Attempt, AttemptState

NAME_CHARS, QUESTION_CHARS = 80, 500


async def ask(tx: Connection, parts: Parts, attempt: Attempt, task: Task) -> None:
    """Turn the attempt into an open question."""
    now = parts.clock.now()
    wait = WaitView(
        id=f"wait_{attempt.run}_{task.key}",
        project=attempt.project,
        run=attempt.run,
        task=task.key,
        thread_key=attempt.thread_key,
        name=_name(task),
        who=_who(task),
        question=_question(task),
        asked_at=now,
    )
    taken = await attempts.take(
        tx, attempt, "", reserved_micro_usd=0, holds=(), state=AttemptState.ASKING, at=now
    )
    if not taken:
        return  # another worker has asked just now
    await runs.set_task(tx, attempt.run, task.key, state=TaskState.ASKING, started_at=now)
    await waits.ask(tx, wait)
    await parts.tell(
        tx, attempt.project, PersonAsked(run=attempt.run, task=task.key, wait_id=wait.id)
    )


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


def _const(task: Task, name: str) -> object:
    given = task.inputs.get(name)
    return given.value if isinstance(given, Const) else None


def _who(task: Task) -> Identity | None:
    who = _const(task, "who")
    if isinstance(who, dict) and {"platform", "workspace", "user_id"} <= who.keys():
        return Identity.model_validate(who)
    return None


def _name(task: Task) -> str:
    who = _who(task)
    if who is not None:
        return who.display or who.user_id
    named = _const(task, "who")
    return named if isinstance(named, str) else say("somebody")


def _question(task: Task) -> str:
    text = _const(task, "question")
    return text if isinstance(text, str) and text.strip() else task.instruction or task.title
