"""A button, a reaction, or words that mean one thing exactly → a Command. Pure and cheap.

All other words come back as `Said`: `bot.language.routing` reads them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.chat import Incoming
from bot.language import emoji, phrases, wording
from bot.language.buttons import read_button
from bot.language.governing.allowances import allowance
from bot.language.governing.lending import lending
from bot.language.governing.policies import governing
from bot.language.governing.quotas import quota
from bot.language.intents import (
    AnswerGiven,
    Approve,
    AskAbout,
    BudgetRemove,
    BudgetSet,
    ChangePlan,
    CodeTyped,
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
    Said,
    SmallTalk,
    Steer,
    Teach,
    Unclear,
    UnlinkAccount,
    WhatIf,
)
from bot.language.reactions import read_reaction
from bot.language.remembering import remembering
from bot.language.replies import answers
from bot.language.replies.approving import approves, is_content, is_thanks
from bot.language.routing.asking import lacking
from bot.language.routing.projects import projecting
from bot.language.scheduling import scheduling
from bot.language.secret_words import about_secrets
from bot.language.state import ConversationState
from bot.language.templating import templating, uses_template
from memory.model.base import PlanHash
from memory.model.limits import REQUEST_CHARS, SENTENCES
from memory.model.text import Sentence, sentence
from planner.understanding.arguments import amount

_ANYWHERE: Final[Mapping[str, Command]] = {
    name: Named(name=name)
    for name in (
        "run.status", "agents.show", "help", "roles.show", "budget.show", "secrets.list", "person.link",
        "policy.show", "quota.show", "home.show", "board.show", "board.hide",
        "work.stop", "work.stop_all", "work.release", "work.release_all",
    )
} | {
    "run.cancel": Steer(what="cancel"),
    "run.pause": Steer(what="pause"),
    "run.resume": Steer(what="resume"),
}  # fmt: skip
"""What means the same wherever it is said."""

SHORT_ANSWER: Final = 3
"""So many words to a task that asks are its answer, whatever else they may mean."""

NUMBERED_WORDS: Final = 8
BUDGET_WORDS: Final = 4
"""A budget with a bad amount; longer words may be work."""
_NUMBERED: Final = re.compile(r"^\d(?!\d)\s*(?:[.):=-]|[a-f]?\b)", re.IGNORECASE)

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
        case "edited" | "deleted":
            return Ignore()


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
        or _about_any(text)
        or _limit(text, incoming)
        or _role(text, incoming)
        or _link(text)
    )


def _about(text: str) -> Command | None:
    topic = phrases.meaning(text)
    about = topic.startswith("about.")
    return AskAbout.model_validate({"topic": topic, "text": text}) if about else None


_READERS: Final[tuple[Callable[[str], Command | None], ...]] = (
    _about, scheduling, templating, projecting, about_secrets, governing, lending,
)  # fmt: skip
"""What the words may be about, in this order."""


def _about_any(text: str) -> Command | None:
    found = (read(text) for read in _READERS)
    return next((command for command in found if command is not None), None)


def _link(text: str) -> Command | None:
    code, away = phrases.link_code(text), phrases.unlinked(text)
    if code:
        return CodeTyped(code=code)
    return None if away is None else UnlinkAccount(account=away)


def _limit(text: str, incoming: Incoming) -> Command | None:
    readers = (quota, allowance, _budget, _no_budget)
    return next((found for read in readers if (found := read(text, incoming))), None)


def _budget(text: str, incoming: Incoming) -> Command | None:
    budget = phrases.budget(text)
    if isinstance(budget, Sentence):
        number = any(map(str.isdigit, text)) and len(text.split()) <= BUDGET_WORDS
        read = not number or amount(text.casefold()) is not None
        return None if read else Unclear(say=budget)  # the router reads what has no bad amount
    if budget is None:
        return None
    person = incoming.mentions[0] if "@" in str(budget["name"]) and incoming.mentions else None
    return BudgetSet.model_validate({**budget, "person": person})


def _no_budget(text: str, incoming: Incoming) -> Command | None:
    budget = phrases.no_budget(text)
    if budget is None:
        return None
    person = incoming.mentions[0] if "@" in str(budget["name"]) and incoming.mentions else None
    return BudgetRemove.model_validate({**budget, "person": person})


def _role(text: str, incoming: Incoming) -> Command | None:
    role = phrases.role(text)
    if role is None:
        return None
    if not incoming.mentions:
        return lacking("role.set", "person")
    return RoleSet(person=incoming.mentions[0], role=role)


def _here(text: str, incoming: Incoming, state: ConversationState) -> Command:
    """Words whose meaning depends on where the conversation stands."""
    if state.waits:
        short = len(text.split()) <= SHORT_ANSWER
        return PersonAnswered(wait=state.waits[0], text=text) if short else Said(text=text)
    if not incoming.addressed and not state.mine:
        return _overheard(text, state)
    remembered = remembering(text)
    if remembered is not None and not isinstance(remembered, Teach):
        return remembered
    if state.questions:
        return _answered(text, state) or Said(text=text)
    return _in_thread(text, state) or _unplaced(text, incoming)


def _in_thread(text: str, state: ConversationState) -> Command | None:
    """Words about what was done or planned last."""
    return (
        _thanked(text, state)
        or _refused(text, state)
        or _again(text, state)
        or _of_plan(text, state)
    )


def _unplaced(text: str, incoming: Incoming) -> Command:
    """Words that say nothing of the thread: with a slip mended, they may mean something anywhere."""
    if not (incoming.attachments or any(map(str.isalnum, text))):
        return _only_marks(text)
    return _anywhere(phrases.mended(text), incoming) or Said(text=text)


def _thanked(text: str, state: ConversationState) -> Command | None:
    """ "ok thanks!" where nothing waits that it could approve."""
    if state.plan or not is_content(text):
        return None
    return SmallTalk(what="talk.thanks" if is_thanks(text) else "talk.aside", text=text)


def _only_marks(text: str) -> Command:
    """An emoji by itself, or punctuation."""
    if emoji.is_cheer(text):
        return SmallTalk(what="talk.thanks", text=text)
    return Unclear(
        say=sentence(
            "I don't know what {text} means here; say it in words, or say `help`.", text=text[:40]
        )
    )


def _refused(text: str, state: ConversationState) -> Command | None:
    """ "no, because …", about the plan that waits."""
    reason = wording.refusal(text) if state.plan else ""
    return Refuse(plan=state.plan, via="words", reason=reason) if reason else None


def _of_plan(text: str, state: ConversationState) -> Command | None:
    """Words that decide on a plan, change it, or ask what it could be."""
    name = "plan.approve" if state.plan and approves(text) else phrases.meaning(text)
    if name in _ON_PLAN:
        return about_plan(name, state)
    supposed = wording.what_if(text)
    if supposed and state.last_plan:
        return WhatIf(plan=state.plan or state.last_plan, text=supposed)
    if uses_template(text):
        return NewRequest(text=text)
    if state.plan:
        return _changed(text, state.plan)
    return Fork(text=text) if state.last_plan and wording.is_change(text) else None


def _changed(text: str, plan: PlanHash) -> ChangePlan | None:
    """What is to be otherwise in the plan that waits."""
    part = wording.part(text)
    if part:
        return ChangePlan(plan=plan, text=part, approving=True)
    exactly = wording.is_change(text) or phrases.change(text) != text
    return ChangePlan(plan=plan, text=phrases.change(text)) if exactly else None


def _again(text: str, state: ConversationState) -> Command | None:
    """Words that ask for what was done or planned here once more."""
    name = phrases.meaning(text)
    if name == "run.retry" and state.failed and not state.plan:
        return Steer(what="retry", run=state.failed)
    if name in {"request.again", "run.retry"}:
        return Named(name="request.again")
    if name == "run.undo":
        return undo(state)
    change = phrases.fork(text)
    if change and state.last_plan:
        return ChangePlan(plan=state.plan, text=change) if state.plan else Fork(text=change)
    where = phrases.rerun(text)
    return None if where is None else Rerun(where=where)


def undo(state: ConversationState) -> Command:
    """Put back what the last run changed, where no plan waits."""
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


def _answered(text: str, state: ConversationState) -> Command | None:
    """What is nothing but an answer: options, or words for all of the questions."""
    chosen = answers.chosen(text, state.questions)
    if chosen:
        return AnswerGiven(answers=tuple(chosen.items()))
    name = phrases.meaning(text)
    if name in {"plan.approve", "question.take_defaults"}:
        return DefaultsTaken(request=state.request)
    if name == "plan.refuse":
        return DropRequest(request=state.request)
    matched = answers.match(text, state.questions)
    known = {
        question.id: (*question.options, *(question.accepts or ())) for question in state.questions
    }
    fits = any(value in known[asked] for asked, value in matched.answers.items())
    exactly = (fits and not matched.remarks) or _is_numbered(text, state)
    return answered(text, state) if exactly else None


def _is_numbered(text: str, state: ConversationState) -> bool:
    found = _NUMBERED.match(text)
    return (
        found is not None
        and 0 < int(text[0]) <= len(state.questions)
        and len(text.split()) <= NUMBERED_WORDS
    )


def answered(text: str, state: ConversationState) -> Command:
    """The words taken as answers to the open questions, or what is wrong with them."""
    matched = answers.match(text, state.questions)
    if not matched.answers:
        return Unclear(say=matched.remarks[0])
    return AnswerGiven(answers=tuple(matched.answers.items()), remarks=matched.remarks)


def about_plan(name: str, state: ConversationState) -> Command:
    """A decision on the plan of the thread: the one for what was asked last, never an older one."""
    plan = state.plan or state.last_plan
    if not state.planning and not state.plan and name == "plan.refuse":
        return SmallTalk(what="talk.aside", text="")
    if state.planning:
        return Unclear(
            say=sentence("The plan isn't ready yet; I'll show it here as soon as it is.")
        )
    if not plan:
        return Unclear(say=sentence("There's no plan here yet; say what you want done."))
    if state.declined:
        return _declined(name, state)
    decided: dict[str, Command] = {
        "plan.approve": Approve(plan=plan, via="words"),
        "plan.refuse": Refuse(plan=plan, via="words"),
        "plan.dry_run": DryRun(plan=plan),
    }
    return decided.get(name, ChangePlan(plan=plan, text=""))


def _declined(name: str, state: ConversationState) -> Command:
    if not state.plan:
        return Unclear(
            say=sentence(
                "There's no plan for your last request; say what you want done in other words."
            )
        )
    if name == "plan.refuse":
        return Refuse(plan=state.plan, via="words")
    return Unclear(
        say=sentence(
            "There's no plan for your last request. The one before it, `{plan}`, still waits: use "
            "its own buttons, or say `drop`.",
            plan=state.plan[:8],
        )
    )
