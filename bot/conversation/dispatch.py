"""From a stored event to its use case: where does the talk stand, what is meant, who does it."""

import asyncio
from dataclasses import dataclass
from typing import assert_never

from bot.actions import places
from bot.actions.chat_events import deciding
from bot.chat import Incoming
from bot.conversation import (
    approvals,
    ask,
    budgets,
    people,
    preferences,
    rerun,
    schedules,
    switch,
    templates,
)
from bot.conversation import (
    runs as run_talk,
)
from bot.conversation.context import Context
from bot.conversation.messages import questions_key
from bot.language import commands, intents
from bot.language.commands import ConversationState
from bot.language.intents import Command
from bot.render.errors import error_message
from bot.services import Services
from memory.model.base import PlanHash, ProjectId, RequestId, RunId
from memory.model.errors import OrchestraError
from memory.model.identity import ThreadRef
from memory.model.job import Claimed
from memory.model.outgoing import Sent
from memory.model.work.approval import PlanState
from memory.model.work.request import RequestState
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.planning import plans, questions, requests
from memory.store.running import runs
from memory.store.traffic import outbox, threads

RESULT = "done:"
"""Keys of messages that show a run's result begin so."""

SEND_WAIT_S = 10.0


@dataclass(frozen=True)
class _Where:
    """The thread and project an event is about; `project` None in a place never talked in."""

    thread: ThreadRef
    project: ProjectId | None
    shown: PlanHash
    result: RunId
    key: str = ""
    """Of the message reacted to or pressed."""


async def hear(services: Services, event: Claimed, incoming: Incoming) -> None:
    """Understand what a person did and do it."""
    where = await _where(services, incoming)
    state = await _talk(services, incoming, where)
    command = commands.parse(incoming, state)
    if isinstance(command, intents.Ignore):
        async with deciding(services, event):
            return
    context = await _turn(services, event, incoming, where.thread, state)
    try:
        await _do(context, command)
    except OrchestraError as error:
        if error.retryable:
            raise
        await context.just_reply(error_message(services.locale, error))


async def _where(services: Services, incoming: Incoming) -> _Where:
    sent = await _message_of(services, incoming)
    async with services.database.reading() as connection:
        if sent is None:
            project = await places.known(connection, services.settings, incoming.thread)
            return _Where(incoming.thread, project, PlanHash(""), RunId(""))
        found = await plans.by_message(connection, sent.key)
    shown = found[1] if found else PlanHash("")
    run = sent.key.removeprefix(RESULT) if sent.key.startswith(RESULT) else ""
    run = run.partition("#")[0]
    return _Where(sent.thread, sent.project, shown, RunId(run), sent.key)


async def _message_of(services: Services, incoming: Incoming) -> Sent | None:
    """The bot's message that was pressed or reacted to, waiting for a send that is under way."""
    if incoming.kind not in {"reaction", "button"} or not incoming.message:
        return None
    try:
        async with asyncio.timeout(SEND_WAIT_S):
            while True:
                async with services.database.reading() as connection:
                    busy = await outbox.under_way(connection, incoming.thread)
                    sent = await outbox.by_message(connection, incoming.thread, incoming.message)
                if sent is not None or not busy:
                    return sent
                await asyncio.sleep(0.02)
    except TimeoutError:
        return None


async def _talk(services: Services, incoming: Incoming, where: _Where) -> ConversationState:
    async with services.database.reading() as connection:
        stored = await threads.get(connection, where.thread.key)
        state = ConversationState(shown=where.shown, result=where.result)
        if stored is None:
            return state
        state = state.model_copy(
            update={
                "known": True,
                "mine": stored.opened_by == incoming.author.key,
                "plan": await _plan(connection, where.thread, PlanState.WAITING),
                "last_plan": await _plan(connection, where.thread),
                "failed": await _failed(connection, where),
                "request": stored.request,
                **await _asked(connection, stored.request, where.key),
            }
        )
    return state.model_copy(update={"waits": await _waits(services, incoming, where.thread)})


async def _plan(connection: Connection, thread: ThreadRef, *states: PlanState) -> PlanHash:
    found = await plans.newest(connection, thread.key, *states)
    return found[1] if found else PlanHash("")


