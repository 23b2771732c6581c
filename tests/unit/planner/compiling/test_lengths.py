"""How long a text is to be, read from the words of the request."""

import pytest

from bot.language.catalogue import ENGLISH
from bot.render.plans.details import check_words
from memory.model.work.check import Words
from planner.compiling.lengths import words_of
from tests.unit.planner.offline.test_offline import graph_of
from tests.unit.planner.world import ALL, ask


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("write a post of 1,200–1,500 words about bees", 1200, 1500),
        ("1200-1500 words", 1200, 1500),
        ("between 800 and 1000 words on tea", 800, 1000),
        ("from 300 to 400 words", 300, 400),
        ("summarise it in at most 200 words", None, 200),
        ("no more than 1 000 words", None, 1000),
        ("in 150 words or fewer", None, 150),
        ("an essay of at least 2,000 words", 2000, None),
        ("sum up the 5000 word article in under 100 words", None, 100),
    ],
)
def test_bounds_are_read(said: str, least: int | None, most: int | None) -> None:
    assert words_of("draft", said) == Words(least=least, most=most, slack_percent=10)


@pytest.mark.parametrize(
    "said",
    [
        "write about 1500 words",
        "a few words on 3 to 4 topics",
        "write a post, each section 100-200 words",
        "a title of at most 8 words and a text of at least 300 words",
        "1500-1200 words",
        "0-0 words",
        "",
        "999999–999999 words",
    ],
)
def test_what_is_no_bound_of_the_whole_is_left_alone(said: str) -> None:
    assert words_of("draft", said) is None


def test_only_those_who_write_the_text_are_held_to_it() -> None:
    assert words_of("review", "check that it has 100–200 words") is None
    assert words_of("code", "at most 200 words") is None


def test_reading_a_long_instruction_takes_no_time() -> None:
    assert words_of("draft", "1,111" * 2_000 + " at most " * 1_000) is None


def test_the_plan_checks_the_length_of_the_draft_and_shows_it() -> None:
    said = "have ChatGPT draft a post of 1,200–1,500 words about bees, then have Claude review it"
    draft, review = graph_of(ask(said, catalogue=ALL)).tasks
    assert draft.checks == (Words(least=1200, most=1500, slack_percent=10),)
    assert check_words(ENGLISH, draft) == ["checked: 1,200 to 1,500 words (±10%)"]
    assert review.checks == ()
