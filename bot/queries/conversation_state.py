"""Where a conversation stands when somebody says, presses or reacts to something."""

import asyncio
from dataclasses import dataclass

from bot import places
from bot.chat import Incoming
from bot.language.phrases import spoken
from bot.language.state import ConversationState, Open
from bot.message_keys import need_of, questions_key, rule_of, run_of
from bot.queries.said import words_of
from bot.services import Desk
from memory.model.authority import CONSOLE
from memory.model.base import PlanHash, ProjectId, RequestId, RunId
from memory.model.identity import ThreadRef
from memory.model.outgoing import Sent
from memory.model.work.approval import PlanState
from memory.model.work.request import RequestState
from memory.model.work.run import RunState
from memory.store.engine.database import Connection
from memory.store.knowledge import people
from memory.store.planning import plans, questions, requests
from memory.store.running import runs
from memory.store.traffic import outbox, threads

SEND_WAIT_S = 10.0
LOOK_S = 0.02
NO_PLAN = PlanHash("")


@dataclass(frozen=True)
class Frame:
    """The thread an event belongs to, and where the conversation in it stands."""

    thread: ThreadRef
    state: ConversationState


@dataclass(frozen=True)
class _Message:
    """The message that was pressed or reacted to; in a place never talked in, `project` is None."""

    thread: ThreadRef
    project: ProjectId | None
    key: str = ""
    plan: PlanHash = NO_PLAN


async def frame_of(desk: Desk, incoming: Incoming) -> Frame:
    """The frame that the event is read against."""
    message = await _message(desk, incoming)
    async with desk.database.reading() as connection:
        state = await _state(connection, incoming, message)
    if not state.known:
        return Frame(message.thread, state)
    waits = await _waits(desk, incoming, message)
    return Frame(message.thread, state.model_copy(update={"waits": waits}))


async def _message(desk: Desk, incoming: Incoming) -> _Message:
    sent = await _sent(desk, incoming)
    async with desk.database.reading() as connection:
        if sent is None:
            project = await places.of_thread(connection, desk.settings, incoming.thread)
            return _Message(incoming.thread, project)
        found = await plans.by_message(connection, sent.key)
    return _Message(sent.thread, sent.project, sent.key, found[1] if found else NO_PLAN)


async def _sent(desk: Desk, incoming: Incoming) -> Sent | None:
    """The bot's message that was pressed or reacted to, waiting for a send that is under way."""
    if incoming.kind not in {"reaction", "button"} or not incoming.message:
        return None
    try:
        async with asyncio.timeout(SEND_WAIT_S):
            while True:
                async with desk.database.reading() as connection:
                    busy = await outbox.under_way(connection, incoming.thread)
                    sent = await outbox.by_message(connection, incoming.thread, incoming.message)
                if sent is not None or not busy:
                    return sent
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        return None


async def _state(
    connection: Connection, incoming: Incoming, message: _Message
) -> ConversationState:
    shown = ConversationState(
        shown=message.plan, result=run_of(message.key), rule=rule_of(message.key)
    )
    stored = await threads.get(connection, message.thread.key)
    if stored is None:
        return shown
    return shown.model_copy(
        update={
            "known": True,
            "mine": stored.opened_by == incoming.author.key,
            "plan": await _plan(connection, message, PlanState.WAITING),
            "last_plan": await _plan(connection, message),
            "failed": await _failed(connection, message),
            "open_command": await _open_command(connection, incoming, message.thread),
            **await _request(connection, stored.request, message),
        }
    )


async def _plan(connection: Connection, message: _Message, *states: PlanState) -> PlanHash:
    if message.project is None:
        return NO_PLAN
    found = await plans.newest(connection, message.project, message.thread.key, *states)
    return found or NO_PLAN


async def _failed(connection: Connection, message: _Message) -> RunId:
    if message.project is None:
        return RunId("")
    newest = await runs.of_project(
        connection, message.project, thread_key=message.thread.key, limit=1
    )
    return newest[0].id if newest and newest[0].state is RunState.FAILED else RunId("")


async def _request(
    connection: Connection, request: RequestId, message: _Message
) -> dict[str, object]:
    """How the request stands that the thread is about, where it's one of this project."""
    stored = await requests.load(connection, request) if request else None
    if stored is None or stored.project != message.project:
        return {}
    about: dict[str, object] = {"request": stored.id}
    match stored.state:
        case RequestState.PLANNING:
            return {**about, "planning": True}
        case RequestState.DECLINED:
            return {**about, "declined": True}
        case RequestState.ASKING:
            asked = await questions.of_request(connection, request)
            return {
                **about,
                "questions": tuple(item for item in asked if item.round == stored.round),
                "asked": message.key == questions_key(stored),
            }
        case _:
            return about


async def _open_command(
    connection: Connection, incoming: Incoming, thread: ThreadRef
) -> Open | None:
    """The command that the newest message here asks about, where this person gave it."""
    name, event = need_of(await outbox.newest_key(connection, thread.key))
    said = await words_of(connection, event) if name and incoming.kind == "message" else None
    if said is None or not said.author.same(incoming.author):
        return None
    return Open(name=name, text=spoken(said.text), mentions=said.mentions)


async def _waits(desk: Desk, incoming: Incoming, message: _Message) -> tuple[str, ...]:
    author = incoming.author
    waits = await desk.executor.open_waits(message.thread.key)
    if not waits:
        return ()
    async with desk.database.reading() as connection:
        known = await people.of_person(connection, author.key)
    return tuple(
        wait.id
        for wait in waits
        if wait.project == message.project
        and (
            wait.who is None
            or known.are_one(wait.who.key, author.key)
            or author.platform == CONSOLE
        )
    )
