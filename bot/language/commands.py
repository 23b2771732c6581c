"""Words, a button or a reaction -> a Command. Pure: it reads nothing but what it is given."""

from bot.chat import Incoming
from bot.language import answers, emoji, phrases, wording
from bot.language.intents import (
    Agents,
    AnswerGiven,
    Approve,
    BudgetPressed,
    BudgetSet,
    BudgetShow,
    ChangePlan,
    Command,
    DefaultsTaken,
    DropRequest,
    DryRun,
    Feedback,
    Fork,
    Help,
    Ignore,
    NewRequest,
    PersonAnswered,
    PlanAgain,
    Prefer,
    Refuse,
    ReleaseAll,
    Rerun,
    Roles,
    RoleSet,
    RollBack,
    Saved,
    Status,
    Steer,
    StopAll,
    TakeIt,
    Unclear,
    WhatIf,
    Withdraw,
)
from bot.language.remembering import remembering
from bot.language.scheduling import scheduling, scheduling_pressed
from bot.language.templating import templating, uses_template
from memory.model.base import Model, PlanHash, RequestId, RunId
from memory.model.limits import REQUEST_CHARS, SENTENCES
from memory.model.work.question import StoredQuestion


class ConversationState(Model):
    """Where the conversation stands, as far as it decides what words mean.

    `questions` are all of the round now open; `plan` waits in this thread; `shown` and `result`
    are the plan and the finished run that the message reacted to or pressed shows; `asked` says
    that it shows the questions now open; `failed` is the thread's newest run, if it failed;
    `declined`: the newest request has no plan; `waits` are questions of running tasks this person may answer. `known`: the bot takes part in the thread;
    `mine`: this person began it. `planning`: a plan is being made.
    """

    questions: tuple[StoredQuestion, ...] = ()
    request: RequestId = RequestId("")
    planning: bool = False
    plan: PlanHash = PlanHash("")
    last_plan: PlanHash = PlanHash("")
    shown: PlanHash = PlanHash("")
    result: RunId = RunId("")
    asked: bool = False
    declined: bool = False
    failed: RunId = RunId("")
    waits: tuple[str, ...] = ()
    known: bool = False
    mine: bool = False


_STEERS = {
    emoji.PAUSE: "pause",
    emoji.RESUME: "resume",
    emoji.STOP: "cancel",
    emoji.AGAIN: "retry",
}
_NOT_RUN = "The plan that waits here has changed nothing yet; say `drop` to drop it."
_ROLE_EXAMPLE = "Name the person with @, for example `make @kim approver`."


def parse(incoming: Incoming, state: ConversationState) -> Command:
    """What the person means."""
    match incoming.kind:
        case "reaction":
            return _reaction(incoming, state)
        case "button":
            verb, _, rest = incoming.action.partition(":")
            if verb == "schedule":
                return scheduling_pressed(rest, incoming.text)
            return _button(incoming, state)
        case "command":
            return _words(incoming, state)
        case "message":
            if not incoming.addressed and not (state.known and incoming.thread.thread):
                return Ignore()
            return _words(incoming, state)


def _reaction(incoming: Incoming, state: ConversationState) -> Command:
    seen = emoji.canonical(incoming.emoji)
    if state.asked and state.questions and not incoming.removed:
        return _on_questions(seen, state.request)
    if state.shown:
        return _on_plan(seen, state.shown, removed=incoming.removed)
    if state.result and seen == emoji.AGAIN and not incoming.removed:
        return Steer(what="retry", run=state.result)
    if state.result and seen in {emoji.LIKE, emoji.DISLIKE}:
        value = 0 if incoming.removed else 1 if seen == emoji.LIKE else -1
        return Feedback(run=state.result, value=value)
    return Ignore()


def _on_questions(seen: str, request: RequestId) -> Command:
    if seen == emoji.RUN:
        return DefaultsTaken(request=request)
    return DropRequest(request=request) if seen == emoji.DROP else Ignore()


