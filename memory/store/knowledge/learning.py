"""How attempts ended, what people thought of the results, and the profiles made of both."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import sqrt

import sqlalchemy as sa

from memory.model.agents.profile import AgentProfile
from memory.model.agents.routing import HALF_LIFE_DAYS
from memory.model.agents.signal import Quality, Signal, SignalKind
from memory.model.base import AgentName, Model, ProjectId, RunId
from memory.privacy.redaction import redact
from memory.profiles.difficulty import difficulty
from memory.profiles.quality import quality_of
from memory.profiles.recent import summed
from memory.store.engine.database import Connection
from memory.store.engine.deferred import at_end
from memory.store.engine.upsert import insert_for, insert_into
from memory.store.knowledge import signals
from memory.store.knowledge.recent_attempts import newest_attempts
from memory.store.tables import feedback, profiles, task_records

TEXT_CHARS = 2_000
"""How much of a task's words is kept: enough to find similar work by."""


COUNTS = (
    "successes", "failures", "likes", "dislikes", "cost_micro_usd", "latency_ms", "unpriced",
    "explored", "explored_micro_usd",
)  # fmt: skip

_OPINIONS = sa.select(feedback.c.run_id, feedback.c.person, feedback.c.value).where(
    feedback.c.run_id.in_(sa.bindparam("runs", expanding=True)) & (feedback.c.value != 0)
)

Opinions = Mapping[str, int]
"""1 or -1 by person."""


class TaskRecord(Model):
    """One finished attempt. `seq` grows with every record, in all projects together."""

    seq: int
    id: str
    project: ProjectId
    run: RunId
    agent: AgentName
    task_type: str
    text: str
    succeeded: bool
    at: datetime
    quality: float | None = None
    strength: float | None = None
    difficulty: float | None = None


@dataclass(frozen=True)
class Ended:
    """How an attempt ended, as far as it says something about the agent.

    Leave out attempts that say nothing about it: simulated, cancelled, refused by policy.
    `signals`: what was seen of it besides; `unpriced`: its cost is not known, and isn't 0;
    `explored`: the agent was tried out; `inputs`: how many values it took in; `guessed`: its type
    was told from the history, not given.
    """

    project: ProjectId
    attempt: str
    run: RunId
    agent: str
    task_type: str
    text: str
    succeeded: bool
    cost_micro_usd: int
    latency_ms: int
    at: datetime
    signals: tuple[Signal, ...] = ()
    unpriced: bool = False
    explored: bool = False
    inputs: int = 0
    guessed: bool = False

    @property
    def seen(self) -> tuple[Signal, ...]:
        """Its signals; of those that told none, how it ended."""
        ended = SignalKind.ARRIVED if self.succeeded else SignalKind.BROKE
        return self.signals or (Signal(kind=ended),)


async def record(tx: Connection, ended: Ended) -> None:
    """Count a finished attempt, once, in the caller's transaction."""
    await at_end(tx, _record, ended)


async def _record(tx: Connection, reported: Sequence[Ended]) -> None:
    """Count them together: one row grows once for all that end in one transaction."""
    all_ended = list({ended.attempt: ended for ended in reported}.values())
    opinions = await _opinions_of(tx, {ended.run for ended in all_ended if ended.succeeded})
    seen = {ended.attempt: _seen(ended, opinions.get(ended.run, {})) for ended in all_ended}
    added = await _keep(tx, all_ended, seen)
    kept = [ended for ended in all_ended if ended.attempt in added]
    thought = await _thought(tx, kept, opinions)
    sums: dict[tuple[ProjectId, str, str], Counter[str]] = {}
    for ended in kept:
        key = (ended.project, ended.agent, ended.task_type)
        sums.setdefault(key, Counter()).update(_counts(ended, thought.get(ended.attempt, {})))
    for key in sorted(sums):  # in one order, so that two transactions never wait for each other
        at = max(ended.at for ended in all_ended)
        await _add(tx, *key, sums[key], at=at)


def _seen(ended: Ended, opinions: Opinions) -> tuple[Signal, ...]:
    """What was seen of it; what people had said of its run before it ended counts, too."""
    return (*ended.seen, *_marks(opinions, of=1)) if ended.succeeded else ended.seen


def _marks(opinions: Opinions, *, of: int) -> tuple[Signal, ...]:
    """What people said of a run, as said of each of its attempts: the more, the less of each."""
    kinds = {1: SignalKind.LIKED, -1: SignalKind.DISLIKED}
    share = 1 / sqrt(max(1, of))
    return tuple(
        Signal(kind=kinds[value], value=share, source=person)
        for person, value in sorted(opinions.items())
        if value
    )


