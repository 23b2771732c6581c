"""Who has to approve what: rules on approvals, and approving for somebody who is away."""

from datetime import datetime, timedelta
from typing import Final

from bot.actions.act import Act, action
from bot.config.projects import rules_of
from memory.model.approvals.policy import Delegation, PolicyRule, StoredRule
from memory.model.authority import Right, role_now
from memory.model.base import Model
from memory.model.errors import BadInput, Conflict, NotFound
from memory.model.identity import Identity, Role
from memory.store.knowledge import projects
from memory.store.planning import policies

LONGEST: Final = timedelta(days=92)


class SetRule(Model):
    """A rule from now on, in place of an older one about the same."""

    rule: PolicyRule


class EndRule(Model):
    """The number of a rule that holds no more."""

    number: int


class Delegate(Model):
    """Somebody who may approve for whoever says so, until then."""

    taker: Identity
    until: datetime


class EndDelegation(Model):
    """Nobody, or not this person, approves any more for whoever says so."""

    taker: str = ""


class DelegationsEnded(Model):
    """The people who approve no more for whoever said so, by key."""

    takers: tuple[str, ...]


@action("policy.set")
async def set_rule(act: Act, given: SetRule) -> StoredRule:
    """Let a rule hold for every plan from now on, those that wait too. Raises NotAllowed, BadInput."""
    act.must(Right.SET_POLICY)
    stored = await policies.put(act.tx, act.project, given.rule, by=act.person, at=act.now)
    await act.record("policy.set", on=str(stored.number))
    return stored


@action("policy.remove")
async def end_rule(act: Act, given: EndRule) -> EndRule:
    """Let a rule hold no more; plans that asked under it keep to it. Raises NotAllowed, NotFound."""
    act.must(Right.SET_POLICY)
    if not await policies.end(act.tx, act.project, given.number, at=act.now):
        raise NotFound(
            "There's no policy {number} here; say `policy` to see them.", number=given.number
        )
    await act.record("policy.removed", on=str(given.number))
    return given


@action("approval.delegate")
async def delegate(act: Act, given: Delegate) -> Delegation:
    """Let somebody approve in one's place for a while. Raises NotAllowed, BadInput, Conflict."""
    rules = await policies.rules(act.tx, act.project)
    named = any(
        act.people.are_one(key, act.person.key) for stored in rules for key in stored.rule.people
    )
    act.must(Right.ASK if named else Right.DELEGATE)
    roles = await projects.roles_of(act.tx, act.project)
    if roles.people.were_one(given.taker.key, act.person.key):
        raise BadInput("You can't approve for yourself; name somebody else.")
    if not act.now < given.until <= act.now + LONGEST:
        raise BadInput("Say until when, at most three months from now.")
    fixed = await rules_of(act.desk.settings, act.tx, act.project, now=act.now)
    if role_now(given.taker.key, roles, fixed) is Role.VIEWER:
        raise Conflict(
            "{name} doesn't work in this project, so they can't approve for you here.",
            name=given.taker.display or given.taker.user_id,
        )
    lent = await policies.lend(
        act.tx, act.project, act.person, given.taker, since=act.now, until=given.until
    )
    await act.record("approval.delegated", on=given.taker.key, delegation=str(lent.number))
    return lent


@action("approval.end_delegation")
async def end_delegation(act: Act, given: EndDelegation) -> DelegationsEnded:
    """Nobody approves any more for whoever says so. Raises NotAllowed, NotFound."""
    act.must(Right.ASK)
    mine = [
        known
        for known in await policies.lent(act.tx, act.project)
        if act.people.are_one(known.giver, act.person.key)
        and known.until > act.now
        and given.taker in {"", known.taker}
    ]
    if not mine:
        raise NotFound("Nobody approves for you here.")
    for known in mine:
        await policies.end_lent(act.tx, act.project, known.number, at=act.now)
    numbers = " ".join(str(known.number) for known in mine)
    await act.record("approval.delegation_ended", on=act.person.key, delegations=numbers)
    return DelegationsEnded(takers=tuple(known.taker for known in mine))
