"""What work cost, and what the month will come to."""

from datetime import date, timedelta

from bot.language.asking.periods import Span, between
from bot.language.asking.subjects import By
from bot.queries.about.question import Question
from bot.queries.asking import Asking
from bot.queries.budgets import NO_SAVINGS, Outlook, Savings, outlooks, savings
from executor.data.formats import guarded_csv
from memory.model.base import Model, RunId
from memory.model.money import USD
from memory.store.knowledge import people
from memory.store.money import spending
from memory.store.money.spending import Spent, Wanted
from memory.store.running import runs
from memory.store.scheduling import schedules

DAYS_SHOWN = 31


class Line(Model):
    """One agent, person, day, type of work or run of a bill, by the name people know it by."""

    name: str
    cost_micro_usd: int
    attempts: int


class Bill(Model):
    """What was spent in the time. Of `unpriced` of the attempts the cost isn't known."""

    span: Span
    by: By
    cost_micro_usd: int
    attempts: int
    unpriced: int
    lines: tuple[Line, ...]
    agent: str = ""
    person: str = ""
    task_type: str = ""
    run: str = ""
    """The title of the run that was asked about."""
    finished: int = 0
    """How many runs came to a good end meanwhile, where all that was spent was asked for."""
    saved: Savings = NO_SAVINGS
    """What the cache of calls saved so far, where it's the whole project's bill."""


class Forecast(Model):
    """A straight line through the month's spending so far.

    `elapsed_days` of `month_days` are over, to a part of a day; `spent` rests on so many attempts.
    """

    spent_micro_usd: int
    attempts: int
    unpriced: int
    elapsed_days: float
    month_days: int
    last_day: date
    budgets: tuple[Outlook, ...]

    @property
    def month_micro_usd(self) -> int:
        """What the month will come to if it goes on like this."""
        return round(self.spent_micro_usd * self.month_days / max(self.elapsed_days, 1 / 24))


async def bill(asking: Asking, asked: Question, thread: str) -> Bill:
    """What was spent on what; `thread`: where "that run" is looked for."""
    asking.must_see()
    about, span = asked.subject, asked.span or asked.month
    run, title = await _run(asking, thread) if about.this_run and asked.span is None else ("", "")
    if run:
        span = between(date(1970, 1, 2), asked.today.last, asked.zone)
    wanted = Wanted(
        project=asking.project, since=span.since, until=span.until, task_type=about.task_type,
        agent=str(about.agent.name) if about.agent else "", person=about.person, run=run,
        people=await people.of_person(asking.connection, about.person),
    )  # fmt: skip
    by = about.by or ("agent" if not about.agent else "task_type")
    total = await spending.total(asking.connection, wanted)
    lines = await _lines(asking, wanted, by, asked, span)
    return Bill(
        span=span, by=by, cost_micro_usd=total.cost_micro_usd, attempts=total.attempts,
        unpriced=total.unpriced, lines=lines, agent=about.agent.title if about.agent else "",
        person=asked.called(about.person) if about.person else "", task_type=about.task_type,
        run=title, finished=await _finished(asking, wanted),
        saved=await _saved(asking, wanted),
    )  # fmt: skip


def as_csv(bill: Bill) -> str:
    """A table of its lines with dollars and attempts; no name in it is run as a formula."""
    rows = [(line.name, f"{line.cost_micro_usd / USD:.6f}", line.attempts) for line in bill.lines]
    return guarded_csv((bill.by, "usd", "attempts"), rows).data.decode()


async def forecast(asking: Asking, asked: Question) -> Forecast:
    """What the month will cost at its present pace, and when the budgets end."""
    asking.must_see()
    month = asked.month
    wanted = Wanted(project=asking.project, since=month.since, until=month.until)
    spent = await spending.total(asking.connection, wanted)
    after = (month.first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Forecast(
        spent_micro_usd=spent.cost_micro_usd,
        attempts=spent.attempts,
        unpriced=spent.unpriced,
        elapsed_days=(asking.now - month.since) / timedelta(days=1),
        month_days=(after - month.first).days,
        last_day=after - timedelta(days=1),
        budgets=await outlooks(asking),
    )


async def _finished(asking: Asking, wanted: Wanted) -> int:
    return await spending.finished(asking.connection, wanted) if _is_all(wanted) else 0


async def _saved(asking: Asking, wanted: Wanted) -> Savings:
    return await savings(asking) if _is_all(wanted) else NO_SAVINGS


def _is_all(wanted: Wanted) -> bool:
    return not (wanted.run or wanted.agent or wanted.person or wanted.task_type)


async def _run(asking: Asking, thread: str) -> tuple[str, str]:
    found = await runs.of_project(asking.connection, asking.project, thread_key=thread, limit=1)
    if not found:
        return "", ""
    return found[0].id, await _title(asking, found[0].id)


async def _title(asking: Asking, run: str) -> str:
    view = await asking.desk.executor.view(asking.project, RunId(run))
    return view.title


async def _lines(
    asking: Asking, wanted: Wanted, by: By, asked: Question, span: Span
) -> tuple[Line, ...]:
    if by == "day":
        return await _days(asking, wanted, span, asked.zone)
    found = await spending.by(asking.connection, wanted, by)
    return tuple([_line(spent, await _name(asking, asked, by, spent.key)) for spent in found])


async def _days(asking: Asking, wanted: Wanted, span: Span, zone: str) -> tuple[Line, ...]:
    lines = []
    for number in range(min(span.days, DAYS_SHOWN)):
        day = span.last - timedelta(days=number)
        whole = between(day, day, zone)
        that = Wanted(**{**wanted.__dict__, "since": whole.since, "until": whole.until})
        spent = await spending.total(asking.connection, that)
        if spent.attempts:
            lines.append(_line(spent, day.isoformat()))
    return tuple(lines)


async def _name(asking: Asking, asked: Question, by: By, key: str) -> str:
    if by == "person" and key:
        return asked.called(key)
    if by == "run" and key:
        return await _title(asking, key)
    if by == "schedule" and key:
        stored = await schedules.find(asking.connection, key)
        return stored.title if stored else key
    if by == "agent":
        spec = asking.desk.executor.catalogue().find(key)
        return spec.title if spec else key
    return key


def _line(spent: Spent, name: str) -> Line:
    return Line(name=name, cost_micro_usd=spent.cost_micro_usd, attempts=spent.attempts)
