"""Requests, answers and changes: everything that leads to planning."""

from bot.actions.act import Act
from bot.actions.plans import questions, requests
from bot.actions.plans.knowledge import keep_attachment
from bot.actions.plans.questions import AnswerQuestions, OpenRequest, QuestionsAnswered
from bot.actions.plans.requests import AskAgain, AskChange, ChangeWaiting, Words
from bot.chat import SendFailed
from bot.conversation.context import Context
from bot.conversation.plans.messages import post_questions
from bot.language.intents import ChangePlan
from bot.language.replies.answers import already
from bot.language.words import code, listed, untrusted
from bot.queries.plans.sending import plan_out
from memory.model.authority import Right
from memory.model.base import PlanHash, RequestId
from memory.model.errors import BadInput, NotAllowed
from memory.model.text import Sentence

Files = tuple[str, ...]


async def new_request(context: Context, text: str) -> None:
    """Take up a request; it is planned next."""
    files, trouble = await _keep_attachments(context)
    async with context.acting() as act:
        await requests.ask(act, _words(context, text, files))
        await _tell(context, act, trouble)


async def plan_again(context: Context) -> None:
    """Plan the thread's newest request afresh."""
    async with context.acting() as act:
        given = AskAgain(request=context.state.request, words=_words(context))
        await requests.again(act, given)


async def keep_files(context: Context) -> None:
    """Only files came: keep them and ask what for."""
    _, (files, trouble) = context.locale, await _keep_attachments(context)
    kept = ""
    if files:
        paths = listed(_, (code(path) for path in files))
        kept = _("I kept {files} in the project's folder. Say what to do with it.").format(
            files=paths
        )
    await context.just_reply("\n".join(filter(None, (kept, trouble))))


async def change(context: Context, command: ChangePlan) -> None:
    """Make another plan out of the one that waits."""
    files, trouble = await _keep_attachments(context)
    if command.approving:
        await plan_out(context.services, context.project, command.plan)
    async with context.acting() as act:
        given = ChangeWaiting(
            plan=command.plan,
            words=_words(context, command.text, files),
            approving=command.approving,
            message=context.incoming.message,
            at=context.event.received_at,
        )
        await requests.change(act, given)
        await _tell(context, act, trouble)


async def what_if(context: Context, plan: PlanHash, text: str) -> None:
    """Plan with a change, only to compare; the plan and the talk stay where they are."""
    async with context.acting() as act:
        await requests.what_if(act, AskChange(plan=plan, words=_words(context, text)))


async def take_it(context: Context, wanted: RequestId) -> None:
    """Make the change that was only thought of."""
    async with context.acting() as act:
        await requests.take_what_if(act, AskAgain(request=wanted, words=_words(context)))


async def fork(context: Context, plan: PlanHash, text: str) -> None:
    """Make another plan out of one whose run is over."""
    async with context.acting() as act:
        await requests.fork(act, AskChange(plan=plan, words=_words(context, text)))


async def answered(
    context: Context, answers: tuple[tuple[str, str], ...], remarks: tuple[Sentence, ...]
) -> None:
    """Write down answers; with the last one, planning goes on. `remarks`: on what else was said."""
    try:
        async with context.acting() as act:
            given = AnswerQuestions(answers=answers)
            result = await questions.answer(act, given)
            if not result.expired:
                known = (already(question) for question in result.before)
                sentences = map(context.locale.sentence, (*remarks, *known))
                await _tell(context, act, " ".join(sentences))
            await _show_answers(context, act, result)
    except NotAllowed:
        if context.incoming.kind != "message" or context.incoming.addressed:
            raise
        async with context.deciding():
            pass  # said between others, by somebody whose answer would not count


async def take_defaults(context: Context, wanted: RequestId) -> None:
    """Let the defaults stand for all that is open; planning goes on."""
    async with context.acting() as act:
        given = OpenRequest(request=wanted)
        await _show_answers(context, act, await questions.take_defaults(act, given))


async def drop_request(context: Context, wanted: RequestId) -> None:
    """Forget a request whose questions are open."""
    _ = context.locale
    async with context.acting() as act:
        given = OpenRequest(request=wanted)
        await _show_answers(context, act, await questions.drop(act, given))
        await context.reply(act.tx, _("Dropped. Say what you want done instead."))


async def _show_answers(context: Context, act: Act, result: QuestionsAnswered) -> None:
    """Show in the question message what was answered, and say where it was too late."""
    _, event = context.locale, context.event.event_id
    await post_questions(act.tx, act.desk, result.card, context.thread, edit=event)
    if result.expired:
        text = _("Those questions are older than 30 days; say `plan again` for a fresh look.")
        await context.reply(act.tx, text)


async def _tell(context: Context, act: Act, text: str) -> None:
    if text:
        await context.reply(act.tx, text)


def _words(context: Context, text: str = "", files: Files = ()) -> Words:
    people = context.incoming.mentions
    return Words(text=text, thread=context.thread, people=people, files=files)


async def _keep_attachments(context: Context) -> tuple[Files, str]:
    """Paths of the files that could be kept, and a sentence about those that could not."""
    _, services = context.locale, context.services
    context.must(Right.ASK)  # before the files are written
    kept: list[str] = []
    trouble: list[str] = []
    for attachment in context.incoming.attachments:
        platform = services.platforms[context.thread.platform]
        try:
            kept.append(await keep_attachment(services, context.project, attachment, platform))
        except SendFailed as error:
            text = _("{file} could not be fetched: {reason}.")
            reason, file = _.sentence(error), code(attachment.name)
            trouble.append(text.format(file=file, reason=untrusted(reason, 200)))
        except BadInput as error:
            trouble.append(_.sentence(error))
    return tuple(kept), "\n".join(trouble)