def _counts(ended: Ended, opinions: Opinions) -> dict[str, int]:
    said = list(opinions.values())
    return {
        "successes": int(ended.succeeded),
        "failures": int(not ended.succeeded),
        "likes": said.count(1),
        "dislikes": said.count(-1),
        "cost_micro_usd": ended.cost_micro_usd,
        "latency_ms": ended.latency_ms if ended.succeeded else 0,
        "unpriced": int(ended.unpriced),
        "explored": int(ended.explored),
        "explored_micro_usd": ended.cost_micro_usd if ended.explored else 0,
    }


async def _thought(
    tx: Connection, new: Sequence[Ended], opinions: Mapping[RunId, Opinions]
) -> dict[str, Opinions]:
    """The opinions that are counted with these attempts.

    An opinion on a run counts once for each agent and type of task in it.
    """
    thought: dict[str, Opinions] = {}
    first: set[tuple[RunId, str, str]] = set()
    mine = {ended.attempt for ended in new}
    for ended in new:
        doer = (ended.run, ended.agent, ended.task_type)
        counts = ended.succeeded and ended.run in opinions and doer not in first
        if counts and not await _has_succeeded(tx, ended.project, *doer, but=mine):
            first.add(doer)
            thought[ended.attempt] = opinions[ended.run]
    return thought


async def _keep(tx: Connection, all_ended: Sequence[Ended], seen: signals.Seen) -> set[str]:
    """Store what was not stored before; gives back its attempts."""
    rows = [_row(ended, quality_of(seen[ended.attempt])) for ended in all_ended]
    new = set((await tx.execute(_keeping(tx.dialect.name), rows)).scalars().all())
    for project in sorted({ended.project for ended in all_ended}):
        mine = [ended for ended in all_ended if ended.project == project and ended.attempt in new]
        at = max((ended.at for ended in mine), default=None)
        if at is not None:
            told = {ended.attempt: seen[ended.attempt] for ended in mine}
            await signals.keep(tx, project, told, at=at)
    return new


def _row(ended: Ended, quality: Quality) -> dict[str, object]:
    return {
        "id": ended.attempt,
        "project_id": ended.project,
        "run_id": ended.run,
        "agent": ended.agent,
        "task_type": ended.task_type,
        "text": redact(ended.text)[:TEXT_CHARS],
        "succeeded": ended.succeeded,
        "cost_micro_usd": ended.cost_micro_usd,
        "latency_ms": ended.latency_ms,
        "at": ended.at,
        "quality": quality.value,
        "strength": quality.strength,
        "reasons": list(quality.reasons),
        "difficulty": difficulty(ended.text, ended.inputs),
        "unpriced": int(ended.unpriced),
        "explored": int(ended.explored),
        "guessed": int(ended.guessed),
    }


@cache
def _keeping(dialect: str) -> sa.Executable:
    insert = insert_for(dialect, task_records).on_conflict_do_nothing(index_elements=["id"])
    return insert.returning(task_records.c.id)


async def give_feedback(
    tx: Connection, project: ProjectId, run: RunId, person: str, value: int, *, at: datetime
) -> bool:
    """Set a person's opinion of a run: 1, -1, or 0 to take it back; False if it was that before.

    It counts once for each agent and type of task that succeeded in the run, however late.
    """
    mark = max(-1, min(1, value))
    await tx.execute(
        insert_into(tx, feedback)
        .values(run_id=run, person=person, project_id=project, value=0, at=at)
        .on_conflict_do_nothing(index_elements=["run_id", "person"])
    )
    where = (
        (feedback.c.run_id == run)
        & (feedback.c.person == person)
        & (feedback.c.project_id == project)
    )
    before = (
        await tx.execute(sa.select(feedback.c.value).where(where).with_for_update())
    ).scalar_one_or_none()
    if before is None or before == mark:
        return False
    await tx.execute(sa.update(feedback).where(where).values(value=mark, at=at))
    doers = await tx.execute(
        sa.select(task_records.c.agent, task_records.c.task_type)
        .where(_of_run(project, run) & task_records.c.succeeded)
        .distinct()
    )
    for doer in doers.all():
        marks = {
            "likes": (mark == 1) - (before == 1),
            "dislikes": (mark == -1) - (before == -1),
        }
        await _add(tx, project, doer.agent, doer.task_type, marks, at=at)
    attempts = await signals.succeeded_in(tx, project, run)
    await signals.take_back(tx, project, attempts, person)
    said = _marks({person: mark}, of=len(attempts))
    await signals.tell(tx, project, dict.fromkeys(attempts, said), at=at)
    return True


