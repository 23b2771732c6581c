"""Words, a button or a reaction → a Command. Pure: it reads nothing but what it is given."""

from collections.abc import Mapping
from typing import Final

from bot.chat import Incoming
from bot.language import answers, phrases, wording
from bot.language.buttons import read_button
from bot.language.intents import (
    AnswerGiven,
    Approve,
    AskAbout,
    BudgetSet,
    ChangePlan,
    Command,
    DefaultsTaken,
    DropRequest,
    DryRun,
    Fork,
    Ignore,
    Named,
    NewRequest,
    PersonAnswered,
    Refuse,
    Rerun,
    RoleSet,
    Steer,
    Teach,
    Unclear,
    WhatIf,
)
from bot.language.reactions import read_reaction
from bot.language.remembering import remembering
from bot.language.scheduling import scheduling
from bot.language.state import ConversationState
from bot.language.templating import templating, uses_template
from memory.model.limits import REQUEST_CHARS, SENTENCES
from memory.model.text import Sentence, sentence

_ANYWHERE: Final[Mapping[str, Command]] = {
    name: Named(name=name)
    for name in (
        "run.status", "agents.show", "help", "roles.show", "budget.show",
        "work.stop", "work.stop_all", "work.release", "work.release_all",
    )
} | {
    "run.cancel": Steer(what="cancel"),
    "run.pause": Steer(what="pause"),
    "run.resume": Steer(what="resume"),
}  # fmt: skip
"""What means the same wherever it is said."""

_ON_PLAN: Final = frozenset({"plan.approve", "plan.refuse", "plan.dry_run", "plan.change"})


def parse(incoming: Incoming, state: ConversationState) -> Command:
    """What the person means."""
    match incoming.kind:
        case "reaction":
            return read_reaction(incoming.emoji, state, removed=incoming.removed)
        case "button":
            return read_button(incoming.action, incoming.text, state)
        case "command":
            return _words(incoming, state)
        case "message":
            if not incoming.addressed and not (state.known and incoming.thread.thread):
                return Ignore()
            return _words(incoming, state)


def _words(incoming: Incoming, state: ConversationState) -> Command:
    text = phrases.spoken(incoming.text)
    if len(text) > REQUEST_CHARS:
        return Unclear(say=sentence(SENTENCES["request_chars"]))
    if not text:
        return _nothing_said(incoming)
    return _anywhere(text, incoming) or _here(text, incoming, state)


def _nothing_said(incoming: Incoming) -> Command:
    if incoming.attachments:
        return Named(name="files.keep")
    return Named(name="help") if incoming.addressed else Ignore()


def _anywhere(text: str, incoming: Incoming) -> Command | None:
    return (
        _ANYWHERE.get(phrases.meaning(text))
        or _about(text)
        or scheduling(text)
        or templating(text)
        or _budget(text)
        or _role(text, incoming)
    )


def _about(text: str) -> Command | None:
    topic = phrases.meaning(text)
    about = topic.startswith("about.")
    return AskAbout.model_validate({"topic": topic, "text": text}) if about else None


def _budget(text: str) -> Command | None:
    budget = phrases.budget(text)
    if isinstance(budget, Sentence):
        return Unclear(say=budget)
    return None if budget is None else BudgetSet.model_validate(budget)


def _role(text: str, incoming: Incoming) -> Command | None:
    role = phrases.role(text)
    if role is None:
        return None
    if not incoming.mentions:
        return Unclear(say=sentence("Name the person with @, for example `make @kim approver`."))
    return RoleSet(person=incoming.mentions[0], role=role)


