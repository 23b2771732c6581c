"""News that cannot be shown does not keep the rest from being shown."""

from pathlib import Path

import pytest

from bot import reporter
from memory.model.base import ProjectId, RunId
from memory.model.run import RunView
from memory.store.database import Database
from tests.conftest import SetClock
from tests.flows.bench import bench, person
from tests.flows.scripted import ScriptedExecutor


class Unshowable(ScriptedExecutor):
    """Has a run that nobody can look at."""

    async def view(self, project: ProjectId, run: RunId) -> RunView:
        found = await super().view(project, run)
        if "broken" in found.title:
            raise ValueError("a bug")
        return found


async def test_news_that_cannot_be_told_is_left_out_and_the_rest_is_told(
    sqlite: Database, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "RETRY_S", 0.01)
    executor = Unshowable(sqlite, clock, asked=person("kim"))
    async with bench(sqlite, clock, tmp_path, executor=executor) as here:
        await here.say("ana", "write the broken report")
        await here.react("ana", "✅")
        await here.say("ana", "write the good report")
        await here.react("ana", "✅")
        assert "Done in" in here.heard()
        assert "good report" in here.heard()
