"""What the router understood, as a command to be done here. Pure.

What was read by likeness never approves anything: a plan runs only on the exact words.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from bot.chat import Incoming
from bot.language import commands, intents, phrases, wording
from bot.language.governing.allowances import ALLOWANCE_EXAMPLE, is_on_top
from bot.language.intents import Command
from bot.language.remembering import forgetting, teaching
from bot.language.replies.approving import is_glad
from bot.language.routing.asking import asked_for, lacking
from bot.language.state import ConversationState
from bot.language.table import BY_NAME
from memory.model.text import sentence
from planner.understanding.utterance import (
    Answer,
    Arguments,
    AskAbout,
    ChangePlan,
    Control,
    Forget,
    Kind,
    SmallTalk,
    Teach,
    Unclear,
    Utterance,
)

Do = Callable[[Arguments, Incoming, ConversationState], Command]

_FOR_TASKS: Final[frozenset[Kind]] = frozenset({"control", "about", "teach", "forget"})
"""What is meant for the bot even while a task waits for this person's answer."""
_TIMES: Final = re.compile(
    r"^.*?\b(?:schedule|zeitplan|planification|programación)\s*(?:#|number|nummer)?\s*\d+\s*"
    r"(?:should\s+run|to\s+run|run|should\s+be|instead|to|on|at|auf|au|a|:|,)*\s+",
    re.IGNORECASE | re.DOTALL,
)
_THIS_RUN: Final = re.compile(
    r"\b(?:(?:this|the|that) run|diese[rnms]? lauf|cette exécution|esta ejecución)\b", re.IGNORECASE
)
_NAMED_AS: Final = re.compile(
    r"[“\"'`]|\b(?:called|named|as|namens|nommé|llamada?|vorlage|plantilla)\s+\w"
)


def command_of(said: Utterance, text: str, incoming: Incoming, state: ConversationState) -> Command:
    """The command for what was understood of the words."""
    if state.waits and not _is_for_the_bot(said):
        return intents.PersonAnswered(wait=state.waits[0], text=text)
    return _BY_KIND[said.kind](said, text, incoming, state)


def _taught(said: Teach, text: str, _: Incoming, __: ConversationState) -> Command:
    del said
    return teaching(text) or intents.Teach(kind="rule", text=text)


def _forgotten(said: Forget, text: str, _: Incoming, __: ConversationState) -> Command:
    number = said.arguments.number or 0
    return forgetting(text) or intents.Forget(what=_what(text), number=number)


def _is_for_the_bot(said: Utterance) -> bool:
    on_plan = isinstance(said, Control) and said.action.startswith(
        ("plan.", "question.", "request.")
    )
    return said.kind in _FOR_TASKS and not on_plan


def _answered(_: Answer, text: str, __: Incoming, state: ConversationState) -> Command:
    return commands.answered(text, state) if state.questions else intents.NewRequest(text=text)


def _changed(_: ChangePlan, text: str, __: Incoming, state: ConversationState) -> Command:
    """A change of the plan that waits; after a run, a request that goes on from what was said."""
    if state.plan:
        return intents.ChangePlan(plan=state.plan, text=phrases.change(text))
    return intents.NewRequest(text=text)


def _about(said: AskAbout, text: str, _: Incoming, __: ConversationState) -> Command:
    found = said.arguments
    return intents.AskAbout.model_validate(
        {"topic": said.topic, "text": text, "agent": found.agent, "number": found.number or 0}
    )


def _talk(said: SmallTalk, text: str, incoming: Incoming, state: ConversationState) -> Command:
    between = said.what == "talk.aside" and (incoming.mentions or not incoming.addressed)
    if between or not incoming.addressed:
        return intents.Ignore()
    if said.what == "talk.aside" and state.plan and is_glad(text):
        return _say_run(Arguments(), incoming, state)
    return intents.SmallTalk(what=said.what, text=text)


def _unclear(said: Unclear, _: str, incoming: Incoming, state: ConversationState) -> Command:
    if not incoming.addressed and any(name.startswith("talk.") for name in said.candidates):
        return intents.Ignore()
    offered = tuple(name for name in said.candidates if name not in _EXACTLY)
    if not offered or said.candidates[0] in _EXACTLY:
        return _EXACTLY[said.candidates[0]](Arguments(), incoming, state)
    return intents.DidYouMean(candidates=offered)


