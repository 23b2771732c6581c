"""Requests: asking for work, and for another plan out of one. Each puts in the job to plan it."""

from datetime import datetime

from bot.actions.act import Act, action
from bot.actions.plans.shown import Sight, finished, sight, why_closed
from bot.jobs import PlanJob, enqueue_job
from bot.queries.plans.cards import home_of
from bot.quotas import Whose, refuse_full
from memory.model.authority import About, Right
from memory.model.base import Model, PlanHash, RequestId
from memory.model.errors import BadInput, Conflict
from memory.model.identity import Identity, ThreadRef
from memory.model.limits import REQUEST_CHARS
from memory.model.work.approval import PlanState, StoredPlan
from memory.model.work.quotas import Counted
from memory.model.work.request import RequestState, Spoken, StoredRequest, request_id
from memory.store.planning import plans, requests
from memory.store.traffic import threads


class Words(Model):
    """What was said, where; whom it mentions; paths of files that came with it."""

    text: str = ""
    thread: ThreadRef
    people: tuple[Identity, ...] = ()
    files: tuple[str, ...] = ()


class AskAgain(Model):
    """A request to plan once more, "" where the thread has none."""

    request: RequestId
    words: Words


class AskChange(Model):
    """A plan to make another one of, with these words as the change."""

    plan: PlanHash
    words: Words


class ChangeWaiting(AskChange):
    """`approving`: said at `at` in `message`, the words approve what is left, if just less."""

    approving: bool = False
    message: str = ""
    at: datetime


class RequestAsked(Model):
    """The request is planned next."""

    request: RequestId


@action("request.ask")
async def ask(act: Act, given: Words) -> RequestAsked:
    """Have something planned. Raises NotAllowed."""
    act.must(Right.ASK)
    return await _ask(act, given, _request(act, given))


@action("request.again")
async def again(act: Act, given: AskAgain) -> RequestAsked:
    """Plan a request afresh, as its own. Raises NotAllowed, Conflict, NotFound."""
    act.must(Right.ASK)
    old = await requests.load(act.tx, given.request) if given.request else None
    if old is None or old.project != act.project:
        raise Conflict("There's nothing here to plan again; say what you want done.")
    update = {"author": act.person, "people": given.words.people}
    new = _like(act, given.words, old).model_copy(update=update)
    return await _ask(act, given.words, new)


@action("plan.change")
async def change(act: Act, given: ChangeWaiting) -> RequestAsked:
    """Make another plan out of one that waits. Raises NotAllowed, NotFound, Conflict, BadInput."""
    act.must(Right.ASK)
    stored, old = await _changed(act, given.plan)
    act.must(Right.CHANGE, About(requester=old.author.key, alone=act.alone))
    if stored.state is not PlanState.WAITING:
        raise why_closed(stored.state)
    if not given.words.text:
        raise BadInput("Say in words what to change, for example `skip the chart`.")
    new = with_change(act, given, old)
    fresh = given.approving and act.now < stored.expires_at
    if fresh and await sight(act, stored, given.message, given.at) is Sight.SEEN:
        spoken = Spoken(by=act.person, message=given.message)
        new = new.model_copy(update={"spoken": spoken})
    return await _ask(act, given.words, new)


@action("plan.what_if")
async def what_if(act: Act, given: AskChange) -> RequestAsked:
    """Plan with a change only to compare; the plan and the talk stay where they are.

    Raises NotAllowed, NotFound, BadInput.
    """
    act.must(Right.ASK)
    _, old = await _changed(act, given.plan)
    new = with_change(act, given, old).model_copy(update={"what_if": True})
    return await _ask(act, given.words, new)


@action("plan.take_what_if")
async def take_what_if(act: Act, given: AskAgain) -> RequestAsked:
    """Make the change that was only thought of. Raises NotAllowed, NotFound, Conflict."""
    act.must(Right.ASK)
    thought = await requests.load(act.tx, given.request)
    if thought.project != act.project or not thought.what_if:
        raise Conflict("That comparison is gone; say it as a change.")
    stored, old = await _changed(act, thought.base)
    if stored.state is PlanState.WAITING:
        act.must(Right.CHANGE, About(requester=old.author.key, alone=act.alone))
    elif stored.state is not PlanState.STARTED:
        raise why_closed(stored.state)
    return await _ask(act, given.words, _like(act, given.words, thought))


