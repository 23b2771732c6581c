"""Trying a failed run again, and plans that go on from an earlier run."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from executor.controls.retrying import begun_afresh
from executor.port import Call, Reply
from memory.model.base import RunId, TaskKey
from memory.model.errors import BadInput, Conflict, NotAllowed
from memory.model.identity import Role, ThreadRef
from memory.model.timing.clock import SystemClock
from memory.model.timing.firing import FiringState
from memory.model.timing.schedule import Every, Firing, Schedule
from memory.model.timing.stored_schedule import ScheduleState, Standing, StoredSchedule
from memory.model.work.graph import TaskGraph
from memory.model.work.plan import Continues, Plan
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Database
from memory.store.scheduling import firings, schedules
from tests.unit.executor.world import (
    ANA,
    PROJECT,
    THREAD,
    Scripted,
    World,
    approved,
    plan,
    says,
    scripted,
    states,
    task,
    world,
    writes,
)


class Mended:
    """An agent that refuses one task until it is told that all is well."""

    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.agent: Scripted = scripted(does=self._work)

    async def _work(self, call: Call) -> Reply:
        if call.task.key == self.broken:
            raise BadInput("The sheet has no totals.")
        return says(f"{call.task.key} done")

    def calls(self) -> list[str]:
        return [call.task.key for call in self.agent.calls]


async def test_a_failed_run_goes_on_where_it_failed(database: Database, tmp_path: Path) -> None:
    some = Mended("b")
    async with world(database, tmp_path, [some.agent]) as here:
        view = await here.run(task("a"), task("b", "a"), writes("c", "b"))
        assert view.state is RunState.FAILED
        some.broken = ""
        assert await here.executor.retry(PROJECT, view.id, by=ANA.key)
        view = await here.over(view.id)
        assert view.state is RunState.SUCCEEDED
        assert view.problem == ""
        assert some.calls() == ["a", "b", "b", "c"]
        assert (await here.kinds(view.id)).count("run_finished") == 2


async def test_a_task_that_fails_again_has_all_its_attempts_again(
    sqlite: Database, tmp_path: Path
) -> None:
    some = Mended("a")
    async with world(sqlite, tmp_path, [some.agent]) as here:
        view = await here.run(task("a"))
        await here.executor.retry(PROJECT, view.id, by=ANA.key)
        view = await here.over(view.id)
        assert view.state is RunState.FAILED
        assert "no totals" in view.problem
        assert view.tasks[0].attempts == 2


async def test_only_a_failed_run_is_tried_again(sqlite: Database, tmp_path: Path) -> None:
    async with world(sqlite, tmp_path, [scripted()]) as here:
        view = await here.run(task("a"))
        assert not await here.executor.retry(PROJECT, view.id, by=ANA.key)


async def test_nothing_is_tried_again_while_all_work_is_stopped(
    sqlite: Database, tmp_path: Path
) -> None:
    some = Mended("a")
    async with world(sqlite, tmp_path, [some.agent]) as here:
        view = await here.run(task("a"))
        await here.executor.stop_all("all", by=ANA.key, reason="audit")
        with pytest.raises(NotAllowed, match="audit"):
            await here.executor.retry(PROJECT, view.id, by=ANA.key)


class YearsOn:
    """A clock that can be put on."""

    days = 0

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(days=self.days)


async def test_an_old_approval_does_not_cover_another_try(sqlite: Database, tmp_path: Path) -> None:
    some, clock = Mended("a"), YearsOn()
    async with world(sqlite, tmp_path, [some.agent], clock=clock) as here:
        view = await here.run(task("a"))
        clock.days = 400
        with pytest.raises(Conflict, match="too old"):
            await here.executor.retry(PROJECT, view.id, by=ANA.key)


async def scheduled(here: World, made: Plan, now: datetime, *, cap: int = 0) -> StoredSchedule:
    """A schedule of this plan that ana stands for, and that is due now."""
    one = StoredSchedule(
        id="sch_1",
        project=PROJECT,
        number=1,
        plan=await approved(here.database, made, here.root),
        thread=ThreadRef(platform="console", workspace="w", channel="c", thread="t"),
        title="plan",
        schedule=Schedule(when=Every(seconds=3600), zone="UTC"),
        state=ScheduleState.ACTIVE,
        created_by=ANA,
        created_at=now,
        next_due=now + timedelta(hours=1),
    )
    word = Standing(one.id, one.plan, ANA.key, Role.OWNER, cap, (), now)
    async with here.database.transaction() as tx:
        await schedules.keep(tx, one)
        await schedules.approve(tx, PROJECT, word)
        due = Firing(schedule=one.id, due_at=now)
        await firings.fire(tx, PROJECT, due, FiringState.CLAIMED, at=now)
    return one


async def failed(here: World, one: StoredSchedule) -> RunId:
    """The schedule's run, which has failed."""
    due = Firing(schedule=one.id, due_at=one.created_at)
    run = await here.executor.start(PROJECT, one.plan, thread_key=THREAD, by=ANA, firing=due)
    assert (await here.over(run)).state is RunState.FAILED
    return run


