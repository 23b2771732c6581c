"""What approves a plan in other words, and what teaches without being asked about."""

import pytest

from bot.language.intents import Forget, Teach
from bot.language.remembering import firmly
from bot.language.replies.approving import approves


@pytest.mark.parametrize(
    "said", ["lovely, ship it", "ok start it now, thanks", "that is what I wanted. Run it!"]
)
def test_a_glad_yes_approves(said: str) -> None:
    assert approves(said)


@pytest.mark.parametrize(
    "said",
    [
        "don't run it",
        "run it if it is cheap",
        "should I run it?",
        "kim, approve it",
        "run it tomorrow",
        "yes, nice",
    ],
)
def test_what_asks_denies_or_orders_more_approves_nothing(said: str) -> None:
    assert not approves(said)


@pytest.mark.parametrize(
    "said",
    ["remeber that we bill in CHF", "recuerda que cerramos los lunes", "ab sofort kurze Sätze"],
)
def test_a_frame_word_teaches(said: str) -> None:
    assert isinstance(firmly(said), Teach)


def test_what_is_no_longer_wanted_is_forgotten() -> None:
    assert firmly("stop preferring Gemini") == Forget(what="Gemini")
    assert firmly("oublie la règle numéro 2") == Forget(number=2)
    assert firmly("newer files only") is None
