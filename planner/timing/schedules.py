"""When work is to be done, split off from what is to be done. Pure, and needs no model.

What is taken for a schedule begins or ends the request, or says days that recur with a time of
day; "total revenue by month" is left alone. What is a schedule and cannot be kept is declined.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from memory.model.text import text
from memory.model.timing.occurrences import following
from memory.model.timing.schedule import At, Cron, Every, Schedule, Step
from planner.timing import literals, reminders
from planner.timing.clock import Clock
from planner.timing.correcting import corrected
from planner.timing.days import Days
from planner.timing.foreign import in_english
from planner.timing.phrases import EXAMPLES, Phrase, Reader, unread
from planner.timing.schedule_words import (
    INSTEAD,
    NEVER,
    OVERLOOKED,
)
from planner.timing.zone import Zone
from planner.timing.zones import CannotRead

USUAL_HOUR: Final = 9
_ANY: Final = Schedule(when=Every(seconds=3600), zone="UTC")


@dataclass(frozen=True)
class Timed:
    """The work, the schedule it is for (None: at once), and what was assumed about the times.

    `latest` is what the last paragraph says: nothing of times, times and more, or times alone.
    """

    schedule: Schedule | None
    work: str
    assumed: tuple[str, ...] = ()
    latest: Literal["nothing", "more", "alone"] = "nothing"


@dataclass(frozen=True)
class Unreadable:
    """It is a schedule that cannot be kept, or not be read; `text` says why, in a sentence."""

    text: str


def read(words: str, *, now: datetime, zone: Zone) -> Timed | Unreadable:
    """The request's schedule and the rest of its words; the last paragraph that has one counts.

    `words` is what people wrote, oldest first, joined by blank lines.
    """
    timed = Timed(None, "")
    work: list[str] = []
    problem = ""
    paragraphs = [in_english(paragraph) for paragraph in words.split("\n\n")]
    reminding, carrying = any(map(reminders.SAID.search, paragraphs)), False
    for paragraph in paragraphs:
        if carrying and isinstance(_alone(paragraph, now, zone), Unreadable):
            work.append(paragraph)  # more of the text that is to be written
            continue
        if timed.schedule is not None:
            paragraph = corrected(paragraph, timed.schedule)
        carrying = carrying or literals.carries(paragraph)
        try:
            timed, rest = _paragraph(paragraph, timed, now, zone, reminding=reminding)
            problem = problem if timed.latest == "nothing" else ""
            work += [rest] if rest else []
        except CannotRead as error:
            problem = str(error)
    return _whole(timed, work, problem)


def _whole(timed: Timed, work: list[str], problem: str) -> Timed | Unreadable:
    if timed.schedule is not None and not work:
        problem = problem or _nothing_to_do()
    return Unreadable(problem) if problem else replace(timed, work="\n\n".join(work))


def _nothing_to_do() -> str:
    return text(
        "Say what to do at those times as well, for example `every weekday at 9:00: total the "
        "revenue in sales.csv`."
    )


def _left_out(reminder: str) -> str:
    return text(
        "I left out: “{words}”. A plan has one time of its own; send that by itself.",
        words=reminder.rstrip(" .!")[:200],
    )


def _alone(words: str, now: datetime, zone: Zone) -> Schedule | Unreadable:
    return read_alone(words, now=now, zone=zone, like=_ANY)


def _paragraph(
    line: str, before: Timed, now: datetime, zone: Zone, *, reminding: bool
) -> tuple[Timed, str]:
    """What is known of the times after this paragraph, and its work. Raises CannotRead."""
    if NEVER.fullmatch(line.strip()):
        return Timed(None, "", latest="alone"), ""
    two = reminders.beside(line)
    if two is not None:
        reminds = reminders.is_reminder(two[0])
        timed, rest = _paragraph(two[0], before, now, zone, reminding=reminds)
        return replace(timed, assumed=(*timed.assumed, _left_out(two[1]))), rest
    line = reminders.with_days(line) if reminding else line
    reader = Reader(literals.masked(line), _today(now, zone), line, reminding=reminding)
    phrase, rest = reader.split()
    if phrase is None:
        if OVERLOOKED.search(reader.line):
            raise unread()
        return replace(before, latest="nothing"), line.strip()
    if reminding:
        phrase, more = _meant(phrase, line, now, zone)
    schedule, assumed = _built(phrase, now, zone, like=before.schedule)
    assumed = (*more, *assumed) if reminding else assumed
    rest = INSTEAD.sub("", rest).strip()
    return Timed(schedule, "", assumed, "more" if rest else "alone"), rest


def read_alone(words: str, *, now: datetime, zone: Zone, like: Schedule) -> Schedule | Unreadable:
    """A schedule said by itself; policies that are not said stay as they are in `like`."""
    line = words.strip().rstrip(".!")
    try:
        phrase = Reader(line, _today(now, zone)).first()
        if phrase is None or line[phrase.end :].strip(" \t\n.!,"):
            raise unread()
        return _built(phrase, now, zone, like=like)[0]
    except CannotRead as error:
        return Unreadable(str(error))


def _is_whole_days(phrase: Phrase, days: Days) -> bool:
    """Whether it is one day so many days from now, at a time of day."""
    return not days.recurring and bool(phrase.clocks) and days.seconds % 86_400 == 0


def _built(
    phrase: Phrase, now: datetime, zone: Zone, *, like: Schedule | None
) -> tuple[Schedule, tuple[str, ...]]:
    """The schedule that was said, and what it takes for granted. Raises CannotRead."""
    name, days, assumed = phrase.zone or zone.name, phrase.days, list[str]()
    if days is not None and _is_whole_days(phrase, days):
        today = now.astimezone(ZoneInfo(name)).date()
        days = replace(days, day=days.day or today + timedelta(seconds=days.seconds), seconds=0)
        phrase = replace(phrase, days=days)
    if days is not None and days.seconds:
        due = (now + timedelta(seconds=days.seconds)).astimezone(UTC).replace(microsecond=0)
        once = At(moment=due.isoformat())
        when: Cron | Every | At = Every(seconds=days.seconds) if days.recurring else once
    else:
        when = _in_step(_when(phrase, now, name, assumed), phrase, now, name, like)
        assumed += [] if phrase.zone else [_zone_assumed(name, zone.whose)]
    kept = like or Schedule(when=when, zone=name)
    schedule = Schedule(when=when, zone=name, missed=kept.missed, overlap=kept.overlap)
    return schedule.model_copy(update=dict(phrase.policies)), tuple(assumed)


def _in_step(
    when: Cron | At, phrase: Phrase, now: datetime, zone: str, like: Schedule | None
) -> Cron | At:
    """The times on every so-manieth day or week, as `like` has them where only the hour is another;
    anew from the first time that comes.
    """
    said = phrase.days.step if phrase.days else None
    kept = _step_of(when, like)
    if kept is not None and (phrase.cron or said == (kept.unit, kept.count)):
        return when.model_copy(update={"step": kept})
    first = following(Schedule(when=when, zone=zone), now) if said else None
    if said is None or first is None:
        return when
    day = first.astimezone(ZoneInfo(zone)).date()
    step = Step(unit=said[0], count=said[1], since=day.isoformat())
    return when.model_copy(update={"step": step})


def _step_of(when: Cron | At, like: Schedule | None) -> Step | None:
    """The step that the schedule has on the same days."""
    before = like.when if like is not None else None
    if not isinstance(before, Cron) or not isinstance(when, Cron) or before.days != when.days:
        return None
    return before.step


def _meant(phrase: Phrase, line: str, now: datetime, zone: Zone) -> tuple[Phrase, tuple[str, ...]]:
    """The reminder's times as a person means them, and what is taken for granted of them."""
    local = now.astimezone(ZoneInfo(phrase.zone or zone.name))
    days = phrase.days
    today = days is None or days.day == local.date()
    said = line[phrase.start : phrase.end]
    clocks = tuple(
        reminders.meant(clock, said, passed=today and clock <= (local.hour, local.minute))
        for clock in phrase.clocks
    )
    changed = [
        after for before, after in zip(phrase.clocks, clocks, strict=True) if before != after
    ]
    assumed = tuple(text("The time is read as {hour:02}:{minute:02}.", hour=hour, minute=minute)
                    for hour, minute in changed)  # fmt: skip
    return replace(phrase, clocks=clocks), assumed


