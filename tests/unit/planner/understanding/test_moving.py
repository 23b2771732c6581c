"""Other times for a schedule that is there, said by themselves."""

from datetime import UTC, datetime

import pytest

from memory.model.timing.schedule import At, Cron, Schedule
from planner.lexicon.language import counts_in_groups
from planner.timing.moving import added, moved

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEKLY = Schedule(when=Cron(expression="0 8 * * 1"), zone="Europe/Berlin")
ONCE = Schedule(when=At(moment="2026-03-03T08:00:00+00:00"), zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("words", "schedule", "times"),
    [
        ("make that 10", WEEKLY, "cron 0 10 * * 1"),
        ("no, at 9:30", WEEKLY, "cron 30 9 * * 1"),
        ("at 9 instead", WEEKLY, "cron 0 9 * * 1"),
        ("lieber um 9 Uhr", WEEKLY, "cron 0 9 * * 1"),
        ("every Friday at 8 instead", WEEKLY, "every Friday at 8"),
        ("make that 4", ONCE, "2026-03-03 at 16:00"),
        ("move it to Friday", ONCE, "on Friday"),
        ("thanks", WEEKLY, ""),
        ("make it a bar chart", WEEKLY, ""),
        ("10 more rows please", WEEKLY, ""),
        ("only for 2024", WEEKLY, ""),
    ],
)
def test_times_alone_move_it(words: str, schedule: Schedule, times: str) -> None:
    assert moved(words, schedule, NOW) == times


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("and also on friday", "on friday"),
        ("also tomorrow at 8", "tomorrow at 8"),
        ("and why?", ""),
    ],
)
def test_more_times_are_added(words: str, times: str) -> None:
    assert added(words, ONCE, NOW) == times


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("combien de commandes par pays ?", True),
        ("wie viele Bestellungen pro Monat", True),
        ("combien avons-nous dépensé par agent ?", False),
        ("was kostet das pro Tag", False),
        ("how many orders per month", False),
    ],
)
def test_figures_by_groups_in_another_language_are_about_data(words: str, counts: bool) -> None:
    assert counts_in_groups(words) is counts