def _on_plan(seen: str, plan: PlanHash, *, removed: bool) -> Command:
    if removed:
        return Withdraw(plan=plan) if seen == emoji.RUN else Ignore()
    if seen in _STEERS:
        return Steer.model_validate({"what": _STEERS[seen], "plan": plan})
    if seen == emoji.RUN:
        return Approve(plan=plan, via="reaction")
    if seen == emoji.CHANGE:
        return ChangePlan(plan=plan, text="")
    if seen == emoji.DRY_RUN:
        return DryRun(plan=plan)
    return Refuse(plan=plan, via="reaction") if seen == emoji.DROP else Ignore()


def _button(incoming: Incoming, state: ConversationState) -> Command:  # noqa: PLR0911 - a flat case per button
    verb, _, rest = incoming.action.partition(":")
    if verb in {"approve", "dryrun", "drop", "change"}:
        return _plan_button(verb, PlanHash(rest), incoming.text, state)
    if verb == "answer":
        return answer_pressed(rest, incoming.text, state.questions)
    if verb in {"defaults", "takeit"}:
        kind = DefaultsTaken if verb == "defaults" else TakeIt
        return kind(request=RequestId(rest))
    if verb in {"cancel", "pause", "resume", "retry"}:
        return Steer.model_validate({"what": verb, "run": rest})
    head, _, tail = rest.rpartition(":")
    if verb == "feedback" and tail in {"1", "-1"}:
        return Feedback(run=RunId(head), value=int(tail))
    if verb == "budget" and tail in {"raise", "cheaper", "pause"}:
        return BudgetPressed.model_validate(
            {"budget": head, "what": tail, "text": incoming.text.strip()}
        )
    if verb == "person":
        wait, _, option = rest.partition(":")
        text = incoming.text.strip() if option == "other" else option
        return PersonAnswered(wait=wait, text=text) if text else Unclear(text="Type an answer.")
    return Unclear(text="That button is from an older version; say it in words, please.")


def _plan_button(verb: str, plan: PlanHash, text: str, state: ConversationState) -> Command:
    if not plan or state.shown != plan:
        return Unclear(text="That button is not on the message of its plan; nothing was done.")
    if verb == "approve":
        return Approve(plan=plan, via="button")
    if verb == "dryrun":
        return DryRun(plan=plan)
    if verb == "drop":
        return Refuse(plan=plan, via="button")
    return ChangePlan(plan=plan, text=text.strip())


def answer_pressed(
    rest: str, typed: str, questions: tuple[StoredQuestion, ...]
) -> AnswerGiven | Unclear:
    """An option's button, or "other…" with what was typed."""
    wanted, _, option = rest.rpartition(":")
    question = next((one for one in questions if one.id == wanted), None)
    if question is None:
        return Unclear(text="That question is no longer open.")
    if option == "other":
        text = typed.strip()
        if not text:
            return Unclear(text="Type the answer, please.")
        value = answers.fitting(text, question)
        if value is None:
            return Unclear(text=answers.not_among(text, question))
        return AnswerGiven(answers=((question.id, value),))
    if not option.isdecimal() or int(option) >= len(question.options):
        return Unclear(text="That option is not among those asked for.")
    return AnswerGiven(answers=((question.id, question.options[int(option)]),))


def _words(incoming: Incoming, state: ConversationState) -> Command:
    text = phrases.spoken(incoming.text)
    if len(text) > REQUEST_CHARS:
        return Unclear(text=SENTENCES["request_chars"])
    if not text:
        if incoming.attachments:
            return Saved()
        return Help() if incoming.addressed else Ignore()
    command = _command(phrases.meaning(text), text, incoming)
    if command is not None:
        return command
    return _said(text, incoming, state)


