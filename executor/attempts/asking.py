"""Tasks of people: a question in the thread, and a row that waits for the answer."""

from executor.parts import Parts
from memory.model.events import PersonAsked
from memory.model.identity import Identity
from memory.model.text import text as say
from memory.model.work.graph import Const, Task
from memory.model.work.run import TaskState
from memory.model.work.wait import WaitView
from memory.store.engine.database import Connection
from memory.store.running import attempts, runs, waits
from memory.store.running.attempts import Attempt, AttemptState


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
