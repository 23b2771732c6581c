"""Requests, answers and changes: everything that leads to planning."""

import asyncio
import itertools
from datetime import timedelta

from bot.chat import Attachment, SendFailed
from bot.conversation import messages, preferences
from bot.conversation.approvals import was_shown
from bot.conversation.context import Turn
from bot.conversation.jobs import PlanDue, put_off
from bot.language.answers import already
from bot.language.intents import ChangePlan
from executor.egress.files import ProjectFiles
from memory.model.authority import (
    About,
    Action,
    Denied,
    authorise,
)
from memory.model.base import PlanHash, RequestId, sha256
from memory.model.errors import BadInput, Conflict
from memory.model.limits import FILE_READ_BYTES, REQUEST_CHARS, SENTENCES
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, questions, requests
from memory.store.planning.plans import PlanState, StoredPlan
from memory.store.planning.requests import RequestState, Spoken, StoredRequest
from memory.store.traffic import audit, threads

INBOX = "inbox"
QUESTION_DAYS = 30
"""How long answers are waited for; the planner keeps what it had thought as long."""


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


async def change(turn: Turn, command: ChangePlan) -> None:
    """Make another plan out of the one that waits."""
    turn.must(Action.ASK)
    text = command.text
    saved, trouble = await _save_attachments(turn)
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, command.plan)
        turn.must(Action.CHANGE, await _about(tx, turn, stored.plan.request))
        if stored.state is not PlanState.WAITING:
            raise Conflict(messages.closed_sentence(stored.state))
        if not text:
            await turn.reply(tx, "Say in words what to change, for example `skip the chart`.")
            return
        spoken = None
        fresh = turn.services.clock.now() < stored.expires_at
        if command.approving and fresh and await was_shown(tx, turn, stored):
            spoken = Spoken(by=turn.person, message=turn.incoming.message)
        if trouble:
            await turn.reply(tx, trouble)
        await _with_change(tx, turn, stored, text, spoken=spoken, files=saved)


async def what_if(turn: Turn, plan: PlanHash, text: str) -> None:
    """Plan with a change, only to compare; the plan and the talk stay where they are."""
    turn.must(Action.ASK)
    async with turn.deciding() as tx:
        stored = await plans.load(tx, turn.project, plan)
        await _with_change(tx, turn, stored, text, what_if=True)


async def take_it(turn: Turn, wanted: RequestId) -> None:
    """Make the change that was only thought of."""
    async with turn.deciding() as tx:
        thought = await requests.load(tx, wanted)
        if thought.project != turn.project or not thought.what_if:
            raise Conflict("That is not here any more; say it as a change.")
        stored = await plans.load(tx, turn.project, thought.base)
        if stored.state is PlanState.WAITING:
            turn.must(Action.CHANGE, await _about(tx, turn, stored.plan.request))
        elif stored.state is not PlanState.STARTED:
            raise Conflict(messages.closed_sentence(stored.state))
        turn.must(Action.ASK)
        await _take_up(
            tx, turn, text=thought.text, attachments=thought.attachments, base=thought.base,
            old=thought,
        )  # fmt: skip


async def fork(turn: Turn, plan: PlanHash, text: str) -> None:
    """Make another plan out of one whose run is over."""
    turn.must(Action.ASK)
    async with turn.deciding() as tx:
        await _with_change(tx, turn, await plans.load(tx, turn.project, plan), text)


async def _with_change(
    tx: Connection,
    turn: Turn,
    stored: StoredPlan,
    text: str,
    *,
    what_if: bool = False,
    spoken: Spoken | None = None,
    files: tuple[str, ...] = (),
) -> None:
    old = await requests.load(tx, stored.plan.request)
    # A blank line parts what was said at different times.
    said = "\n".join(line for line in text.splitlines() if line.strip())
    words = f"{old.text}\n\n{said}"
    if len(words) > REQUEST_CHARS:
        raise BadInput(SENTENCES["request_chars"])
    plan = stored.plan.hash
    await _take_up(
        tx, turn, text=words, attachments=(*old.attachments, *files), base=plan, old=old, what_if=what_if,
        spoken=spoken,
    )  # fmt: skip


