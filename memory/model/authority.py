"""The one gate: whether a person may do a thing, for messages, reactions, buttons and commands."""

from dataclasses import dataclass
from enum import StrEnum

from memory.model.agents.spec import EffectClass
from memory.model.identity import Identity, Role

HIGH_RISK = frozenset({EffectClass.PUBLISH, EffectClass.EXEC})
"""Effects that somebody other than the requester has to approve."""


class Action(StrEnum):
    """What people do."""

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

_DENIALS = {
    Action.CHANGE: "Only the person who asked for it, an approver or the owner can do that.",
    Action.ANSWER: "Those questions are for the person who asked for the work, an approver or the owner.",
    Action.SET_PREFERENCE: "Only an approver or the owner can say what holds for everyone here; without “here” it is kept for you.",
    Action.RELEASE_ALL: "Only an approver or the owner of this project can do that.",
    Action.SET_BUDGET: "Only an approver or the owner of this project can do that.",
    Action.SET_ROLE: "Only the owner of this project can change roles.",
    Action.ANSWER_PERSON: "That question is for somebody else; their answer counts.",
}


@dataclass(frozen=True)
class About:
    """What the action is on. Empty fields mean that it has no such thing.

    `alone`: a console's owner, or its only person who may decide.
    """

    requester: str = ""
    highest_effect: EffectClass = EffectClass.READ
    asked: str = ""
    alone: bool = False
    requester_may_approve: bool | None = None


@dataclass(frozen=True)
class Allowed:
    """Go on."""


@dataclass(frozen=True)
class Denied:
    """Not so; `reason` is one sentence for the person."""

    reason: str


Verdict = Allowed | Denied

DECIDERS = frozenset({Role.OWNER, Role.APPROVER})
"""Roles that may approve what publishes or runs commands."""


def authorise(actor: Identity, role: Role, action: Action, about: About) -> Verdict:
    """Whether this person, in this role, may do that."""
    if role is Role.VIEWER and action is not Action.SEE:
        return Denied("You may look on in this project; ask its owner to make you a member.")
    if action is Action.APPROVE:
        return _may_approve(actor, role, about)
    if action in _OPEN or _has_right(actor, role, action, about):
        return Allowed()
    return Denied(_DENIALS[action])


def may_ever_approve(person: str, role: Role, about: About) -> bool:
    """Whether this person's approval of such a plan would count."""
    actor = Identity(platform="", workspace="", user_id="").model_copy(
        update=dict(zip(("platform", "workspace", "user_id"), person.split(":", 2), strict=True))
    )
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
    own = actor.key == about.requester
    if about.highest_effect in HIGH_RISK and role not in DECIDERS:
        return Denied(
            f"This plan {_does(about.highest_effect)}, which an approver or the owner has to approve."
        )
    if not own or about.alone or about.requester_may_approve is True:
        return Allowed()
    if about.requester_may_approve is False:
        return Denied("In this project somebody else has to approve what you asked for.")
    if about.highest_effect in HIGH_RISK:
        return Denied(
            f"This plan {_does(about.highest_effect)} and you asked for it; another approver has to "
            "approve it."
        )
    return Allowed()


def _does(effect: EffectClass) -> str:
    return "publishes" if effect is EffectClass.PUBLISH else "runs commands"
