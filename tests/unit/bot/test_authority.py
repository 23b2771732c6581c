"""The gate: who may do what."""

import pytest

from memory.model.agents.spec import EffectClass
from memory.model.authority import (
    About,
    Allowed,
    Denied,
    Right,
    authorise,
    may_ever_approve,
)
from memory.model.identity import Identity, Role

ANA = Identity(platform="slack", workspace="t", user_id="U1", display="ana")
BO = Identity(platform="slack", workspace="t", user_id="U2", display="bo")
HIGH_RISK = [EffectClass.PUBLISH, EffectClass.EXEC]


def approval(actor: Identity, role: Role, effect: EffectClass, **about: object) -> bool:
    terms = About(requester=ANA.key, highest_effect=effect, **about)  # type: ignore[arg-type]
    return isinstance(authorise(actor, role, Right.APPROVE, terms), Allowed)


@pytest.mark.parametrize("effect", [EffectClass.READ, EffectClass.WRITE])
def test_any_member_approves_what_only_reads_or_writes(effect: EffectClass) -> None:
    assert approval(ANA, Role.MEMBER, effect)
    assert approval(BO, Role.MEMBER, effect)


@pytest.mark.parametrize("effect", HIGH_RISK)
@pytest.mark.parametrize("role", [Role.OWNER, Role.APPROVER])
def test_only_another_decider_approves_what_publishes_or_runs(
    effect: EffectClass, role: Role
) -> None:
    assert approval(BO, role, effect)
    assert not approval(ANA, role, effect)
    assert not approval(BO, Role.MEMBER, effect)


def test_the_only_owner_of_a_console_may_approve_anything() -> None:
    assert approval(ANA, Role.OWNER, EffectClass.EXEC, alone=True)


def test_a_project_may_let_requesters_approve_or_forbid_it_altogether() -> None:
    assert approval(ANA, Role.APPROVER, EffectClass.PUBLISH, requester_may_approve=True)
    assert not approval(ANA, Role.OWNER, EffectClass.READ, requester_may_approve=False)
    assert approval(BO, Role.MEMBER, EffectClass.READ, requester_may_approve=False)


@pytest.mark.parametrize("action", [right for right in Right if right is not Right.SEE])
def test_a_viewer_only_looks(action: Right) -> None:
    assert isinstance(authorise(BO, Role.VIEWER, action, About()), Denied)
    assert isinstance(authorise(BO, Role.VIEWER, Right.SEE, About()), Allowed)


def test_dropping_somebody_elses_plan_takes_a_decider() -> None:
    about = About(requester=ANA.key)
    assert isinstance(authorise(BO, Role.MEMBER, Right.CHANGE, about), Denied)
    assert isinstance(authorise(ANA, Role.MEMBER, Right.CHANGE, about), Allowed)
    assert isinstance(authorise(BO, Role.APPROVER, Right.CHANGE, about), Allowed)


def test_only_the_person_asked_answers() -> None:
    about = About(asked=ANA.key)
    assert isinstance(authorise(ANA, Role.MEMBER, Right.ANSWER_PERSON, about), Allowed)
    assert isinstance(authorise(BO, Role.OWNER, Right.ANSWER_PERSON, about), Denied)


@pytest.mark.parametrize("action", [Right.SET_ROLE, Right.SET_BUDGET, Right.RELEASE])
def test_members_do_not_change_the_rules(action: Right) -> None:
    assert isinstance(authorise(BO, Role.MEMBER, action, About()), Denied)
    assert isinstance(authorise(BO, Role.OWNER, action, About()), Allowed)


def test_every_denial_is_one_sentence() -> None:
    for action in Right:
        for role in Role:
            verdict = authorise(BO, role, action, About(requester=ANA.key, asked=ANA.key))
            if isinstance(verdict, Denied):
                assert verdict.message.endswith(".")


def test_a_stored_person_is_judged_like_the_person() -> None:
    about = About(requester=ANA.key, highest_effect=EffectClass.PUBLISH)
    assert may_ever_approve(BO.key, Role.APPROVER, about)
    assert not may_ever_approve(ANA.key, Role.APPROVER, about)
