"""Schedules: when work repeats, and what happens when a time was missed or the last run isn't over."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator

from memory.model.base import Model

LEAST_S: Final = 60
MOST_S: Final = 366 * 24 * 3600
MOST_STEPS: Final = 52
"""Nothing repeats less often than once in so many days or weeks."""
FIELDS: Final = 5
ZONE_SLOT: Final = "time zone"
"""The preference that holds the zone of a person, or of a project."""

Missed = Literal["skip", "once", "all"]
"""What was due while nothing ran: leave it, do it once, or do each (as many as the cap allows)."""
Overlap = Literal["skip", "queue", "cancel_old"]
"""Due while the last run isn't over: skip this one, wait for the last one, or cancel it."""


class Step(Model):
    """Of a cron's days only those of every so-manieth day or week; the one of `since` (ISO) is the first."""

    unit: Literal["day", "week"]
    count: int = Field(ge=2, le=MOST_STEPS)
    since: str

    @field_validator("since")
    @classmethod
    def _day(cls, text: str) -> str:
        return date.fromisoformat(text).isoformat()

    def takes(self, day: date) -> bool:
        """Whether that day is one of them. A week begins on Monday."""
        first = date.fromisoformat(self.since)
        if self.unit == "day":
            return (day - first).days % self.count == 0
        return (_monday(day) - _monday(first)).days // 7 % self.count == 0


class Cron(Model):
    """Five cron fields, in the schedule's zone. `step`: only on some of the days they name."""

    kind: Literal["cron"] = "cron"
    expression: str
    step: Step | None = Field(default=None, exclude_if=lambda step: step is None)

    @field_validator("expression")
    @classmethod
    def _readable(cls, text: str) -> str:
        fields = text.upper().split()
        if len(fields) != FIELDS:
            raise ValueError("a cron expression has five fields")
        try:
            first = next(CronSim(" ".join(fields), _START), None)
        except CronSimError as error:
            raise ValueError(str(error)) from error
        if first is None:
            raise ValueError("that never comes")
        return " ".join(fields)

    @property
    def days(self) -> tuple[str, ...]:
        """The fields for day, month and weekday."""
        return tuple(self.expression.split()[2:])


class Every(Model):
    """After so many seconds again, in step with the clock: every 15 minutes is at :00, :15, …"""

    kind: Literal["every"] = "every"
    seconds: int = Field(ge=LEAST_S, le=MOST_S)


class At(Model):
    """Once, at this moment (ISO 8601 in UTC)."""

    kind: Literal["at"] = "at"
    moment: str

    @field_validator("moment")
    @classmethod
    def _utc(cls, text: str) -> str:
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() != timedelta(0):
            raise ValueError("a moment is in UTC")
        return moment.isoformat()

    @property
    def due(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.fromisoformat(self.moment).astimezone(UTC)


When = Annotated[Cron | Every | At, Field(discriminator="kind")]


class Schedule(Model):
    """When, in whose clock, and what about the missed and the overlapping.

    `of` is the id of the schedule that this one is to take the place of, "" for a new one.
    """

    when: When
    zone: str
    missed: Missed = "once"
    overlap: Overlap = "skip"
    of: str = Field(default="", exclude_if=lambda earlier: not earlier)

    @field_validator("zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in zone_names():
            raise ValueError("no such time zone")
        return name

    @property
    def tz(self) -> ZoneInfo:
        """The zone, for reckoning."""
        return ZoneInfo(self.zone)


class Firing(Model):
    """One time that a schedule was due. The two together are what makes its run unlike any other."""

    schedule: str
    due_at: datetime

    @property
    def mark(self) -> str:
        """The time as a part of an id; one that somebody asked for has parts of a second."""
        parts = "%f" if self.due_at.microsecond else ""
        return self.due_at.astimezone(UTC).strftime(f"%Y%m%dT%H%M%S{parts}")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@cache
def zone_names() -> frozenset[str]:
    """Every name that a zone may have here."""
    return frozenset(available_timezones())


_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""Where the search for a first time begins: before a leap day, so that 29 February is found."""
