"""Charts that nothing draws: drawn plainly where that is one, and said; else what can be had."""

import pytest

from planner.missing.charts import drawable, refused


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("3D pie chart of visits by ward", "pie chart of visits by ward"),
        ("visits per month as an animated graph", "visits per month as an chart"),
        ("draw a treemap of costs by team", "draw a chart of costs by team"),
        ("costs by team, pie chart in 3d please", "costs by team, pie chart please"),
    ],
)
def test_a_plain_chart_stands_in_for_it(words: str, plain: str) -> None:
    found = drawable(words)
    assert found is not None
    assert found.words == plain
    assert "I can't draw" in found.left


@pytest.mark.parametrize(
    "words",
    [
        "visits by area as a bar chart",
        "the area of each flat",
        "count “heatmap” in notes.md",
        "network costs per month",
        "line chart of visits",
    ],
)
def test_words_that_only_sound_like_it_are_left_alone(words: str) -> None:
    assert drawable(words) is None


@pytest.mark.parametrize(
    "words",
    ["larger please", "in red", "can you make the bars blue", "with a legend", "as a 3d chart"],
)
def test_a_look_that_cannot_be_had_is_refused(words: str) -> None:
    assert "one size and one style" in refused(words)


@pytest.mark.parametrize(
    "words", ["the bigger one", "only red products", "larger than 5", "thanks"]
)
def test_other_words_are_no_look(words: str) -> None:
    assert refused(words) == ""
