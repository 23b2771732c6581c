"""Emoji in all the ways people type them."""

import pytest

from bot.language.emoji import canonical, only_emoji, shortcode


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("✅", "✅"),
        (" ✅ ", "✅"),
        (":white_check_mark:", "✅"),
        ("✔️", "✅"),
        ("✔", "✅"),
        ("✏", "✏️"),
        ("✏️", "✏️"),
        (":pencil2:", "✏️"),
        ("👍🏽", "👍"),
        (":+1::skin-tone-3:", "👍"),
        (":thumbsdown:", "👎"),
        ("❌", "❌"),
        ("🧪", "🧪"),
        ("🎉", "🎉"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("🇩🇪", "🇩🇪"),
    ],
)
def test_a_line_that_is_one_emoji_is_that_emoji(typed: str, meant: str) -> None:
    assert only_emoji(typed) == meant


@pytest.mark.parametrize(
    "line", ["", "ok", "✅ run", "✅✅", "3", "#", ":", "::", "a:b:", "run :x:", "✅" * 500]
)
def test_a_line_that_is_more_than_one_emoji_is_a_message(line: str) -> None:
    assert only_emoji(line) is None


@pytest.mark.parametrize("name", ["white_check_mark", "thumbsup", "+1", "eyes", "test_tube", "x"])
def test_names_and_emoji_go_both_ways(name: str) -> None:
    assert canonical(shortcode(canonical(name))) == canonical(name)