async def answered(turn: Turn, answers: tuple[tuple[str, str], ...], remark: str) -> None:
    """Write down answers; with the last one, planning goes on. `remark`: said beside them."""
    async with turn.deciding() as tx:
        wanted = await questions.request_of(tx, answers[0][0])
        if wanted and await _not_theirs(tx, turn, wanted):
            return
        request = await _asking(tx, turn, wanted)
        if await _too_late(tx, turn, request):
            return
        now = turn.services.clock.now()
        known = {one.id: one for one in await questions.of_request(tx, request.id)}
        said = [remark]
        for question, value in answers:
            if await questions.answer(tx, question, value, by=turn.person.key, at=now):
                await preferences.learn(tx, turn, request, known[question], value)
            elif known[question].answer != value:
                said.append(already(known[question]))
        if any(said):
            await turn.reply(tx, " ".join(filter(None, said)))
        await _go_on(tx, turn, request)


async def take_defaults(turn: Turn, wanted: RequestId) -> None:
    """Let the defaults stand for all that is open; planning goes on."""
    async with turn.deciding() as tx:
        request = await _asking(tx, turn, wanted)
        if await _too_late(tx, turn, request):
            return
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
        await messages.edit_questions(tx, turn, request, closed=True)
        await turn.reply(tx, "Dropped. Say what you want done instead.")


async def _not_theirs(tx: Connection, turn: Turn, wanted: RequestId) -> bool:
    """Whether this was said between others, by somebody whose answer would not count anyway."""
    if turn.incoming.kind != "message" or turn.incoming.addressed:
        return False
    about = await _about(tx, turn, wanted)
    return isinstance(authorise(turn.person, turn.role, Action.ANSWER, about), Denied)


async def _too_late(tx: Connection, turn: Turn, request: StoredRequest) -> bool:
    """Close questions that nobody answered for a month, and say so."""
    now = turn.services.clock.now()
    asked = [one.asked_at for one in await questions.of_request(tx, request.id) if one.asked_at]
    if not asked or now - max(asked) < timedelta(days=QUESTION_DAYS):
        return False
    await questions.void(tx, request.id, at=now)
    await requests.move(
        tx, request.id, RequestState.DROPPED, only_from=(RequestState.ASKING,), at=now
    )
    await messages.edit_questions(tx, turn, request, closed=True)
    await turn.reply(
        tx, "Those questions are older than 30 days; say `plan again` and I look at it afresh."
    )
    return True


async def _asking(
    tx: Connection, turn: Turn, wanted: RequestId | None, *, action: Action = Action.ANSWER
) -> StoredRequest:
    if not wanted:
        raise Conflict("That question is no longer open.")
    request = await requests.load(tx, wanted)
    turn.must(action, await _about(tx, turn, wanted))
    if request.state is RequestState.DROPPED:
        raise Conflict("That request was dropped; say `plan again` or what you want instead.")
    if request.project != turn.project or request.state is not RequestState.ASKING:
        raise Conflict("Those questions are already answered.")
    return request


async def _go_on(tx: Connection, turn: Turn, request: StoredRequest) -> None:
    now = turn.services.clock.now()
    still = [one for one in await questions.of_request(tx, request.id) if one.open]
    await messages.edit_questions(tx, turn, request, closed=not still)
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
    what_if: bool = False,
    spoken: Spoken | None = None,
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
        what_if=what_if,
        spoken=spoken,
    )
    now = turn.services.clock.now()
    await threads.ensure(tx, turn.thread, turn.project, opened_by=turn.person, at=now)
    await requests.create(tx, request, at=now)
    if not what_if:
        await threads.talk_about(tx, turn.thread.key, request.id, at=now)
    await audit.record(
        tx, turn.project, actor=turn.person.key, action="request.asked", on=request.id, at=now
    )
    await _plan_next(tx, turn, request.id, 0)


async def _plan_next(tx: Connection, turn: Turn, request: RequestId, round_: int) -> None:
    due = PlanDue(
        project=turn.project, thread=turn.thread, request=request, round=round_, by=turn.person
    )
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
