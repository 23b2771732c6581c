"""What of a message asks something: courtesies, reasons and context are set aside, nothing else is."""

import pytest

from planner.sentences.heart import heart

ASKED = "how many dogs are over 30 kg"


def known(words: str) -> bool:
    return any(word in words.casefold() for word in ("dog", "leeds", "vet"))


@pytest.mark.parametrize(
    "said",
    [
        "Hi there! {}?",
        "Dear all, {}? Kind regards, Petra Lang",
        "Could you please tell me {}? Thanks a lot!",
        "I'd like to know {}.",
        "just curious - {}?",
        "not urgent, but {}?",
        "when you get a minute, {}",
        "do you know {}?",
        "I need to know {} because the auditor wants to see it",
        "{} - need it for the newsletter",
        "My boss wants to know {}. Can you check?",
        "I've lost track, {}?",
        "Hope you had a good weekend. {}? Thank you so much, Anna",
        "Hi team,\n\n{}?\n\nBest,\nMartin",
        "{}, if that's not too much trouble",
    ],
)
def test_courtesies_and_context_ask_nothing(said: str) -> None:
    found = heart(said.format(ASKED), known)
    assert found.words.rstrip("?. ") == ASKED
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("We have a board meeting next week. {}?", "We have a board meeting next week"),
        ("{} - need it for the vet", "need it for the vet"),
        ("The accountant is coming on Friday. {}?", "The accountant is coming on Friday"),
    ],
)
def test_context_that_names_a_time_is_told_as_left_out(said: str, left: str) -> None:
    assert heart(said.format(ASKED), known).left_out == (left,)


@pytest.mark.parametrize(
    "said",
    [
        "I only mean the ones from Leeds. how many dogs are there?",
        "how many dogs are there, without the ones from Leeds",
        "how many dogs came because the vet was closed",
        "which dog is best",
        "thanks",
        "the dogs in Leeds",
        "It's about Leeds. how many dogs are there?",
    ],
)
def test_what_may_narrow_the_question_stays(said: str) -> None:
    assert heart(said, known).words == said


def test_a_wish_is_a_request() -> None:
    assert heart("I need the total of what we spent. By month please.", known).words == (
        "the total of what we spent. By month."
    )
