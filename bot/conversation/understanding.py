"""Words that are no exact phrase: read by the router, and asked about where it isn't sure."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions import readings
from bot.chat import Button, Outgoing, Section, say
from bot.conversation.context import Context
from bot.conversation.following import following, is_a_request, is_small_job
from bot.conversation.plans.messages import called
from bot.language import intents
from bot.language.catalogue import Locale
from bot.language.intents import Command, DidYouMean, Lacking, Meant
from bot.language.routing.keeping import memory_of
from bot.language.routing.meaning import command_of
from bot.language.table import BY_NAME
from bot.language.words import untrusted
from bot.message_keys import need_key
from bot.ports import Rereading
from bot.queries.said import words_of
from memory.model.authority import Right
from memory.model.limits import READ_CHARS, SENTENCES
from memory.model.text import sentence
from planner.lexicon.language import counts_in_groups
from planner.names import slug
from planner.templates.library import shipped
from planner.timing import reminders
from planner.timing.schedules import Timed, read
from planner.timing.zone import Zone
from planner.understanding.evidence import is_question, may_be_of_files
from planner.understanding.not_work import is_greeting
from planner.understanding.router import Weighed
from planner.understanding.things import things
from planner.understanding.utterance import (
    Answer,
    Asker,
    Control,
    Frame,
    NewWork,
    Scene,
    SmallTalk,
    Unclear,
    Utterance,
)

WORDS_SHOWN: Final = 80
FILES_READ: Final = 100
"""More files than these tell nothing of what the project is about."""
_WITH_FILES: Final = frozenset({"work", "change", "answer", "teach"})
"""What files may come with; a command has no use for them."""
_PLANNED: Final = _WITH_FILES - {"teach"}
"""What is planned anyhow: "remember to call Bo, put it in todo.md" is not taught."""


async def understood(context: Context, text: str, *, name: str = "") -> tuple[Context, Command]:
    """The command for words that the router reads, or that are meant as the row `name`; and the
    context to do it in, which offers beside the answer what else they may mean.
    """
    if len(text) > READ_CHARS and not name:
        too_long = intents.Unclear(say=sentence(SENTENCES["read_chars"]))
        return context, too_long if context.services.offline else intents.NewRequest(text=text)
    goes_on = None if name or is_greeting(text) else await following(context, text)
    if goes_on is not None:
        return context, goes_on
    frame = await _frame(context)
    if name:
        said = context.services.router.as_verb(name, text, frame)
        return context, command_of(said, text, context.incoming, context.state)
    said, others = await _read(context, text, frame)
    kept = memory_of(said, text, context.state)
    if kept is not None:
        return context, kept
    _ = context.locale
    offer = _("Not what you meant? Press {choices}.")
    beside = _choices(context, others, offer) if others else None
    command = command_of(said, text, context.incoming, context.state)
    if isinstance(said, Answer) and isinstance(command, intents.Unclear):
        command = intents.NewRequest(text=text) if await is_a_request(context, text) else command
    return replace(context, beside=beside), command


async def _read(context: Context, text: str, frame: Frame) -> tuple[Utterance, tuple[str, ...]]:
    """What is meant, and what else to offer beside the answer."""
    if is_greeting(text):  # the router takes half a second to load
        return SmallTalk(what="talk.greeting"), ()
    router, again = context.services.router, context.services.rereading
    weighed = await asyncio.to_thread(router.weighed, text, frame)
    files_matter = weighed.meant.kind not in _WITH_FILES
    told = weighed.meant.kind not in _PLANNED and not _is_ordered(weighed)
    work = files_matter and _is_work(context, text)
    if told and (work or await is_small_job(context, text)):
        return NewWork(text=text), ()
    doubted = again is not None and weighed.is_doubtful
    if files_matter and (doubted or may_be_of_files(text)):
        frame = frame.model_copy(update={"things": await _things(context)})
        if frame.things:
            weighed = await asyncio.to_thread(router.weighed, text, frame)
    if again is None or not weighed.is_doubtful:
        return weighed.meant, weighed.others
    return await _read_again(again, context, text, frame, weighed)


def _is_ordered(weighed: Weighed) -> bool:
    """Whether the bot itself is told what to do, for sure or with a number."""
    meant = weighed.meant
    return isinstance(meant, Control) and bool(not weighed.is_doubtful or meant.arguments.number)


async def _read_again(
    again: Rereading, context: Context, text: str, frame: Frame, weighed: Weighed
) -> tuple[Utterance, tuple[str, ...]]:
    """What a model makes of words that were doubtful."""
    asker = Asker(project=context.project, event=context.event.event_id, person=context.person.key)
    found = await again.read(text, frame, weighed, asker)
    if found is None:
        return weighed.meant, weighed.others
    if isinstance(found, Unclear):
        return found, ()
    name, arguments = found
    return context.services.router.as_verb(name, text, frame, arguments), ()


def _is_work(context: Context, text: str) -> bool:
    """Whether the words come with files, name a template, or say when what is to be done."""
    if context.incoming.attachments or slug(text) in {template.name for template in shipped()}:
        return True
    if counts_in_groups(text):
        return True
    if is_question(text):
        return False
    found = read(text, now=context.services.clock.now(), zone=Zone("UTC", ""))
    if isinstance(found, Timed):
        return found.schedule is not None and bool(found.work)
    return reminders.is_reminder(text)


async def ask_for(context: Context, command: Lacking) -> None:
    """Ask for what the command lacks; what is said next may be it."""
    async with context.deciding() as tx:
        key = need_key(command.name, context.event.event_id)
        await context.post(tx, key, say(context.locale.sentence(command.say)))


async def ask_which(context: Context, command: DidYouMean) -> None:
    """Ask what was meant; each button does it."""
    _ = context.locale
    section = _choices(context, command.candidates, _("Did you mean {choices}?"))
    await context.just_reply(Outgoing(sections=(section,)))


def _choices(context: Context, names: Sequence[str], said: str) -> Section:
    """The rows as buttons, named in what is `said`."""
    _, event = context.locale, context.event.event_id
    labels = {name: _label(_, name) for name in names}
    choices = _(" or ").join(f"“{label}”" for label in labels.values())
    buttons = tuple(
        Button(action=f"meant:{event}:{name}", label=label[:75]) for name, label in labels.items()
    )
    return Section(text=said.format(choices=choices), buttons=buttons)


async def take(context: Context, command: Meant) -> None:
    """Do what the person says was meant: theirs to say, and only once."""
    _ = context.locale
    context.must(Right.SEE)
    async with context.deciding() as tx:
        said = await words_of(tx, command.event)
        if said is None:
            await context.reply(tx, _("I don't have those words any more; please say it again."))
        elif not said.author.same(context.person):
            text = _("Only {name} can say what was meant.")
            await context.reply(tx, text.format(name=called(said.author)))
        elif await readings.read_as(tx, context.services, said, command.name):
            words = untrusted(said.text, WORDS_SHOWN)
            text = _("“{words}”: {meaning}.").format(words=words, meaning=_label(_, command.name))
            out = Outgoing(sections=(Section(text=text),))
            edits = f"re:{command.event}"
            await context.post(tx, f"meant:{command.event}", out, edits=edits)
        else:
            await context.reply(tx, _("You've already told me what you meant."))


def _label(_: Locale, name: str) -> str:
    if name == "request.ask":
        return _("plan it as new work")
    return _.sentence(BY_NAME[name].help)


async def _frame(context: Context) -> Frame:
    state, executor = context.state, context.services.executor
    running = await executor.runs(
        context.project, thread_key=context.thread.key, running_only=True, limit=1
    )
    scenes: dict[Scene, bool] = {
        "questions": bool(state.questions or state.waits),
        "plan": bool(state.plan),
        "run": bool(running),
        "result": bool(state.last_plan and not state.plan and not running),
    }
    agents = executor.catalogue().agents
    return Frame(
        to_bot=context.incoming.addressed,
        scenes=frozenset(scene for scene, holds in scenes.items() if holds),
        agents=tuple(dict.fromkeys(name for agent in agents for name in (agent.name, agent.title))),
    )


async def _things(context: Context) -> frozenset[str]:
    files = (await context.services.executor.list_files(context.project))[:FILES_READ]
    columns = [column.name for file in files for column in file.columns]
    return things([file.path for file in files], columns)
