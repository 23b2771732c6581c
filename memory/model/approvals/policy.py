"""Policy: what a project asks of an approval, by effect, target, price and origin. Pure.

For each thing a plan changes, the rule with the most exact target decides; rules about price and
origin come on top of it, and so does what the settings fix. Where no rule fits, the house rule does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from posixpath import normpath
from typing import Final, Self

from pydantic import Field, model_validator

from memory.model.agents.spec import EffectClass
from memory.model.base import Model, name_key
from memory.model.identity import WholeId
from memory.model.work.plan import Plan

HIGH_RISK: Final = frozenset({EffectClass.CONFIGURE, EffectClass.PUBLISH, EffectClass.EXEC})
"""Effects that somebody other than the requester has to approve, where no rule says otherwise."""
_ORDER: Final = tuple(EffectClass)
MOST_APPROVALS: Final = 20
LONGEST_S: Final = 24 * 3600
"""A plan waits for a day at the most, so nothing about the waiting takes longer."""


class Who(StrEnum):
    """Whose approval is needed."""

    NOBODY = "nobody"
    MEMBER = "member"
    """Anybody who works here, whoever asked too."""
    APPROVER = "approver"
    """An approver or owner."""
    PEOPLE = "people"
    """Those who are named."""


class PolicyRule(Model):
    """A line of a project's policy: what it is about, and whose approval that takes.

    `effect` None is any; `target` is a path, folder or pattern, "" any. `over_micro_usd` and
    `untrusted` make it a rule on top of the others; `under_micro_usd` lets it hold only below that
    price. `own`: whoever asked may be among the approvers. Times are seconds from the asking.
    """

    effect: EffectClass | None = None
    target: str = Field(default="", max_length=300)
    over_micro_usd: int | None = Field(default=None, ge=0)
    under_micro_usd: int | None = Field(default=None, gt=0)
    untrusted: bool = False
    who: Who
    count: int = Field(default=1, ge=1, le=MOST_APPROVALS)
    people: tuple[WholeId, ...] = ()
    own: bool = False
    expires_s: int | None = Field(default=None, ge=60, le=LONGEST_S)
    remind_s: int | None = Field(default=None, ge=60, le=LONGEST_S)
    escalate_s: int | None = Field(default=None, ge=60, le=LONGEST_S)
    escalate_to: tuple[WholeId, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.who is Who.PEOPLE) != bool(self.people):
            raise ValueError("people are named exactly where they are asked for")
        if self.people and self.count > len(set(self.people)):
            raise ValueError("more approvals than people")
        if self.who is Who.NOBODY and (self.effect is not EffectClass.READ or self.extra):
            raise ValueError("only what reads may go without an approval")
        if (self.escalate_s is None) != (not self.escalate_to):
            raise ValueError("an escalation is to somebody, after some time")
        return self

    @property
    def extra(self) -> bool:
        """Whether it asks for something besides what the target's own rule asks for."""
        return self.over_micro_usd is not None or self.untrusted

    @property
    def about(self) -> tuple[object, ...]:
        """What it is about: a newer rule about the same takes its place."""
        price = (self.over_micro_usd is not None, self.under_micro_usd is not None)
        return (self.effect, target_key(self.target), *price, self.untrusted)


class StoredRule(Model):
    """A rule in force. `number` is what people call it; `holds`: its seal fits."""

    number: int
    rule: PolicyRule
    set_by: str
    at: datetime
    holds: bool = True


class Delegation(Model):
    """`taker` may approve for `giver` until then. `holds`: its seal fits."""

    number: int
    giver: str
    taker: str
    since: datetime
    until: datetime
    holds: bool = True

    def covers(self, at: datetime) -> bool:
        """Whether an approval given at that moment was given under it."""
        return self.holds and self.since <= at < self.until


class Touch(Model):
    """A thing that a plan changes. `untrusted`: what goes there isn't written in the plan."""

    effect: EffectClass
    target: str = ""
    untrusted: bool = False


class Asked(Model):
    """What a plan asks leave for. `cost_micro_usd` None: nobody knows what it may cost."""

    touches: tuple[Touch, ...]
    cost_micro_usd: int | None
    at: datetime


class Demand(Model):
    """An approval that a plan takes: `count` of those who may give it.

    `rule` is the number of the rule that asks for it, 0 for the house rule and the settings.
    After `stand_in_from`, `stand_ins` may give it as well.
    """

    who: Who
    count: int = 1
    people: tuple[str, ...] = ()
    own: bool = False
    effect: EffectClass = EffectClass.READ
    target: str = ""
    rule: int = 0
    stand_ins: tuple[str, ...] = ()
    stand_in_from: datetime | None = None
    expires_s: int | None = None
    remind_s: int | None = None
    broken: bool = False
    """The rule isn't as it was set, so nobody can give it."""

    def implies(self, other: "Demand") -> bool:
        """Whether whoever gives this one has given the other, too."""
        wider = other.who is Who.MEMBER or (other.who is self.who is Who.APPROVER)
        plain = not (other.stand_ins or self.stand_ins or other.broken)
        return wider and plain and self.count >= other.count and (other.own or not self.own)


