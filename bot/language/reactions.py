"""Emoji reactions on the bot's messages, read into commands."""

from bot.language import emoji
from bot.language.intents import (
    Approve,
    ChangePlan,
    Command,
    DefaultsTaken,
    DropRequest,
    DryRun,
    Feedback,
    Ignore,
    Propose,
    Refuse,
    Steer,
    Withdraw,
)
from bot.language.state import ConversationState
from bot.language.table import by_emoji
from memory.model.base import PlanHash, RequestId, RunId


def read_reaction(mark: str, state: ConversationState, *, removed: bool) -> Command:
    """What an emoji means on the message it was put on; most mean nothing."""
    seen = emoji.canonical(mark)
    if state.asked and state.questions and not removed:
        return _on_questions(by_emoji(seen, "questions"), state.request)
    if state.shown:
        name = by_emoji(seen, "plan")
        return _taken_off(name, state.shown) if removed else _on_plan(name, state.shown)
    if state.rule and not removed:
        return _on_rule(by_emoji(seen, "rule"), state.rule)
    if state.result:
        return _on_result(seen, by_emoji(seen, "result"), state.result, removed=removed)
    return Ignore()


def _on_questions(name: str, request: RequestId) -> Command:
    match name:
        case "question.take_defaults":
            return DefaultsTaken(request=request)
        case "request.drop":
            return DropRequest(request=request)
        case _:
            return Ignore()


def _on_plan(name: str, plan: PlanHash) -> Command:
    match name:
        case "plan.approve":
            return Approve(plan=plan, via="reaction")
        case "plan.change":
            return ChangePlan(plan=plan, text="")
        case "plan.dry_run":
            return DryRun(plan=plan)
        case "plan.refuse":
            return Refuse(plan=plan, via="reaction")
        case "run.pause" | "run.resume" | "run.cancel" | "run.retry":
            return Steer.model_validate({"what": name.removeprefix("run."), "plan": plan})
        case _:
            return Ignore()


def _on_rule(name: str, rule: str) -> Command:
    return Propose(accepts=name == "rule.accept", rule=rule) if name else Ignore()


def _taken_off(name: str, plan: PlanHash) -> Command:
    return Withdraw(plan=plan) if name == "plan.approve" else Ignore()


def _on_result(seen: str, name: str, run: RunId, *, removed: bool) -> Command:
    if name == "run.retry" and not removed:
        return Steer(what="retry", run=run)
    if name == "run.rate":
        liked = 1 if seen == emoji.LIKE else -1
        return Feedback(run=run, value=0 if removed else liked)
    return Ignore()
