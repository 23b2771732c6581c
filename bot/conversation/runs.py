"""Runs in the chat: status, pause, resume, cancel, retry, answers to tasks, opinions."""

import re
from typing import Final

from bot.actions import runs
from bot.actions.act import Action
from bot.actions.runs import AnswerTask, RateRun, RunSteered, SteerRun
from bot.chat import Section, say
from bot.conversation.context import Context
from bot.conversation.plans import approvals, rerun
from bot.conversation.plans.ask import drop_request
from bot.conversation.plans.messages import called
from bot.language.intents import Feedback, PersonAnswered, Refuse, Rerun, Steer
from bot.message_keys import need_key
from bot.queries import agents
from bot.render.agents import agents_message
from bot.render.runs import rated
from bot.render.runs import status as status_message
from memory.model.authority import CONSOLE
from memory.model.base import name_key
from memory.model.errors import Conflict
from memory.model.work.run import RunState, RunView

_STEER: Final[dict[str, Action[SteerRun, RunSteered]]] = {
    "pause": runs.pause,
    "resume": runs.resume,
    "cancel": runs.cancel,
    "retry": runs.retry,
}
RUNS_NAMED: Final = 20
_NOTHING_DONE: Final = {
    "retry": "Nothing failed in that run, so there's nothing to try again.",
    "cancel": "That run is already over.",
    "pause": "That run isn't running, so there's nothing to pause.",
    "resume": "That run isn't paused.",
}


async def show_status(context: Context) -> None:
    """What runs, what waits, what was the last result."""
    executor = context.services.executor
    async with context.asking() as asking:
        asking.must_see()
    views = await executor.runs(context.project, thread_key=context.thread.key, limit=5)
    if not views:
        views = await executor.runs(context.project, running_only=True, limit=10)
    waiting = _waiting(context)
    if not views and waiting:
        await context.just_reply(waiting)
        return
    out = status_message(context.services.locale, views, now=context.services.clock.now())
    if waiting:
        out = out.model_copy(update={"sections": (*out.sections, Section(text=waiting))})
    await context.just_reply(out)


async def show_agents(context: Context) -> None:
    """Who can work here, who is paused by its breaker, what they did lately in this project."""
    async with context.asking() as asking:
        rows = await agents.agents_lately(asking)
    catalogue = context.services.executor.catalogue()
    await context.just_reply(
        agents_message(
            context.services.locale,
            catalogue,
            rows,
            now=context.services.clock.now(),
            days=agents.DAYS,
        )
    )


async def steer(context: Context, command: Steer) -> None:
    """Cancel, pause, resume or retry. The thread hears of it through the run's own events."""
    if command.named or command.number:
        view = await _run_named(context, command)
        if view is None:
            return
    else:
        view = await _run_meant(context, command)
    if view is None:
        await _dropped(context)
        return
    if command.what == "retry" and view.state in {RunState.SUCCEEDED, RunState.CANCELLED}:
        await rerun.rerun(context, Rerun(run=view.id))
        return
    await context.services.executor.ready()
    async with context.acting() as act:
        given = SteerRun(run=view.id, reason=f"by {called(context.person)}")
        result = await _STEER[command.what](act, given)
        if not result.done:
            await context.reply(act.tx, _NOTHING_DONE[command.what])


async def answer_task(context: Context, command: PersonAnswered) -> None:
    """Hand a person's answer to the task that waits for it."""
    await context.services.executor.ready()
    async with context.acting() as act:
        given = AnswerTask(thread_key=context.thread.key, wait=command.wait, text=command.text)
        await runs.answer_task(act, given)
        await context.reply(act.tx, "Thank you; the run goes on.")


async def rate(context: Context, command: Feedback) -> None:
    """Keep the person's opinion of a result."""
    async with context.acting() as act:
        given = RateRun(run=command.run, value=command.value, why=command.why)
        result = await runs.rate(act, given)
        silent = context.incoming.kind == "reaction" and context.person.platform != CONSOLE
        if given.why:
            await context.reply(act.tx, say(context.locale("Thanks, I keep that with the result.")))
        elif result.changed and result.value and not silent:
            await context.reply(act.tx, rated(context.locale, result.run, result.value))


async def _run_meant(context: Context, command: Steer) -> RunView | None:
    """The run that is meant; None where it's what is asked about or waits, and hasn't begun."""
    executor = context.services.executor
    if command.run:
        return await executor.view(context.project, command.run)
    running_only = command.what != "retry"
    views = await executor.runs(
        context.project, thread_key=context.thread.key, running_only=running_only
    )
    if command.plan:
        views = tuple(view for view in views if view.plan_hash == command.plan)
    wanted = {"pause": RunState.RUNNING, "resume": RunState.PAUSED}.get(command.what)
    found = next((view for view in views if wanted in {None, view.state}), None)
    if found is not None or _has_not_begun(command, context):
        return found
    raise _nothing_to(command)


def _has_not_begun(command: Steer, context: Context) -> bool:
    """Whether what is to be cancelled has open questions, or is a plan that waits."""
    waits = bool(context.state.questions or context.state.plan)
    return command.what == "cancel" and not command.plan and waits


async def _dropped(context: Context) -> None:
    """Drop what is asked about, or the plan that waits."""
    if context.state.questions:
        await drop_request(context, context.state.request)
    else:
        await approvals.refuse(context, Refuse(plan=context.state.plan, via="words"))


def _nothing_to(command: Steer) -> Conflict:
    """Why no run of the thread can be meant."""
    if command.what == "resume":
        return Conflict("Nothing is paused in this thread.")
    return Conflict("Nothing is running in this thread.")


async def _run_named(context: Context, command: Steer) -> RunView | None:
    """The project's run under way whose title has the words. Where it isn't just one, they are
    shown with their buttons, and None comes back: runs have no numbers.
    """
    running_only = command.what != "retry"
    views = await context.services.executor.runs(
        context.project, running_only=running_only, limit=RUNS_NAMED
    )
    words = set(name_key(command.named).split())
    fits = [
        view for view in views if words and words <= set(re.findall(r"\w+", name_key(view.title)))
    ]
    if len(fits) == 1:
        return fits[0]
    if not views:
        raise Conflict("Nothing is running in this project.")
    _ = context.locale
    out = status_message(_, fits or views, now=context.services.clock.now())
    if command.number and not fits:
        text = _(
            "Runs have no numbers. Press the button of the one you mean; for a schedule, say `{example}`."
        )
        verb = {"cancel": "delete"}.get(command.what, command.what)
        head = text.format(example=f"{verb} schedule {command.number}")
    else:
        head = _("Which run do you mean? Press its button.")
    async with context.deciding() as tx:
        key = need_key(f"run.{command.what}", context.event.event_id)
        asked = out.model_copy(update={"sections": (Section(text=head), *out.sections)})
        await context.post(tx, key, asked)
    return None


def _waiting(context: Context) -> str:
    if context.state.planning:
        return "I'm working on the plan."
    if context.state.questions:
        return "I'm waiting for your answers; say `run` to take the defaults."
    if context.state.plan:
        short = context.state.plan[:8]
        return f"Plan `{short}` is waiting for approval; say `run`, or react with ✅ on it."
    return ""
