"""Schedules as the API gives them."""

from datetime import datetime

from bot.language.catalogue import Locale
from bot.queries.schedules import WithLast
from bot.render.schedules.message import when_words
from memory.model.base import Model


class LastTime(Model):
    """What became of the last time it was due; `run` "" where none was started."""

    due_at: datetime
    state: str
    reason: str
    run: str
    run_state: str | None


class ScheduleLine(Model):
    """A schedule; `words` say when, `number` is what people call it in its project."""

    number: int
    project: str
    title: str
    state: str
    words: str
    zone: str
    next_at: datetime | None
    plan: str
    created_by: str
    created_at: datetime
    last: LastTime | None


class Moved(Model):
    """`done` false: there was nothing to change."""

    number: int
    done: bool


def schedule_line(_: Locale, found: WithLast) -> ScheduleLine:
    """A schedule with its last time."""
    stored, last = found
    return ScheduleLine(
        number=stored.number, project=stored.project, title=stored.title, state=stored.state,
        words=when_words(_, stored.schedule), zone=stored.schedule.zone,
        next_at=stored.next_due, plan=stored.plan,
        created_by=stored.created_by.display or stored.created_by.user_id,
        created_at=stored.created_at,
        last=LastTime(
            due_at=last.firing.due_at, state=last.state, reason=last.reason, run=last.run,
            run_state=last.run_state,
        )
        if last
        else None,
    )  # fmt: skip
