"""Words about schedules: read to the order they give, or to the one thing that is missing."""

import pytest

from bot.language.intents import ScheduleOrder, Unclear
from bot.language.scheduling import ZoneWish, scheduling, zone_wish
from memory.model.errors import BadInput


def order(what: str, number: int = 0, **more: object) -> ScheduleOrder:
    return ScheduleOrder.model_validate({"what": what, "number": number, **more})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("schedules", order("list")),
        ("which schedules are there?", order("list")),
        ("what reminders do I have?", order("list")),
        ("cancel the reminder 3", order("delete", 3)),
        ("schedule 2", order("show", 2)),
        ("Show schedule #3.", order("show", 3)),
        ("hold schedule 1", order("pause", 1)),
        ("unpause schedule 1 please", order("resume", 1)),
        ("remove the schedule 4", order("delete", 4)),
        ("start schedule 1 now", order("run", 1)),
        ("change schedule 1 to every Friday", order("change", 1, text="every Friday")),
        ("move schedule 1 every Friday", order("change", 1, text="every Friday")),
        ("change schedule 1: skip it", order("change", 1, text="skip it", work=True)),
        ("change schedule 1, skip it", order("change", 1, text="skip it", work=True)),
        ("schedule", None),
        ("change schedule", None),
        ("edit the schedule ", None),
        ("schedule a call with kim", None),
        ("show schedule 1 " + "x" * 300, None),
    ],
)
def test_words_about_schedules(text: str, expected: ScheduleOrder | None) -> None:
    assert scheduling(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pause schedule", "`pause schedule 1`"),
        ("stop the schedule", "`pause schedule 1`"),
        ("change schedule to every Friday", "`change schedule 1`"),
        ("change schedule 7", "change schedule 7 to every Friday"),
        ("set schedule 7 to", "change schedule 7 to every Friday"),
    ],
)
def test_what_is_missing_is_asked_for(text: str, says: str) -> None:
    found = scheduling(text)
    assert isinstance(found, Unclear)
    assert says in found.say.message.format(**found.say.params)


def test_a_time_zone_is_ones_own_or_everyones() -> None:
    own, everyone = zone_wish("my time zone is Berlin"), zone_wish("our timezone: Berlin time")
    assert own == ZoneWish(value="Europe/Berlin", everyone=False)
    assert everyone == ZoneWish(value="Europe/Berlin", everyone=True)
    with pytest.raises(BadInput, match="I don't know that time zone"):
        zone_wish("my time zone is Middle-earth")
