"""Questions before a plan: answering them, letting the defaults stand, dropping the request."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.actions.act import Act, action
from bot.actions.plans.requests import plan_next
from bot.actions.plans.shown import finished
from bot.services import Desk
from memory.model.authority import About, Right
from memory.model.base import Model, RequestId, sha256
from memory.model.errors import Conflict
from memory.model.work.question import StoredQuestion
from memory.model.work.request import RequestState, StoredRequest
from memory.store.engine.database import Connection
from memory.store.planning import preferences, questions, requests
from planner.port import Question
from planner.preferences import worth_keeping

QUESTION_DAYS: Final = 30
"""How long answers are waited for; the planner keeps what it had thought as long."""


class AnswerQuestions(Model):
    """Answers by question id, all of one request."""

    answers: tuple[tuple[str, str], ...]


class OpenRequest(Model):
    """A request whose questions are open."""

    request: RequestId


class QuestionsCard(Model):
    """A round of questions as its message shows it; `closed`: nobody need answer any more."""

    request: StoredRequest
    questions: tuple[StoredQuestion, ...]
    closed: bool = False


class QuestionsAnswered(Model):
    """How the questions stand. `expired`: they were too old to be answered, and are dropped.

    `before`: those that had another answer already, which stands.
    """

    card: QuestionsCard
    before: tuple[StoredQuestion, ...] = ()
    expired: bool = False


@action("question.answer")
async def answer(act: Act, given: AnswerQuestions) -> QuestionsAnswered:
    """Write down answers; with the last one, planning goes on. Raises NotAllowed, Conflict."""
    request = await _asking(act, await questions.request_of(act.tx, given.answers[0][0]))
    if await _too_old(act, request):
        return await _expired(act, request)
    known = {question.id: question for question in await questions.of_request(act.tx, request.id)}
    before = []
    for question, value in given.answers:
        if await questions.answer(act.tx, question, value, by=act.person.key, at=act.now):
            await _learn(act, request, known[question], value)
        elif known[question].answer != value:
            before.append(known[question])
    await act.record("question.answered", request.id)
    card = await _go_on(act, request)
    return QuestionsAnswered(card=card, before=tuple(before))


@action("question.take_defaults")
async def take_defaults(act: Act, given: OpenRequest) -> QuestionsAnswered:
    """Let the defaults stand for all that is open. Raises NotAllowed, NotFound, Conflict."""
    request = await _asking(act, given.request)
    if await _too_old(act, request):
        return await _expired(act, request)
    await questions.take_defaults(act.tx, request.id, by=act.person.key, at=act.now)
    await act.record("question.defaulted", request.id)
    return QuestionsAnswered(card=await _go_on(act, request))


@action("request.drop")
async def drop(act: Act, given: OpenRequest) -> QuestionsAnswered:
    """Forget a request whose questions are open. Raises NotAllowed, NotFound, Conflict."""
    request = await _asking(act, given.request, Right.CHANGE)
    return QuestionsAnswered(card=await _drop(act, request))


async def asked(
    tx: Connection, desk: Desk, request: StoredRequest, found: Sequence[Question]
) -> QuestionsCard | None:
    """Ask the next round of the request's questions; None where it was decided meanwhile."""
    if not await finished(tx, desk, request, RequestState.ASKING):
        return None
    round_ = request.round + 1
    stored = tuple(
        StoredQuestion(
            id=f"q_{sha256(f'{request.id}:{round_}:{number}'.encode())[:16]}",
            request=request.id,
            round=round_,
            **question.model_dump(),
        )
        for number, question in enumerate(found)
    )
    await questions.ask(tx, request.project, stored, at=desk.clock.now())
    return await _card(tx, request.model_copy(update={"round": round_}))


async def _card(tx: Connection, request: StoredRequest, *, closed: bool = False) -> QuestionsCard:
    """The questions of the request's present round."""
    stored = await questions.of_request(tx, request.id)
    here = tuple(question for question in stored if question.round == request.round)
    return QuestionsCard(request=request, questions=here, closed=closed)


async def _asking(act: Act, wanted: RequestId | None, right: Right = Right.ANSWER) -> StoredRequest:
    if not wanted:
        raise Conflict("That question is no longer open.")
    request = await requests.load(act.tx, wanted)
    act.must(right, About(requester=request.author.key, alone=act.alone))
    if request.state is RequestState.DROPPED:
        raise Conflict("That request was dropped; say `plan again`, or what you want instead.")
    if request.project != act.project or request.state is not RequestState.ASKING:
        raise Conflict("Those questions are already answered.")
    return request


async def _too_old(act: Act, request: StoredRequest) -> bool:
    stored = await questions.of_request(act.tx, request.id)
    asked = [question.asked_at for question in stored if question.asked_at]
    return bool(asked) and act.now - max(asked) >= timedelta(days=QUESTION_DAYS)


async def _expired(act: Act, request: StoredRequest) -> QuestionsAnswered:
    return QuestionsAnswered(card=await _drop(act, request), expired=True)


async def dropped(act: Act, request: StoredRequest) -> QuestionsCard:
    """The questions of a request that was dropped: nobody need answer any more."""
    await questions.void(act.tx, request.id, at=act.now)
    return await _card(act.tx, request, closed=True)


async def _drop(act: Act, request: StoredRequest) -> QuestionsCard:
    await act.record("request.dropped", request.id)
    asking = (RequestState.ASKING,)
    await requests.move(act.tx, request.id, RequestState.DROPPED, only_from=asking, at=act.now)
    return await dropped(act, request)


async def _go_on(act: Act, request: StoredRequest) -> QuestionsCard:
    """Plan on when nothing is open any more."""
    stored = await questions.of_request(act.tx, request.id)
    still_open = any(question.open for question in stored)
    asking = (RequestState.ASKING,)
    if not still_open and await requests.move(
        act.tx, request.id, RequestState.PLANNING, only_from=asking, at=act.now
    ):
        await plan_next(act, request)
    return await _card(act.tx, request, closed=not still_open)


async def _learn(act: Act, request: StoredRequest, question: StoredQuestion, value: str) -> None:
    """Keep an answer that says something about other work, if it is the requester's own."""
    if act.people.are_one(act.person.key, request.author.key) and worth_keeping(question.slot):
        await preferences.prefer(
            act.tx, act.project, request.author.key, question.slot, value[:500], at=act.now
        )
