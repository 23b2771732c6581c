"""Who may do what: the one rule, asked by every door and by the executor before each effect. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from memory.model.agents.spec import EffectClass
from memory.model.approvals.counting import DECIDERS as DECIDERS
from memory.model.approvals.counting import Lent, Word, confirms, counted, has_asked, rights
from memory.model.approvals.policy import HIGH_RISK as HIGH_RISK
from memory.model.approvals.policy import Demand, Who, house_rule
from memory.model.approvals.reasons import (
    BROKEN_RULE,
    POLICY_TAKES_A_DECIDER,
    SANDBOX_BUDGET,
    SANDBOX_RISK,
    TAKES_A_DECIDER,
    TAKES_ANOTHER,
    TAKES_OTHER_HANDS,
    TAKES_SOMEBODY_ELSE,
    TAKES_THE_NAMED,
    TOO_FEW,
)
from memory.model.errors import NotAllowed
from memory.model.identity import UNLINKED, Identity, People, Role, admits
from memory.model.text import text


class Right(StrEnum):
    """What people ask the bot to do."""

    SEE = "see"
    ASK = "ask"
    ANSWER = "answer"
    APPROVE = "approve"
    CONFIRM = "confirm"
    """Say that a plan which others had a hand in is what one asked for."""
    CHANGE = "change"
    """Change or drop a plan that waits, cancel a run."""
    DRY_RUN = "dry_run"
    STEER = "steer"
    """Pause and resume."""
    STOP = "stop"
    """Stop the project's work."""
    RELEASE = "release"
    """Let the project's work go on."""
    GOVERN = "govern"
    """Stop or release everything in this installation."""
    CONFIRM_PLACE = "confirm_place"
    """Let the bot work in a channel, and name its owner."""
    CREATE_PROJECT = "create_project"
    """Make a project that no place stands for."""
    MANAGE_PROJECT = "manage_project"
    """Rename, archive, restore or copy the project, and say which channels are about it."""
    FORGET_LINK = "forget_link"
    """Have accounts counted apart that were one person's."""
    SET_BUDGET = "set_budget"
    SET_ROLE = "set_role"
    SET_POLICY = "set_policy"
    DELEGATE = "delegate"
    RATE = "rate"
    ANSWER_PERSON = "answer_person"
    ANSWER_OWN = "answer_own"
    """Say what one prefers oneself."""
    SET_PREFERENCE = "set_preference"
    """Say what everyone in the project is taken to prefer."""
    TRUST_TOOLS = "trust_tools"
    """Say which tools of which servers may be used, in every project."""
    KEEP_SECRET = "keep_secret"  # noqa: S105 - the right's name
    """Keep and forget secrets of the project."""


_OPEN = frozenset(
    {
        Right.SEE,
        Right.ASK,
        Right.ANSWER_OWN,
        Right.DRY_RUN,
        Right.STEER,
        Right.STOP,
        Right.RATE,
    }
)
"""What every member may do."""

ARCHIVED = text(
    "This project is archived: it can be looked at, but nothing new starts in it. Its owner or an "
    "admin of this installation can say `restore project`."
)
_IN_ARCHIVE = frozenset({Right.SEE, Right.MANAGE_PROJECT, Right.CREATE_PROJECT, Right.GOVERN})
"""What may be done in an archived project."""

_DECIDERS_ONLY = text("Only an approver or the owner of this project can do that.")
_DENIALS = {
    Right.CHANGE: text("Only the person who asked for it, an approver or the owner can do that."),
    Right.ANSWER: text(
        "Only the person who asked for the work, an approver or the owner can answer those questions."
    ),
    Right.SET_PREFERENCE: text(
        "Only an approver or the owner can set a preference for everyone; leave out “here” to set "
        "it for yourself."
    ),
    Right.RELEASE: _DECIDERS_ONLY,
    Right.GOVERN: text(
        "Only an admin of this installation can do that for everything; `stop` stops this "
        "project. Admins are named in orchestra.toml."
    ),
    Right.CONFIRM_PLACE: text(
        "Only an admin of this installation or the owner of a project can set up a channel."
    ),
    Right.CREATE_PROJECT: text(
        "Only an admin of this installation or the owner of a project can create one."
    ),
    Right.MANAGE_PROJECT: text(
        "Only the owner of this project or an admin of this installation can do that."
    ),
    Right.FORGET_LINK: text(
        "Only an admin of this installation can undo a link of somebody else, or for good. Admins "
        "are named in orchestra.toml."
    ),
    Right.SET_BUDGET: _DECIDERS_ONLY,
    Right.KEEP_SECRET: text(
        "Only an approver or the owner of this project can keep or delete its secrets."
    ),
    Right.SET_ROLE: text("Only the owner of this project can change roles."),
    Right.SET_POLICY: text(
        "Only the owner of this project can say whose approval something takes."
    ),
    Right.DELEGATE: text(
        "You can lend only what you have, and only approvers and owners approve by their role."
    ),
    Right.TRUST_TOOLS: text(
        "Only an admin of this installation can say which tools to trust. Admins are named in "
        "orchestra.toml."
    ),
    Right.ANSWER_PERSON: text("That question is for someone else to answer."),
}
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class About:
    """What the action concerns; a field that doesn't apply stays empty.

    `alone`: the person owns the console, or is the only one in the project who may decide.
    `admin`: the person is an admin of the installation. `owns`: they own a project that several
    people share. `sandbox`: it's the project of one person's direct messages. `archived`: it's
    only looked at. `demands` are the approvals that a plan takes; () stands for the house rule of
    its `highest_effect`. `askers` are others whose words made the plan what it is, `confirmed` that
    the requester said yes to it as it became. `now` is when an approval is given, `people` which
    identities are one person's.
    """

    requester: str = ""
    highest_effect: EffectClass = EffectClass.READ
    asked: str = ""
    alone: bool = False
    admin: bool = False
    owns: bool = False
    sandbox: bool = False
    archived: bool = False
    requester_may_approve: bool | None = None
    askers: tuple[str, ...] = ()
    confirmed: bool = False
    people: People = UNLINKED
    demands: tuple[Demand, ...] = ()
    lent: tuple[Lent, ...] = ()
    now: datetime = _BEGINNING

    @property
    def asks(self) -> tuple[Demand, ...]:
        """The approvals it takes."""
        own = self.requester_may_approve
        return self.demands or (house_rule(self.highest_effect, requester_may_approve=own),)


