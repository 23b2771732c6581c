"""How good a result was: what is seen of an attempt decides, and that it arrived says little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.model.agents.signal import Quality, Signal, SignalKind
from memory.profiles.quality import quality_of


def _of(*kinds: SignalKind, value: float = 1.0) -> Quality:
    return quality_of([Signal(kind=kind, value=value) for kind in kinds])


ARRIVED = _of(SignalKind.ARRIVED)


def test_that_something_arrived_is_weak_evidence() -> None:
    assert 0.6 < ARRIVED.value < 0.9
    assert ARRIVED.strength <= 0.3
    assert ARRIVED.reasons == ("arrived",)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((SignalKind.CHECKED,), ()),
        ((SignalKind.APPROVED,), (SignalKind.CHANGED,)),
        ((SignalKind.CHANGED,), (SignalKind.UNAPPROVED,)),
        ((SignalKind.LIKED,), (SignalKind.APPROVED,)),
        ((), (SignalKind.EDITED,)),
        ((SignalKind.MENDED,), (SignalKind.EDITED,)),
        ((SignalKind.EDITED,), (SignalKind.RERUN,)),
        ((SignalKind.RERUN,), (SignalKind.REPLACED,)),
        ((SignalKind.LIKED, SignalKind.DISLIKED), (SignalKind.DISLIKED,)),
        ((SignalKind.REPLACED,), (SignalKind.INVALID,)),
        ((SignalKind.DISLIKED,), (SignalKind.TIMED_OUT,)),
    ],
)
def test_evidence_has_its_order(
    better: tuple[SignalKind, ...], worse: tuple[SignalKind, ...]
) -> None:
    assert _of(*better).value > _of(*worse).value


def test_a_person_is_believed_over_checks_and_reviewers() -> None:
    seen = _of(SignalKind.CHECKED, SignalKind.APPROVED, SignalKind.DISLIKED)
    assert seen.value < 0.5
    assert seen.reasons == ("disliked", "approved", "checked")


def test_an_agent_out_of_reach_says_less_of_its_work_than_a_wrong_answer() -> None:
    assert _of(SignalKind.UNREACHABLE).strength < _of(SignalKind.INVALID).strength


def test_a_share_of_an_opinion_moves_less_than_the_whole() -> None:
    whole, part = _of(SignalKind.DISLIKED), _of(SignalKind.DISLIKED, value=0.4)
    assert whole.value < part.value < ARRIVED.value
    assert part.strength < whole.strength


def test_a_grade_is_the_quality() -> None:
    graded = [Signal(kind=SignalKind.GRADED, value=0.35), Signal(kind=SignalKind.CHECKED)]
    assert quality_of(graded) == Quality(value=0.35, strength=1.0, reasons=("graded",))


@given(st.lists(st.builds(Signal, kind=st.sampled_from(SignalKind), value=st.floats(0, 5))))
def test_any_signals_give_a_quality_whatever_their_order(seen: list[Signal]) -> None:
    first, again = quality_of(seen), quality_of(seen[::-1])
    assert first.value == pytest.approx(again.value)
    assert first.strength == pytest.approx(again.strength)
    assert first.reasons
