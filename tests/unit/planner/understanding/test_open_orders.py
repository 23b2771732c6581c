"""Orders that leave open what they are about, and questions who somebody is, are work: never a command."""

import pytest

from bot.language.routing.opening import router
from planner.lexicon.orders import open_order
from planner.understanding.utterance import Frame, Scene

PLANNED = {"work", "change", "answer"}
SCENES: tuple[frozenset[Scene], ...] = (
    frozenset(), frozenset({"plan"}), frozenset({"questions"}), frozenset({"result"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Improve this!", "improve this"),
        ("mach einen Bericht", "make report"),
        ("fais-moi un rapport", "make report"),
        ("haz un informe", "make report"),
        ("hilf mir mit den Zahlen", "help me with numbers"),
        ("take a look at the numbers", "take a look at the numbers"),
    ],
)
def test_an_order_that_leaves_all_open_is_read_in_english(said: str, english: str) -> None:
    assert open_order(said) == english


@pytest.mark.parametrize(
    "said",
    ["mach das", "do it", "help me", "write a poem", "make a report about sales.csv", "show status",
     "get it done", "resume", "make it 5", "check the budget", "clean up customers"],
)  # fmt: skip
def test_what_says_more_or_starts_something_is_no_open_order(said: str) -> None:
    assert not open_order(said)


@pytest.mark.parametrize("scenes", SCENES)
def test_open_orders_and_questions_who_somebody_is_are_never_about_the_bot(
    scenes: frozenset[Scene],
) -> None:
    for said in (
        "improve this", "draft it", "make it better", "can you check everything?", "tidy up", "do a report",
        "mach einen bericht", "räum das auf", "améliore ça", "fais-moi un rapport", "haz un informe",
        "who is maria?", "wer ist frau huber", "who's our biggest client", "who is the slowest supplier",
    ):  # fmt: skip
        assert router().read(said, Frame(scenes=scenes)).kind in PLANNED, said


def test_who_does_what_for_the_bot_is_still_asked_of_the_bot() -> None:
    for said in ("who is best at code", "who are you", "who is the owner", "who is allowed here"):
        assert router().read(said, Frame()).kind not in PLANNED, said