@dataclass(frozen=True)
class Allowed:
    """The person may do it."""


@dataclass(frozen=True)
class Denied:
    """No; `message` is the sentence to tell the person, and its id in the catalogue of texts."""

    message: str


Verdict = Allowed | Denied

CONSOLE: Final = "console"
"""The platform of people at a terminal, who may stand in for anybody where nobody else decides."""


@dataclass(frozen=True)
class Rules:
    """What the settings fix of a project's approvals; in a `sandbox` nobody approves high risk.

    `owners` and `approvers` are set by whoever runs the installation, by whole keys, and hold
    whatever role was given in the chat; `viewers` only look. `listed` are the people and workspaces that may work here
    at all, none for everybody.
    """

    quorum: int = 1
    requester_may_approve: bool | None = None
    owners: frozenset[str] = frozenset()
    approvers: frozenset[str] = frozenset()
    viewers: frozenset[str] = frozenset()
    sandbox: bool = False
    listed: frozenset[str] = frozenset()

    def fixed_role(self, person: str, people: People = UNLINKED) -> Role | None:
        """The role that is set for any identity of this one's person, None where none is."""
        if any(people.are_one(key, person) for key in self.owners):
            return Role.OWNER
        if any(people.are_one(key, person) for key in self.approvers):
            return Role.APPROVER
        looks = any(people.are_one(key, person) for key in self.viewers)
        return Role.VIEWER if looks else None


_GIVEN_FIRST: Final = (Role.OWNER, Role.APPROVER, Role.VIEWER, Role.MEMBER)
"""Of the roles of one person's identities the first holds: newcomers are members, the rest is given."""


@dataclass(frozen=True)
class Roles:
    """What identities are in a project, by key, as given in the chat.

    `outsiders`, such as guests, only look and give nothing to the other identities of their person.
    """

    given: Mapping[str, Role] = field(default_factory=dict)
    outsiders: frozenset[str] = frozenset()
    people: People = UNLINKED

    def of(self, key: str) -> Role:
        """What this identity's person is in the project; somebody unknown is a viewer."""
        if key in self.outsiders:
            return Role.VIEWER
        return self._by_person.get(self.people.person(key), Role.VIEWER)

    @cached_property
    def _by_person(self) -> dict[str, Role]:
        found: dict[str, Role] = {}
        for key, role in self.given.items():
            if key not in self.outsiders:
                person = self.people.person(key)
                found[person] = min(role, found.get(person, role), key=_GIVEN_FIRST.index)
        return found


def authorise(actor: Identity, role: Role, action: Right, about: About) -> Verdict:
    """Whether this person, in this role, may do that."""
    barred = _barred(role, action, about)
    if barred is not None:
        return barred
    if action in _OF_ADMINS:
        owns = action in _OF_OWNERS_ANYWHERE and about.owns
        owner = action is Right.MANAGE_PROJECT and role is Role.OWNER
        return Allowed() if about.admin or owns or owner else Denied(_DENIALS[action])
    if action is Right.APPROVE:
        return _may_approve(actor, role, about)
    if action is Right.CONFIRM:
        mine = bool(about.askers) and confirms(actor.key, role, about)
        return Allowed() if mine else _may_approve(actor, role, about)
    if action in _OPEN or _has_right(actor, role, action, about):
        return Allowed()
    return Denied(_DENIALS[action])