def asked_of(plan: Plan) -> Asked:
    """What the plan asks leave for; a plan that changes nothing reads."""
    keeps = plan.continues.kept if plan.continues else ()
    touches = tuple(
        Touch(
            effect=effect.effect,
            target=effect.target,
            untrusted=bool(task.instruction) or any(True for _ in task.sources()),
        )
        for task in plan.graph.tasks
        if task.key not in keeps
        for effect in task.effects
    )
    known = not plan.estimate.unpriced
    return Asked(
        touches=touches or (Touch(effect=EffectClass.READ),),
        cost_micro_usd=plan.estimate.cost_high_micro_usd if known else None,
        at=datetime.fromisoformat(plan.created_at),
    )


def house_rule(
    effect: EffectClass, *, quorum: int = 1, requester_may_approve: bool | None = None
) -> Demand:
    """What is asked for where no rule says anything, with what the settings fix."""
    risky = effect in HIGH_RISK
    own = not risky if requester_may_approve is None else requester_may_approve
    who = Who.APPROVER if risky else Who.MEMBER
    return Demand(who=who, count=quorum, own=own, effect=effect)


def demands(
    asked: Asked,
    rules: Sequence[StoredRule],
    *,
    quorum: int = 1,
    requester_may_approve: bool | None = None,
) -> tuple[Demand, ...]:
    """Every approval that what is asked takes; what another one covers is left out."""
    fixed = quorum > 1 or requester_may_approve is False
    found: list[Demand] = []
    houses: list[EffectClass] = []
    for touch in asked.touches:
        wanted, decided = _of_rules(touch, asked, rules)
        found += wanted
        if fixed or not decided:
            houses.append(touch.effect)
    if houses:
        highest = max(houses, key=_ORDER.index)
        own = requester_may_approve
        found.append(house_rule(highest, quorum=quorum, requester_may_approve=own))
    return tightest(found)


def _of_rules(touch: Touch, asked: Asked, rules: Sequence[StoredRule]) -> tuple[list[Demand], bool]:
    """What the rules ask for this change, and whether one of them takes the house rule's place."""
    broken = [stored for stored in rules if not stored.holds]
    fitting = [stored for stored in rules if stored.holds and fits(stored.rule, touch, asked)]
    base = _most_exact([stored for stored in fitting if not stored.rule.extra])
    extra = filter(lambda stored: stored.rule.extra, fitting)
    return [_demand(stored, touch, asked) for stored in (*base, *extra, *broken)], bool(base)


def fits(rule: PolicyRule, touch: Touch, asked: Asked) -> bool:
    """Whether the rule is about this change of this plan. An unknown price is above any."""
    cost = asked.cost_micro_usd
    return (
        rule.effect in {None, touch.effect}
        and _is_beneath(touch.target, rule.target)
        and (rule.over_micro_usd is None or cost is None or cost > rule.over_micro_usd)
        and (rule.under_micro_usd is None or (cost is not None and cost <= rule.under_micro_usd))
        and (touch.untrusted or not rule.untrusted)
    )


def tightest(found: Iterable[Demand]) -> tuple[Demand, ...]:
    """The demands without those that another one covers."""
    same: dict[str, Demand] = {}
    for demand in found:
        plain = demand.model_copy(update={"effect": EffectClass.READ, "target": ""})
        other = same.setdefault(plain.model_dump_json(), demand)
        if _ORDER.index(demand.effect) > _ORDER.index(other.effect):
            same[plain.model_dump_json()] = demand
    kept = [demand for demand in same.values() if demand.who is not Who.NOBODY]
    if not kept:
        return tuple(same.values())
    ranked = sorted(kept, key=lambda demand: (demand.who is Who.MEMBER, -demand.count, demand.own))
    needed: list[Demand] = []
    for demand in ranked:
        if not any(other.implies(demand) for other in needed):
            needed.append(demand)
    return tuple(needed)


def target_key(target: str) -> str:
    """The form in which targets are compared: no case, no detours, no slash before it."""
    plain = name_key(target)
    return normpath(plain).lstrip("/") if plain.strip("/") else ""


def _is_beneath(target: str, pattern: str) -> bool:
    wanted, found = target_key(pattern), target_key(target)
    if not wanted:
        return True
    if any(mark in wanted for mark in "*?["):
        return fnmatchcase(found, wanted)
    return found == wanted.rstrip("/") or found.startswith(f"{wanted.rstrip('/')}/")


def _most_exact(fitting: Sequence[StoredRule]) -> list[StoredRule]:
    """Those with the most exact target; of equals, those about the effect and for a price."""

    def exactness(stored: StoredRule) -> tuple[int, bool, bool]:
        rule = stored.rule
        letters = len(target_key(rule.target).replace("*", "").replace("?", ""))
        return (letters, rule.effect is not None, rule.under_micro_usd is not None)

    most = max(map(exactness, fitting), default=None)
    return [stored for stored in fitting if exactness(stored) == most]


def _demand(stored: StoredRule, touch: Touch, asked: Asked) -> Demand:
    rule = stored.rule
    if not stored.holds:
        return Demand(who=Who.PEOPLE, rule=stored.number, effect=touch.effect, broken=True)
    later = None if rule.escalate_s is None else asked.at + timedelta(seconds=rule.escalate_s)
    return Demand(
        who=rule.who,
        count=rule.count,
        people=rule.people,
        own=rule.own or rule.who in {Who.MEMBER, Who.NOBODY},
        effect=touch.effect,
        target=touch.target,
        rule=stored.number,
        stand_ins=rule.escalate_to,
        stand_in_from=later,
        expires_s=rule.expires_s,
        remind_s=rule.remind_s,
    )
