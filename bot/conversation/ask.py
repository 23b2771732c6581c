"""Requests, answers and changes: everything that leads to planning."""

import asyncio
import itertools

from bot.authority import About, Action
from bot.chat import Attachment, SendFailed
from bot.conversation import shown
from bot.conversation.matters import PlanDue, put_off
from bot.conversation.turn import Turn
from executor.egress.files import ProjectFiles
from memory.model.base import PlanHash, RequestId, sha256
from memory.model.errors import BadInput, Conflict
from memory.model.limits import FILE_READ_BYTES, REQUEST_CHARS, SENTENCES
from memory.store import audit, plans, projects, questions, requests, threads
from memory.store.database import Connection
from memory.store.plans import PlanState
from memory.store.requests import RequestState, StoredRequest

INBOX = "inbox"


async def new_request(turn: Turn, text: str) -> None:
    """Take up a request; it is planned next."""
    turn.must(Action.ASK)
    saved, trouble = await _save_attachments(turn)
    async with turn.deciding() as tx:
        if trouble:
            await turn.reply(tx, trouble)
        await _take_up(tx, turn, text=text, attachments=saved)


async def plan_again(turn: Turn) -> None:
    """Plan the thread's newest request afresh."""
    turn.must(Action.ASK)
    async with turn.deciding() as tx:
        old = await requests.load(tx, turn.talk.request) if turn.talk.request else None
        if old is None:
            await turn.reply(tx, "There is nothing here to plan again; say what you want done.")
            return
        await _take_up(tx, turn, text=old.text, attachments=old.attachments, base=old.base)


async def keep_files(turn: Turn) -> None:
    """Only files came: keep them and ask what for."""
    turn.must(Action.ASK)
    saved, trouble = await _save_attachments(turn)
    names = ", ".join(f"`{path}`" for path in saved)
    kept = f"I kept {names} in the project's folder. Say what to do with it." if saved else ""
    await turn.just_reply("\n".join(part for part in (kept, trouble) if part))


async def change(turn: Turn, plan: PlanHash, text: str) -> None:
    """Make another plan out of the one that waits."""
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, plan)
        turn.must(Action.CHANGE, await _about(tx, turn, stored.plan.request))
        if stored.state is not PlanState.WAITING:
            raise Conflict(shown.closed_sentence(stored.state))
        if not text:
            await turn.reply(tx, "Say in words what to change, for example `skip the chart`.")
            return
        old = await requests.load(tx, stored.plan.request)
        words = f"{old.text}\n\n{text}"
        if len(words) > REQUEST_CHARS:
            raise BadInput(SENTENCES["request_chars"])
        await _take_up(tx, turn, text=words, attachments=old.attachments, base=plan, old=old)


async def answered(turn: Turn, answers: tuple[tuple[str, str], ...]) -> None:
    """Write down answers; with the last one, planning goes on."""
    async with turn.deciding() as tx:
        request = await _asking(tx, turn, await questions.request_of(tx, answers[0][0]))
        now = turn.services.clock.now()
        slots = {one.id: one.slot for one in await questions.of_request(tx, request.id)}
        for question, value in answers:
            if await questions.answer(tx, question, value, by=turn.person.key, at=now):
                person = request.author.key
                await projects.prefer(tx, turn.project, person, slots[question], value, at=now)
        await _go_on(tx, turn, request)


async def take_defaults(turn: Turn, wanted: RequestId) -> None:
    """Let the defaults stand for all that is open; planning goes on."""
    async with turn.deciding() as tx:
        request = await _asking(tx, turn, wanted)
        now = turn.services.clock.now()
        await questions.take_defaults(tx, request.id, by=turn.person.key, at=now)
        await _go_on(tx, turn, request)


async def drop_request(turn: Turn, wanted: RequestId) -> None:
    """Forget a request whose questions are open."""
    async with turn.deciding() as tx:
        request = await _asking(tx, turn, wanted, action=Action.CHANGE)
        now = turn.services.clock.now()
        await questions.void(tx, request.id, at=now)
        await requests.move(
            tx, request.id, RequestState.DROPPED, only_from=(RequestState.ASKING,), at=now
        )
        await shown.edit_questions(tx, turn, request, closed=True)
        await turn.reply(tx, "Dropped. Say what you want done instead.")