def _barred(role: Role, action: Right, about: About) -> Denied | None:
    """What stands against it before rights are asked about, None for nothing."""
    if about.archived and action not in _IN_ARCHIVE:
        return Denied(ARCHIVED)
    if role is Role.VIEWER and action is not Right.SEE and action not in _OF_ADMINS:
        return Denied(
            text("You have read-only access to this project; ask its owner to make you a member.")
        )
    if action is Right.SET_BUDGET and about.sandbox and not about.admin:
        return Denied(SANDBOX_BUDGET)
    return None


_OF_OWNERS_ANYWHERE = frozenset({Right.CONFIRM_PLACE, Right.CREATE_PROJECT})
_OF_ADMINS = _OF_OWNERS_ANYWHERE | {
    Right.GOVERN,
    Right.MANAGE_PROJECT,
    Right.FORGET_LINK,
    Right.TRUST_TOOLS,
}
"""What an admin of the installation may do, whatever their role is here."""


def require(actor: Identity, role: Role, right: Right, about: About) -> None:
    """Pass the gate, or raise NotAllowed with the reason."""
    verdict = authorise(actor, role, right, about)
    if isinstance(verdict, Denied):
        denied = NotAllowed(verdict.message)
        denied.right, denied.about = right, about
        raise denied


def role_now(person: str, roles: Roles, rules: Rules) -> Role:
    """What the person is in the project at this moment; somebody unknown is a viewer."""
    if not admits(rules.listed, person):
        return Role.VIEWER
    people = UNLINKED if person in roles.outsiders else roles.people
    return rules.fixed_role(person, people) or roles.of(person)


def terms(requester: Identity, effect: EffectClass, roles: Roles, rules: Rules) -> About:
    """What has to be known of a plan to say who may approve it, by the house rule."""
    deciders = {person for person, role in roles.given.items() if role in DECIDERS}
    others = any(
        not roles.people.are_one(person, requester.key)
        for person in rules.owners | rules.approvers | deciders
    )
    return About(
        requester=requester.key,
        highest_effect=effect,
        alone=requester.platform == CONSOLE and not others,
        requester_may_approve=rules.requester_may_approve,
        sandbox=rules.sandbox,
        people=roles.people,
    )


def approved(words: Iterable[Word], about: About, roles: Roles, rules: Rules) -> Verdict:
    """Whether these approvals are enough for all that is asked, with the roles of this moment."""
    given = [(person, role_now(person, roles, rules), at) for person, at in words]
    for demand in about.asks:
        if demand.who is Who.NOBODY:
            if role_now(about.requester, roles, rules) is Role.VIEWER:
                return Denied(text("Whoever asked for this plan only has read-only access now."))
        elif counted(demand, given, about) < demand.count:
            return Denied(TOO_FEW)
    return Allowed()


def may_ever_approve(person: str, role: Role, about: About) -> bool:
    """Whether an approval of such a plan by this person (an identity's key) would count."""
    return isinstance(authorise(Identity.of(person), role, Right.APPROVE, about), Allowed)


def _has_right(actor: Identity, role: Role, action: Right, about: About) -> bool:
    if action in {Right.CHANGE, Right.ANSWER}:
        return about.people.are_one(actor.key, about.requester) or role in DECIDERS
    if action in {Right.SET_ROLE, Right.SET_POLICY}:
        return role is Role.OWNER
    if action is Right.ANSWER_PERSON:
        asked = not about.asked or about.people.are_one(actor.key, about.asked)
        return about.alone or asked
    decided = {
        Right.RELEASE,
        Right.SET_BUDGET,
        Right.SET_PREFERENCE,
        Right.KEEP_SECRET,
        Right.DELEGATE,
    }
    return action in decided and role in DECIDERS


def _may_approve(actor: Identity, role: Role, about: About) -> Verdict:
    if about.sandbox and any(demand.effect in HIGH_RISK for demand in about.asks):
        return Denied(SANDBOX_RISK)
    for demand in about.asks:
        if rights(demand, actor.key, role, about, about.now, confirmed=about.confirmed):
            return Allowed()
    return _why_not(actor, role, about.asks[0], about)


def _why_not(actor: Identity, role: Role, demand: Demand, about: About) -> Denied:
    """Why the person's approval doesn't count for what is asked first."""
    if demand.broken:
        return Denied(BROKEN_RULE)
    asked = about.people.were_one(actor.key, about.requester)
    if has_asked(actor.key, about, confirmed=about.confirmed) and not (asked or demand.own):
        return Denied(TAKES_OTHER_HANDS)
    if demand.rule or demand.effect not in HIGH_RISK:
        named = any(about.people.are_one(key, actor.key) for key in demand.people)
        if demand.who is Who.PEOPLE and not named:
            return Denied(TAKES_THE_NAMED)
        barred = asked and not demand.own
        return Denied(TAKES_SOMEBODY_ELSE) if barred else Denied(POLICY_TAKES_A_DECIDER)
    if role not in DECIDERS:
        return Denied(TAKES_A_DECIDER[demand.effect])
    forbidden = about.requester_may_approve is False
    return Denied(TAKES_SOMEBODY_ELSE) if forbidden else Denied(TAKES_ANOTHER[demand.effect])
