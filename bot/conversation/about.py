"""Questions about the bot itself, answered from its own rows."""

import re
from typing import Final, assert_never

from bot.actions.plans.knowledge import keep_artifact
from bot.actions.projects import boards
from bot.chat import OutFile, Outgoing, say
from bot.conversation.context import Context
from bot.language.catalogue import Locale
from bot.language.intents import AskAbout
from bot.queries.about import (
    experience,
    here,
    itself,
    knowledge,
    spending,
    taught,
    why,
    work,
)
from bot.queries.about.board import board_of
from bot.queries.about.home import home_of
from bot.queries.about.question import Question, question
from bot.queries.asking import Asking
from bot.render.about import agents as agents_words
from bot.render.about import here as here_words
from bot.render.about import itself as itself_words
from bot.render.about import money as money_words
from bot.render.about import work as work_words
from bot.render.about.board import board_message, board_over
from bot.render.about.home import home_message
from bot.render.runs import status
from bot.render.teaching import rules_message
from memory.model.authority import CONSOLE
from memory.model.identity import ThreadRef

_FAILED: Final = re.compile(
    r"\b(?:fail\w*|went wrong|go wrong|broke\w*|crash\w*|not work\w*|stop\w*|error\w*|fehlgeschlagen|"
    r"schief\w*|échou\w*|fall(?:ó|o|ado))\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"\b(?:step|task|number|schritt|aufgabe|étape|paso|#)\s*#?(\d{1,3})\b", re.IGNORECASE
)


_TABLE: Final = re.compile(
    r"\b(?:csv|spread ?sheet|excel|table|tabelle|tableau|tabla)\b", re.IGNORECASE
)
"""Words for a file of figures."""


async def answer(context: Context, command: AskAbout) -> None:
    """Answer from what is stored. Raises NotAllowed."""
    async with context.asking() as asking:
        out = await answered(asking, command, context.thread, context.locale)
        table = await _table(asking, command, context.thread)
    if not table:
        await context.just_reply(out)
        return
    async with context.deciding() as tx:
        digest = await keep_artifact(tx, context.services, context.project, table, "text/csv")
        file = OutFile(name="costs.csv", digest=digest, media_type="text/csv", title="costs.csv")
        await context.reply(tx, out.model_copy(update={"files": (*out.files, file)}))


async def show_home(context: Context) -> None:
    """What concerns the person: all of it where they're alone, else what is this project's."""
    alone = context.thread.direct or context.thread.platform == CONSOLE
    home = await home_of(context.services, context.person, None if alone else context.project)
    catalogue, now = context.services.executor.catalogue(), context.services.clock.now()
    await context.just_reply(home_message(context.locale, home, catalogue, now=now))


async def show_board(context: Context) -> None:
    """Put a board into the channel. Raises NotAllowed, Conflict."""
    _, channel = context.locale, context.thread.channel_ref()
    async with context.asking() as asking:
        shown = board_message(_, await board_of(asking))
    moved = board_over(_, _("There's a newer board below."))
    async with context.acting() as act:
        await boards.show(act, boards.ShowBoard(channel=channel, board=shown, moved=moved))
        if context.thread != channel:
            await context.reply(act.tx, _("It's in the channel now, and stays true there."))


async def hide_board(context: Context) -> None:
    """Keep the channel's board true no longer. Raises NotAllowed."""
    _, channel = context.locale, context.thread.channel_ref()
    over = board_over(_, _("This board isn't kept any more."))
    async with context.acting() as act:
        hidden = await boards.hide(act, boards.HideBoard(channel=channel, over=over))
        done, none = _("The board isn't kept any more."), _("There's no board in this channel.")
        await context.reply(act.tx, done if hidden.done else none)


async def _table(asking: Asking, command: AskAbout, thread: ThreadRef) -> bytes:
    """What it cost as a table, where one is asked for; else nothing."""
    if command.topic != "about.cost" or not _TABLE.search(command.text):
        return b""
    asked = await question(asking, command)
    return spending.as_csv(await spending.bill(asking, asked, thread.key)).encode()


async def answered(
    asking: Asking, command: AskAbout, thread: ThreadRef, locale: Locale
) -> Outgoing:
    """The answer, for any door; `thread` is the one that "this plan" and "that run" are in."""
    asked = await question(asking, command)
    match command.topic:
        case "about.cost" | "about.forecast":
            return await _money(asking, asked, command, thread, locale)
        case "about.runs" | "about.waiting" | "about.history" | "about.why":
            return await _work(asking, asked, command, thread, locale)
        case "about.best" | "about.agent":
            return await _agents(asking, asked, command, locale)
        case "about.knowledge" | "about.rules":
            return await _known(asking, command, locale)
        case "about.settings" | "about.project" | "about.help":
            return await _here(asking, command, locale)
        case "about.self" | "about.privacy" | "about.clock":
            return await _itself(asking, command, locale)
        case _:
            assert_never(command.topic)


async def _money(
    asking: Asking, asked: Question, command: AskAbout, thread: ThreadRef, _: Locale
) -> Outgoing:
    if command.topic == "about.forecast":
        return money_words.forecast_message(_, await spending.forecast(asking, asked))
    return money_words.bill_message(_, await spending.bill(asking, asked, thread.key))


async def _work(
    asking: Asking, asked: Question, command: AskAbout, thread: ThreadRef, _: Locale
) -> Outgoing:
    match command.topic:
        case "about.runs":
            return status(_, await work.under_way(asking), now=asking.now)
        case "about.waiting":
            return work_words.waiting_message(_, await work.waiting(asking), now=asking.now)
        case "about.history":
            return work_words.done_message(_, await work.done(asking, asked))
        case _:
            return await _why(asking, asked, command, thread, _)


async def _why(
    asking: Asking, asked: Question, command: AskAbout, thread: ThreadRef, _: Locale
) -> Outgoing:
    if _FAILED.search(command.text):
        return work_words.why_failed_message(_, await why.why_failed(asking, thread))
    numbered = _NUMBER.search(command.text)
    number = command.number or (int(numbered[1]) if numbered else 0)
    return work_words.why_plan_message(_, await why.why_plan(asking, asked, thread, number))


async def _agents(asking: Asking, asked: Question, command: AskAbout, _: Locale) -> Outgoing:
    if command.topic == "about.best":
        return agents_words.best_message(_, await experience.best(asking, asked))
    found = await experience.record(asking, asked)
    if found is None:
        known = (await here.able(asking)).connected
        return say(agents_words.no_agent(_, tuple(agent.title for agent in known)))
    return agents_words.record_message(_, found)


async def _known(asking: Asking, command: AskAbout, _: Locale) -> Outgoing:
    if command.topic == "about.knowledge":
        return here_words.knowledge_message(_, await knowledge.knowledge(asking, command.text))
    return rules_message(_, await taught.taught_here(asking))


async def _here(asking: Asking, command: AskAbout, _: Locale) -> Outgoing:
    match command.topic:
        case "about.settings":
            return here_words.settings_message(_, await here.effective(asking))
        case "about.project":
            return here_words.project_message(_, await here.project_here(asking))
        case _:
            return here_words.able_message(_, await here.able(asking))


async def _itself(asking: Asking, command: AskAbout, _: Locale) -> Outgoing:
    match command.topic:
        case "about.privacy":
            return itself_words.privacy_message(_, await itself.data_flow(asking))
        case "about.clock":
            return itself_words.clock_message(_, await itself.clock(asking, command.text))
        case _:
            return itself_words.self_message(_, await itself.itself(asking))
