"""Buttons of the bot's messages, read into commands. An action is `VERB:REST`, as render made it."""

from collections.abc import Callable
from typing import Final, get_args

from bot.language.intents import (
    AnswerGiven,
    Approve,
    BudgetPressed,
    ChangePlan,
    CodeTyped,
    Command,
    DefaultsTaken,
    DryRun,
    Feedback,
    Fork,
    Meant,
    Named,
    PersonAnswered,
    Propose,
    Refuse,
    Rerun,
    SaveTemplate,
    ScheduleOrder,
    ScheduleVerb,
    Steer,
    TakeIt,
    Unclear,
)
from bot.language.replies import answers
from bot.language.state import ConversationState
from bot.language.table import BY_NAME
from memory.model.base import PlanHash, RequestId, RunId
from memory.model.text import sentence
from memory.model.work.question import StoredQuestion

NAME_CHARS: Final = 60
_OLD: Final = sentence("That button is from an older version; please say it in words.")


def read_button(action: str, typed: str, state: ConversationState) -> Command:
    """What a button means, with what was typed beside it."""
    verb, _, rest = action.partition(":")
    reader = _READERS.get(verb)
    found = reader(verb, rest, typed.strip(), state) if reader else None
    return found or Unclear(say=_OLD)


def _plan(verb: str, rest: str, typed: str, state: ConversationState) -> Command | None:
    plan = PlanHash(rest)
    if not plan or state.shown != plan:
        return Unclear(
            say=sentence("That button isn't on its plan's own message, so I did nothing.")
        )
    match verb:
        case "approve":
            return Approve(plan=plan, via="button")
        case "dryrun":
            return DryRun(plan=plan)
        case "drop":
            return Refuse(plan=plan, via="button")
        case _:
            return ChangePlan(plan=plan, text=typed)


def _request(verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    kind = DefaultsTaken if verb == "defaults" else TakeIt
    return kind(request=RequestId(rest))


def _steer(verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    return Steer.model_validate({"what": verb, "run": rest})


def _feedback(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    run, _, value = rest.rpartition(":")
    return Feedback(run=RunId(run), value=int(value), why=typed) if value in {"1", "-1"} else None


def _again(_verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    return Rerun(run=RunId(rest)) if rest else None


def _timed(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    if not typed:
        return Unclear(say=sentence("Please say when, for example `every weekday at 9:00`."))
    return Fork(text=typed, run=RunId(rest)) if rest else None


def _template(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    return SaveTemplate(name=typed[:NAME_CHARS], plan=PlanHash(rest)) if rest else None


def _budget(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    budget, _, what = rest.rpartition(":")
    if what not in {"raise", "cheaper", "pause"}:
        return None
    return BudgetPressed.model_validate({"budget": budget, "what": what, "text": typed})


def _person(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    wait, _, option = rest.partition(":")
    text = typed if option == "other" else option
    if not text:
        return Unclear(say=sentence("Please type an answer."))
    return PersonAnswered(wait=wait, text=text)


def _schedule(_verb: str, rest: str, typed: str, _state: ConversationState) -> Command | None:
    number, _, what = rest.partition(":")
    if what not in get_args(ScheduleVerb) or not number.isdecimal():
        return None
    return ScheduleOrder.model_validate({"what": what, "number": int(number), "text": typed})


def _rule(_verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    rule, _, what = rest.rpartition(":")
    if what not in {"accept", "decline", "both"}:
        return None
    return Propose(accepts=what != "decline", rule=rule, beside=what == "both")


def _meant(_verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    event, _, name = rest.rpartition(":")
    return Meant(event=event, name=name) if event and name in BY_NAME else None


def _answer(_verb: str, rest: str, typed: str, state: ConversationState) -> Command | None:
    return answer_pressed(rest, typed, state.questions)


def answer_pressed(
    rest: str, typed: str, questions: tuple[StoredQuestion, ...]
) -> AnswerGiven | Unclear:
    """An option's button, or "other…" with what was typed."""
    wanted, _, option = rest.rpartition(":")
    question = next((question for question in questions if question.id == wanted), None)
    if question is None:
        return Unclear(say=sentence("That question is no longer open."))
    if option == "other":
        return _typed_answer(typed.strip(), question)
    if not option.isdecimal() or int(option) >= len(question.options):
        return Unclear(say=sentence("That isn't one of the options."))
    return AnswerGiven(answers=((question.id, question.options[int(option)]),))


def _typed_answer(text: str, question: StoredQuestion) -> AnswerGiven | Unclear:
    if not text:
        return Unclear(say=sentence("Please type the answer."))
    value = answers.fitting(text, question)
    if value is None:
        return Unclear(say=answers.not_among(text, question))
    return AnswerGiven(answers=((question.id, value),))


def _set_up(_verb: str, _rest: str, _typed: str, _state: ConversationState) -> Command | None:
    return Named(name="place.confirm")


def _link(_verb: str, rest: str, _typed: str, _state: ConversationState) -> Command | None:
    return CodeTyped(code=rest, sure=True) if rest else None


_Reader = Callable[[str, str, str, ConversationState], Command | None]
_READERS: Final[dict[str, _Reader]] = {
    **dict.fromkeys(("approve", "dryrun", "drop", "change"), _plan),
    **dict.fromkeys(("defaults", "takeit"), _request),
    **dict.fromkeys(("cancel", "pause", "resume", "retry"), _steer),
    "answer": _answer,
    "meant": _meant,
    "feedback": _feedback,
    "again": _again,
    "timed": _timed,
    "template": _template,
    "budget": _budget,
    "person": _person,
    "schedule": _schedule,
    "rule": _rule,
    "setup": _set_up,
    "link": _link,
}