async def _failed(connection: Connection, where: _Where) -> RunId:
    if where.project is None:
        return RunId("")
    newest = await runs.of_project(connection, where.project, thread_key=where.thread.key, limit=1)
    return newest[0].id if newest and newest[0].state is RunState.FAILED else RunId("")


async def _asked(connection: Connection, request: RequestId, pressed: str) -> dict[str, object]:
    if not request:
        return {}
    stored = await requests.load(connection, request)
    if stored.state is RequestState.PLANNING:
        return {"planning": True}
    if stored.state is RequestState.DECLINED:
        return {"declined": True}
    if stored.state is not RequestState.ASKING:
        return {}
    found = await questions.of_request(connection, request)
    return {
        "questions": tuple(one for one in found if one.round == stored.round),
        "asked": pressed == questions_key(stored),
    }


async def _waits(services: Services, incoming: Incoming, thread: ThreadRef) -> tuple[str, ...]:
    author = incoming.author
    return tuple(
        wait.id
        for wait in await services.executor.open_waits(thread.key)
        if wait.who is None or wait.who.same(author) or author.platform == places.CONSOLE
    )


async def _turn(
    services: Services,
    event: Claimed,
    incoming: Incoming,
    thread: ThreadRef,
    state: ConversationState,
) -> Context:
    async with services.database.transaction() as tx:
        now = services.clock.now()
        project = await places.settle(tx, services.settings, thread, at=now)
        role = await places.role_of(tx, services.settings, project, incoming.author, at=now)
    return Context(
        services=services,
        event=event,
        incoming=incoming,
        project=project,
        thread=thread,
        role=role,
        state=state,
    )


async def _do(context: Context, command: Command) -> None:  # noqa: C901, PLR0912, PLR0915 - one flat case per command; mypy counts them
    match command:
        case intents.NewRequest():
            await ask.new_request(context, command.text)
        case intents.PlanAgain():
            await ask.plan_again(context)
        case intents.AnswerGiven():
            await ask.answered(context, command.answers, command.remark)
        case intents.DefaultsTaken():
            await ask.take_defaults(context, command.request)
        case intents.DropRequest():
            await ask.drop_request(context, command.request)
        case intents.ChangePlan():
            await ask.change(context, command)
        case intents.Saved():
            await ask.keep_files(context)
        case intents.Approve():
            await approvals.approve(context, command)
        case intents.Withdraw():
            await approvals.withdraw(context, command.plan)
        case intents.Refuse():
            await approvals.refuse(context, command)
        case intents.DryRun():
            await approvals.dry_run(context, command.plan)
        case intents.Status():
            await run_talk.show_status(context)
        case intents.Agents():
            await run_talk.show_agents(context)
        case intents.Steer():
            if not await schedules.steered(context, command):
                await run_talk.steer(context, command)
        case intents.Rerun():
            await rerun.rerun(context, command)
        case intents.RollBack():
            await rerun.roll_back(context)
        case intents.Fork():
            await rerun.fork(context, command.text)
        case intents.StopAll():
            await switch.stop(context, command)
        case intents.ReleaseAll():
            await switch.release(context, command)
        case intents.Help():
            await switch.show_help(context)
        case intents.BudgetShow():
            await budgets.show_budgets(context)
        case intents.BudgetSet():
            await budgets.set_budget(context, command)
        case intents.BudgetPressed():
            await budgets.pressed(context, command)
        case intents.Feedback():
            await run_talk.rate(context, command)
        case intents.PersonAnswered():
            await run_talk.answer_task(context, command)
        case intents.RoleSet():
            await people.set_role(context, command)
        case intents.Roles():
            await people.show_roles(context)
        case intents.WhatIf():
            await ask.what_if(context, command.plan, command.text)
        case intents.TakeIt():
            await ask.take_it(context, command.request)
        case intents.Prefer():
            await preferences.prefer(context, command)
        case intents.Forget():
            await preferences.forget(context, command)
        case intents.Remembered():
            await preferences.show(context)
        case intents.TemplateList():
            await templates.list_templates(context)
        case intents.TemplateShow():
            await templates.show_template(context, command.name)
        case intents.SaveTemplate():
            await templates.save_template(context, command)
        case intents.ScheduleOrder():
            await schedules.obey(context, command)
        case intents.Unclear():
            await context.just_reply(command.text)
        case intents.Ignore():
            async with context.deciding():
                pass
        case _:
            assert_never(command)
