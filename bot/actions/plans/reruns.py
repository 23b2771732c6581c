"""Asking for a finished run to be planned again, from outside its thread."""

from bot.actions.act import Act, action
from bot.jobs import RerunJob, enqueue_job
from memory.model.authority import Right
from memory.model.base import Model, RunId
from memory.model.errors import Conflict
from memory.store.running import runs
from memory.store.traffic import threads


class AskRerun(Model):
    """From a task on (its number or title), or with a change in words, which then decides alone."""

    run: RunId
    task: str = ""
    change: str = ""


class RerunAsked(Model):
    """The plan will be shown in the run's thread."""

    run: RunId


@action("run.rerun")
async def ask_rerun(act: Act, given: AskRerun) -> RerunAsked:
    """Have the run planned again in its thread, to be approved there.

    Raises NotFound, NotAllowed, Conflict.
    """
    act.must(Right.ASK)
    stored = await runs.get(act.tx, act.project, given.run)
    thread = await threads.get(act.tx, stored.thread_key)
    if thread is None:
        raise Conflict("That run's thread is gone. Ask for the work again in chat.")
    job = RerunJob(
        project=act.project,
        thread=thread.ref,
        run=given.run,
        step=given.task,
        change=given.change,
        by=act.person,
    )
    await enqueue_job(act.tx, job, f"again:{given.run}:{act.actor.event}", at=act.now)
    await act.record("run.again_asked", on=given.run)
    return RerunAsked(run=given.run)
