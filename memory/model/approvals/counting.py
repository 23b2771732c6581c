"""How many of the approvals given count: each human once, and each right to approve once. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from memory.model.approvals.policy import HIGH_RISK, Demand, Who
from memory.model.identity import People, Role

DECIDERS: Final = frozenset({Role.OWNER, Role.APPROVER})
"""Roles that may approve what publishes or runs commands."""

Word = tuple[str, datetime]
"""Somebody's approval: their key, and when they gave it."""

Given = tuple[str, Role, datetime]
"""The same with what they are in the project now."""


@dataclass(frozen=True)
class Lent:
    """`taker` may approve as `giver`, who is `role` now, what is approved from `since` to `until`."""

    giver: str
    role: Role
    taker: str
    since: datetime
    until: datetime


class Terms(Protocol):
    """What has to be known of a plan besides its demands: `About` of `memory.model.authority`."""

    @property
    def requester(self) -> str:
        """Who asked for it, by key."""

    @property
    def askers(self) -> tuple[str, ...]:
        """Others whose words made it what it is, by key."""

    @property
    def alone(self) -> bool:
        """Whether they are the only one who may decide, at a terminal."""

    @property
    def sandbox(self) -> bool:
        """Whether it's in the project of one person's direct messages."""

    @property
    def lent(self) -> tuple[Lent, ...]:
        """Who may approve for whom."""

    @property
    def people(self) -> People:
        """Which identities are one person's."""


def counted(demand: Demand, words: Iterable[Given], about: Terms) -> int:
    """How many humans gave this approval, each with a right that no other one of them used."""
    options: dict[str, set[str]] = {}
    given = tuple(words)
    confirmed = any(confirms(person, role, about) for person, role, _ in given)
    for person, role, at in given:
        right = rights(demand, person, role, about, at, confirmed=confirmed)
        options.setdefault(about.people.counted(person), set()).update(right)
    used: dict[str, str] = {}

    def placed(human: str, tried: set[str]) -> bool:
        for right in sorted(options[human]):
            if right in tried:
                continue
            tried.add(right)
            if right not in used or placed(used[right], tried):
                used[right] = human
                return True
        return False

    return sum(placed(human, set()) for human in options)


def confirms(person: str, role: Role, about: Terms) -> bool:
    """Whether a yes of this person's says that the plan, as it became, is what they asked for."""
    return role is not Role.VIEWER and about.people.are_one(person, about.requester)


def rights(
    demand: Demand,
    person: str,
    role: Role,
    about: Terms,
    at: datetime,
    *,
    confirmed: bool = False,
) -> frozenset[str]:
    """The humans in whose right this person may give the approval: themselves, or who lent it.

    `confirmed`: whoever asked for the plan said yes to it as it is, so it's theirs alone.
    """
    if about.sandbox and demand.effect in HIGH_RISK:
        return frozenset()
    if not _may_join(demand, person, role, about, confirmed=confirmed):
        return frozenset()
    if _is_meant(demand, person, role, about, at):
        return frozenset({about.people.counted(person)})
    return frozenset(
        about.people.counted(lent.giver)
        for lent in about.lent
        if about.people.are_one(lent.taker, person)
        and lent.since <= at < lent.until
        and _may_join(demand, lent.giver, lent.role, about, confirmed=confirmed)
        and _is_meant(demand, lent.giver, lent.role, about, at)
    )


def _may_join(demand: Demand, person: str, role: Role, about: Terms, *, confirmed: bool) -> bool:
    """Whether the person works here, and didn't ask for it where somebody else has to approve."""
    if role is Role.VIEWER:
        return False
    excused = demand.own or (about.alone and not demand.rule)
    return excused or not has_asked(person, about, confirmed=confirmed)


def has_asked(person: str, about: Terms, *, confirmed: bool = False) -> bool:
    """Whether the plan is what the person, by any of their accounts, asked for."""
    askers = () if confirmed else about.askers
    return any(about.people.were_one(person, key) for key in (about.requester, *askers))


def _is_meant(demand: Demand, person: str, role: Role, about: Terms, at: datetime) -> bool:
    def named(keys: Iterable[str]) -> bool:
        return any(about.people.are_one(key, person) for key in keys)

    late = demand.stand_in_from is not None and at >= demand.stand_in_from
    if late and named(demand.stand_ins):
        return True
    match demand.who:
        case Who.MEMBER | Who.NOBODY:
            return True
        case Who.APPROVER:
            return role in DECIDERS
        case Who.PEOPLE:
            return named(demand.people)
