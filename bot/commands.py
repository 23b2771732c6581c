"""Words, a button or a reaction -> a Command. Pure: it reads nothing but what it is given."""

from typing import Literal

from bot import emoji
from bot.chat import Incoming
from bot.conversation import answers, phrases
from memory.model.base import Model, PlanHash, RequestId, RunId
from memory.model.identity import Identity, Role
from memory.model.limits import REQUEST_CHARS, SENTENCES
from memory.store.questions import StoredQuestion


class Talk(Model):
    """Where the conversation stands, as far as it decides what words mean.

    `questions` are all of the round now open; `plan` waits in this thread; `shown` and `result`
    are the plan and the finished run that the message reacted to or pressed shows; `asked` says
    that it shows the questions now open; `waits` are
    questions of running tasks this person may answer. `known`: the bot takes part in the thread;
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
    waits: tuple[str, ...] = ()
    known: bool = False
    mine: bool = False


class NewRequest(Model):
    """Somebody wants something done."""

    text: str


class PlanAgain(Model):
    """The thread's request is to be planned afresh."""


class AnswerGiven(Model):
    """Answers by question id."""

    answers: tuple[tuple[str, str], ...]


class DefaultsTaken(Model):
    """The defaults stand for every open question of the request."""

    request: RequestId


class Approve(Model):
    """Run this plan."""

    plan: PlanHash
    via: Literal["reaction", "button", "words"]


class Withdraw(Model):
    """Take an approval back."""

    plan: PlanHash


class Refuse(Model):
    """Drop this plan."""

    plan: PlanHash
    via: Literal["reaction", "button", "words"]


class DropRequest(Model):
    """Forget the request whose questions are open."""

    request: RequestId


class DryRun(Model):
    """Walk through this plan without doing anything."""

    plan: PlanHash


class ChangePlan(Model):
    """Make another plan out of this one; without words, ask for them."""

    plan: PlanHash
    text: str


class Status(Model):
    """What is going on?"""


class Steer(Model):
    """Cancel, pause or resume a run: the named one, or what runs in this thread."""

    what: Literal["cancel", "pause", "resume"]
    run: RunId = RunId("")


class StopAll(Model):
    """The kill switch: of the project, or of everything."""

    everywhere: bool


class ReleaseAll(Model):
    """The kill switch off again."""

    everywhere: bool


class BudgetShow(Model):
    """How is the money?"""


class BudgetSet(Model):
    """Make or change a budget. `name` "" is the project's own."""

    name: str
    limit_micro_usd: int
    period: Literal["day", "week", "month", "total"]


class BudgetPressed(Model):
    """A button of a budget alert; `text` is the new limit where one was typed."""

    budget: str
    what: Literal["raise", "cheaper", "pause"]
    text: str = ""


class Help(Model):
    """What can I say?"""


class Feedback(Model):
    """A person's opinion of a result: 1, -1, or 0 when taken back."""

    run: RunId
    value: int


class PersonAnswered(Model):
    """The answer to what a running task asked a person."""

    wait: str
    text: str


class RoleSet(Model):
    """Give somebody a role."""

    person: Identity
    role: Role


class Roles(Model):
    """Who may do what here?"""


class Saved(Model):
    """Only files came, without words."""


class Unclear(Model):
    """It cannot be acted on; `text` says why and what to say."""

    text: str


class Ignore(Model):
    """Not meant for the bot, or of no consequence."""


Command = (
    NewRequest | PlanAgain | AnswerGiven | DefaultsTaken | Approve | Withdraw | Refuse
    | DropRequest | DryRun | ChangePlan | Status | Steer | StopAll | ReleaseAll | BudgetShow
    | BudgetSet | BudgetPressed | Help | Feedback | PersonAnswered | RoleSet | Roles | Saved
    | Unclear | Ignore
)  # fmt: skip

_ROLE_EXAMPLE = "Name the person with @, for example `make @kim approver`."


def parse(incoming: Incoming, talk: Talk) -> Command:
    """What the person means."""
    match incoming.kind:
        case "reaction":
            return _reaction(incoming, talk)
        case "button":
            return _button(incoming, talk)
        case "command":
            return _words(incoming, talk)
        case "message":
            if not incoming.addressed and not (talk.known and incoming.thread.thread):
                return Ignore()
            return _words(incoming, talk)


def _reaction(incoming: Incoming, talk: Talk) -> Command:
    seen = emoji.canonical(incoming.emoji)
    if talk.asked and talk.questions and not incoming.removed:
        return _on_questions(seen, talk.request)
    if talk.shown:
        return _on_plan(seen, talk.shown, removed=incoming.removed)
    if talk.result and seen in {emoji.LIKE, emoji.DISLIKE}:
        value = 0 if incoming.removed else 1 if seen == emoji.LIKE else -1
        return Feedback(run=talk.result, value=value)
    return Ignore()


