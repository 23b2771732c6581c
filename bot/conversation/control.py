"""Steering what runs: status, cancel, pause, resume, the kill switch, help."""

from datetime import timedelta

from bot.chat import Section, say
from bot.conversation import messages, rerun
from bot.conversation.context import Context, deciding
from bot.jobs import SteerJob, enqueue_job
from bot.language.intents import (
    ReleaseAll,
    Rerun,
    Steer,
    StopAll,
)
from bot.render.agents import agents_message
from bot.render.help import help_message
from bot.render.runs import status as status_message
from bot.services import Services
from memory.model.authority import About, Action
from memory.model.crash import crashpoint, declare
from memory.model.errors import Conflict
from memory.model.job import Claimed
from memory.model.work.run import RunState, RunView
from memory.store.engine.database import Connection
from memory.store.planning import plans, requests
from memory.store.running import overview
from memory.store.traffic import audit, outbox

declare("after_steer")

AGENTS_DAYS = 7

_DONE = {
    "retry": "Nothing failed in that run, so there is nothing to try again.",
    "cancel": "That run is over already.",
    "pause": "That run is not running, so there is nothing to pause.",
    "resume": "That run is not paused.",
}


async def show_status(context: Context) -> None:
    """What runs, what waits, what was the last result."""
    context.must(Action.SEE)
    executor = context.services.executor
    views = await executor.runs(context.project, thread_key=context.thread.key, limit=5)
    if not views:
        views = await executor.runs(context.project, running_only=True, limit=10)
    if not views and (where := _where(context)):
        await context.just_reply(where)
        return
    out = status_message(context.services.locale, views, now=context.services.clock.now())
    if where := _where(context):
        out = out.model_copy(update={"sections": (*out.sections, Section(text=where))})
    await context.just_reply(out)


async def show_agents(context: Context) -> None:
    """Who can work here, who is left alone, what they did lately in this project."""
    context.must(Action.SEE)
    now = context.services.clock.now()
    async with context.services.database.reading() as connection:
        since = now - timedelta(days=AGENTS_DAYS)
        rows = await overview.agent_rows(connection, project=context.project, since=since)
    catalogue = context.services.executor.catalogue()
    await context.just_reply(
        agents_message(context.services.locale, catalogue, rows, now=now, days=AGENTS_DAYS)
    )


async def steer(context: Context, command: Steer) -> None:
    """Cancel, pause, resume or retry. The thread hears of it through the run's own news."""
    view = await _run_meant(context, command)
    if command.what == "retry" and view.state in {RunState.SUCCEEDED, RunState.CANCELLED}:
        await rerun.rerun(context, Rerun(run=view.id))
        return
    action = Action.CHANGE if command.what in {"cancel", "retry"} else Action.STEER
    context.must(action, About(requester=await _requester(context, view), alone=context.alone))
    due = SteerJob(
        project=view.project,
        thread=context.thread,
        run=view.id,
        what=command.what,
        by=context.person,
    )
    async with context.deciding() as tx:
        key = f"{command.what}:{view.id}:{context.event.event_id}"
        await enqueue_job(tx, due, key, at=context.services.clock.now())


async def steer_job(services: Services, event: Claimed, due: SteerJob) -> None:
    """Do it; doing it twice is harmless."""
    done = await _steered(services, due)
    crashpoint("after_steer")
    async with deciding(services, event) as tx:
        now = services.clock.now()
        if done or event.attempts > 1:  # it was done by somebody who died before saying so
            await audit.record(
                tx, due.project, actor=due.by.key, action=f"run.{due.what}", on=due.run, at=now
            )
            return
        await outbox.put(
            tx,
            f"re:{event.event_id}",
            project=due.project,
            thread=due.thread,
            body=say(_DONE[due.what]).model_dump(mode="json"),
            at=now,
        )


async def stop_all(context: Context, command: StopAll) -> None:
    """The kill switch: nothing more is begun until it is released."""
    context.must(Action.STOP_ALL)
    who = messages.called(context.person)
    scope = _scope(context, everywhere=command.everywhere)
    await context.services.executor.stop_all(
        scope, by=context.person.key, reason=f"stopped by {who}"
    )
    where = "Everything is" if command.everywhere else "This project is"
    rerun = "resume all" if command.everywhere else "resume project"
    async with context.deciding() as tx:
        await _audited(tx, context, "switch.set", scope)
        await context.reply(
            tx, f"{where} stopped; nothing new begins. An approver or owner can say `{rerun}`."
        )


async def release_all(context: Context, command: ReleaseAll) -> None:
    """Take the kill switch back."""
    context.must(Action.RELEASE_ALL)
    scope = _scope(context, everywhere=command.everywhere)
    done = await context.services.executor.release(scope, by=context.person.key)
    async with context.deciding() as tx:
        await _audited(tx, context, "switch.released", scope)
        text = (
            "Released; work goes on."
            if done or context.event.attempts > 1
            else "Nothing was stopped."
        )
        await context.reply(tx, text)


async def show_help(context: Context) -> None:
    """What can be said."""
    await context.just_reply(
        help_message(context.services.locale, offline=context.services.offline)
    )


async def _run_meant(context: Context, command: Steer) -> RunView:
    executor = context.services.executor
    if command.run:
        return await executor.view(context.project, command.run)
    any_state = command.what == "retry"
    views = await executor.runs(
        context.project, thread_key=context.thread.key, running_only=not any_state
    )
    if command.plan:
        views = tuple(view for view in views if view.plan_hash == command.plan)
    wanted = {"pause": RunState.RUNNING, "resume": RunState.PAUSED}.get(command.what)
    meant = next((view for view in views if wanted in {None, view.state}), None)
    if meant is not None:
        return meant
    if command.what == "cancel" and context.state.plan:
        raise Conflict("Nothing runs here yet; say `drop` to drop the plan.")
    what = "paused" if command.what == "resume" else "running"
    raise Conflict("Nothing is {what} in this thread.", what=what)


async def _steered(services: Services, due: SteerJob) -> bool:
    executor, by = services.executor, due.by.key
    match due.what:
        case "cancel":
            return await executor.cancel(due.project, due.run, by=by)
        case "pause":
            reason = f"by {messages.called(due.by)}"
            return await executor.pause(due.project, due.run, by=by, reason=reason)
        case "resume":
            return await executor.resume(due.project, due.run, by=by)
        case "retry":
            return await executor.retry(due.project, due.run, by=by)


async def _requester(context: Context, view: RunView) -> str:
    async with context.services.database.reading() as connection:
        stored = await plans.load(connection, view.project, view.plan_hash)
        return (await requests.load(connection, stored.plan.request)).author.key


def _where(context: Context) -> str:
    if context.state.planning:
        return "I am making the plan."
    if context.state.questions:
        return "I wait for your answers; say `run` to take the defaults."
    if context.state.plan:
        return (
            f"Plan `{context.state.plan[:8]}` waits to be approved; say `run`, or press ✅ on it."
        )
    return ""


def _scope(context: Context, *, everywhere: bool) -> str:
    return "all" if everywhere else f"project:{context.project}"


async def _audited(tx: Connection, context: Context, action: str, scope: str) -> None:
    now = context.services.clock.now()
    await audit.record(
        tx, context.project, actor=context.person.key, action=action, on=scope, at=now
    )
