"""Requests, answers and changes: everything that leads to planning."""

import asyncio
import itertools
from datetime import timedelta

from bot.actions.preferences import learn
from bot.chat import Attachment, SendFailed
from bot.conversation import messages
from bot.conversation.approvals import was_shown
from bot.conversation.context import Context
from bot.jobs import PlanJob, enqueue_job
from bot.language.answers import already
from bot.language.intents import ChangePlan
from executor.egress.files import ProjectFiles
from memory.model.authority import (
    About,
    Denied,
    Right,
    authorise,
)
from memory.model.base import PlanHash, RequestId, sha256
from memory.model.errors import BadInput, Conflict
from memory.model.limits import FILE_READ_BYTES, REQUEST_CHARS, SENTENCES
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.request import RequestState, Spoken, StoredRequest
from memory.store.engine.database import Connection
from memory.store.knowledge import projects
from memory.store.planning import plans, questions, requests
from memory.store.traffic import audit, threads

INBOX = "inbox"
QUESTION_DAYS = 30
"""How long answers are waited for; the planner keeps what it had thought as long."""


async def new_request(context: Context, text: str) -> None:
    """Take up a request; it is planned next."""
    context.must(Right.ASK)
    saved, trouble = await _save_attachments(context)
    async with context.deciding() as tx:
        if trouble:
            await context.reply(tx, trouble)
        await _take_up(tx, context, text=text, attachments=saved)


async def plan_again(context: Context) -> None:
    """Plan the thread's newest request afresh."""
    context.must(Right.ASK)
    async with context.deciding() as tx:
        old = await requests.load(tx, context.state.request) if context.state.request else None
        if old is None:
            await context.reply(tx, "There is nothing here to plan again; say what you want done.")
            return
        await _take_up(tx, context, text=old.text, attachments=old.attachments, base=old.base)


async def keep_files(context: Context) -> None:
    """Only files came: keep them and ask what for."""
    context.must(Right.ASK)
    saved, trouble = await _save_attachments(context)
    names = ", ".join(f"`{path}`" for path in saved)
    kept = f"I kept {names} in the project's folder. Say what to do with it." if saved else ""
    await context.just_reply("\n".join(part for part in (kept, trouble) if part))


async def change(context: Context, command: ChangePlan) -> None:
    """Make another plan out of the one that waits."""
    context.must(Right.ASK)
    text = command.text
    saved, trouble = await _save_attachments(context)
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, command.plan)
        context.must(Right.CHANGE, await _about(tx, context, stored.plan.request))
        if stored.state is not PlanState.WAITING:
            raise Conflict(messages.closed_sentence(stored.state))
        if not text:
            await context.reply(tx, "Say in words what to change, for example `skip the chart`.")
            return
        spoken = None
        fresh = context.services.clock.now() < stored.expires_at
        if command.approving and fresh and await was_shown(tx, context, stored):
            spoken = Spoken(by=context.person, message=context.incoming.message)
        if trouble:
            await context.reply(tx, trouble)
        await _with_change(tx, context, stored, text, spoken=spoken, files=saved)


async def what_if(context: Context, plan: PlanHash, text: str) -> None:
    """Plan with a change, only to compare; the plan and the talk stay where they are."""
    context.must(Right.ASK)
    async with context.deciding() as tx:
        stored = await plans.load(tx, context.project, plan)
        await _with_change(tx, context, stored, text, what_if=True)


async def take_it(context: Context, wanted: RequestId) -> None:
    """Make the change that was only thought of."""
    async with context.deciding() as tx:
        thought = await requests.load(tx, wanted)
        if thought.project != context.project or not thought.what_if:
            raise Conflict("That is not here any more; say it as a change.")
        stored = await plans.load(tx, context.project, thought.base)
        if stored.state is PlanState.WAITING:
            context.must(Right.CHANGE, await _about(tx, context, stored.plan.request))
        elif stored.state is not PlanState.STARTED:
            raise Conflict(messages.closed_sentence(stored.state))
        context.must(Right.ASK)
        await _take_up(
            tx, context, text=thought.text, attachments=thought.attachments, base=thought.base,
            old=thought,
        )  # fmt: skip


async def fork(context: Context, plan: PlanHash, text: str) -> None:
    """Make another plan out of one whose run is over."""
    context.must(Right.ASK)
    async with context.deciding() as tx:
        await _with_change(tx, context, await plans.load(tx, context.project, plan), text)


async def _with_change(
    tx: Connection,
    context: Context,
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
        tx, context, text=words, attachments=(*old.attachments, *files), base=plan, old=old, what_if=what_if,
        spoken=spoken,
    )  # fmt: skip


async def answered(context: Context, answers: tuple[tuple[str, str], ...], remark: str) -> None:
    """Write down answers; with the last one, planning goes on. `remark`: said beside them."""
    async with context.deciding() as tx:
        wanted = await questions.request_of(tx, answers[0][0])
        if wanted and await _not_theirs(tx, context, wanted):
            return
        request = await _asking(tx, context, wanted)
        if await _too_late(tx, context, request):
            return
        now = context.services.clock.now()
        known = {one.id: one for one in await questions.of_request(tx, request.id)}
        said = [remark]
        for question, value in answers:
            if await questions.answer(tx, question, value, by=context.person.key, at=now):
                await learn(
                    tx, context.project, context.person, request, known[question], value, at=now
                )
            elif known[question].answer != value:
                said.append(already(known[question]))
        if any(said):
            await context.reply(tx, " ".join(filter(None, said)))
        await _go_on(tx, context, request)


