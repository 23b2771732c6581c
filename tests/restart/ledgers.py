"""What must hold when all is over, however often the bot died on the way."""

from collections import Counter

import sqlalchemy as sa

from memory.store.engine.database import Connection, Database
from memory.store.tables import (
    approvals,
    attempts,
    budget_periods,
    effects,
    events,
    feedback,
    inbox,
    ledger,
    messages,
    outbox,
    plans,
    requests,
    runs,
    task_records,
    tasks,
    waits,
)
from memory.store.tables import audit as audit_rows
from memory.store.traffic import audit
from tests.restart.scribe import COST
from tests.restart.whole.program import World, key

TASKS = 5
SAID = {"re": 2, "plan": 1, "person": 1, "paused": 1, "resumed": 1, "alert": 1, "done": 1}
"""The messages of one afternoon, by the first word of their key."""
TOTALS = {"North": "39,761.47", "East": "28,490.64", "West": "25,775.22", "South": "14,761.50"}
ONCE = (
    "budget.set",
    "plan.shown",
    "plan.approved",
    "run.started",
    "run.succeeded",
    "task.answered",
    "run.paused",
    "run.resumed",
)
"""Deeds and endings that are on record once each, however often the bot died."""


async def all_is_well(world: World, database: Database) -> None:
    """Fails with what was lost, doubled or left behind."""
    the_workspace(world)
    the_files(world)
    async with database.reading() as connection:
        await the_conversation(connection, world)
        await the_run(connection)
        await the_money(connection)
        assert await audit.first_broken(connection) is None
        actions = await _column(connection, audit_rows.c.action)
        assert {name: actions[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert actions["task.succeeded"] == TASKS


def the_workspace(world: World) -> None:
    keys = [key(message) for message in world.from_bot() if key(message)]
    assert len(keys) == len(set(keys)), f"said twice: {Counter(keys).most_common(3)}"
    assert Counter(one.partition(":")[0] for one in keys) == SAID
    shared = Counter(file.name for one in world.from_bot() for file in one.files)
    assert shared == {"q3.md": 1}
    plan = next(one for one in world.from_bot() if key(one).startswith("plan:"))
    assert "Approved by ana · " in plan.shown
    assert "Done; the result is below." in plan.shown


def the_files(world: World) -> None:
    report = (world.files / "reports" / "q3.md").read_text()
    for region, total in TOTALS.items():
        assert region in report
        assert total in report or total.replace(",", "") in report
    assert (world.files / "reports" / "q3.png").read_bytes().startswith(b"\x89PNG")
    left = {str(path.relative_to(world.files)) for path in world.files.rglob("*") if path.is_file()}
    assert left == {"sales.csv", "reports/q3.md", "reports/q3.png"}


async def the_conversation(connection: Connection, world: World) -> None:
    assert set(await _column(connection, inbox.c.state)) == {"done"}
    assert set(await _column(connection, outbox.c.state)) <= {"sent", "superseded"}
    assert await _column(connection, requests.c.state) == {"planned": 1}
    assert await _column(connection, plans.c.state) == {"started": 1}
    given = (await connection.execute(sa.select(approvals))).all()
    ana = world.workspace.user("ana").id
    assert [(row.decision, row.person.endswith(ana)) for row in given] == [("approve", True)]
    answers = (await connection.execute(sa.select(waits.c.state, waits.c.answer))).all()
    assert [tuple(row) for row in answers] == [("answered", "They are right.")]
    assert await _column(connection, feedback.c.value) == {1: 1}
    texts = await _column(connection, messages.c.text)
    assert texts["They are right."] == 1
    assert set(texts.values()) == {1}


async def the_run(connection: Connection) -> None:
    assert await _column(connection, runs.c.state) == {"succeeded": 1}
    assert await _column(connection, tasks.c.state) == {"succeeded": TASKS}
    assert await _column(connection, attempts.c.state) == {"succeeded": TASKS}
    assert await _column(connection, effects.c.state) == {"done": 2}
    assert await _column(connection, effects.c.target) == {"reports/q3.md": 1, "reports/q3.png": 1}
    told = await _column(connection, events.c.kind)
    assert (told["run_started"], told["run_finished"], told["budget_alert"]) == (1, 1, 1)
    assert told["task_succeeded"] == TASKS


async def the_money(connection: Connection) -> None:
    sums: Counter[str] = Counter()
    lost = 0  # all that the call of a dead worker may have cost
    for row in await connection.execute(sa.select(ledger)):
        sums[row.kind] += row.amount_micro_usd
        lost += row.amount_micro_usd if row.estimated else 0
    assert sums["reserve"] == sums["settle"] + sums["release"] > 0
    assert sums["settle"] == COST + lost
    (period,) = (await connection.execute(sa.select(budget_periods))).all()
    assert (period.spent_micro_usd, period.reserved_micro_usd) == (COST + lost, 0)
    assert period.alerted_percent == 50 or lost
    assert await _column(connection, runs.c.cost_micro_usd) == {COST + lost: 1}
    assert len(await _column(connection, task_records.c.id)) == TASKS - 1


async def _column(connection: Connection, column: sa.Column[object]) -> Counter[object]:
    return Counter((await connection.execute(sa.select(column))).scalars())
