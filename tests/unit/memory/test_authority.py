"""What the gate never lets through, whoever asks for whatever."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from memory.model.agents.spec import EffectClass
from memory.model.authority import (
    DECIDERS,
    HIGH_RISK,
    About,
    Allowed,
    Denied,
    Right,
    Roles,
    Rules,
    approved,
    authorise,
    may_ever_approve,
)
from memory.model.identity import Identity, Role

ANA, BO, CY = (
    Identity(platform="slack", workspace="T1:x", user_id=user) for user in ("U1", "U2", "U3:b")
)
PEOPLE = st.sampled_from((ANA, BO, CY))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = st.sampled_from(("", ANA.key, BO.key, CY.key))
ABOUT = st.builds(
    About,
    requester=KEYS,
    highest_effect=st.sampled_from(EffectClass),
    asked=KEYS,
    alone=st.booleans(),
    admin=st.booleans(),
    requester_may_approve=st.sampled_from((None, True, False)),
    askers=st.lists(KEYS, max_size=2).map(tuple),
    confirmed=st.booleans(),
)
ANYTHING = (PEOPLE, st.sampled_from(Role), st.sampled_from(Right), ABOUT)
RANK = {Role.VIEWER: 0, Role.MEMBER: 1, Role.APPROVER: 2, Role.OWNER: 3}


def _may(actor: Identity, role: Role, action: Right, about: About) -> bool:
    return isinstance(authorise(actor, role, action, about), Allowed)


@given(*ANYTHING)
def test_everybody_may_look_and_a_viewer_nothing_else(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    assert _may(actor, role, Right.SEE, about)
    of_admins = {
        Right.GOVERN,
        Right.CONFIRM_PLACE,
        Right.CREATE_PROJECT,
        Right.MANAGE_PROJECT,
        Right.FORGET_LINK,
        Right.TRUST_TOOLS,
    }
    governs = action in of_admins and about.admin
    assert _may(actor, Role.VIEWER, action, about) is (action is Right.SEE or governs)


@given(*ANYTHING)
def test_an_archived_project_is_looked_at_and_handled_but_nothing_is_done_in_it(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    handles = {Right.SEE, Right.GOVERN, Right.CREATE_PROJECT, Right.MANAGE_PROJECT}
    archived = replace(about, archived=True)
    if action in handles:
        assert _may(actor, role, action, archived) is _may(actor, role, action, about)
    else:
        assert not _may(actor, role, action, archived)


@given(*ANYTHING)
def test_a_denial_is_one_sentence_that_names_no_code(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    verdict = authorise(actor, role, action, about)
    if isinstance(verdict, Denied):
        assert verdict.message[0].isupper()
        assert verdict.message.endswith(".")
        assert "{" not in verdict.message


@given(*ANYTHING)
def test_a_higher_role_takes_no_right_away(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    if _may(actor, role, action, about):
        higher = [other for other in Role if RANK[other] > RANK[role]]
        assert all(_may(actor, other, action, about) for other in higher)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_only_deciders_approve_what_is_high_risk(actor: Identity, role: Role, about: About) -> None:
    if about.highest_effect in HIGH_RISK and role not in DECIDERS:
        assert not _may(actor, role, Right.APPROVE, about)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_nobody_approves_their_own_high_risk_plan_unless_alone_or_allowed(
    actor: Identity, role: Role, about: About
) -> None:
    own = actor.key in {about.requester, *(() if about.confirmed else about.askers)}
    excused = about.alone or about.requester_may_approve is True
    if own and about.highest_effect in HIGH_RISK and not excused:
        assert not _may(actor, role, Right.APPROVE, about)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_only_whoever_asked_says_that_what_others_made_of_it_is_theirs(
    actor: Identity, role: Role, about: About
) -> None:
    if _may(actor, role, Right.CONFIRM, about) and not _may(actor, role, Right.APPROVE, about):
        assert actor.key == about.requester
        assert role is not Role.VIEWER


@given(st.sampled_from(sorted(DECIDERS)), ABOUT)
def test_a_yes_of_whoever_asked_is_no_approval(role: Role, about: About) -> None:
    """High-risk plans take two people, whoever had a hand in them, and whoever confirmed that."""
    made = replace(about, requester=ANA.key, alone=False, requester_may_approve=None)
    if made.highest_effect in HIGH_RISK:
        roles = Roles(given={ANA.key: role})
        assert isinstance(approved([(ANA.key, NOW)], made, roles, Rules()), Denied)
        if set(made.askers) <= {BO.key, ANA.key, ""}:
            both = Roles(given={ANA.key: Role.MEMBER, BO.key: role})
            words = [(ANA.key, NOW), (BO.key, NOW)]
            assert isinstance(approved(words, made, both, Rules()), Allowed)
            viewer = Roles(given={ANA.key: Role.VIEWER, BO.key: role})
            counts = isinstance(approved(words, made, viewer, Rules()), Allowed)
            assert counts is (BO.key not in made.askers)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_a_project_may_forbid_approving_ones_own_plans(
    actor: Identity, role: Role, about: About
) -> None:
    if about.requester_may_approve is False and not about.alone and actor.key == about.requester:
        assert not _may(actor, role, Right.APPROVE, about)


@given(PEOPLE, st.sampled_from(sorted(DECIDERS)), ABOUT)
def test_a_decider_approves_what_somebody_else_asked_for(
    actor: Identity, role: Role, about: About
) -> None:
    if actor.key not in {about.requester, *about.askers}:
        assert _may(actor, role, Right.APPROVE, about)


@given(*ANYTHING)
def test_only_the_owner_changes_roles_and_only_deciders_what_holds_for_all(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    assert _may(actor, role, Right.SET_ROLE, about) is (role is Role.OWNER)
    for_all = {Right.RELEASE, Right.SET_BUDGET, Right.SET_PREFERENCE}
    if action in for_all:
        assert _may(actor, role, action, about) is (role in DECIDERS)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_only_admins_stop_or_release_everything(actor: Identity, role: Role, about: About) -> None:
    assert _may(actor, role, Right.GOVERN, about) is about.admin


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_tools_hold_everywhere_so_only_admins_trust_them(
    actor: Identity, role: Role, about: About
) -> None:
    assert _may(actor, role, Right.TRUST_TOOLS, about) is about.admin


@given(PEOPLE, st.sampled_from(Role), ABOUT, st.booleans())
def test_only_admins_and_owners_elsewhere_set_up_channels(
    actor: Identity, role: Role, about: About, owns: bool
) -> None:
    there = replace(about, owns=owns)
    assert _may(actor, role, Right.CONFIRM_PLACE, there) is (about.admin or owns)


@given(*ANYTHING)
def test_what_a_person_is_called_changes_nothing(
    actor: Identity, role: Role, action: Right, about: About
) -> None:
    renamed = actor.model_copy(update={"display": "owner"})
    assert authorise(renamed, role, action, about) == authorise(actor, role, action, about)


@given(PEOPLE, st.sampled_from(Role), ABOUT)
def test_asking_by_key_gives_the_same_answer(actor: Identity, role: Role, about: About) -> None:
    assert may_ever_approve(actor.key, role, about) is _may(actor, role, Right.APPROVE, about)
