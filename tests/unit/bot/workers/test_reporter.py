"""News that cannot be shown does not keep the rest from being shown."""

import pytest
import sqlalchemy as sa

from bot.workers import reporter
from memory.model.base import ProjectId, RunId
from memory.model.events import TaskSaid
from memory.model.work.run import RunView, TaskView
from memory.store.engine.database import Database
from memory.store.tables import outbox
from memory.store.traffic import news
from tests.conftest import SetClock
from tests.flows.bench import Talk, person
from tests.flows.scripted import ScriptedExecutor


class Unshowable(ScriptedExecutor):
    """Has a run that nobody can look at."""

    async def view(self, project: ProjectId, run: RunId) -> RunView:
        found = await super().view(project, run)
        if "broken" in found.title:
            raise ValueError("a bug")
        return found


async def test_news_that_cannot_be_told_is_left_out_and_the_rest_is_told(
    sqlite: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch, talk: Talk
) -> None:
    monkeypatch.setattr(reporter, "RETRY_S", 0.01)
    executor = Unshowable(sqlite, clock, asked=person("kim"))
    async with talk(executor=executor) as here:
        await here.say("ana", "write the broken report")
        await here.react("ana", "✅")
        await here.say("ana", "write the good report")
        await here.react("ana", "✅")
        assert "Done in" in here.heard()
        assert "good report" in here.heard()


async def test_however_much_is_said_few_edits_of_it_are_kept(
    sqlite: Database, clock: SetClock, talk: Talk
) -> None:
    executor = ScriptedExecutor(sqlite, clock, asked=person("kim"))
    async with talk(executor=executor) as here:
        await here.say("ana", "write the slow report")
        await here.react("ana", "✅")
        (run,) = executor.views.values()
        for number in range(9):
            await _says(sqlite, clock, executor, run.tasks[0], f"word {number}")
            await here.settled()
        assert "word 8" in here.heard()
        assert "word 7" not in here.heard()
    async with sqlite.reading() as connection:
        edits = sa.select(outbox.c.key).where(outbox.c.key.startswith("said:"))
        assert len((await connection.execute(edits)).all()) <= 2


async def _says(
    database: Database, clock: SetClock, executor: ScriptedExecutor, task: TaskView, text: str
) -> None:
    (view,) = executor.views.values()
    tasks = (view.tasks[0].model_copy(update={"said": text}), *view.tasks[1:])
    executor.views[view.id] = view.model_copy(update={"tasks": tasks})
    told = TaskSaid(run=view.id, task=task.key, attempt=1, text=text)
    async with database.transaction() as tx:
        await news.tell_last(tx, view.project, told, at=clock.now())
