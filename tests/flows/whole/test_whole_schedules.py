"""Scheduled work, the whole program: planned, approved once, run under the standing approval."""

import shutil
from pathlib import Path

import pytest

from memory.store.engine.database import Database, database_url
from memory.store.tables import audit
from tests.flows.play import Said, bot
from tests.flows.whole.program import IN_TURN, ExternalAgents, state, whole
from tests.flows.whole.test_whole import (
    REQUEST,
    SALES,
    table_of,
    totals,
)

WEEKDAYS = f"every weekday at 9 Berlin time: {REQUEST}"


@pytest.fixture
def outside(tmp_path: Path) -> ExternalAgents:
    made = ExternalAgents(tmp_path)
    made.files.mkdir()
    shutil.copy(SALES, made.files)
    return made


@pytest.mark.parametrize("platform", IN_TURN[:2])
async def test_a_scheduled_plan_runs_again_and_again_under_one_approval(
    platform: str, outside: ExternalAgents
) -> None:
    report = outside.files / "reports/q3.md"
    async with whole(platform, outside) as ready:
        await state(
            ready,
            Said("ana", WEEKDAYS),
            bot("Runs every weekday at 09:00 Europe/Berlin", "3 tasks", "writes 2 files"),
            Said("ana", "run"),
            bot("It is schedule 1", absent=["Done in"]),
        )
        assert not report.exists()
        for _ in range(2):
            await state(ready, Said("ana", "run schedule 1 now"), bot("Done in", "Schedule 1, due"))
            assert table_of(report.read_bytes()) == totals()
            report.unlink()
        await state(ready, Said("ana", "schedule 1"), bot("succeeded"))
        (outside.files / "sales.csv").unlink()
        await state(
            ready,
            Said("ana", "run schedule 1 now"),
            bot("didn't run: I can't read", "sales.csv", absent=["Done in"]),
            Said("ana", "delete schedule 1"),
            Said("ana", "schedules"),
            bot("There are no schedules here"),
        )
    assert not report.exists()
    assert await _standing_runs(outside) == 2


async def _standing_runs(outside: ExternalAgents) -> int:
    """How many runs the audit names a schedule and its approver for."""
    database = Database(database_url(outside.folder / "data"))
    try:
        async with database.reading() as connection:
            rows = await connection.execute(audit.select().where(audit.c.action == "run.started"))
            ids = [row.ids for row in rows]
        return sum(bool(one.get("schedule") and one.get("approved_by")) for one in ids)
    finally:
        await database.close()
