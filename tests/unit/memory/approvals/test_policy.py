"""Which approvals a plan takes, and whether those that were given are enough."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.model.agents.spec import EffectClass
from memory.model.approvals.counting import Lent
from memory.model.approvals.policy import (
    Asked,
    Demand,
    PolicyRule,
    StoredRule,
    Touch,
    Who,
    demands,
    tightest,
)
from memory.model.authority import About, Allowed, Roles, Rules, approved, may_ever_approve
from memory.model.identity import People, Role

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BO, KIM, LEA, BO2 = (f"slack:T:{name}" for name in ("ana", "bo", "kim", "lea", "bo2"))
ROLES = {
    ANA: Role.APPROVER,
    BO: Role.APPROVER,
    KIM: Role.MEMBER,
    LEA: Role.OWNER,
    BO2: Role.APPROVER,
}
PUBLISH, WRITE, READ = EffectClass.PUBLISH, EffectClass.WRITE, EffectClass.READ
BLOG = Touch(effect=PUBLISH, target="blog/post.md", untrusted=True)


def asked(*touches: Touch, cost: int | None = 0) -> Asked:
    return Asked(touches=touches, cost_micro_usd=cost, at=NOW)


def rules(*these: PolicyRule) -> tuple[StoredRule, ...]:
    return tuple(
        StoredRule(number=number, rule=rule, set_by=LEA, at=NOW)
        for number, rule in enumerate(these, 1)
    )


def linked(accounts: dict[str, str]) -> People:
    return People(linked=accounts, ever=accounts)


def enough(about: About, *people: str, at: datetime = NOW) -> bool:
    words = [(person, at) for person in people]
    return isinstance(approved(words, about, Roles(given=ROLES), Rules()), Allowed)


def about(*wanted: Demand, **more: object) -> About:
    return About(requester=ANA, demands=wanted, now=NOW, **more)  # type: ignore[arg-type]


TWO = Demand(who=Who.APPROVER, count=2, effect=PUBLISH, rule=1)


def test_without_rules_the_house_rule_holds() -> None:
    (read,) = demands(asked(Touch(effect=READ)), ())
    assert (read.who, read.count, read.own, read.rule) == (Who.MEMBER, 1, True, 0)
    (published,) = demands(asked(Touch(effect=WRITE), BLOG), ())
    assert (published.who, published.own) == (Who.APPROVER, False)


def test_the_most_exact_target_decides_and_prices_come_on_top() -> None:
    known = rules(
        PolicyRule(effect=PUBLISH, who=Who.APPROVER, count=2),
        PolicyRule(effect=PUBLISH, target="/Blog/", who=Who.PEOPLE, people=(KIM,)),
        PolicyRule(over_micro_usd=5_000_000, who=Who.PEOPLE, people=(LEA,)),
    )
    found = demands(asked(BLOG, cost=1), known)
    assert [demand.rule for demand in found] == [2]
    found = demands(asked(BLOG, cost=6_000_000), known)
    assert {demand.rule for demand in found} == {2, 3}
    assert {demand.rule for demand in demands(asked(BLOG, cost=None), known)} == {2, 3}
    elsewhere = Touch(effect=PUBLISH, target="blogs/post.md")
    assert [demand.rule for demand in demands(asked(elsewhere), known)] == [1]


def test_each_change_of_a_plan_has_to_be_approved_by_its_own_rule() -> None:
    known = rules(
        PolicyRule(effect=PUBLISH, target="blog", who=Who.PEOPLE, people=(KIM,)),
        PolicyRule(effect=PUBLISH, target="news", who=Who.PEOPLE, people=(BO,)),
    )
    both = about(*demands(asked(BLOG, Touch(effect=PUBLISH, target="news/x")), known))
    assert not enough(both, KIM)
    assert not enough(both, BO)
    assert enough(both, KIM, BO)


def test_generated_text_can_take_more_than_what_the_plan_itself_holds() -> None:
    rule = PolicyRule(effect=PUBLISH, untrusted=True, who=Who.APPROVER, count=2)
    assert max(demand.count for demand in demands(asked(BLOG), rules(rule))) == 2
    written = BLOG.model_copy(update={"untrusted": False})
    assert max(demand.count for demand in demands(asked(written), rules(rule))) == 1


def test_what_reads_goes_without_approval_only_under_the_price_and_alone() -> None:
    rule = rules(PolicyRule(effect=READ, under_micro_usd=500_000, who=Who.NOBODY))
    read = Touch(effect=READ)
    assert [demand.who for demand in demands(asked(read, cost=500_000), rule)] == [Who.NOBODY]
    assert enough(about(*demands(asked(read, cost=1), rule)))
    for asks in (asked(read, cost=500_001), asked(read, cost=None), asked(read, BLOG, cost=1)):
        found = demands(asks, rule)
        assert Who.NOBODY not in {demand.who for demand in found}
        assert not enough(about(*found))
    fixed = demands(asked(read, cost=1), rule, quorum=2)
    assert [demand.count for demand in fixed] == [2]


def test_a_viewer_starts_nothing_without_approval() -> None:
    free = About(requester="slack:T:gone", demands=(Demand(who=Who.NOBODY),))
    assert not enough(free)


def test_only_reading_may_go_without_approval() -> None:
    for effect in (None, *set(EffectClass) - {READ}):
        with pytest.raises(ValueError, match="only what reads"):
            PolicyRule(effect=effect, who=Who.NOBODY)


def test_the_settings_are_a_floor_under_every_rule() -> None:
    rule = rules(PolicyRule(effect=PUBLISH, who=Who.MEMBER))
    found = about(*demands(asked(BLOG), rule, quorum=2))
    assert not enough(found, KIM, BO)
    assert enough(found, BO, LEA)


def test_whoever_asked_is_not_in_the_quorum_unless_the_rule_says_so() -> None:
    assert not enough(about(TWO), ANA, BO)
    assert enough(about(TWO), BO, LEA)
    assert enough(about(TWO.model_copy(update={"own": True})), ANA, BO)


def test_one_human_counts_once_whatever_platform_they_are_on() -> None:
    joined = about(TWO, people=linked({BO2: BO}))
    assert not enough(joined, BO, BO2)
    assert enough(joined, BO2, LEA)
    assert not enough(about(TWO, people=linked({BO: "ana", ANA: "ana"})), BO, LEA)


def test_the_wrong_person_never_counts() -> None:
    named = about(Demand(who=Who.PEOPLE, people=(KIM,), effect=PUBLISH, rule=1))
    assert not enough(named, BO, LEA)
    assert enough(named, KIM)
    assert not may_ever_approve(LEA, Role.OWNER, named)
    assert not may_ever_approve(KIM, Role.VIEWER, named)


def lend(giver: str, taker: str, role: Role = Role.APPROVER) -> Lent:
    return Lent(giver, role, taker, NOW, NOW + timedelta(days=3))


def test_who_stands_in_counts_until_the_end_and_not_after() -> None:
    lent = about(Demand(who=Who.APPROVER, effect=PUBLISH), lent=(lend(BO, KIM),))
    assert enough(lent, KIM)
    assert enough(lent, KIM, at=NOW + timedelta(days=3) - timedelta(seconds=1))
    assert not enough(lent, KIM, at=NOW + timedelta(days=3))
    assert not enough(lent, KIM, at=NOW - timedelta(seconds=1))


def test_nobody_lends_what_they_do_not_have_or_no_longer_have() -> None:
    one = Demand(who=Who.APPROVER, effect=PUBLISH)
    assert not enough(about(one, lent=(lend(BO, KIM, Role.MEMBER),)), KIM)
    assert not enough(about(one, lent=(lend(ANA, KIM),)), KIM)  # ana asked for it herself
    own = About(requester=KIM, demands=(one,), lent=(lend(BO, KIM),), now=NOW)
    assert not enough(own, KIM)


def test_a_right_that_is_lent_is_used_once() -> None:
    lent = about(TWO, lent=(lend(BO, KIM),))
    assert not enough(lent, BO, KIM)
    assert enough(lent, KIM, LEA)
    both = about(TWO, lent=(lend(BO, KIM), lend(LEA, KIM)))
    assert not enough(both, KIM)
    assert enough(both, KIM, BO)


def test_others_may_stand_in_once_it_has_waited() -> None:
    late = NOW + timedelta(hours=2)
    named = Demand(
        who=Who.PEOPLE, people=(KIM,), effect=PUBLISH, rule=1, stand_ins=(LEA,), stand_in_from=late
    )
    assert not enough(about(named), LEA, at=late - timedelta(seconds=1))
    assert enough(about(named), LEA, at=late)
    assert not enough(about(named), BO, at=late)


def test_a_rule_that_was_tampered_with_lets_nobody_approve() -> None:
    (stored,) = rules(PolicyRule(effect=WRITE, who=Who.MEMBER))
    forged = (stored.model_copy(update={"holds": False}),)
    found = about(*demands(asked(BLOG), forged))
    assert not enough(found, BO, KIM, LEA)


RULES = st.builds(
    PolicyRule,
    effect=st.sampled_from((None, PUBLISH, WRITE)),
    target=st.sampled_from(("", "blog", "blog/*")),
    over_micro_usd=st.sampled_from((None, 0, 5)),
    untrusted=st.booleans(),
    who=st.sampled_from((Who.MEMBER, Who.APPROVER)),
    count=st.integers(1, 3),
    own=st.booleans(),
)
ROWS = st.lists(RULES, max_size=4).map(lambda found: rules(*found))
PEOPLE = st.lists(st.sampled_from(sorted(ROLES)), max_size=5)


@given(ROWS, PEOPLE, PEOPLE)
def test_more_approvals_never_take_one_away(
    known: tuple[StoredRule, ...], some: list[str], more: list[str]
) -> None:
    found = about(*demands(asked(BLOG, cost=3), known))
    if enough(found, *some):
        assert enough(found, *some, *more)


@given(ROWS, RULES, PEOPLE)
def test_a_rule_on_top_never_asks_for_less(
    known: tuple[StoredRule, ...], rule: PolicyRule, people: list[str]
) -> None:
    on_top = rule.model_copy(update={"over_micro_usd": 0})
    more = (*known, StoredRule(number=9, rule=on_top, set_by=LEA, at=NOW))
    if enough(about(*demands(asked(BLOG, cost=3), more)), *people):
        assert enough(about(*demands(asked(BLOG, cost=3), known)), *people)


DEMANDS = st.lists(
    st.builds(
        Demand,
        who=st.sampled_from((Who.MEMBER, Who.APPROVER)),
        count=st.integers(1, 3),
        own=st.booleans(),
        effect=st.sampled_from((READ, WRITE, PUBLISH)),
        rule=st.integers(0, 2),
    ),
    min_size=1,
    max_size=4,
)


@given(DEMANDS, PEOPLE)
def test_leaving_out_what_another_demand_covers_changes_nothing(
    every: list[Demand], people: list[str]
) -> None:
    assert enough(about(*tightest(every)), *people) is enough(about(*every), *people)
