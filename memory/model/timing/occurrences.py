"""When a schedule is due. Pure: the same schedule and moment give the same times everywhere.

A fixed local time comes exactly once on every local day: where the clock jumps over it, at the
first moment after the jump; where the clock shows it twice, the first time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Final, assert_never

from cronsim import CronSim

from memory.model.timing.schedule import (
    At,
    Cron,
    Every,
    Schedule,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LOOKS_BACK: Final = tuple(timedelta(hours=hours) for hours in (1, 26, 32 * 24, 400 * 24))


def times(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """Every time it is due after that moment, in UTC, earliest first."""
    match schedule.when:
        case Cron():
            return _cron(schedule.when, schedule, after)
        case Every():
            return _every(schedule.when.seconds, after)
        case At():
            due = schedule.when.due
            return iter((due,) if due > after else ())
        case _:
            assert_never(schedule.when)


def following(schedule: Schedule, after: datetime) -> datetime | None:
    """The next time it is due, None where it is not due any more."""
    return next(times(schedule, after), None)


def coming(schedule: Schedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """The next times it is due, at most so many."""
    return tuple(islice(times(schedule, after), count))


def newest(schedule: Schedule, since: datetime, until: datetime, most: int) -> tuple[datetime, ...]:
    """The last times it was due from `since` to `until`, both counted; at most so many.

    Looks back only as far as it must: a year of minutes is not gone through.
    """
    before = since - timedelta(microseconds=1)
    for back in _LOOKS_BACK:
        start = max(before, until - back)
        found = tuple(takewhile(lambda due: due <= until, times(schedule, start)))
        if len(found) >= most or start == before:
            return found[-most:]
    return tuple(takewhile(lambda due: due <= until, times(schedule, before)))[-most:]


def _cron(when: Cron, schedule: Schedule, after: datetime) -> Iterator[datetime]:
    # In the hour that comes twice, the times of a fixed schedule are those of its first passing:
    # begun in the second, the search gives times that are over.
    for local in CronSim(when.expression, after.astimezone(schedule.tz)):
        due = local.astimezone(UTC)
        if due > after and (when.step is None or when.step.takes(local.date())):
            yield due


def _every(seconds: int, after: datetime) -> Iterator[datetime]:
    step = timedelta(seconds=seconds)
    due = _EPOCH + ((after - _EPOCH) // step + 1) * step
    while True:
        yield due
        due += step
