"""A day or an hour of a schedule is put right; the rest of it stays."""

from datetime import UTC, datetime

import pytest

from memory.model.timing.schedule import At, Cron
from planner.timing.correcting import corrects
from planner.timing.schedules import Timed, read
from planner.timing.zone import Zone

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
WEEKLY = "every monday at 7 send me the hours per nurse"
ONCE = "remind me on friday at 3 to check the oxygen"


@pytest.mark.parametrize(
    ("first", "then", "when"),
    [
        (WEEKLY, "not monday, tuesday", Cron(expression="0 7 * * 2")),
        (WEEKLY, "no, not on Monday but on Wednesday please", Cron(expression="0 7 * * 3")),
        (WEEKLY, "sunday, not monday", Cron(expression="0 7 * * 0")),
        (WEEKLY, "not at 7, at 8", Cron(expression="0 8 * * 1")),
        (ONCE, "no not friday, thursday", At(moment="2026-03-05T15:00:00+00:00")),
        (ONCE, "not 3, 16:30", At(moment="2026-03-06T16:30:00+00:00")),
    ],
)
def test_what_is_put_right_changes_and_nothing_else(first: str, then: str, when: Cron | At) -> None:
    timed = read(f"{first}\n\n{then}", now=NOW, zone=Zone("UTC", ""))
    assert isinstance(timed, Timed)
    assert timed.schedule is not None
    assert timed.schedule.when == when
    assert timed.latest == "alone"


@pytest.mark.parametrize(
    "words", ["not monday", "without monday", "not paid, open", "monday or tuesday"]
)
def test_other_words_put_nothing_right(words: str) -> None:
    assert not corrects(words)
