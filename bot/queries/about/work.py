"""What runs, what waits for whom, and what was done."""

from datetime import datetime

from bot.config.projects import rules_of
from bot.language.asking.periods import Span
from bot.message_keys import asked_key, person_key, plan_key
from bot.queries.about.question import Question
from bot.queries.asking import Asking
from bot.queries.plans.approval import needs, terms
from memory.model.authority import may_ever_approve, role_now
from memory.model.base import Model
from memory.model.identity import Identity, People
from memory.model.work.run import RunState, RunView
from memory.store.knowledge import projects
from memory.store.running import history

SHOWN = 8
READ = 50


class Waiting(Model):
    """Something that waits for people: a plan's approval, or an answer. `who` "" is anybody.

    `yours`: whoever asks can end the wait; `key` is that of the message that asks.
    """

    key: str = ""
    plan: str = ""
    plan_hash: str = ""
    text: str
    who: tuple[str, ...]
    since: datetime
    yours: bool


class DoneRun(Model):
    """A run that began in the time asked about. `seconds` None while it's under way."""

    title: str
    state: RunState
    cost_micro_usd: int
    seconds: float | None
    problem: str


class Work(Model):
    """What was done in the time: how many runs by state, what they cost, and the newest of them."""

    span: Span
    person: str
    counts: dict[RunState, int]
    cost_micro_usd: int
    runs: tuple[DoneRun, ...]

    @property
    def total(self) -> int:
        """How many runs there were."""
        return sum(self.counts.values())


async def under_way(asking: Asking) -> tuple[RunView, ...]:
    """Every run of the project that isn't over, newest first."""
    asking.must_see()
    return await asking.desk.executor.runs(asking.project, running_only=True, limit=20)


async def waiting(asking: Asking) -> tuple[Waiting, ...]:
    """What waits for people in the whole project, longest first."""
    asking.must_see()
    connection, project = asking.connection, asking.project
    roles = await projects.roles_of(connection, project)
    rules = await rules_of(asking.desk.settings, connection, project, now=asking.now)
    role = role_now(asking.person.key, roles, rules)
    found = []
    for plan in await history.waiting_plans(connection, project, now=asking.now, limit=READ):
        lacking = await needs(connection, asking.desk, plan.plan)
        about = await terms(connection, asking.desk, plan.plan)
        mine = may_ever_approve(asking.person.key, role, about) and not any(
            roles.people.were_one(key, asking.person.key) for key in plan.approved_by
        )
        who = lacking.able if lacking else ()
        key = plan_key(plan.hash)
        found.append(Waiting(key=key, plan=plan.plan.short, plan_hash=plan.hash, text=plan.plan.title, who=who, since=plan.since, yours=mine))  # fmt: skip
    asked = await history.waiting_questions(connection, project, limit=READ)
    found += [_unanswered(question, asking.person, roles.people) for question in asked]
    return tuple(sorted(found, key=lambda wait: wait.since))


def _unanswered(question: history.WaitingQuestion, person: Identity, people: People) -> Waiting:
    asked = Identity.model_validate(question.who) if question.who else None
    name = question.name or (asked.display or asked.user_id if asked else "")
    asks = asked_key(question.request, question.round)
    return Waiting(
        key=person_key(question.wait) if question.wait else asks,
        text=question.text,
        who=(name,) if name else (),
        since=question.since,
        yours=asked is None or people.are_one(asked.key, person.key),
    )


async def done(asking: Asking, asked: Question) -> Work:
    """What was begun and done in the time (today), by one person where one is named."""
    asking.must_see()
    span, person = asked.span or asked.today, asked.subject.person
    where = asking.connection, asking.project, span.since, span.until
    counted = await history.ended(*where, person)
    rows = await history.began(*where, person=person, limit=SHOWN)
    return Work(
        span=span,
        person=asked.called(person) if person else "",
        counts={RunState(ended.state): ended.runs for ended in counted},
        cost_micro_usd=sum(ended.cost_micro_usd for ended in counted),
        runs=tuple(
            DoneRun(
                title=row.title, state=RunState(row.state), cost_micro_usd=row.cost_micro_usd,
                seconds=(row.finished_at - row.started_at).total_seconds()
                if row.finished_at else None,
                problem=row.problem,
            )
            for row in rows
        ),
    )  # fmt: skip