async def test_a_scheduled_run_is_tried_again_as_long_as_its_standing_approval_holds(
    database: Database, tmp_path: Path
) -> None:
    some, clock = Mended("a"), YearsOn()
    async with world(database, tmp_path, [some.agent], clock=clock) as here:
        run = await failed(here, await scheduled(here, plan(task("a")), clock.now()))
        clock.days, some.broken = 400, ""
        assert await here.executor.retry(PROJECT, run, by=ANA.key)
        assert (await here.over(run)).state is RunState.SUCCEEDED


@pytest.mark.parametrize("change", ["paused", "asking", "deleted", "taken back", "another plan"])
async def test_a_scheduled_run_is_not_tried_again_once_its_approval_has_ended(
    change: str, sqlite: Database, tmp_path: Path
) -> None:
    some, clock = Mended("a"), YearsOn()
    async with world(sqlite, tmp_path, [some.agent], clock=clock) as here:
        one = await scheduled(here, plan(task("a")), clock.now())
        run = await failed(here, one)
        async with sqlite.transaction() as tx:
            if change in set(ScheduleState):
                active = [ScheduleState.ACTIVE]
                await schedules.move(tx, one.id, ScheduleState(change), only_from=active)
            elif change == "taken back":
                await schedules.end_approvals(tx, one.id, at=clock.now())
            else:
                await schedules.replace(tx, replace(one, plan=plan(task("b")).hash))
        clock.days = 400
        with pytest.raises(Conflict, match="too old"):
            await here.executor.retry(PROJECT, run, by=ANA.key)


async def test_a_plan_that_goes_on_from_a_run_does_only_the_rest(
    database: Database, tmp_path: Path
) -> None:
    echo = scripted()
    async with world(database, tmp_path, [echo]) as here:
        first = await here.run(task("a"), task("b", "a"))
        echo.calls.clear()
        more = plan(task("a"), task("b", "a"), task("c", "a", "b"), title="more")
        kept = Continues(run=first.id, kept=(TaskKey("a"),))
        view = await here.over(await here.start(more.model_copy(update={"continues": kept})))
        assert states(view) == {"a": "succeeded", "b": "succeeded", "c": "succeeded"}
        assert [call.task.key for call in echo.calls] == ["b", "c"]
        assert "a done" in str(echo.calls[-1].inputs)


async def test_what_a_plan_keeps_has_to_be_there(sqlite: Database, tmp_path: Path) -> None:
    some = Mended("a")
    async with world(sqlite, tmp_path, [some.agent]) as here:
        first = await here.run(task("a"))
        kept = Continues(run=first.id, kept=(TaskKey("a"),))
        with pytest.raises(Conflict, match="gone"):
            await here.start(plan(task("a")).model_copy(update={"continues": kept}))


def test_a_plan_without_a_past_has_the_bytes_it_always_had() -> None:
    made = plan(task("a"))
    assert b"continues" not in made.canonical()
    kept = Continues(run=RunId("run_1"), kept=(TaskKey("a"),))
    assert made.model_copy(update={"continues": kept}).hash != made.hash


def test_what_never_began_waits_again_and_what_is_done_stays() -> None:
    graph = TaskGraph(tasks=(task("a"), task("b", "a"), task("c", "b")))
    now = {
        TaskKey("a"): TaskState.SUCCEEDED,
        TaskKey("b"): TaskState.FAILED,
        TaskKey("c"): TaskState.CANCELLED,
    }
    waiting = TaskState.WAITING
    assert begun_afresh(graph, now) == {TaskKey("b"): waiting, TaskKey("c"): waiting}