def _here(text: str, incoming: Incoming, state: ConversationState) -> Command:
    """Words whose meaning depends on where the conversation stands."""
    if state.waits:
        return PersonAnswered(wait=state.waits[0], text=text)
    if not incoming.addressed and not state.mine:
        return _overheard(text, state)
    remembered = remembering(text)
    if remembered is not None and not (state.questions and isinstance(remembered, Teach)):
        return remembered
    if state.questions:
        return _answered(text, state)
    known = _again(text, state) or _of_plan(text, state)
    if known is None and not (incoming.attachments or any(map(str.isalnum, text))):
        return Unclear(
            say=sentence(
                "I don't know what {text} means here; say it in words, or say `help`.",
                text=text[:40],
            )
        )
    return known or NewRequest(text=text)


def _of_plan(text: str, state: ConversationState) -> Command | None:
    """Words that decide on a plan, change it, or ask what it could be."""
    name = phrases.meaning(text)
    if name in _ON_PLAN:
        return _about_plan(name, state)
    change = wording.what_if(text)
    if change and state.last_plan:
        return WhatIf(plan=state.plan or state.last_plan, text=change)
    if not any(map(str.isalnum, text)) or uses_template(text):
        return None
    if not state.plan:
        follows = state.last_plan and not state.declined and wording.is_change(text)
        return Fork(text=text) if follows else None
    part = wording.part(text)
    if part:
        return ChangePlan(plan=state.plan, text=part, approving=True)
    return ChangePlan(plan=state.plan, text=phrases.change(text))


def _again(text: str, state: ConversationState) -> Command | None:
    """Words that ask for what was done or planned here once more."""
    name = phrases.meaning(text)
    if name == "run.retry" and state.failed and not state.plan:
        return Steer(what="retry", run=state.failed)
    if name in {"request.again", "run.retry"}:
        return Named(name="request.again")
    if name == "run.undo":
        return _undo(state)
    change = phrases.fork(text)
    if change and state.last_plan:
        return ChangePlan(plan=state.plan, text=change) if state.plan else Fork(text=change)
    where = phrases.rerun(text)
    return None if where is None else Rerun(where=where)


def _undo(state: ConversationState) -> Command:
    if state.plan:
        return Unclear(
            say=sentence(
                "The plan waiting here hasn't changed anything yet; say `drop` to drop it."
            )
        )
    return Named(name="run.undo")


def _overheard(text: str, state: ConversationState) -> Command:
    """Said in the thread, not to the bot, by somebody who didn't begin it: only words that can't
    be meant for anybody else count.
    """
    chosen = answers.chosen(text, state.questions)
    if chosen:
        return AnswerGiven(answers=tuple(chosen.items()))
    if state.plan and phrases.is_firm(text):
        return Approve(plan=state.plan, via="words")
    part = wording.part(text) if state.plan and wording.is_firm(text) else ""
    return ChangePlan(plan=state.plan, text=part, approving=True) if part else Ignore()


def _answered(text: str, state: ConversationState) -> Command:
    chosen = answers.chosen(text, state.questions)
    if chosen:
        return AnswerGiven(answers=tuple(chosen.items()))
    name = phrases.meaning(text)
    if name in {"plan.approve", "question.take_defaults"}:
        return DefaultsTaken(request=state.request)
    if name == "plan.refuse":
        return DropRequest(request=state.request)
    matched = answers.match(text, state.questions)
    if not matched.answers:
        return Unclear(say=matched.remarks[0])
    return AnswerGiven(answers=tuple(matched.answers.items()), remarks=matched.remarks)


def _about_plan(name: str, state: ConversationState) -> Command:
    plan = state.plan or state.last_plan
    if state.planning:
        return Unclear(
            say=sentence("The plan isn't ready yet; I'll show it here as soon as it is.")
        )
    if not plan:
        return Unclear(say=sentence("There's no plan here yet; say what you want done."))
    if state.declined and not state.plan:
        return Unclear(
            say=sentence(
                "There's no plan for your last request; say what you want done in other words."
            )
        )
    decided: dict[str, Command] = {
        "plan.approve": Approve(plan=plan, via="words"),
        "plan.refuse": Refuse(plan=plan, via="words"),
        "plan.dry_run": DryRun(plan=plan),
    }
    return decided.get(name, ChangePlan(plan=plan, text=""))
