"""A long text in parts: nothing is lost, and code stays code."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.parts import split

LINES = st.lists(
    st.one_of(st.text(max_size=60), st.sampled_from(["```", "```py", "~~~", "", "word " * 30])),
    max_size=40,
).map("\n".join)


@given(LINES, st.integers(min_value=60, max_value=400))
def test_no_part_is_longer_than_the_limit_and_nothing_is_lost(words: str, limit: int) -> None:
    parts = split(words, limit)
    assert all(len(part) <= limit for part in parts)
    seen = re.sub(r"[\s`~]|py", "", "".join(parts))
    assert seen == re.sub(r"[\s`~]|py", "", words)


def test_a_fence_longer_than_a_message_is_closed_and_opened_again() -> None:
    parts = split("```sql\n" + "SELECT 1;\n" * 40 + "```", 200)
    assert len(parts) > 1
    assert all(part.startswith("```sql\n") and part.endswith("\n```") for part in parts)


def test_a_fence_without_a_language_gets_none_from_its_first_line() -> None:
    parts = split("```\n" + "word " * 60, 100)
    assert all(part.startswith("```\nword") for part in parts)


def test_a_fence_that_fits_is_never_cut() -> None:
    fence = "```\n" + "x\n" * 40 + "```"
    parts = split("word " * 30 + "\n" + fence, 200)
    assert fence in parts


def test_short_text_is_one_part() -> None:
    assert split("hello", 60) == ("hello",)
    assert split("", 60) == ("",)


@given(st.text(alphabet="ab `*\n&<", max_size=800), st.integers(30, 200))
def test_parts_fit_and_lose_nothing_but_space(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    ink = str.maketrans("", "", " \n`")
    assert "".join(parts).translate(ink) == text.translate(ink)


def test_a_cut_fence_is_closed_and_opened_again() -> None:
    code = "```\n" + "\n".join(f"line {n}" for n in range(200)) + "\n```"
    parts = split(code, 400)
    assert len(parts) > 3
    assert all(part.startswith("```\n") and part.endswith("\n```") for part in parts)


def test_entities_and_links_stay_whole_where_there_is_no_space() -> None:
    parts = split("x" * 88 + "&amp;" * 60, 100)
    assert all(part.count("&") == part.count(";") for part in parts)
