"""Keyword search: finds shared words and endings, and claims no more."""

from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.recall.keywords import KeywordEmbedder, overlap, similarity, words


def _alike(one: str, other: str) -> float:
    first, second = KeywordEmbedder().embed([one, other])
    return similarity(first, second)


def test_words_lose_case_plural_and_filler() -> None:
    assert words("The Regions of our COUNTRIES: glass, café") == [
        "region",
        "country",
        "glass",
        "café",
    ]


def test_shared_words_make_alike_and_other_endings_nearly() -> None:
    near = _alike("revenue by region", "regional revenues")
    assert _alike("revenue by region", "Revenue by REGION!") == pytest.approx(1)
    assert near > 0.5
    assert abs(_alike("revenue by region", "the cat sleeps")) < 0.2 < near


def test_other_scripts_are_found_too() -> None:
    assert _alike("财务报告", "年度财务报告") > 0.3


def test_overlap_is_the_share_of_wanted_words() -> None:
    assert overlap(frozenset({"heron", "nest"}), "Herons sleep") == 0.5
    assert overlap(frozenset(), "x") == 0.0


@settings(deadline=None)
@given(st.text())
def test_every_vector_has_length_one_or_is_empty_and_is_the_same_each_time(text: str) -> None:
    embedder = KeywordEmbedder()
    first, second = embedder.embed([text, text])
    assert first == second
    assert len(first) == embedder.dims
    assert hypot(*first) == pytest.approx(1) or not any(first)
