"""What happened to a schedule, in words."""

from datetime import datetime

from bot.language.catalogue import Locale
from bot.language.words import passage
from bot.render.schedules.message import moment, next_times
from memory.model.timing.schedule import Firing
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule

REASON_CHARS = 1000


def schedule_moved(_: Locale, what: str, was: StoredSchedule, now: datetime) -> str:
    """That it was paused, resumed or deleted."""
    text = {
        "pause": _("Schedule {number} is paused. To continue, say `resume schedule {number}`."),
        "resume": _("Schedule {number} is active again. Next: {times}."),
        "delete": _("Schedule {number} is deleted. Runs already started will finish."),
    }[what]
    return text.format(number=was.number, times=next_times(_, was.schedule, now))


def schedule_unmoved(_: Locale, was: StoredSchedule) -> str:
    """That it was so already."""
    text = {
        ScheduleState.ACTIVE: _("Schedule {number} is already active."),
        ScheduleState.PAUSED: _("Schedule {number} is already paused."),
        ScheduleState.ASKING: _("Schedule {number} is waiting for its new plan to be approved."),
        ScheduleState.DONE: _("Schedule {number} is already over."),
        ScheduleState.DELETED: _("Schedule {number} is already deleted."),
    }[was.state]
    return text.format(number=was.number)


def did_not_run(_: Locale, stored: StoredSchedule, firing: Firing, reason: str) -> str:
    """That it was due and nothing was started, and why."""
    text = _("Schedule {number} ({time}) didn't run: {reason}").format(
        number=stored.number, time=moment(_, firing.due_at, stored.schedule.tz), reason=reason
    )
    return passage(text, REASON_CHARS)