@action("plan.fork")
async def fork(act: Act, given: AskChange) -> RequestAsked:
    """Make another plan out of one whose run is over. Raises NotAllowed, NotFound, BadInput."""
    act.must(Right.ASK)
    _, old = await _changed(act, given.plan)
    return await _ask(act, given.words, with_change(act, given, old))


async def plan_next(act: Act, request: StoredRequest) -> RequestAsked:
    """Put in the job that plans the request, in this round of its questions."""
    thread = await home_of(act.tx, request.thread_key)
    job = PlanJob(
        project=act.project, thread=thread, request=request.id, round=request.round, by=act.person
    )
    await enqueue_job(act.tx, job, f"plan:{request.id}:{request.round}", at=act.now)
    return RequestAsked(request=request.id)


async def anew(act: Act, old: StoredRequest, text: str) -> None:
    """Plan the words by themselves: they are no change of the old request's plan.

    The new plan replaces the one that waits. Does nothing if the old request was decided meanwhile.
    """
    if await finished(act.tx, act.desk, old, RequestState.DROPPED):
        thread = await home_of(act.tx, old.thread_key)
        words = Words(text=text, thread=thread, people=old.people, files=old.attachments)
        await _ask(act, words, _request(act, words))


async def plan_with(act: Act, stored: StoredPlan, remark: str) -> RequestAsked:
    """Plan a plan's request again with a remark on it, for whoever asked for it. Raises BadInput."""
    thread = await home_of(act.tx, stored.thread_key)
    words = Words(text=remark, thread=thread)
    old = await requests.load(act.tx, stored.plan.request)
    new = with_change(act, AskChange(plan=stored.plan.hash, words=words), old)
    return await put(act, words, new)


async def _changed(act: Act, plan: PlanHash) -> tuple[StoredPlan, StoredRequest]:
    """The plan to change and the request it was made of."""
    stored = await plans.load(act.tx, act.project, plan)
    return stored, await requests.load(act.tx, stored.plan.request)


def with_change(act: Act, given: AskChange, old: StoredRequest) -> StoredRequest:
    """The old request with the change, where a blank line parts what was said at different times.

    Raises BadInput.
    """
    said = "\n".join(line for line in given.words.text.splitlines() if line.strip())
    text = f"{old.text}\n\n{said}"
    if len(text) > REQUEST_CHARS:
        raise BadInput(
            "With that, the request is longer than 40,000 characters; attach the long part as a file."
        )
    return _like(act, given.words, old).model_copy(update={"text": text, "base": given.plan})


def _like(act: Act, words: Words, old: StoredRequest) -> StoredRequest:
    """A request of its own with what the old one asked for."""
    update = {
        "text": old.text,
        "author": old.author,
        "people": (*old.people, *words.people),
        "attachments": (*old.attachments, *words.files),
        "base": old.base,
        "changed_by": act.person.key,
    }
    return _request(act, words).model_copy(update=update)


def _request(act: Act, words: Words) -> StoredRequest:
    return StoredRequest(
        id=request_id(act.actor.event),
        project=act.project,
        thread_key=words.thread.key,
        author=act.person,
        text=words.text,
        people=words.people,
        attachments=words.files,
    )


async def _ask(act: Act, words: Words, request: StoredRequest) -> RequestAsked:
    await act.record("request.asked", request.id)
    return await put(act, words, request)


async def put(act: Act, words: Words, request: StoredRequest) -> RequestAsked:
    """Store the request and have it planned next. Raises NotAllowed where there's no room."""
    thread = words.thread
    if not request.base and not request.what_if:  # a change replaces the plan that it's of
        whose = Whose(act.person, thread, act.project)
        await refuse_full(act.tx, act.desk.settings, whose, Counted.PLANS, now=act.now)
    await threads.ensure(act.tx, thread, act.project, opened_by=act.person, at=act.now)
    await requests.create(act.tx, request, at=act.now)
    if not request.what_if:
        await threads.talk_about(act.tx, thread.key, request.id, at=act.now)
    return await plan_next(act, request)
