"""Short ways of writing, and whether a message only asks."""

import pytest

from planner.sentences.orders import only_asks
from planner.sentences.shorthand import written_out


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("members w/o e-mail", "members without e-mail"),
        ("rooms w/ a view", "rooms with a view"),
        ("split by card / cash / insurer", "split by card or cash or insurer"),
        ("who was away on 5.7.2024?", "who was away on 2024-07-05?"),
        ("version 1.2.2024.3", "version 1.2.2024.3"),
        ("say “w/o” in it", "say “w/o” in it"),
        ("read notes/w/o.txt and H/A", "read notes/w/o.txt and H/A"),
        ("on 32.13.2024", "on 32.13.2024"),
        ("show the colours once each", "show the distinct colours"),
        ("every postcode just once, please", "the distinct postcode"),
        ("list all ward names in beds.csv, no repeats", "list the distinct ward names in beds.csv"),
        ("which guests came once", "which guests came once"),
        ("list the guests who came once", "list the guests who came once"),
        ("guests seen once", "guests seen once"),
    ],
)
def test_shorthand_is_written_out_where_it_is_one(words: str, meant: str) -> None:
    assert written_out(words) == meant


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("how many plots has our colony?", True),
        ("What did we send in May, and how much was it?", True),
        ("ok, and which articles sell best", True),
        ("how many orders, and send it to Bo", False),
        ("which is best? Publish the answer.", False),
        ("draw the sales per month", False),
        ("sales per month", False),
    ],
)
def test_a_question_orders_nothing(words: str, asks: bool) -> None:
    assert only_asks(words) is asks