def _on_questions(seen: str, request: RequestId) -> Command:
    if seen == emoji.RUN:
        return DefaultsTaken(request=request)
    return DropRequest(request=request) if seen == emoji.DROP else Ignore()


def _on_plan(seen: str, plan: PlanHash, *, removed: bool) -> Command:
    if removed:
        return Withdraw(plan=plan) if seen == emoji.RUN else Ignore()
    if seen == emoji.RUN:
        return Approve(plan=plan, via="reaction")
    if seen == emoji.CHANGE:
        return ChangePlan(plan=plan, text="")
    if seen == emoji.DRY_RUN:
        return DryRun(plan=plan)
    return Refuse(plan=plan, via="reaction") if seen == emoji.DROP else Ignore()


def _button(incoming: Incoming, talk: Talk) -> Command:  # noqa: PLR0911 - a flat case per button
    verb, _, rest = incoming.action.partition(":")
    if verb in {"approve", "dryrun", "drop", "change"}:
        return _plan_button(verb, PlanHash(rest), incoming.text, talk)
    if verb == "answer":
        return answer_pressed(rest, incoming.text, talk.questions)
    if verb == "defaults":
        return DefaultsTaken(request=RequestId(rest))
    if verb in {"cancel", "pause", "resume"}:
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


def _plan_button(verb: str, plan: PlanHash, text: str, talk: Talk) -> Command:
    if not plan or talk.shown != plan:
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
        return AnswerGiven(answers=((question.id, text),))
    if not option.isdecimal() or int(option) >= len(question.options):
        return Unclear(text="That option is not among those asked for.")
    return AnswerGiven(answers=((question.id, question.options[int(option)]),))


def _words(incoming: Incoming, talk: Talk) -> Command:
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
    return _said(text, incoming, talk)


def _command(meaning: str, text: str, incoming: Incoming) -> Command | None:
    """Words that mean the same wherever they are said."""
    fixed: dict[str, Command] = {
        "status": Status(),
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
    budget = phrases.budget(text)
    if isinstance(budget, str):
        return Unclear(text=budget)
    if budget is not None:
        return BudgetSet.model_validate(budget)
    role = phrases.role(text)
    if role is None:
        return None
    if not incoming.mentions:
        return Unclear(text=_ROLE_EXAMPLE)
    return RoleSet(person=incoming.mentions[0], role=role)


def _said(text: str, incoming: Incoming, talk: Talk) -> Command:  # noqa: PLR0911 - first match wins
    """Words whose meaning depends on where the conversation stands."""
    if talk.waits:
        return PersonAnswered(wait=talk.waits[0], text=text)
    if not incoming.addressed and not talk.mine:
        return _overheard(text, talk)
    if talk.questions:
        return _answered(text, talk)
    meaning = phrases.meaning(text)
    if meaning == "again":
        return PlanAgain()
    if meaning in {"run", "drop", "dry run", "change"}:
        return _about_plan(meaning, talk)
    if talk.plan:
        return ChangePlan(plan=talk.plan, text=phrases.change(text))
    return NewRequest(text=text)


def _overheard(text: str, talk: Talk) -> Command:
    """Said in the thread, not to the bot, by another than the one who began it: only words
    that cannot be meant for anybody else count.
    """
    chosen = answers.chosen(text, talk.questions)
    if chosen:
        return AnswerGiven(answers=tuple(chosen.items()))
    if talk.plan and phrases.is_firm(text):
        return Approve(plan=talk.plan, via="words")
    return Ignore()


def _answered(text: str, talk: Talk) -> Command:
    chosen = answers.chosen(text, talk.questions)
    if chosen:
        return AnswerGiven(answers=tuple(chosen.items()))
    meaning = phrases.meaning(text)
    if meaning in {"run", "defaults"}:
        return DefaultsTaken(request=talk.request)
    if meaning == "drop":
        return DropRequest(request=talk.request)
    matched = answers.match(text, talk.questions)
    if isinstance(matched, str):
        return Unclear(text=matched)
    return AnswerGiven(answers=tuple(matched.items()))


def _about_plan(meaning: str, talk: Talk) -> Command:
    plan = talk.plan or talk.last_plan
    if talk.planning:
        return Unclear(text="The plan is not ready yet; I show it here as soon as it is.")
    if not plan:
        return Unclear(text="There is no plan here yet; say what you want done.")
    if meaning == "run":
        return Approve(plan=plan, via="words")
    if meaning == "drop":
        return Refuse(plan=plan, via="words")
    return DryRun(plan=plan) if meaning == "dry run" else ChangePlan(plan=plan, text="")
