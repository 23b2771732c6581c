"""`orchestra schedule`: what runs by itself, for people and for programs."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.app import run
from memory.model.base import PlanHash, ProjectId
from memory.model.identity import Identity, ThreadRef
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Cron, Firing, Schedule
from memory.model.timing.stored_schedule import ScheduleState, StoredSchedule
from memory.store.engine import schema
from memory.store.engine.database import Database, database_url
from memory.store.knowledge import projects
from memory.store.scheduling import firings, schedules

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TEST = ProjectId("test")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of state with a schedule that was due once."""
    asyncio.run(_fill(tmp_path))
    return tmp_path


async def _fill(folder: Path) -> None:
    stored = StoredSchedule(
        id="sch_1",
        project=TEST,
        number=1,
        plan=PlanHash("ab" * 32),
        thread=ThreadRef(platform="console", workspace="local", channel="chat"),
        title="the report",
        schedule=Schedule(when=Cron(expression="0 9 * * 1-5"), zone="Europe/Berlin"),
        state=ScheduleState.ACTIVE,
        created_by=Identity(platform="console", workspace="local", user_id="ana"),
        created_at=AT,
        next_due=AT,
    )
    database = Database(database_url(folder))
    try:
        await schema.upgrade(database)
        async with database.transaction() as tx:
            await projects.make(tx, TEST, name="test", root=folder, at=AT)
            await schedules.keep(tx, stored)
            firing = Firing(schedule="sch_1", due_at=AT)
            reason = "all work was stopped then"
            await firings.fire(tx, TEST, firing, FiringState.SKIPPED, at=AT, reason=reason)
    finally:
        await database.close()


def test_schedules_are_shown_paused_resumed_and_deleted(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def orchestra(*words: str) -> tuple[int, str]:
        code = run(["schedule", *words, "--project", "test", "--data", str(data)])
        said = capsys.readouterr()
        return code, said.out + said.err

    code, listed = orchestra("list")
    assert code == 0
    assert "the report · every weekday at 09:00 Europe/Berlin · active" in listed
    assert "last: Mon 2 Mar 09:00 skipped (all work was stopped then)" in listed
    found = json.loads(orchestra("list", "--json")[1])[0]
    assert (found["number"], found["state"]) == (1, "active")
    assert found["last"]["due"] == "2026-03-02T08:00:00+00:00"
    assert [time[10:16] for time in found["next"]] == ["T09:00"] * 5
    assert json.loads(orchestra("show", "1", "--json")[1])["when"] == found["when"]
    assert orchestra("pause", "1") == (
        0,
        "Schedule 1 is paused. To continue, say `resume schedule 1`.\n",
    )
    assert orchestra("pause", "1") == (1, "Schedule 1 is already paused.\n")
    assert orchestra("next", "1") == (0, "never again\n")
    code, resumed = orchestra("resume", "1")
    assert (code, resumed.split(" Next: ")[0]) == (0, "Schedule 1 is active again.")
    assert len(orchestra("next", "1", "--count", "3")[1].splitlines()) == 3
    assert orchestra("delete", "1") == (
        0,
        "Schedule 1 is deleted. Runs already started will finish.\n",
    )
    code, gone = orchestra("show", "1")
    assert (code, "There is no schedule 1 here" in gone) == (1, True)