async def take_defaults(context: Context, wanted: RequestId) -> None:
    """Let the defaults stand for all that is open; planning goes on."""
    async with context.deciding() as tx:
        request = await _asking(tx, context, wanted)
        if await _too_late(tx, context, request):
            return
        now = context.services.clock.now()
        await questions.take_defaults(tx, request.id, by=context.person.key, at=now)
        await _go_on(tx, context, request)


async def drop_request(context: Context, wanted: RequestId) -> None:
    """Forget a request whose questions are open."""
    async with context.deciding() as tx:
        request = await _asking(tx, context, wanted, action=Right.CHANGE)
        now = context.services.clock.now()
        await questions.void(tx, request.id, at=now)
        await requests.move(
            tx, request.id, RequestState.DROPPED, only_from=(RequestState.ASKING,), at=now
        )
        await messages.edit_questions(tx, context, request, closed=True)
        await context.reply(tx, "Dropped. Say what you want done instead.")


async def _not_theirs(tx: Connection, context: Context, wanted: RequestId) -> bool:
    """Whether this was said between others, by somebody whose answer would not count anyway."""
    if context.incoming.kind != "message" or context.incoming.addressed:
        return False
    about = await _about(tx, context, wanted)
    return isinstance(authorise(context.person, context.role, Right.ANSWER, about), Denied)


async def _too_late(tx: Connection, context: Context, request: StoredRequest) -> bool:
    """Close questions that nobody answered for a month, and say so."""
    now = context.services.clock.now()
    asked = [one.asked_at for one in await questions.of_request(tx, request.id) if one.asked_at]
    if not asked or now - max(asked) < timedelta(days=QUESTION_DAYS):
        return False
    await questions.void(tx, request.id, at=now)
    await requests.move(
        tx, request.id, RequestState.DROPPED, only_from=(RequestState.ASKING,), at=now
    )
    await messages.edit_questions(tx, context, request, closed=True)
    await context.reply(
        tx, "Those questions are older than 30 days; say `plan again` and I look at it afresh."
    )
    return True


async def _asking(
    tx: Connection, context: Context, wanted: RequestId | None, *, action: Right = Right.ANSWER
) -> StoredRequest:
    if not wanted:
        raise Conflict("That question is no longer open.")
    request = await requests.load(tx, wanted)
    context.must(action, await _about(tx, context, wanted))
    if request.state is RequestState.DROPPED:
        raise Conflict("That request was dropped; say `plan again` or what you want instead.")
    if request.project != context.project or request.state is not RequestState.ASKING:
        raise Conflict("Those questions are already answered.")
    return request


async def _go_on(tx: Connection, context: Context, request: StoredRequest) -> None:
    now = context.services.clock.now()
    still = [one for one in await questions.of_request(tx, request.id) if one.open]
    await messages.edit_questions(tx, context, request, closed=not still)
    if still:
        return
    moved = await requests.move(
        tx, request.id, RequestState.PLANNING, only_from=(RequestState.ASKING,), at=now
    )
    if moved:
        await _plan_next(tx, context, request.id, request.round)


async def _take_up(
    tx: Connection,
    context: Context,
    *,
    text: str,
    attachments: tuple[str, ...],
    base: PlanHash | None = None,
    old: StoredRequest | None = None,
    what_if: bool = False,
    spoken: Spoken | None = None,
) -> None:
    request = StoredRequest(
        id=RequestId(f"req_{sha256(context.event.event_id.encode())[:20]}"),
        project=context.project,
        thread_key=context.thread.key,
        author=old.author if old else context.person,
        text=text,
        people=(*(old.people if old else ()), *context.incoming.mentions),
        attachments=attachments,
        base=base or PlanHash(""),
        what_if=what_if,
        spoken=spoken,
    )
    now = context.services.clock.now()
    await threads.ensure(tx, context.thread, context.project, opened_by=context.person, at=now)
    await requests.create(tx, request, at=now)
    if not what_if:
        await threads.talk_about(tx, context.thread.key, request.id, at=now)
    await audit.record(
        tx, context.project, actor=context.person.key, action="request.asked", on=request.id, at=now
    )
    await _plan_next(tx, context, request.id, 0)


async def _plan_next(tx: Connection, context: Context, request: RequestId, round_: int) -> None:
    due = PlanJob(
        project=context.project,
        thread=context.thread,
        request=request,
        round=round_,
        by=context.person,
    )
    await enqueue_job(tx, due, f"plan:{request}:{round_}", at=context.services.clock.now())


async def _about(tx: Connection, context: Context, request: RequestId) -> About:
    asked_by = (await requests.load(tx, request)).author
    return About(requester=asked_by.key, alone=context.alone)


async def _save_attachments(context: Context) -> tuple[tuple[str, ...], str]:
    """Paths of the files that could be kept, and a sentence about those that could not."""
    if not context.incoming.attachments:
        return (), ""
    async with context.services.database.reading() as connection:
        files = ProjectFiles(await projects.root(connection, context.project))
    saved: list[str] = []
    trouble: list[str] = []
    for attachment in context.incoming.attachments:
        try:
            saved.append(await _save(context, files, attachment))
        except SendFailed as error:
            trouble.append(f"`{attachment.name}` could not be fetched: {error}.")
        except BadInput as error:
            trouble.append(error.user_text)
    return tuple(saved), "\n".join(trouble)


async def _save(context: Context, files: ProjectFiles, attachment: Attachment) -> str:
    if attachment.size > FILE_READ_BYTES:
        raise BadInput(SENTENCES["file_read"])
    data = await context.services.platforms[context.thread.platform].fetch(attachment)
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