async def profiles_of(
    connection: Connection,
    project: ProjectId,
    *,
    now: datetime | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> tuple[AgentProfile, ...]:
    """Every profile of the project, by agent and type of task.

    Quality is that of the newest attempts; its evidence fades with age as seen from `now`, by
    default the last attempt's end.
    """
    rows = await connection.execute(
        sa.select(profiles, profiles.c.project_id.label("project"))
        .where(profiles.c.project_id == project)
        .order_by(profiles.c.agent, profiles.c.task_type)
    )
    newest = await newest_attempts(connection, project)
    last = max((attempts[0].at for attempts in newest.values()), default=None)
    return tuple(
        AgentProfile.model_validate(
            {name: row[name] for name in _COUNTED}
            | summed(newest.get((row["agent"], row["task_type"]), ()), now or last, half_life_days)
        )
        for row in rows.mappings()
    )


_COUNTED = ("project", "agent", "task_type", *COUNTS)


async def records_after(connection: Connection, seq: int, *, limit: int) -> tuple[TaskRecord, ...]:
    """Records of all projects behind the number, oldest first."""
    query = sa.select(task_records).where(task_records.c.seq > seq)
    return await _records(connection, query.order_by(task_records.c.seq).limit(limit))


async def newest_records(
    connection: Connection, project: ProjectId, *, after: int = 0, limit: int
) -> tuple[TaskRecord, ...]:
    """The project's newest records behind the number, newest first."""
    query = sa.select(task_records).where(
        (task_records.c.project_id == project) & (task_records.c.seq > after)
    )
    return await _records(connection, query.order_by(task_records.c.seq.desc()).limit(limit))


async def records_by_id(
    connection: Connection, project: ProjectId, ids: Sequence[str]
) -> tuple[TaskRecord, ...]:
    """Those of the records that exist in this project."""
    return await _records(
        connection,
        sa.select(task_records).where(
            (task_records.c.project_id == project) & task_records.c.id.in_(ids)
        ),
    )


async def last_record(connection: Connection) -> int:
    """The number of the newest record of all; 0 where there is none."""
    found = await connection.execute(sa.select(sa.func.max(task_records.c.seq)))
    return found.scalar_one_or_none() or 0


async def _records(
    connection: Connection, query: sa.Select[tuple[object, ...]]
) -> tuple[TaskRecord, ...]:
    named = task_records.c.project_id.label("project"), task_records.c.run_id.label("run")
    rows = await connection.execute(query.add_columns(*named))
    return tuple(TaskRecord.model_validate(row, from_attributes=True) for row in rows)


async def _has_succeeded(
    tx: Connection,
    project: ProjectId,
    run: RunId,
    agent: str,
    task_type: str,
    *,
    but: Collection[str],
) -> bool:
    found = await tx.execute(
        sa.select(task_records.c.seq)
        .where(
            _of_run(project, run)
            & (task_records.c.agent == agent)
            & (task_records.c.task_type == task_type)
            & task_records.c.succeeded
            & task_records.c.id.not_in(but)
        )
        .limit(1)
    )
    return found.first() is not None


async def _opinions_of(connection: Connection, of: Collection[RunId]) -> Mapping[RunId, Opinions]:
    """What people think of those of the runs that anybody thinks anything of."""
    found: dict[RunId, dict[str, int]] = {}
    for row in await connection.execute(_OPINIONS, {"runs": list(of)}):
        found.setdefault(RunId(row.run_id), {})[row.person] = row.value
    return found


async def _add(
    tx: Connection,
    project: ProjectId,
    agent: str,
    task_type: str,
    amounts: Mapping[str, int],
    *,
    at: datetime,
) -> None:
    first = {name: max(0, amounts.get(name, 0)) for name in COUNTS}
    row = {"project_id": project, "agent": agent, "task_type": task_type, "updated_at": at}
    more = {f"more_{name}": amounts.get(name, 0) for name in COUNTS}
    await tx.execute(_growing(tx.dialect.name), {**row, **first, **more})


@cache
def _growing(dialect: str) -> sa.Executable:
    insert = insert_for(dialect, profiles)
    grown = {name: profiles.c[name] + sa.bindparam(f"more_{name}") for name in COUNTS}
    return insert.on_conflict_do_update(
        index_elements=["project_id", "agent", "task_type"],
        set_={**grown, "updated_at": insert.excluded.updated_at},
    )


def _of_run(project: ProjectId, run: RunId) -> sa.ColumnElement[bool]:
    return (task_records.c.project_id == project) & (task_records.c.run_id == run)