def _command(meaning: str, text: str, incoming: Incoming) -> Command | None:
    """Words that mean the same wherever they are said."""
    fixed: dict[str, Command] = {
        "status": Status(),
        "agents": Agents(),
        "help": Help(),
        "roles": Roles(),
        "cancel": Steer(what="cancel"),
        "pause": Steer(what="pause"),
        "resume": Steer(what="resume"),
        "stop project": StopAll(everywhere=False),
        "stop all": StopAll(everywhere=True),
        "release project": ReleaseAll(everywhere=False),
        "release all": ReleaseAll(everywhere=True),
        "budget": BudgetShow(),
    }
    if meaning in fixed:
        return fixed[meaning]
    about = scheduling(text) or templating(text)
    if about is not None:
        return about
    budget = phrases.budget(text)
    if isinstance(budget, str):
        return Unclear(text=budget)
    if budget is not None:
        return BudgetSet.model_validate(budget)
    return _role(text, incoming)


def _role(text: str, incoming: Incoming) -> Command | None:
    role = phrases.role(text)
    if role is None:
        return None
    if not incoming.mentions:
        return Unclear(text=_ROLE_EXAMPLE)
    return RoleSet(person=incoming.mentions[0], role=role)


def _said(text: str, incoming: Incoming, state: ConversationState) -> Command:
    """Words whose meaning depends on where the conversation stands."""
    if state.waits:
        return PersonAnswered(wait=state.waits[0], text=text)
    if not incoming.addressed and not state.mine:
        return _overheard(text, state)
    remembered = remembering(text)
    if remembered is not None and not (state.questions and isinstance(remembered, Prefer)):
        return remembered
    if state.questions:
        return _answered(text, state)
    known = _again(text, state) or _of_plan(text, state)
    if known is None and not (incoming.attachments or any(map(str.isalnum, text))):
        return Unclear(text=f"{text[:40]} says nothing to me here; say it in words, or say `help`.")
    return known or NewRequest(text=text)


def _of_plan(text: str, state: ConversationState) -> Command | None:
    """Words that decide on a plan, change it, or ask what it could be."""
    meaning = phrases.meaning(text)
    if meaning in {"run", "drop", "dry run", "change"}:
        return _about_plan(meaning, state)
    thought = wording.what_if(text)
    if thought and state.last_plan:
        return WhatIf(plan=state.plan or state.last_plan, text=thought)
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
    meaning = phrases.meaning(text)
    if meaning == "retry" and state.failed and not state.plan:
        return Steer(what="retry", run=state.failed)
    if meaning in {"again", "retry"}:
        return PlanAgain()
    if meaning == "roll back":
        return Unclear(text=_NOT_RUN) if state.plan else RollBack()
    otherwise = phrases.fork(text)
    if otherwise and state.last_plan:
        change = ChangePlan(plan=state.plan, text=otherwise)
        return change if state.plan else Fork(text=otherwise)
    where = phrases.rerun(text)
    return None if where is None else Rerun(where=where)


def _overheard(text: str, state: ConversationState) -> Command:
    """Said in the thread, not to the bot, by another than the one who began it: only words
    that cannot be meant for anybody else count.
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
    meaning = phrases.meaning(text)
    if meaning in {"run", "defaults"}:
        return DefaultsTaken(request=state.request)
    if meaning == "drop":
        return DropRequest(request=state.request)
    matched = answers.match(text, state.questions)
    if not matched.answers:
        return Unclear(text=matched.remark)
    return AnswerGiven(answers=tuple(matched.answers.items()), remark=matched.remark)


def _about_plan(meaning: str, state: ConversationState) -> Command:
    plan = state.plan or state.last_plan
    if state.planning:
        return Unclear(text="The plan is not ready yet; I show it here as soon as it is.")
    if not plan:
        return Unclear(text="There is no plan here yet; say what you want done.")
    if state.declined and not state.plan:
        return Unclear(
            text="There is no plan for your last request; say in other words what you want done."
        )
    if meaning == "run":
        return Approve(plan=plan, via="words")
    if meaning == "drop":
        return Refuse(plan=plan, via="words")
    return DryRun(plan=plan) if meaning == "dry run" else ChangePlan(plan=plan, text="")
