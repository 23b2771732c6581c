"""When the picture of a run is drawn again."""

from pathlib import Path

from bot.chat import OutFile
from bot.language.catalogue import ENGLISH
from bot.render.runs import progress
from bot.workers.state_pictures import StatePictures
from memory.model.identity import ThreadRef
from memory.model.work.run import RunState, TaskState
from memory.store.engine.database import Database
from memory.store.running import artifacts
from tests.conftest import SetClock
from tests.flows.bench import THREAD, bench
from tests.unit.bot.samples import plan, task, view

OF = plan(task("a", "Draft"), task("b", "Review", "claude", after="a"), project="test")
FIRST = OutFile(name="plan.png", digest="0" * 64, media_type="image/png")
TERMINAL = ThreadRef(platform="console", workspace="local", channel="chat")


async def test_it_is_drawn_at_changes_but_seldom_and_at_the_end(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as talk:
        pictures, began = StatePictures(talk.services), clock.now()

        async def shown(a: TaskState, b: TaskState, state: RunState = RunState.RUNNING) -> OutFile:
            run = view(OF, {"a": a, "b": b}, state=state, started_at=began, finished_at=None)
            found = await pictures.of(run, OF, THREAD, FIRST)
            assert found is not None
            return found

        assert await shown(TaskState.RUNNING, TaskState.WAITING) == FIRST
        clock.forward(seconds=5)
        going = await shown(TaskState.RUNNING, TaskState.WAITING)
        assert going != FIRST
        assert await shown(TaskState.SUCCEEDED, TaskState.RUNNING) == going
        assert await shown(TaskState.RUNNING, TaskState.WAITING) == going
        clock.forward(seconds=10)
        later = await shown(TaskState.SUCCEEDED, TaskState.RUNNING)
        assert later != going
        over = await shown(TaskState.SUCCEEDED, TaskState.FAILED, RunState.FAILED)
        assert over != later
        async with sqlite.reading() as connection:
            assert (await artifacts.get(connection, OF.project, over.digest)).startswith(b"\x89PNG")


async def test_a_terminal_a_dry_run_and_a_plan_without_one_keep_what_they_have(
    sqlite: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with bench(sqlite, clock, tmp_path) as talk:
        pictures = StatePictures(talk.services)
        run = view(OF, {"a": TaskState.RUNNING}, started_at=clock.now(), finished_at=None)
        clock.forward(seconds=60)
        assert await pictures.of(run, OF, THREAD, None) is None
        assert await pictures.of(run, OF, TERMINAL, FIRST) == FIRST
        dry = run.model_copy(update={"simulated": True})
        assert await pictures.of(dry, OF, THREAD, FIRST) == FIRST


def test_progress_says_how_long_it_takes_yet_and_what_it_waits_for(clock: SetClock) -> None:
    began = clock.now()
    going = view(OF, {"a": TaskState.SUCCEEDED, "b": TaskState.ASKING}, started_at=began)
    text = progress(ENGLISH, going, OF, now=clock.now()).text
    assert "about 2–3 min left" in text
    assert "waits for an answer: Review" in text
    clock.forward(hours=1)
    assert "takes longer than forecast" in progress(ENGLISH, going, OF, now=clock.now()).text
    queued = view(OF, {"a": TaskState.READY}, started_at=began)
    assert "waits for its turn: Draft" in progress(ENGLISH, queued, OF).text
