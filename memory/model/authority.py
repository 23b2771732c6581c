"""The one gate: whether a person may do a thing, for messages, reactions, buttons and commands."""

from dataclasses import dataclass
from enum import StrEnum

from memory.model.agents.spec import EffectClass
from memory.model.identity import Identity, Role
from memory.model.text import text

HIGH_RISK = frozenset({EffectClass.PUBLISH, EffectClass.EXEC})
"""Effects that somebody other than the requester has to approve."""


class Action(StrEnum):
    """What people ask the bot to do."""

    SEE = "see"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    CHANGE = "change"
    """Change or drop a plan that waits, cancel a run."""
    DRY_RUN = "dry_run"
    STEER = "steer"
    """Pause and resume."""
    STOP_ALL = "stop_all"
    RELEASE_ALL = "release_all"
    SET_BUDGET = "set_budget"
    SET_ROLE = "set_role"
    RATE = "rate"
    ANSWER_PERSON = "answer_person"
    ANSWER_OWN = "answer_own"
    """Say what one prefers oneself."""
    SET_PREFERENCE = "set_preference"
    """Say what everyone in the project is taken to prefer."""


_OPEN = frozenset(
    {
        Action.SEE,
        Action.ASK,
        Action.ANSWER_OWN,
        Action.DRY_RUN,
        Action.STEER,
        Action.STOP_ALL,
        Action.RATE,
    }
)
"""What every member may do."""

_DECIDERS_ONLY = text("Only an approver or the owner of this project can do that.")
_DENIALS = {
    Action.CHANGE: text("Only the person who asked for it, an approver or the owner can do that."),
    Action.ANSWER: text(
        "Only the person who asked for the work, an approver or the owner can answer those questions."
    ),
    Action.SET_PREFERENCE: text(
        "Only an approver or the owner can set a preference for everyone; leave out “here” to set "
        "it for yourself."
    ),
    Action.RELEASE_ALL: _DECIDERS_ONLY,
    Action.SET_BUDGET: _DECIDERS_ONLY,
    Action.SET_ROLE: text("Only the owner of this project can change roles."),
    Action.ANSWER_PERSON: text("That question is for someone else to answer."),
}
_TAKES_A_DECIDER = {
    EffectClass.PUBLISH: text(
        "This plan publishes, so an approver or the owner has to approve it."
    ),
    EffectClass.EXEC: text(
        "This plan runs commands, so an approver or the owner has to approve it."
    ),
}
_TAKES_ANOTHER = {
    EffectClass.PUBLISH: text(
        "This plan publishes and you asked for it, so another approver has to approve it."
    ),
    EffectClass.EXEC: text(
        "This plan runs commands and you asked for it, so another approver has to approve it."
    ),
}


@dataclass(frozen=True)
class About:
    """What the action concerns; a field that doesn't apply stays empty.

    `alone`: the person owns the console, or is the only one in the project who may decide.
    """

    requester: str = ""
    highest_effect: EffectClass = EffectClass.READ
    asked: str = ""
    alone: bool = False
    requester_may_approve: bool | None = None


@dataclass(frozen=True)
class Allowed:
    """The person may do it."""


@dataclass(frozen=True)
class Denied:
    """The person may not do it; `reason` is the sentence to tell them."""

    reason: str


Verdict = Allowed | Denied

DECIDERS = frozenset({Role.OWNER, Role.APPROVER})
"""Roles that may approve what publishes or runs commands."""


def authorise(actor: Identity, role: Role, action: Action, about: About) -> Verdict:
    """Whether this person, in this role, may do that."""
    if role is Role.VIEWER and action is not Action.SEE:
        return Denied(
            text("You have read-only access to this project; ask its owner to make you a member.")
        )
    if action is Action.APPROVE:
        return _may_approve(actor, role, about)
    if action in _OPEN or _has_right(actor, role, action, about):
        return Allowed()
    return Denied(_DENIALS[action])


def may_ever_approve(person: str, role: Role, about: About) -> bool:
    """Whether an approval of such a plan by this person (an identity's key) would count."""
    platform, workspace, user_id = person.split(":", 2)
    actor = Identity(platform=platform, workspace=workspace, user_id=user_id)
    return isinstance(authorise(actor, role, Action.APPROVE, about), Allowed)


def _has_right(actor: Identity, role: Role, action: Action, about: About) -> bool:
    if action in {Action.CHANGE, Action.ANSWER}:
        return actor.key == about.requester or role in DECIDERS
    if action is Action.SET_ROLE:
        return role is Role.OWNER
    if action is Action.ANSWER_PERSON:
        return about.alone or about.asked in {"", actor.key}
    decided = {Action.RELEASE_ALL, Action.SET_BUDGET, Action.SET_PREFERENCE}
    return action in decided and role in DECIDERS


def _may_approve(actor: Identity, role: Role, about: About) -> Verdict:
    effect = about.highest_effect
    if effect in HIGH_RISK and role not in DECIDERS:
        return Denied(_TAKES_A_DECIDER[effect])
    if actor.key != about.requester or about.alone or about.requester_may_approve is True:
        return Allowed()
    if about.requester_may_approve is False:
        return Denied(text("In this project, someone else has to approve what you asked for."))
    return Denied(_TAKES_ANOTHER[effect]) if effect in HIGH_RISK else Allowed()
