"""Schedules in words: when they run, the next times, how the last one went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, assert_never

from bot.chat import Button, Outgoing, Section, say
from bot.language.catalogue import Locale
from bot.language.emoji import AGAIN, PAUSE, RESUME, STOP
from bot.language.words import (
    code,
    count,
    duration,
    untrusted,
)
from bot.render.schedules.calendar import cron_text, short_months, short_weekdays
from bot.render.states import firing_state, run_state, schedule_state
from memory.model.timing.firing import StoredFiring
from memory.model.timing.occurrences import coming
from memory.model.timing.schedule import At, Cron, Every, Missed, Overlap, Schedule, Step
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.model.work.plan import Plan

NEXT_TIMES: Final = 5


@dataclass(frozen=True)
class Shown:
    """A schedule with the last time it was due."""

    stored: StoredSchedule
    last: StoredFiring | None


def when_words(_: Locale, schedule: Schedule) -> str:
    """`every weekday at 09:00 Europe/Berlin`, `every 2 hours`, `once, Tue 3 Mar 2026 14:00 UTC`."""
    match schedule.when:
        case Cron(expression=expression, step=step):
            words = f"{cron_text(_, expression)} {schedule.zone}"
            return f"{words}, {_steps(_, step)}" if step else words
        case Every(seconds=seconds):
            return _interval(_, seconds)
        case At(due=due):
            time = f"{moment(_, due, schedule.tz, year=True)} {schedule.zone}"
            return _("once, {time}").format(time=time)
        case _:
            assert_never(schedule.when)


def _steps(_: Locale, step: Step) -> str:
    if step.unit == "day":
        return _("every {n} days").format(n=step.count)
    return _("every {n} weeks").format(n=step.count)


def _interval(_: Locale, seconds: int) -> str:
    if seconds % 86400 == 0:
        return count(_, seconds // 86400, "every day", "every {n} days")
    if seconds % 3600 == 0:
        return count(_, seconds // 3600, "every hour", "every {n} hours")
    if seconds % 60 == 0:
        return count(_, seconds // 60, "every minute", "every {n} minutes")
    return count(_, seconds, "every second", "every {n} seconds")


def moment(_: Locale, at: datetime, tz: tzinfo, *, year: bool = False) -> str:
    """`Tue 3 Mar 09:00`, by that zone's clock."""
    local = at.astimezone(tz)
    pattern = (
        _("{weekday} {day} {month} {year} {time}") if year else _("{weekday} {day} {month} {time}")
    )
    return pattern.format(
        weekday=short_weekdays(_)[local.isoweekday() % 7],
        day=local.day,
        month=short_months(_)[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
    )


def next_times(_: Locale, schedule: Schedule, after: datetime, count: int = NEXT_TIMES) -> str:
    """The next times in a row, `never again` where there are none."""
    times = coming(schedule, after, count)
    return ", ".join(moment(_, due, schedule.tz) for due in times) or _("never again")


def plan_words(_: Locale, plan: Plan) -> str:
    """What the plan's message says of its schedule, "" without one."""
    schedule = plan.schedule
    if schedule is None:
        return ""
    runs = _("**Runs {when}**").format(when=when_words(_, schedule))
    if isinstance(schedule.when, At):
        return runs
    times = next_times(_, schedule, datetime.fromisoformat(plan.created_at))
    rules = [*_rules(_, schedule), _("asks again if the plan or its price changes")]
    return "\n".join([runs, _("next: {times}").format(times=times), "; ".join(rules)])


def list_message(_: Locale, schedules: Sequence[Shown], now: datetime) -> Outgoing:
    """Every schedule of a project, with what can be done about it."""
    if not schedules:
        return say(
            _(
                "There are no schedules here. To make one, say when along with what you want done: "
                "`every weekday at 9:00 Berlin time: total the revenue in sales.csv`."
            )
        )
    return Outgoing(sections=tuple(_section(_, shown, now, times=1) for shown in schedules))


def detail_message(_: Locale, shown: Shown, now: datetime) -> Outgoing:
    """One schedule with its next five times."""
    return Outgoing(sections=(_section(_, shown, now, times=NEXT_TIMES),))


def last_words(_: Locale, last: StoredFiring | None, tz: tzinfo) -> str:
    """How it went the last time it was due, by what its run came to; "" if it never was."""
    if last is None:
        return ""
    due = moment(_, last.firing.due_at, tz)
    if last.run_state is None:
        state = firing_state(_, last.state)
        reason = f" ({untrusted(last.reason)})" if last.reason else ""
        return _("last: {time} {state}").format(time=due, state=state) + reason
    state = run_state(_, last.run_state)
    if last.ended_at is None:
        return _("last: {time} {state}").format(time=due, state=state)
    took = duration(_, (last.ended_at - last.fired_at).total_seconds())
    return _("last: {time} {state} after {took}").format(time=due, state=state, took=took)


def buttons(_: Locale, stored: StoredSchedule) -> tuple[Button, ...]:
    """What can be pressed beside a schedule."""
    if stored.state.over:
        return ()
    action = f"schedule:{stored.number}"
    pause = Button(action=f"{action}:pause", label=f"{PAUSE} {_('Pause')}")
    resume = Button(action=f"{action}:resume", label=f"{RESUME} {_('Resume')}")
    return (
        pause if stored.state is ScheduleState.ACTIVE else resume,
        Button(action=f"{action}:run", label=f"{AGAIN} {_('Run now')}"),
        Button(action=f"{action}:delete", label=f"{STOP} {_('Delete')}", style="danger"),
    )


def _section(_: Locale, shown: Shown, now: datetime, *, times: int) -> Section:
    stored, schedule = shown.stored, shown.stored.schedule
    lines = [
        f"**{stored.number}** {untrusted(stored.title)} · {when_words(_, schedule)}"
        f" · {schedule_state(_, stored.state)}"
    ]
    if stored.state is ScheduleState.ACTIVE:
        lines.append(_("next: {times}").format(times=next_times(_, schedule, now, times)))
    lines.append(last_words(_, shown.last, schedule.tz))
    if times > 1:
        lines.append("; ".join(_rules(_, schedule)))
        lines.append(_("plan {id}").format(id=code(stored.plan[:8])))
    return Section(text="\n".join(line for line in lines if line), buttons=buttons(_, stored))


def _rules(_: Locale, schedule: Schedule) -> tuple[str, str]:
    missed: dict[Missed, str] = {
        "skip": _("runs missed while I'm off are skipped"),
        "once": _("if runs are missed while I'm off, one runs when I'm back"),
        "all": _("runs missed while I'm off all run when I'm back"),
    }
    overlap: dict[Overlap, str] = {
        "skip": _("skipped if the previous run is still going"),
        "queue": _("waits for the previous run"),
        "cancel_old": _("cancels the previous run if it's still going"),
    }
    return missed[schedule.missed], overlap[schedule.overlap]