def _what(text: str) -> str:
    """What is to be forgotten, without the words that say so."""
    bare = re.sub(
        r"^.*?\b(?:forget|unlearn|erase|clear|delete|remove|drop|ignore|vergiss|lösche|oublie|supprime|olvida|borra)\b\s*"
        r"(?:(?:what i said|the (?:rule|thing|preference)s?|that|die regel|la règle|la regla|my|the)\s+)*(?:about\s+|über\s+|sur\s+|sobre\s+)?",
        "", text, flags=re.IGNORECASE,
    )  # fmt: skip
    return bare.strip(" .!?\"'“”") if bare != text else ""


def _controlled(said: Control, _: str, incoming: Incoming, state: ConversationState) -> Command:
    do = _DO.get(said.action)
    asks = do is not None and said.action not in _ASKS_ITSELF
    missing = asked_for(BY_NAME[said.action], said.arguments) if asks else None
    if missing is not None:
        return missing
    return do(said.arguments, incoming, state) if do else intents.Named(name=said.action)


def _say_run(_: Arguments, __: Incoming, state: ConversationState) -> Command:
    if state.plan and not state.planning and not state.declined:
        return intents.Unclear(
            say=sentence(
                "Plan `{plan}` is waiting. To run it, say `run` or react to it with ✅.",
                plan=state.plan[:8],
            )
        )
    if state.questions:
        return intents.Unclear(
            say=sentence(
                "My questions are still open. Answer them, or say `run` to take the defaults."
            )
        )
    return commands.about_plan("plan.approve", state)


def _say_part(_: Arguments, __: Incoming, state: ConversationState) -> Command:
    if not state.plan:
        return commands.about_plan("plan.approve", state)
    return intents.Unclear(
        say=sentence(
            "To run a part of the plan, say it like `run all but 4` or `run only 1 and 2`."
        )
    )


def _refuse(_: Arguments, __: Incoming, state: ConversationState) -> Command:
    if state.questions:
        return intents.DropRequest(request=state.request)
    return commands.about_plan("plan.refuse", state)


def _what_if(found: Arguments, _: Incoming, state: ConversationState) -> Command:
    if not state.last_plan:
        return commands.about_plan("plan.dry_run", state)
    change = wording.what_if(found.text) or found.text
    return intents.WhatIf(plan=state.plan or state.last_plan, text=change)


def _fork(found: Arguments, _: Incoming, state: ConversationState) -> Command:
    change = phrases.fork(found.text) or found.text
    if state.plan:
        return intents.ChangePlan(plan=state.plan, text=change)
    return intents.Fork(text=change) if state.last_plan else intents.NewRequest(text=found.text)


def _defaults(_: Arguments, __: Incoming, state: ConversationState) -> Command:
    if state.questions:
        return intents.DefaultsTaken(request=state.request)
    return intents.Unclear(say=sentence("No questions are open here; say what you want done."))


def _steer(what: str) -> Do:
    def steered(found: Arguments, _: Incoming, state: ConversationState) -> Command:
        run = state.failed if what == "retry" else ""
        given = {"what": what, "run": run, "named": found.name, "number": found.number or 0}
        return intents.Steer.model_validate(given)

    return steered


def _schedule(what: intents.ScheduleVerb) -> Do:
    def ordered(found: Arguments, _: Incoming, __: ConversationState) -> Command:
        text = _TIMES.sub("", found.text) if what == "change" else ""
        return intents.ScheduleOrder(what=what, number=found.number or 0, text=text)

    return ordered


def _budget(found: Arguments, incoming: Incoming, __: ConversationState) -> Command:
    if is_on_top(found.text):  # a new limit of so much would be far less than is meant
        return intents.Unclear(say=ALLOWANCE_EXAMPLE)
    run = _THIS_RUN.search(found.text) is not None
    return intents.BudgetSet(
        name=phrases.RUN if run else "",
        agent=found.agent,
        person=incoming.mentions[0] if found.person and incoming.mentions else None,
        limit_micro_usd=found.amount_micro_usd or 0,
        period=found.period,
        text=found.text,
    )


def _no_budget(found: Arguments, incoming: Incoming, __: ConversationState) -> Command:
    return intents.BudgetRemove(
        name=phrases.RUN if _THIS_RUN.search(found.text) else "",
        agent=found.agent,
        person=incoming.mentions[0] if found.person and incoming.mentions else None,
        period=found.period,
        text=found.text,
    )


