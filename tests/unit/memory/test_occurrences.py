"""When a schedule is due: a fixed local time comes once on every local day, in every zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from memory.model.timing.occurrences import coming, following, newest
from memory.model.timing.schedule import (
    At,
    Cron,
    Every,
    Firing,
    Schedule,
)

ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo",
    "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "Asia/Kathmandu",
    "Asia/Tehran", "Atlantic/Azores", "Pacific/Auckland", "Pacific/Chatham", "America/Havana",
    "Africa/Casablanca", "America/Santiago", "America/Nuuk",
)  # fmt: skip


def cron(expression: str, zone: str = "UTC") -> Schedule:
    return Schedule(when=Cron(expression=expression), zone=zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def naive(day: date, hour: int, minute: int, zone: str) -> datetime:
    """The first moment of that local day at or after the local time, found by going through it.

    No minute is skipped and nothing is known of rules: the clock on the wall is read each minute.
    """
    tz = ZoneInfo(zone)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    wanted = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - a wall's clock
    while moment.astimezone(tz).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    return moment


def days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(count))


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(1995, 1, 1), date(2037, 6, 1)),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
@example("Europe/Berlin", date(2026, 3, 28), 2, 30)
@example("Europe/Berlin", date(2026, 10, 24), 2, 30)
@example("America/Sao_Paulo", date(2018, 11, 3), 0, 0)
@example("Asia/Beirut", date(2026, 3, 28), 0, 15)
@example("Australia/Lord_Howe", date(2026, 4, 4), 1, 45)
@example("Australia/Lord_Howe", date(2026, 10, 3), 2, 10)
@example("America/Havana", date(2026, 10, 31), 0, 30)
def test_a_fixed_time_comes_exactly_once_on_every_local_day(
    zone: str, first: date, hour: int, minute: int
) -> None:
    wanted = [naive(day, hour, minute, zone) for day in days(first, 4)]
    schedule = cron(f"{minute} {hour} * * *", zone)
    assert list(coming(schedule, wanted[0] - timedelta(seconds=1), 4)) == wanted


@settings(max_examples=40, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    begin=st.datetimes(datetime(1995, 1, 1), datetime(2037, 6, 1)),  # noqa: DTZ001 - hypothesis adds none
    expression=st.sampled_from(("30 2 * * *", "0 9 * * 1-5", "15 0,2,23 * * *", "0 0 1 * *")),
)
@example("Europe/Berlin", datetime(2026, 10, 25, 0, 50), "30 2 * * *")  # noqa: DTZ001 - made aware below
def test_wherever_one_begins_to_look_the_same_times_come(
    zone: str, begin: datetime, expression: str
) -> None:
    schedule, begin = cron(expression, zone), begin.replace(tzinfo=UTC)
    found = coming(schedule, begin, 6)
    assert list(found) == sorted(set(found))
    assert all(due > begin for due in found)
    step = begin
    for due in found:
        step = following(schedule, step) or begin
        assert step == due
        assert following(schedule, due - timedelta(seconds=1)) == due


def test_the_hour_that_is_skipped_and_the_hour_that_comes_twice() -> None:
    spring = coming(cron("30 2 * * *", "Europe/Berlin"), at("2026-03-28T12:00"), 2)
    assert spring == (at("2026-03-29T01:00"), at("2026-03-30T00:30"))
    autumn = coming(cron("30 2 * * *", "Europe/Berlin"), at("2026-10-24T12:00"), 2)
    assert autumn == (at("2026-10-25T00:30"), at("2026-10-26T01:30"))
    in_the_second = following(cron("30 2 * * *", "Europe/Berlin"), at("2026-10-25T01:10"))
    assert in_the_second == at("2026-10-26T01:30")


def test_two_times_in_the_skipped_hour_come_together_once() -> None:
    found = coming(cron("0,30 2 * * *", "Europe/Berlin"), at("2026-03-28T12:00"), 3)
    assert found == (at("2026-03-29T01:00"), at("2026-03-30T00:00"), at("2026-03-30T00:30"))


def test_an_interval_is_in_step_with_the_clock_and_knows_no_summer_time() -> None:
    every = Schedule(when=Every(seconds=7200), zone="Europe/Berlin")
    found = coming(every, at("2026-03-28T23:10"), 3)
    assert found == (at("2026-03-29T00:00"), at("2026-03-29T02:00"), at("2026-03-29T04:00"))


def test_once_is_once() -> None:
    once = Schedule(when=At(moment="2026-03-02T10:00:00+00:00"), zone="UTC")
    assert coming(once, at("2026-03-02T09:00"), 5) == (at("2026-03-02T10:00"),)
    assert following(once, at("2026-03-02T10:00")) is None


@pytest.mark.parametrize("expression", ["* * * * *", "0 9 * * *", "0 9 1 * *", "0 0 29 2 *"])
def test_the_newest_are_the_last_of_all_that_were_due(expression: str) -> None:
    schedule = cron(expression, "Europe/Berlin")
    since, until = at("2024-02-01T00:00"), at("2026-03-02T09:00:30")
    everything = []
    if expression != "* * * * *":
        due = following(schedule, since)
        while due is not None and due <= until:
            everything.append(due)
            due = following(schedule, due)
        assert list(newest(schedule, since, until, 3)) == everything[-3:]
        assert list(newest(schedule, everything[-1], until, 3)) == everything[-1:]
    else:
        ends = [at("2026-03-02T08:58"), at("2026-03-02T08:59"), at("2026-03-02T09:00")]
        assert list(newest(schedule, since, until, 3)) == ends
    assert newest(schedule, until, until, 3) == ()


@pytest.mark.parametrize("expression", ["", "* * * *", "61 * * * *", "0 0 31 2 *", "0 0 0 * * *", "a b c d e"])  # fmt: skip
def test_what_is_no_cron_expression_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError):
        Cron(expression=expression)


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        cron("0 9 * * *", "Europe/Atlantis")


def test_two_times_of_one_second_that_somebody_asked_for_are_two() -> None:
    due = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
    asked = [Firing(schedule="s", due_at=due + timedelta(milliseconds=ms)) for ms in (160, 628)]
    assert Firing(schedule="s", due_at=due).mark == "20260302T090005"
    assert [request.mark for request in asked] == ["20260302T090005160000", "20260302T090005628000"]