def _zone_assumed(name: str, whose: str) -> str:
    if whose:
        return text("Times are in {zone}, {whose}.", zone=name, whose=whose)
    return text("Times are in {zone}. For another zone, say for example “Berlin time”.", zone=name)


def _when(phrase: Phrase, now: datetime, zone: str, assumed: list[str]) -> Cron | At:
    if phrase.cron:
        return _cron(phrase.cron)
    days = phrase.days or Days(recurring=False)
    clocks = phrase.clocks
    if not clocks:
        clocks = ((USUAL_HOUR if days.hour is None else days.hour, 0),)
        assumed.append(text("No time was given, so it runs at {hour:02}:00.", hour=clocks[0][0]))
    if not days.recurring:
        if len(clocks) > 1:
            raise CannotRead("Give one time for work that is done once.")
        return _at(days.day, clocks[0], now, zone)
    return _daily(clocks, days.cron)


def _daily(clocks: tuple[Clock, ...], days: str) -> Cron:
    """Those times on those days."""
    minutes = {minute for _, minute in clocks}
    if len(minutes) > 1:
        raise CannotRead("All times of a schedule need the same minutes. Make a schedule for each.")
    hours = ",".join(str(hour) for hour in sorted({hour for hour, _ in clocks}))
    return _cron(f"{minutes.pop()} {hours} {days}")


def _cron(expression: str) -> Cron:
    try:
        return Cron(expression=expression)
    except ValidationError as error:
        raise CannotRead("`{cron}` isn't a valid cron expression. Say it like {examples}.",
                 cron=expression, examples=EXAMPLES) from error  # fmt: skip


def _at(day: date | None, clock: Clock, now: datetime, zone: str) -> At:
    """That time of that day; without a day the next such time. Raises CannotRead when it is over."""
    hour, minute = clock
    fields, after = "* *", now
    if day is not None:
        fields = f"{day.day} {day.month}"
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
        after = midnight - timedelta(seconds=1)
    cron = Cron(expression=f"{minute} {hour} {fields} *")
    due = following(Schedule(when=cron, zone=zone), after)
    if due is None or due <= now:
        raise CannotRead("That time has passed. Give one in the future.")
    return At(moment=due.isoformat())


def _today(now: datetime, zone: Zone) -> date:
    return now.astimezone(ZoneInfo(zone.name)).date()