def _role(found: Arguments, incoming: Incoming, _: ConversationState) -> Command:
    if not incoming.mentions:
        return lacking("role.set", "person")
    if phrases.takes_away(found.text):
        return intents.RoleTaken(person=incoming.mentions[0], role=found.role)
    if found.role is None:
        return lacking("role.set", "role")
    return intents.RoleSet(person=incoming.mentions[0], role=found.role)


def _rule(*, accepts: bool) -> Do:
    def proposed(found: Arguments, _: Incoming, __: ConversationState) -> Command:
        return intents.Propose(accepts=accepts, number=found.number or 0)

    return proposed


def _template(found: Arguments, _: Incoming, __: ConversationState) -> Command:
    return intents.TemplateShow(name=found.name)


def _save(found: Arguments, _: Incoming, __: ConversationState) -> Command:
    named = bool(_NAMED_AS.search(found.text))
    return intents.SaveTemplate(name=found.name if named else "")


def _other_project(_: Arguments, __: Incoming, ___: ConversationState) -> Command:
    return intents.Unclear(
        say=sentence(
            "I didn't catch what to do with which project. Say it like `projects`, `create project "
            "Website`, `switch to project Website`, `rename project Website to Shop` or `archive "
            "project Shop`."
        )
    )


def _secret(_: Arguments, __: Incoming, ___: ConversationState) -> Command:
    return intents.Unclear(
        say=sentence(
            "To keep a key or password, say it like `keep secret:stripe = …`, with its value; to "
            "delete one, `forget secret stripe`. `secrets` lists their names."
        )
    )


def _rate(_: Arguments, __: Incoming, ___: ConversationState) -> Command:
    return intents.Unclear(
        say=sentence(
            "React to the result with 👍 or 👎, and I'll learn from it. To get another one, say what "
            "should be different."
        )
    )


def _order(_: Arguments, __: Incoming, ___: ConversationState) -> Command:
    return intents.Unclear(
        say=sentence(
            "I can't put one run before another. To let one go first, `pause` the others and "
            "`resume` them later."
        )
    )


_ASKS_ITSELF: Final = frozenset({"role.set"})
"""What is needed depends on more than the row's arguments."""

_EXACTLY: Final[dict[str, Do]] = {"plan.approve": _say_run, "plan.approve_part": _say_part}
"""What counts only in its exact words; otherwise the person is told them."""

_DO: Final[dict[str, Do]] = {
    **_EXACTLY,
    "plan.refuse": _refuse,
    "plan.dry_run": lambda _, __, state: commands.about_plan("plan.dry_run", state),
    "plan.what_if": _what_if,
    "plan.fork": _fork,
    "plan.rerun": lambda found, _, __: intents.Rerun(where=str(found.number or "")),
    "question.take_defaults": _defaults,
    "run.pause": _steer("pause"),
    "run.resume": _steer("resume"),
    "run.cancel": _steer("cancel"),
    "run.retry": _steer("retry"),
    "run.rate": _rate,
    "run.undo": lambda _, __, state: commands.undo(state),
    "run.priority": _order,
    "project.switch": _other_project,
    "secret.keep": _secret,
    "secret.forget": _secret,
    "schedules.list": _schedule("list"),
    "schedule.show": _schedule("show"),
    "schedule.pause": _schedule("pause"),
    "schedule.resume": _schedule("resume"),
    "schedule.change": _schedule("change"),
    "schedule.run": _schedule("run"),
    "schedule.delete": _schedule("delete"),
    "template.show": _template,
    "template.save": _save,
    "budget.set": _budget,
    "budget.remove": _no_budget,
    "role.set": _role,
    "rule.accept": _rule(accepts=True),
    "rule.decline": _rule(accepts=False),
}
"""How a row of the table is done that needs more than its name."""

_BY_KIND: Final[dict[str, Callable[[Any, str, Incoming, ConversationState], Command]]] = {
    "work": lambda _, text, __, ___: intents.NewRequest(text=text),
    "change": _changed,
    "answer": _answered,
    "control": _controlled,
    "about": _about,
    "teach": _taught,
    "forget": _forgotten,
    "social": _talk,
    "unclear": _unclear,
}
