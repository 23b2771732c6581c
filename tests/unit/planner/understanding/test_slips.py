"""Times that are typed badly are the times that are meant."""

from datetime import UTC, datetime

import pytest

from memory.model.timing.schedule import At
from planner.timing.reminders import is_reminder
from planner.timing.schedules import Timed, read
from planner.timing.slips import mended
from planner.timing.zone import Zone

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("remnd me tmrw 8am call mum", "2026-03-03T08:00:00+00:00"),
        ("pls remid me on wensday at 10 to feed the cat", "2026-03-04T10:00:00+00:00"),
        ("remind me in 2h call Ann", "2026-03-02T11:00:00+00:00"),
        ("ping me in 45min to stretch", "2026-03-02T09:45:00+00:00"),
        ("rmind us tommorow at noon to eat", "2026-03-03T12:00:00+00:00"),
    ],
)
def test_a_reminder_is_read(words: str, due: str) -> None:
    assert is_reminder(words)
    timed = read(words, now=NOW, zone=Zone("UTC", ""))
    assert isinstance(timed, Timed)
    assert timed.schedule is not None
    assert timed.schedule.when == At(moment=due)


@pytest.mark.parametrize(
    "words",
    [
        "remove the rows of sunday",
        "total of tmr.csv",
        "write “see you tmrw” to a.txt",
        "sales per Monday and Friday",
        "monday",
        "fry the eggs and tidy up",
    ],
)
def test_other_words_stay(words: str) -> None:
    assert mended(words) == words
