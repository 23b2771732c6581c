"""BM25 as the formula has it: every weight, length and rarity counts."""

from math import log

import pytest

from planner.experience.postings import Postings

K1, B = 1.2, 0.5
DOCUMENTS = ({"tea": 1.0}, {"tea": 2.0, "cup": 1.0}, {"pot": 0.5})
MEAN = 4.5 / 3


def postings(*documents: dict[str, float]) -> Postings:
    return Postings(documents or DOCUMENTS, saturation=K1, length_weight=B)


def rarity(having: int, count: int) -> float:
    return log(1 + (count - having + 0.5) / (having + 0.5))


def weight(of: float, length: float) -> float:
    return of * (K1 + 1) / (of + K1 * (1 - B + B * length / MEAN))


def test_each_document_scores_by_its_words_and_its_length() -> None:
    tea = rarity(2, 3)
    assert postings().match({"tea": 1.0}).tolist() == pytest.approx(
        [weight(1, 1) * tea, weight(2, 3) * tea, 0.0]
    )


def test_words_add_up_and_count_as_much_as_they_weigh() -> None:
    scores = postings().match({"tea": 0.5, "cup": 2.0, "saucer": 9.0}).tolist()
    tea, cup = rarity(2, 3), rarity(1, 3)
    assert scores == pytest.approx([
        0.5 * weight(1, 1) * tea,
        0.5 * weight(2, 3) * tea + 2.0 * weight(1, 3) * cup,
        0.0,
    ])  # fmt: skip


def test_no_known_word_scores_nothing() -> None:
    assert postings().match({}).tolist() == [0.0, 0.0, 0.0]
    assert postings().match({"saucer": 1.0}).tolist() == [0.0, 0.0, 0.0]


def test_rarity_falls_with_the_number_of_documents_that_have_the_word() -> None:
    kept = postings()
    assert kept.rarity("tea") == pytest.approx(rarity(2, 3))
    assert kept.rarity("cup") == pytest.approx(rarity(1, 3))
    assert kept.rarity("saucer") == pytest.approx(rarity(0, 3))
    assert kept.rarity("saucer") > kept.rarity("cup") > kept.rarity("tea") > 0


def test_documents_without_words_divide_by_nothing() -> None:
    empty = postings({})
    assert empty.match({"tea": 1.0}).tolist() == [0.0]
    assert empty.rarity("tea") == pytest.approx(rarity(0, 1))
    assert Postings((), saturation=K1, length_weight=B).match({"tea": 1.0}).tolist() == []


def test_a_single_document_has_the_mean_length() -> None:
    assert postings({"tea": 3.0}).match({"tea": 1.0}).tolist() == pytest.approx(
        [3.0 * (K1 + 1) / (3.0 + K1) * rarity(1, 1)]
    )
