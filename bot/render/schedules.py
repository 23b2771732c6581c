"""Schedules in words: when, the next times, what became of the last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, assert_never

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.emoji import (
    AGAIN,
    PAUSE,
    RESUME,
    STOP,
)
from bot.render.words import code, duration, listed, untrusted
from memory.model.timing.firing import FiringState, StoredFiring
from memory.model.timing.occurrences import coming
from memory.model.timing.schedule import (
    At,
    Cron,
    Every,
    Missed,
    Overlap,
    Schedule,
)
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.plan import Plan

NEXT_TIMES: Final = 5
DAYS: Final = (
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
)  # fmt: skip
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NTH: Final = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"}
_MISSED: Final[Mapping[Missed, str]] = {
    "skip": "what is missed while nothing runs is left",
    "once": "what is missed while nothing runs is done once",
    "all": "what is missed while nothing runs is all done",
}
_OVERLAP: Final[Mapping[Overlap, str]] = {
    "skip": "left out while the run before is under way",
    "queue": "waits for the run before",
    "cancel_old": "cancels the run before if that is still under way",
}


@dataclass(frozen=True)
class Shown:
    """A schedule with the last time it was due."""

    stored: StoredSchedule
    last: StoredFiring | None


def when_words(_: Locale, schedule: Schedule) -> str:
    """`every weekday at 09:00 Europe/Berlin`, `every 2 hours`, `once, Tue 3 Mar 2026 14:00 UTC`."""
    match schedule.when:
        case Cron():
            return f"{_cron_words(_, schedule.when.expression)} {schedule.zone}"
        case Every():
            return f"every {_spell(_, schedule.when.seconds)}"
        case At():
            return f"once, {moment(_, schedule.when.due, schedule.tz, year=True)} {schedule.zone}"
        case _:
            assert_never(schedule.when)


def moment(_: Locale, at: datetime, tz: tzinfo, *, year: bool = False) -> str:
    """`Tue 3 Mar 09:00`, by that zone's clock."""
    local = at.astimezone(tz)
    day = f"{DAYS[(local.weekday() + 1) % 7][:3]} {local.day} {_MONTHS[local.month - 1][:3]}"
    return f"{day} {local.year} {local:%H:%M}" if year else f"{day} {local:%H:%M}"


def next_times(_: Locale, schedule: Schedule, after: datetime, count: int = NEXT_TIMES) -> str:
    """The next times in a row, `never again` where there are none."""
    found = coming(schedule, after, count)
    return ", ".join(moment(_, due, schedule.tz) for due in found) or "never again"


def plan_words(_: Locale, plan: Plan) -> str:
    """What the plan's message says of its schedule, "" without one."""
    schedule = plan.schedule
    if schedule is None:
        return ""
    if isinstance(schedule.when, At):
        return f"**Runs {when_words(_, schedule)}**"
    after = datetime.fromisoformat(plan.created_at)
    return (
        f"**Runs {when_words(_, schedule)}**\n"
        f"next: {next_times(_, schedule, after)}\n"
        f"{_MISSED[schedule.missed]}; {_OVERLAP[schedule.overlap]}; "
        f"asks anew when the plan or its price changes"
    )


def list_message(_: Locale, found: Sequence[Shown], now: datetime) -> Outgoing:
    """Every schedule of a project, with what can be done about it."""
    if not found:
        return say(
            "There are no schedules here. Say when with what you want done, for example "
            "`every weekday at 9:00 Berlin time: total the revenue in sales.csv`."
        )
    return Outgoing(sections=tuple(_section(_, one, now, times=1) for one in found))


def detail_message(_: Locale, one: Shown, now: datetime) -> Outgoing:
    """One schedule with its next five times."""
    return Outgoing(sections=(_section(_, one, now, times=NEXT_TIMES),))


def last_words(_: Locale, last: StoredFiring | None, tz: tzinfo) -> str:
    """How it went the last time it was due, by what its run came to; "" if it never was."""
    if last is None:
        return ""
    due = moment(_, last.firing.due_at, tz)
    if last.run_state is not None:
        took = ""
        if last.ended_at is not None:
            took = f" after {duration(_, (last.ended_at - last.fired_at).total_seconds())}"
        return f"last: {due} {last.run_state.value}{took}"
    words = {FiringState.CLAIMED: "is being started", FiringState.ASKED: "asked anew"}
    reason = f" ({untrusted(last.reason)})" if last.reason else ""
    return f"last: {due} {words.get(last.state, last.state.value)}{reason}"


