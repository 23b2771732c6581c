"""The states of runs, schedules and their times, as people read them."""

from bot.language.catalogue import Locale
from memory.model.timing.firing import FiringState
from memory.model.timing.stored_schedule import ScheduleState
from memory.model.work.run import RunState


def run_state(_: Locale, state: RunState) -> str:
    """`running`, `succeeded` …"""
    return {
        RunState.RUNNING: _("running"),
        RunState.PAUSED: _("paused"),
        RunState.SUCCEEDED: _("succeeded"),
        RunState.FAILED: _("failed"),
        RunState.CANCELLED: _("cancelled"),
    }[state]


def schedule_state(_: Locale, state: ScheduleState) -> str:
    """`active`, `waiting for you to approve its new plan` …"""
    return {
        ScheduleState.ACTIVE: _("active"),
        ScheduleState.PAUSED: _("paused"),
        ScheduleState.ASKING: _("waiting for its new plan to be approved"),
        ScheduleState.DONE: _("done"),
        ScheduleState.DELETED: _("deleted"),
    }[state]


def firing_state(_: Locale, state: FiringState) -> str:
    """What became of a time at which a schedule was due."""
    return {
        FiringState.CLAIMED: _("is starting"),
        FiringState.WAITING: _("waiting"),
        FiringState.STARTED: _("started"),
        FiringState.SKIPPED: _("skipped"),
        FiringState.ASKED: _("asked again"),
        FiringState.FAILED: _("failed"),
    }[state]
