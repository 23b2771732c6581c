"""Doing a finished run again: all of it, from a step on, or with a change."""

import asyncio

from bot.chat import Incoming
from bot.conversation import ask
from bot.conversation.context import Context
from bot.conversation.planning import drawn, going_on, put_down
from bot.jobs import RerunJob
from bot.language.catalogue import ENGLISH
from bot.language.intents import Rerun
from bot.language.state import ConversationState
from bot.render.words import code, listed, untrusted
from bot.services import Services
from memory.model.authority import About, Right
from memory.model.base import RunId, TaskKey, name_key
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.model.job import Claimed
from memory.model.work.graph import TaskGraph
from memory.model.work.run import RunState, RunView, TaskState
from memory.store.planning import plans, requests
from planner.revising import reuse

NO_RUN = RunId("")
NOTHING = "Nothing was run in this thread yet; say what you want done."


async def rerun(context: Context, command: Rerun) -> None:
    """Show the finished run's plan as a new one; what it need not do again is kept.

    What it changes is changed again, so it needs a new approval.
    """
    context.must(Right.ASK)
    view = await _meant(context, command)
    async with context.services.database.reading() as connection:
        old = (await plans.load(connection, context.project, view.plan_hash)).plan
    done = [task.key for task in view.tasks if task.state is TaskState.SUCCEEDED]
    if command.where:
        keeps = reuse.kept(old.graph, done, [_step(old.graph, command.where)])
    else:
        keeps = reuse.kept(old.graph, done, []) if view.state is RunState.FAILED else ()
    plan = await going_on(context.services, old, view.id, keeps)
    data = await asyncio.to_thread(drawn, plan)
    async with context.deciding() as tx:
        await put_down(tx, context.services, context.thread, plan, data)


async def fork(context: Context, text: str, run: RunId = NO_RUN) -> None:
    """Plan the finished run's request with a change; the thread's last one where none is named."""
    view = await _meant(context, Rerun(run=run))
    await ask.fork(context, view.plan_hash, text)


async def rerun_job(services: Services, event: Claimed, due: RerunJob) -> None:
    """Do what whoever runs this machine asked for at its command line."""
    words = f"rerun from {due.step}" if due.step else due.change or "rerun"
    said = Incoming(
        event_id=event.event_id,
        kind="command",
        thread=due.thread,
        author=due.by,
        text=words,
        at=services.clock.now(),
    )
    context = Context(
        services, event, said, due.project, due.thread, Role.OWNER, ConversationState()
    )
    if due.change:
        await fork(context, due.change, due.run)
    else:
        await rerun(context, Rerun(where=due.step, run=due.run))


async def roll_back(context: Context) -> None:
    """Put back the files that the last run changed, where git has kept them."""
    view = await _meant(context, Rerun())
    async with context.services.database.reading() as connection:
        plan = (await plans.load(connection, context.project, view.plan_hash)).plan
        requester = (await requests.load(connection, plan.request)).author.key
    context.must(Right.CHANGE, About(requester=requester, alone=context.alone))
    paths = await context.services.executor.roll_back(
        context.project, view.id, by=context.person.key
    )
    done = f"Put back as before: {listed(context.services.locale, (code(path) for path in paths))}."
    await context.just_reply(
        done if paths else "That run changed no file, so nothing was put back."
    )


async def _meant(context: Context, command: Rerun) -> RunView:
    executor = context.services.executor
    if command.run:
        view = await executor.view(context.project, command.run)
    else:
        views = await executor.runs(context.project, thread_key=context.thread.key)
        found = next((one for one in views if not one.simulated), None)
        if found is None:
            raise Conflict(NOTHING)
        view = found
    if view.simulated:
        raise Conflict("A dry run does nothing, so there is nothing to do again.")
    if not view.state.over:
        raise Conflict("That run is still under way; say `cancel` first, or wait for its end.")
    return view


def _step(graph: TaskGraph, where: str) -> TaskKey:
    """The task that is meant, by number or by words of its title. Raises Conflict."""
    if where.isdecimal() and 0 < int(where) <= len(graph.tasks):
        return graph.tasks[int(where) - 1].key
    wanted = name_key(where)
    exact = [task for task in graph.tasks if wanted in {name_key(task.key), name_key(task.title)}]
    found = exact or [task for task in graph.tasks if wanted in name_key(task.title)]
    if len(found) == 1:
        return found[0].key
    steps = listed(
        ENGLISH,
        (f"{number} {untrusted(task.title, 60)}" for number, task in enumerate(graph.tasks, 1)),
    )
    what = "That names more than one step" if found else "There is no such step"
    raise Conflict("{what}; say its number: {steps}.", what=what, steps=steps)
