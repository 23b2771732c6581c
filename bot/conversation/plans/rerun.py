"""Doing a finished run again: all of it, from a task on, or with a change; and undoing it."""

import asyncio

from bot.actions import runs
from bot.actions.act import Actor, Door
from bot.actions.plans import shown
from bot.actions.plans.shown import ShowPlan
from bot.actions.runs import SteerRun
from bot.chat import Incoming
from bot.conversation.context import Context
from bot.conversation.plans import ask
from bot.conversation.plans.messages import post_new_plan
from bot.conversation.plans.planning import drawn, going_on
from bot.jobs import RerunJob
from bot.language.catalogue import ENGLISH
from bot.language.intents import Rerun
from bot.language.state import ConversationState
from bot.language.words import code, listed, untrusted
from bot.queries.plans.cards import stored_plan
from bot.services import Services
from memory.model.base import RunId, TaskKey, name_key
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.model.job import Claimed
from memory.model.work.graph import Task, TaskGraph
from memory.model.work.run import RunState, RunView, TaskState
from planner.revising import reuse

NO_RUN = RunId("")


async def rerun(context: Context, command: Rerun) -> None:
    """Show the finished run's plan as a new one; what it need not do again is kept.

    What it changes is changed again, so it needs a new approval.
    """
    view = await _finished(context, command.run)
    async with context.asking() as asking:
        old = (await stored_plan(asking, view.plan_hash)).plan
    done = [task.key for task in view.tasks if task.state is TaskState.SUCCEEDED]
    keeps: tuple[TaskKey, ...] = ()
    if command.where:
        keeps = reuse.kept(old.graph, done, [_task(old.graph, command.where)])
    elif view.state is RunState.FAILED:
        keeps = reuse.kept(old.graph, done, [])
    plan = await going_on(context.services, old, view.id, keeps)
    picture = await asyncio.to_thread(drawn, plan)
    async with context.acting() as act:
        given = ShowPlan(plan=plan, thread=context.thread, picture=picture, of=old.hash)
        await post_new_plan(act.tx, act.desk, await shown.rerun(act, given))


async def fork(context: Context, text: str, run: RunId = NO_RUN) -> None:
    """Plan the finished run's request with a change; the thread's last one where none is named."""
    view = await _finished(context, run)
    await ask.fork(context, view.plan_hash, text)


async def rerun_job(services: Services, event: Claimed, job: RerunJob) -> None:
    """Do what whoever runs this machine asked for at its command line."""
    words = f"rerun from {job.step}" if job.step else job.change or "rerun"
    said = Incoming(
        event_id=event.event_id,
        kind="command",
        thread=job.thread,
        author=job.by,
        text=words,
        at=services.clock.now(),
    )
    state = ConversationState()
    context = Context(services, event, said, job.project, job.thread, Role.OWNER, state)
    if job.change:
        await fork(context, job.change, job.run)
    else:
        await rerun(context, Rerun(where=job.step, run=job.run))


async def roll_back(context: Context) -> None:
    """Put back the files that the last run changed, where git has kept them."""
    _, view = context.locale, await _finished(context, NO_RUN)
    actor = Actor(identity=context.person, door=Door.CHAT, event=context.event.event_id)
    result = await runs.undo(context.services, actor, context.project, SteerRun(run=view.id))
    if not result.paths:
        await context.just_reply(_("That run didn't change any files, so there's nothing to undo."))
        return
    paths = listed(_, (code(path) for path in result.paths))
    await context.just_reply(_("Put back as before: {paths}.").format(paths=paths))


async def _finished(context: Context, run: RunId) -> RunView:
    """The run with this id, else the thread's last one. Raises Conflict while it is under way."""
    executor = context.services.executor
    if run:
        view = await executor.view(context.project, run)
    else:
        views = await executor.runs(context.project, thread_key=context.thread.key)
        real = next((view for view in views if not view.simulated), None)
        if real is None:
            raise Conflict("Nothing has run in this thread yet; say what you want done.")
        view = real
    if view.simulated:
        raise Conflict("A dry run does nothing, so there's nothing to do again.")
    if not view.state.over:
        raise Conflict("That run is still going; say `cancel` first, or wait until it ends.")
    return view


def _task(graph: TaskGraph, where: str) -> TaskKey:
    """The task that is meant, by number or by words of its title. Raises Conflict."""
    tasks = dict(enumerate(graph.tasks, 1))
    if where.isdecimal() and int(where) in tasks:
        return tasks[int(where)].key
    named = _named(graph, name_key(where))
    if len(named) == 1:
        return named[0].key
    titles = listed(ENGLISH, (f"{n} {untrusted(task.title, 60)}" for n, task in tasks.items()))
    if named:
        raise Conflict("More than one task is called that; say its number: {tasks}.", tasks=titles)
    raise Conflict("There's no such task; say its number: {tasks}.", tasks=titles)


def _named(graph: TaskGraph, words: str) -> list[Task]:
    """Tasks called so, or else those whose titles have the words in them."""
    exact = [task for task in graph.tasks if words in {name_key(task.key), name_key(task.title)}]
    return exact or [task for task in graph.tasks if words in name_key(task.title)]