async def _asking(
    tx: Connection, turn: Turn, wanted: RequestId | None, *, action: Action = Action.ANSWER
) -> StoredRequest:
    if not wanted:
        raise Conflict("That question is no longer open.")
    request = await requests.load(tx, wanted)
    turn.must(action, await _about(tx, turn, wanted))
    if request.project != turn.project or request.state is not RequestState.ASKING:
        raise Conflict("Those questions are already answered.")
    return request


async def _go_on(tx: Connection, turn: Turn, request: StoredRequest) -> None:
    now = turn.services.clock.now()
    still = [one for one in await questions.of_request(tx, request.id) if one.open]
    await shown.edit_questions(tx, turn, request, closed=not still)
    if still:
        return
    moved = await requests.move(
        tx, request.id, RequestState.PLANNING, only_from=(RequestState.ASKING,), at=now
    )
    if moved:
        await _plan_next(tx, turn, request.id, request.round)


async def _take_up(
    tx: Connection,
    turn: Turn,
    *,
    text: str,
    attachments: tuple[str, ...],
    base: PlanHash | None = None,
    old: StoredRequest | None = None,
) -> None:
    request = StoredRequest(
        id=RequestId(f"req_{sha256(turn.event.event_id.encode())[:20]}"),
        project=turn.project,
        thread_key=turn.thread.key,
        author=old.author if old else turn.person,
        text=text,
        people=(*(old.people if old else ()), *turn.incoming.mentions),
        attachments=attachments,
        base=base or PlanHash(""),
    )
    now = turn.services.clock.now()
    await threads.ensure(tx, turn.thread, turn.project, opened_by=turn.person, at=now)
    await requests.create(tx, request, at=now)
    await threads.talk_about(tx, turn.thread.key, request.id, at=now)
    await audit.record(
        tx, turn.project, actor=turn.person.key, action="request.asked", on=request.id, at=now
    )
    await _plan_next(tx, turn, request.id, 0)


async def _plan_next(tx: Connection, turn: Turn, request: RequestId, round_: int) -> None:
    due = PlanDue(project=turn.project, thread=turn.thread, request=request, round=round_)
    await put_off(tx, due, f"plan:{request}:{round_}", at=turn.services.clock.now())


async def _about(tx: Connection, turn: Turn, request: RequestId) -> About:
    asked_by = (await requests.load(tx, request)).author
    return About(requester=asked_by.key, alone=turn.alone)


async def _save_attachments(turn: Turn) -> tuple[tuple[str, ...], str]:
    """Paths of the files that could be kept, and a sentence about those that could not."""
    if not turn.incoming.attachments:
        return (), ""
    async with turn.services.database.reading() as connection:
        files = ProjectFiles(await projects.root(connection, turn.project))
    saved: list[str] = []
    trouble: list[str] = []
    for attachment in turn.incoming.attachments:
        try:
            saved.append(await _save(turn, files, attachment))
        except SendFailed as error:
            trouble.append(f"`{attachment.name}` could not be fetched: {error}.")
        except BadInput as error:
            trouble.append(error.user_text)
    return tuple(saved), "\n".join(trouble)


async def _save(turn: Turn, files: ProjectFiles, attachment: Attachment) -> str:
    if attachment.size > FILE_READ_BYTES:
        raise BadInput(SENTENCES["file_read"])
    data = await turn.services.platforms[turn.thread.platform].fetch(attachment)
    return await asyncio.to_thread(_keep, files, attachment.name, data)


def _keep(files: ProjectFiles, name: str, data: bytes) -> str:
    """Write the file under its own name, or one beside it where that is taken by another."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1].lstrip(".") or "file"
    stem, dot, ending = plain.rpartition(".")
    for number in itertools.count(1):
        path = (
            plain
            if number == 1
            else f"{stem or ending}-{number}{dot if stem else ''}{ending if stem else ''}"
        )
        target = files.resolve(f"{INBOX}/{path}")
        if not target.exists() or target.read_bytes() == data:
            break
    return files.relative(files.write(f"{INBOX}/{path}", data))