def buttons(_: Locale, stored: StoredSchedule) -> tuple[Button, ...]:
    """What can be pressed beside a schedule."""
    if stored.state.over:
        return ()
    first = (
        Button(action=f"schedule:{stored.number}:pause", label=f"{PAUSE} Pause")
        if stored.state is ScheduleState.ACTIVE
        else Button(action=f"schedule:{stored.number}:resume", label=f"{RESUME} Resume")
    )
    return (
        first,
        Button(action=f"schedule:{stored.number}:run", label=f"{AGAIN} Run now"),
        Button(action=f"schedule:{stored.number}:delete", label=f"{STOP} Delete", style="danger"),
    )


def _section(_: Locale, one: Shown, now: datetime, *, times: int) -> Section:
    stored = one.stored
    lines = [
        f"**{stored.number}** {untrusted(stored.title)} · {when_words(_, stored.schedule)}"
        f" · {_state_words(_, stored)}"
    ]
    if stored.state is ScheduleState.ACTIVE:
        lines.append(f"next: {next_times(_, stored.schedule, now, times)}")
    lines.append(last_words(_, one.last, stored.schedule.tz))
    if times > 1:
        lines.append(f"{_MISSED[stored.schedule.missed]}; {_OVERLAP[stored.schedule.overlap]}")
        lines.append(f"plan {code(stored.plan[:8])}")
    return Section(text="\n".join(line for line in lines if line), buttons=buttons(_, stored))


def _state_words(_: Locale, stored: StoredSchedule) -> str:
    if stored.state is ScheduleState.ASKING:
        return "waits for its new plan to be approved"
    return stored.state.value


def _cron_words(_: Locale, expression: str) -> str:
    minute, hour, day, month, weekday = expression.split()
    clock = _clock(_, minute, hour)
    days = _days(_, day, month, weekday)
    return f"{days} at {clock}" if clock and days else f"by cron {code(expression)}"


def _clock(_: Locale, minute: str, hour: str) -> str:
    hours = hour.split(",")
    if not minute.isdecimal() or not all(one.isdecimal() for one in hours):
        return ""
    return listed(_, (f"{int(one):02}:{int(minute):02}" for one in hours), most=24)


def _days(_: Locale, day: str, month: str, weekday: str) -> str:
    if month.startswith("*/") and weekday == "*" and day.isdecimal():
        return f"on the {_ordinal(_, day)} of every {month[2:]} months"
    if month != "*":
        plain = day.isdecimal() and month.isdecimal() and weekday == "*"
        return f"every year on {int(day)} {_MONTHS[int(month) - 1]}" if plain else ""
    if weekday == "*":
        return _dates(_, day)
    return _weekdays(_, weekday) if day == "*" else ""


def _dates(_: Locale, day: str) -> str:
    if day == "*":
        return "every day"
    names = {"L": "last day", "LW": "last weekday"}
    parts = [
        names.get(one) or (_ordinal(_, one) if one.isdecimal() else "") for one in day.split(",")
    ]
    return f"on the {listed(_, parts, most=31)} of each month" if all(parts) else ""


def _weekdays(_: Locale, weekday: str) -> str:
    if weekday in {"1-5", "MON-FRI"}:
        return "every weekday"
    if set(weekday.split(",")) in ({"6", "0"}, {"SAT", "SUN"}):
        return "every Saturday and Sunday"
    nth, plain = weekday.partition("#"), [_day(_, one) for one in weekday.split(",")]
    if nth[2] in _NTH and _day(_, nth[0]):
        return f"on the {_NTH[nth[2]]} {_day(_, nth[0])} of each month"
    if weekday.endswith("L") and _day(_, weekday[:-1]):
        return f"on the last {_day(_, weekday[:-1])} of each month"
    return f"every {listed(_, plain, most=7)}" if all(plain) else ""


def _day(_: Locale, text: str) -> str:
    if text.isdecimal():
        return DAYS[int(text) % 7]
    return next((day for day in DAYS if len(text) == 3 and day[:3].upper() == text), "")


def _ordinal(_: Locale, text: str) -> str:
    number = int(text)
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _spell(_: Locale, seconds: int) -> str:
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return noun if count == 1 else f"{count} {noun}s"
    return f"{seconds} seconds"
