"""Doing a finished run again: all of it, from a step on, or with a change."""

import asyncio

from bot.chat import Incoming
from bot.conversation import ask
from bot.conversation.context import Turn
from bot.conversation.jobs import AgainDue
from bot.conversation.planning import drawn, going_on, put_down
from bot.conversation.services import Services
from bot.language.commands import Talk
from bot.language.intents import Rerun
from bot.render.words import code, listed, outside
from memory.model.authority import About, Action
from memory.model.base import RunId, TaskKey, name_key
from memory.model.errors import Conflict
from memory.model.identity import Role
from memory.model.work.graph import TaskGraph
from memory.model.work.run import RunState, RunView, TaskState
from memory.store.planning import plans, requests
from memory.store.traffic.jobs import Claimed
from planner.revising import reuse

NO_RUN = RunId("")
NOTHING = "Nothing was run in this thread yet; say what you want done."


async def rerun(turn: Turn, command: Rerun) -> None:
    """Show the finished run's plan as a new one; what it need not do again is kept.

    What it changes is changed again, so it needs a new approval.
    """
    turn.must(Action.ASK)
    view = await _meant(turn, command)
    async with turn.services.database.reading() as connection:
        old = (await plans.load(connection, turn.project, view.plan_hash)).plan
    done = [task.key for task in view.tasks if task.state is TaskState.SUCCEEDED]
    if command.where:
        keeps = reuse.kept(old.graph, done, [_step(old.graph, command.where)])
    else:
        keeps = reuse.kept(old.graph, done, []) if view.state is RunState.FAILED else ()
    plan = await going_on(turn.services, old, view.id, keeps)
    data = await asyncio.to_thread(drawn, plan)
    async with turn.deciding() as tx:
        await put_down(tx, turn.services, turn.thread, plan, data)


async def fork(turn: Turn, text: str, run: RunId = NO_RUN) -> None:
    """Plan the finished run's request with a change; the thread's last one where none is named."""
    view = await _meant(turn, Rerun(run=run))
    await ask.fork(turn, view.plan_hash, text)


async def again_due(services: Services, event: Claimed, due: AgainDue) -> None:
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
    turn = Turn(services, event, said, due.project, due.thread, Role.OWNER, Talk())
    if due.change:
        await fork(turn, due.change, due.run)
    else:
        await rerun(turn, Rerun(where=due.step, run=due.run))


async def roll_back(turn: Turn) -> None:
    """Put back the files that the last run changed, where git has kept them."""
    view = await _meant(turn, Rerun())
    async with turn.services.database.reading() as connection:
        plan = (await plans.load(connection, turn.project, view.plan_hash)).plan
        requester = (await requests.load(connection, plan.request)).author.key
    turn.must(Action.CHANGE, About(requester=requester, alone=turn.alone))
    paths = await turn.services.executor.roll_back(turn.project, view.id, by=turn.person.key)
    done = f"Put back as before: {listed(code(path) for path in paths)}."
    await turn.just_reply(done if paths else "That run changed no file, so nothing was put back.")


async def _meant(turn: Turn, command: Rerun) -> RunView:
    executor = turn.services.executor
    if command.run:
        view = await executor.view(turn.project, command.run)
    else:
        views = await executor.runs(turn.project, thread_key=turn.thread.key)
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
        f"{number} {outside(task.title, 60)}" for number, task in enumerate(graph.tasks, 1)
    )
    what = "That names more than one step" if found else "There is no such step"
    raise Conflict(f"{what}; say its number: {steps}.")
