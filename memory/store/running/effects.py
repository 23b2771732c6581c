"""The effect ledger: a row before and after everything that changes the world (law 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from memory.model.agents.spec import WRITES, EffectClass
from memory.model.base import ProjectId, RunId, TaskKey
from memory.model.work.graph import Task
from memory.store.engine.database import Connection
from memory.store.engine.once import insert_once
from memory.store.tables import effects, runs

GROUP = 1
"""Attempts of one group share their effects; a task that a person runs again gets the next."""


@dataclass(frozen=True)
class EffectRow:
    """One effect. `digest` names the value the task gave when it was done."""

    key: str
    state: Literal["intended", "done"]
    target: str
    digest: str


def group_key(run: RunId, task: TaskKey) -> str:
    """The key all attempts of the task share; agents pass it on as their idempotency key."""
    return f"{run}:{task}:{GROUP}"


def keys_of(run: RunId, task: Task) -> tuple[str, ...]:
    """A key for each effect of the task that changes something."""
    return tuple(
        f"{group_key(run, task.key)}:{ordinal}"
        for ordinal, effect in enumerate(task.effects)
        if effect.effect is not EffectClass.READ
    )


async def intend(
    tx: Connection, project: ProjectId, run: RunId, task: Task, *, at: datetime
) -> tuple[EffectRow, ...]:
    """Write down what is about to be done; gives back the rows that were there before."""
    wanted = keys_of(run, task)
    if not wanted:
        return ()
    before = await of_keys(tx, wanted)
    for ordinal, effect in enumerate(task.effects):
        key = f"{group_key(run, task.key)}:{ordinal}"
        if key in wanted:
            await insert_once(
                tx,
                effects,
                {
                    "key": key,
                    "project_id": project,
                    "run_id": run,
                    "task_key": task.key,
                    "effect": effect.effect,
                    "target": effect.target,
                    "state": "intended",
                    "digest": "",
                    "intended_at": at,
                },
            )
    return before


async def done(tx: Connection, keys: Sequence[str], digest: str, *, at: datetime) -> None:
    """Write down that it was done, and where the task's value is kept."""
    await tx.execute(
        sa.update(effects)
        .where(effects.c.key.in_(keys) & (effects.c.state == "intended"))
        .values(state="done", digest=digest, done_at=at)
    )


async def of_keys(connection: Connection, keys: Sequence[str]) -> tuple[EffectRow, ...]:
    """Those of the effects that are known, by key."""
    rows = await connection.execute(
        sa.select(effects).where(effects.c.key.in_(keys)).order_by(effects.c.key)
    )
    return tuple(EffectRow(row.key, row.state, row.target, row.digest) for row in rows)


async def written_since(
    connection: Connection, project: ProjectId, since: datetime, *, but: Sequence[str]
) -> frozenset[str]:
    """The files that tasks named and may have written since, without the effects `but`."""
    rows = await connection.execute(
        sa.select(effects.c.target)
        .join(runs, runs.c.id == effects.c.run_id)
        .where(
            (effects.c.project_id == project)
            & effects.c.effect.in_(WRITES)
            & effects.c.key.not_in(but)
            & (effects.c.done_at.is_(None) | (effects.c.done_at >= since))
            & (runs.c.finished_at.is_(None) | (runs.c.finished_at >= since))
        )
    )
    return frozenset(rows.scalars())


async def of_run(connection: Connection, run: RunId) -> tuple[EffectRow, ...]:
    """Every effect of a run, by key."""
    rows = await connection.execute(
        sa.select(effects).where(effects.c.run_id == run).order_by(effects.c.key)
    )
    return tuple(EffectRow(row.key, row.state, row.target, row.digest) for row in rows)
