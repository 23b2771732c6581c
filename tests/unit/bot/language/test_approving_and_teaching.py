"""What approves a plan in other words, and what teaches without being asked about."""

import pytest

from bot.language.intents import Forget, Teach
from bot.language.remembering import defines, firmly
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


@pytest.mark.parametrize(
    "said",
    [
        "when I say a late bus I mean one with a delay over 5",
        "by regulars we mean guests with more than 3 visits",
        "for us, a full house means more than 90 seats",
        "“AOV” stands for average order value",
        "margin is calculated as price minus cost",
        "wenn ich Stammgast sage, meine ich Gäste mit mehr als 3 Besuchen",
        "quand je dis retard, je veux dire plus de 5 minutes",
    ],
)
def test_what_a_word_means_is_taught(said: str) -> None:
    assert firmly(said) == Teach(kind="fact", text=said)
    assert defines(said)


@pytest.mark.parametrize(
    "said",
    [
        "what does overtime mean?",
        "by region I meant the country",
        "mean price by region",
        "this means trouble",
        "when I say run, it runs",
        "how is the margin calculated as a share of sales",
        "by region, mean of price",
    ],
)
def test_what_asks_or_orders_defines_nothing(said: str) -> None:
    assert not defines(said)
